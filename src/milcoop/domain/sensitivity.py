"""What a level hangs on: levels before and after one thing is left out or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SEED = "another seed"
LANGUAGE, PUBLISHERS, PAGE, PARTY = "language", "publishers", "single page", "one party"
FAMILY, WEIGHT, THRESHOLD = "family", "weight", "threshold"
KINDS = (SEED, LANGUAGE, PUBLISHERS, PAGE, PARTY, FAMILY, WEIGHT, THRESHOLD)


@dataclass(frozen=True, slots=True)
class AreaShift:
    """One area (or the whole) before and after one variation."""

    area: str
    """Area, or ``overall``."""
    before: float | None
    """Level by the criteria; None where there is none."""
    after: float | None
    shift: float | None
    """Largest change of the probability of any level; None where the variation is not redrawn."""
    slope_before: float | None
    """Least-squares slope of the criteria's levels over the window, a year; None where a year has no level."""
    slope_after: float | None
    direction_before: tuple[float, float, float] | None
    """Shares of redraws with expansion, no change, decline over the window."""
    direction_after: tuple[float, float, float] | None

    @property
    def moved(self) -> bool:
        """Whether the level is another."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Variation:
    """One thing left out or changed, and every area after it."""

    kind: str
    """One of ``KINDS``."""
    what: str
    """``zh``, ``state publishers``, ``prior_weight x 2``, ``exercises.4.several threshold +1``."""
    left_out: tuple[str, ...]
    """Acts and figures of the pair that drop out altogether."""
    areas: tuple[AreaShift, ...]

    def of(self, area: str) -> AreaShift | None:
        """The shift of an area; None where the variation does not concern it."""
        return next((a for a in self.areas if a.area == area), None)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All variations of one pair and year, with what made them."""

    year: int
    window: tuple[int, int]
    """First and last year of the slopes."""
    record_version: str
    scale: str
    draws: int
    seed: int
    variations: tuple[Variation, ...]
    ratings: Mapping[str, str]
    """Area -> id of its rating in the year."""

    def of_kind(self, kind: str) -> tuple[Variation, ...]:
        """Variations of one kind."""
        return tuple(v for v in self.variations if v.kind == kind)
