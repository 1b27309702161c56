"""What a method forecasts from: one series of years, with what is known beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.forecast_rule import ForecastRule

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TargetSeries:
    """An unbroken yearly series up to the reference date."""

    target: str
    y: Floats
    """Levels or counts, oldest first; shape (years,)."""
    grid: Floats
    """Values that may come, evenly spaced from 0; shape (values,)."""
    start: Mapping[float, float] = field(default_factory=dict)
    """Level -> probability now over redraws of the evidence; empty: the last level is sure."""
    others: Sequence[Floats] = ()
    """Series of levels of all pairs and areas on record, this one included."""
    exposure: Floats | None = None
    """Share of acts that searches detect in each year; None is one; shape (years,)."""

    @property
    def kind(self) -> str:
        """``level`` or ``count``."""
        return self.target.partition(":")[0]

    @property
    def step(self) -> float:
        """Distance of neighbouring values of the grid."""
        return float(self.grid[1] - self.grid[0])


def grid_of(target: str, top: int, rule: ForecastRule) -> Floats:
    """Values that a target may take: whole levels, half steps for the whole, counts up to the rule's most."""
    if target.startswith("count:"):
        return np.arange(rule.most + 1, dtype=float)
    step = 0.5 if target == "level:overall" else 1.0
    return np.arange(0, top + step / 2, step)
