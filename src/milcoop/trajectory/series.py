"""Yearly series of levels and counts, described: no probability is claimed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from milcoop.domain.event import Event
from milcoop.domain.rating import OverallRating, Rating


@dataclass(frozen=True, slots=True)
class YearCount:
    """Number of acts of one family that began in a year, with their ids."""

    family: str
    year: int
    n: int
    events: tuple[str, ...]


def count_by_family_year(events: Iterable[Event], years: Sequence[int]) -> tuple[YearCount, ...]:
    """Acts by family and year of their start, zeros included for families that occur."""
    ids: dict[tuple[str, int], list[str]] = defaultdict(list)
    families: dict[str, None] = {}
    for event in events:
        families[event.family] = None
        ids[event.family, event.when.start.year].append(event.id)
    return tuple(YearCount(f, y, len(ids[f, y]), tuple(ids[f, y])) for f in sorted(families) for y in years)


@dataclass(frozen=True, slots=True)
class Change:
    """Change of a level between two years; ``change`` is None when either year has no level."""

    area: str
    from_year: int
    to_year: int
    before: float | None
    after: float | None
    change: float | None
    against_whole: float | None
    """The area's change less the change of the whole; None when either is unknown."""


def change_over_window(
    ratings: Sequence[Rating], overall: Sequence[OverallRating], from_year: int, to_year: int
) -> tuple[Change, ...]:
    """Change of each area, and of the whole (area ``overall``), from one year to another."""
    whole = {o.year: o.level for o in overall}
    levels: dict[str, dict[int, int | None]] = defaultdict(dict)
    for rating in ratings:
        levels[rating.area][rating.year] = rating.level
    whole_change = _difference(whole.get(from_year), whole.get(to_year))
    changes = [
        Change("overall", from_year, to_year, whole.get(from_year), whole.get(to_year), whole_change, None),
    ]
    for area, by_year in levels.items():
        before, after = by_year.get(from_year), by_year.get(to_year)
        change = _difference(before, after)
        changes.append(Change(area, from_year, to_year, before, after, change, _difference(whole_change, change)))
    return tuple(changes)


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Spell:
    """Consecutive years at one level."""

    area: str
    level: float | None
    from_year: int
    to_year: int


def spells_of_level(series: Sequence[tuple[int, float | None]], area: str) -> tuple[Spell, ...]:
    """A level's path as spells, oldest first."""
    spells: list[Spell] = []
    for year, level in series:
        if spells and spells[-1].level == level and spells[-1].to_year == year - 1:
            spells[-1] = Spell(area, level, spells[-1].from_year, year)
        else:
            spells.append(Spell(area, level, year, year))
    return tuple(spells)
