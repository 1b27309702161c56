"""An assessment: ratings of a dyad under one scale, with the evidence they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from milcoop.codebook.scale import Scale
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.domain.rating import OverallRating, Rating


@dataclass(frozen=True)
class Assessment:
    """Ratings of a dyad under one scale, with the evidence they rest on."""

    dyad: Dyad
    scale: Scale
    as_of: date
    record_version: str
    ratings: tuple[Rating, ...]
    overall: tuple[OverallRating, ...]
    events: tuple[Event, ...]
    figures: tuple[Figure, ...]

    searched: range
    """Years in which any family was searched for the pair; empty when none was."""

    @property
    def monitored(self) -> bool:
        """Whether any cell has a level."""
        return any(r.level is not None for r in self.ratings)

    @property
    def years(self) -> list[int]:
        """Years rated."""
        return sorted({r.year for r in self.ratings})

    def of_year(self, year: int) -> dict[str, Rating]:
        """Ratings of one year by area."""
        return {r.area: r for r in self.ratings if r.year == year}
