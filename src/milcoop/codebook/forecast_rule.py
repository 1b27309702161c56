"""What is forecast, by which methods, how they are tested, and the declared drivers of scenarios, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection


class CountTarget(Entry):
    """A yearly number of acts that is forecast."""

    id: str
    label: str
    select: Selection
    searched: tuple[str, ...]
    """Families that must be monitored in every year of the series."""
    why: str


class BacktestRule(Entry):
    """Origins and terms of the backtest, declared before any score."""

    origins: tuple[date, ...]
    asked: tuple[date, ...]
    """Origins scored by themselves, outside the averages."""
    monitored_years: int
    """Years that a pair must have been searched for."""
    fewest_dyads: int
    """Fewer continuously monitored pairs: scores without a claim of skill."""
    fewest_cases: int
    """Scored cases of a target before a method is chosen by them."""
    draws: int
    intervals: tuple[int, ...]
    bins: int
    """Bins of the calibration."""
    resamplings: int
    why: str


class ForecastRule(Entry):
    """Targets, methods and their constants (docs/forecast.md)."""

    id: str
    committed_on: date
    horizons: int = Field(ge=1, le=5)
    history: int = Field(ge=4)
    """Shortest unbroken run of years that is forecast from."""
    prior_weight: float = Field(gt=0)
    row_weight: float = Field(gt=0)
    spread: float = Field(gt=0, lt=1)
    least_scale: float = Field(gt=0)
    least_rate: float = Field(gt=0)
    discounts: tuple[float, ...]
    signal_to_noise: tuple[float, ...]
    most: int
    """Largest count with a probability of its own."""
    quantiles: tuple[float, ...]
    baselines: tuple[str, ...]
    own_levels: tuple[str, ...]
    own_counts: tuple[str, ...]
    default: str
    counts: tuple[CountTarget, ...]
    backtest: BacktestRule
    why: str

    def methods(self, kind: str) -> tuple[str, ...]:
        """Baselines and own methods for ``level`` or ``count`` targets."""
        return (*self.baselines, *(self.own_levels if kind == "level" else self.own_counts))


class History(Entry):
    """Years whose mean count is set against that of other years."""

    years: tuple[int, ...]
    against: tuple[int, ...]


class Driver(Entry):
    """A declared condition and the shift that it is taken to make."""

    id: str
    label: str
    states: tuple[str, ...] = ()
    """States of which one must belong to the pair; empty: every pair."""
    levels: Mapping[str, float] = {}
    """Area -> expected shift in levels, at most one either way."""
    counts: Mapping[str, float] = {}
    """Count -> factor of its yearly rate."""
    from_horizon: int = 1
    to_horizon: int = 5
    basis: Literal["judgement", "history"]
    history: History | None = None
    """Years that give the factors of counts where the vintage reaches them."""
    why: str

    @model_validator(mode="after")
    def _bounded(self) -> Driver:
        if any(abs(shift) > 1 for shift in self.levels.values()):
            raise ValueError("a shift is at most one level either way")
        if any(not 0 < factor <= 5 for factor in self.counts.values()):
            raise ValueError("a factor is above 0 and at most 5")
        if (self.basis == "history") != (self.history is not None):
            raise ValueError("basis 'history' goes with 'history'")
        return self
