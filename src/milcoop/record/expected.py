"""Editions and rounds that must exist: by official numbers, and by the rhythm that the parties announce."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from milcoop.codebook.entries import Mechanism, Series
from milcoop.domain.event import Event

NOT_HELD = frozenset({"announced", "cancelled", "denied", "postponed", "alleged"})
PERIOD = 10


@dataclass(frozen=True, slots=True)
class Numbered:
    """One series or mechanism whose editions a state numbers."""

    class_id: str
    by: str
    """State that numbers, ISO3; empty where both use one number."""
    years: Mapping[int, int]
    """Official number -> year."""

    @property
    def found(self) -> tuple[int, ...]:
        """Numbers on record."""
        return tuple(sorted(self.years))

    @property
    def expected(self) -> int:
        """Editions that must exist: the highest official number on record."""
        return max(self.years)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers below the highest that no event on record carries."""
        return tuple(n for n in range(1, self.expected + 1) if n not in self.years)

    @property
    def missing_between(self) -> tuple[tuple[int, int, int | None, int], ...]:
        """Runs of missing numbers: (first, last, year of the number before or None, year of the number after)."""
        runs = []
        for _, run in groupby(enumerate(self.missing), key=lambda pair: pair[1] - pair[0]):
            numbers = [n for _, n in run]
            runs.append((numbers[0], numbers[-1], self.years.get(numbers[0] - 1), self.years[numbers[-1] + 1]))
        return tuple(runs)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One series or mechanism with an announced rhythm, over one period of searched years."""

    class_id: str
    every: int
    period: tuple[int, int]
    found: tuple[int, ...]
    """Years of the period with an edition or round on record."""
    expected: int
    missing: tuple[int, ...]
    """Years of the period without one; with a rhythm of more than one year, not every such year is a lapse."""


def find_numbered(events: Iterable[Event]) -> tuple[Numbered, ...]:
    """Every numbered series and mechanism, with what its own numbers say is missing.

    The highest official number on record is a floor for how many editions took place; later ones without a number or
    page are not counted, so the share found is at best this good.
    """
    numbers: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for event in events:
        name = event.mechanism or event.series
        if name is None or event.status in NOT_HELD:
            continue
        for by, number in event.ordinals:
            numbers[name, by].setdefault(number, event.when.start.year)
    return tuple(Numbered(name, by, years) for (name, by), years in sorted(numbers.items()))


def find_rhythms(
    events: Iterable[Event], entries: Mapping[str, Series | Mechanism], searched: Iterable[int]
) -> tuple[Rhythm, ...]:
    """Classes on record with an announced rhythm, by period of ten years; years that were not searched are no lapse."""
    held: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for name in (event.series, event.mechanism):
            if name in entries and event.status not in NOT_HELD:
                held[str(name)].update(event.when.years)
    found = []
    for name, years in sorted(held.items()):
        entry = entries[name]
        if entry.every is None or entry.since is None:
            continue
        due = [y for y in sorted(searched) if entry.since <= y <= (entry.until or y)]
        for start, group in groupby(due, key=lambda y: y // PERIOD * PERIOD):
            span = list(group)
            there = tuple(y for y in span if y in years)
            missing = tuple(y for y in span if y not in years)
            expected = -(-len(span) // entry.every) if entry.every > 1 else len(span)
            found.append(Rhythm(name, entry.every, (max(start, span[0]), span[-1]), there, expected, missing))
    return tuple(found)
