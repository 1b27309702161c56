"""How complete the record is by class: found against what must exist, where the sources pages come from, gaps by name.

What must exist is known in two ways: official numbers (the highest on record says how many came before) and a rhythm that
the parties announce (yearly, every second year). A class with neither has no expected set, and says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from milcoop.domain.event import Event, Gap, Search
from milcoop.record.expected import PERIOD, Numbered, Rhythm


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """Events of a family in a period, beside what was looked for in vain."""

    family: str
    period: tuple[int, int]
    events: int
    one_page: int
    """Events that rest on a single page."""
    gaps: int
    """Logged gaps of the family that begin in the period."""


@dataclass(frozen=True, slots=True)
class LanguageMix:
    """Pages cited by events of one year, by language."""

    year: int
    events: int
    languages: Mapping[str, int]
    """ISO 639-1 -> pages."""


@dataclass(frozen=True, slots=True)
class SearchCount:
    """Logged queries for a family in a period: the search protocol as it was run."""

    family: str
    period: tuple[int, int]
    languages: Mapping[str, int]
    """ISO 639-1 -> queries that cover a year of the period."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """All of it for one dyad."""

    numbered: tuple[Numbered, ...]
    rhythms: tuple[Rhythm, ...]
    families: tuple[FamilyCount, ...]
    languages: tuple[LanguageMix, ...]
    searches: tuple[SearchCount, ...]


def count_families(events: Iterable[Event], gaps: Iterable[Gap]) -> tuple[FamilyCount, ...]:
    """Events and gaps by family and decade."""
    seen: Counter[tuple[str, int]] = Counter()
    single: Counter[tuple[str, int]] = Counter()
    for event in events:
        key = event.family, event.when.start.year // PERIOD * PERIOD
        seen[key] += 1
        single[key] += len(event.citations) == 1
    named = Counter((family, gap.years[0] // PERIOD * PERIOD) for gap in gaps for family in gap.families)
    return tuple(
        FamilyCount(
            family, (decade, decade + PERIOD - 1), seen[family, decade], single[family, decade], named[family, decade]
        )
        for family, decade in sorted({*seen, *named})
    )


def find_language_mix(events: Iterable[Event]) -> tuple[LanguageMix, ...]:
    """Cited pages by year of the event and language of the page."""
    pages: dict[int, Counter[str]] = defaultdict(Counter)
    count: Counter[int] = Counter()
    for event in events:
        count[event.when.start.year] += 1
        pages[event.when.start.year].update(c.language for c in event.citations)
    return tuple(LanguageMix(year, count[year], pages[year]) for year in sorted(count))


def count_searches(searches: Iterable[Search]) -> tuple[SearchCount, ...]:
    """Logged queries by family, decade and language; one that covers two decades counts in both."""
    seen: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for search in searches:
        for decade in {y // PERIOD * PERIOD for y in search.years}:
            for family in search.families:
                seen[family, decade][search.language] += 1
    return tuple(SearchCount(f, (d, d + PERIOD - 1), languages) for (f, d), languages in sorted(seen.items()))
