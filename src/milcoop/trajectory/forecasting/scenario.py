"""Scenarios: a forecast conditional on a declared driver, with the declared size of its shift."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from statistics import fmean, median

import numpy as np

from milcoop.codebook.forecast_rule import Driver
from milcoop.domain.forecast import Distribution, Forecast, TargetForecast
from milcoop.trajectory.forecasting.discrete import negative_binomial


@dataclasses.dataclass(frozen=True, slots=True)
class Shift:
    """Size of a driver's shift of one target and where it comes from."""

    target: str
    size: float
    """Levels, or the factor of a rate."""
    basis: str
    """``judgement``, or the counts of the record that give it."""

    @property
    def text(self) -> str:
        """``+0.25 levels`` or ``times 1.25``."""
        return f"{self.size:+.2f} levels" if self.target.startswith("level") else f"times {self.size:.2f}"


def find_shifts(driver: Driver, forecast: Forecast) -> tuple[Shift, ...]:
    """Shifts of the forecast's targets; a factor from history where the series reaches its years, else as declared.

    The whole shifts by the median of its areas' shifts.
    """
    found = []
    areas = [t.target.partition(":")[2] for t in forecast.targets if t.kind == "level" and t.target != "level:overall"]
    for t in forecast.targets:
        name = t.target.partition(":")[2]
        if t.target == "level:overall" and areas:
            size = float(median(driver.levels.get(a, 0.0) for a in areas))
            found.append(Shift(t.target, size, "median of the areas' shifts"))
        elif t.kind == "level" and name in driver.levels:
            found.append(Shift(t.target, driver.levels[name], "judgement"))
        elif t.kind == "count" and name in driver.counts:
            found.append(_factor(driver, t, driver.counts[name]))
    return tuple(s for s in found if s.size != (0.0 if s.target.startswith("level") else 1.0))


def apply_driver(driver: Driver, forecast: Forecast) -> Forecast:
    """The forecast given that the driver's condition holds."""
    shifts = {s.target: s.size for s in find_shifts(driver, forecast)}
    targets = tuple(
        dataclasses.replace(
            t,
            by_horizon={
                h: _shifted(t, d, shifts[t.target]) if driver.from_horizon <= h <= driver.to_horizon else d
                for h, d in t.by_horizon.items()
            },
        )
        if t.target in shifts
        else t
        for t in forecast.targets
    )
    return dataclasses.replace(forecast, targets=targets, scenario=driver.id)


def _factor(driver: Driver, t: TargetForecast, declared: float) -> Shift:
    past: Mapping[int, float] = t.past or {}
    history = driver.history
    if history is None or not {*history.years, *history.against} <= set(past):
        return Shift(t.target, declared, "judgement")
    during, before = (fmean(past[y] for y in years) for years in (history.years, history.against))
    return Shift(t.target, (during + 0.5) / (before + 0.5), f"{during:.1f} a year after {before:.1f} on record")


def _shifted(t: TargetForecast, d: Distribution, size: float) -> Distribution:
    p = np.array(d.probabilities)
    if t.kind == "level":
        steps = round(1 / d.step) * (1 if size > 0 else -1)
        to = np.clip(np.arange(len(p)) + steps, 0, len(p) - 1)
        p = (1 - abs(size)) * p + abs(size) * np.bincount(to, weights=p, minlength=len(p))
    else:
        values = np.array(d.values)
        mean = float(values @ p)
        variance = float((values - mean) ** 2 @ p)
        p = negative_binomial(mean * size, size**2 * max(variance - mean, 0.0) + mean * size, values)
    return Distribution(d.values, tuple(float(v) for v in p))
