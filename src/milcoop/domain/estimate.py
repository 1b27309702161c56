"""Estimates: how probable each level is for an area and year, and for the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

INTERVALS = (50, 80, 95)
"""Percent of the draws that the printed intervals hold."""


@dataclass(frozen=True, slots=True)
class LevelEstimate:
    """Probability of each level of an area (or of the whole, in half steps) in one year."""

    area: str
    """Area, or ``overall``."""
    year: int
    probabilities: Mapping[float, float]
    """Level -> probability; levels of probability nought are left out. They sum to one."""

    def quantile(self, share: float) -> float:
        """Smallest level that at least this share of the probability does not exceed."""
        levels = sorted(self.probabilities)
        sums = accumulate(self.probabilities[v] for v in levels)
        return next((v for v, s in zip(levels, sums, strict=True) if s >= share - 1e-9), levels[-1])

    @property
    def median(self) -> float:
        """The level in the middle."""
        return self.quantile(0.5)

    def interval(self, percent: int) -> tuple[float, float]:
        """Levels between which the middle ``percent`` of the probability lies."""
        tail = (100 - percent) / 200
        return self.quantile(tail), self.quantile(1 - tail)


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates of one dyad under one scale, with what made them."""

    route: str
    """``monte carlo``: docs/measurement.md, route 1."""
    scale: str
    record_version: str
    codebook_version: str
    draws: int
    seed: int
    detection: str
    """The two lists of pages behind detection."""
    cells: Mapping[tuple[str, int], LevelEstimate]
    """(area or ``overall``, year) -> estimate; only where the area is monitored or partly monitored."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How an area of a pair moved over a window beside the whole, by the latent model."""

    area: str
    first: int
    last: int
    slope: float
    """Median slope of the area's expected level, levels a year."""
    against_pair: tuple[float, float, float]
    """Probability that it moved faster, the same, slower than the pair's overall depth read on this area's own ladder."""
    against_areas: tuple[float, float, float]
    """The same against the mean of the pair's areas, each read on its own ladder."""
    trait_rose_more: float
    """Probability that the area's trait itself rose more than the pair's; speaks where the level is at floor or ceiling."""
