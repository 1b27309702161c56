"""Levels that differ between two assessments of a dyad: what a change of the record does to the ratings."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.domain.assessment import Assessment


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One rating before and after; None is no level (not monitored or not applicable)."""

    rating_id: str
    area: str
    year: int
    before: int | None
    after: int | None


def find_level_changes(old: Assessment, new: Assessment) -> tuple[LevelChange, ...]:
    """Ratings of years in either assessment whose level differs, by area and year."""
    before = {(r.area, r.year): r.level for r in old.ratings}
    after = {(r.area, r.year): (r.id, r.level) for r in new.ratings}
    return tuple(
        LevelChange(rating_id, area, year, before.get((area, year)), level)
        for (area, year), (rating_id, level) in after.items()
        if before.get((area, year)) != level
    )
