"""How complete the record is by class: official numbers found against those that must exist, and gaps by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from milcoop.domain.event import Event


@dataclass(frozen=True, slots=True)
class Numbered:
    """One series or mechanism whose editions a state numbers."""

    class_id: str
    by: str
    """State that numbers, ISO3; empty where both use one number."""
    found: tuple[int, ...]
    first_year: int
    last_year: int

    @property
    def expected(self) -> int:
        """Editions that must exist: the highest official number on record."""
        return max(self.found)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers below the highest that no event on record carries."""
        return tuple(n for n in range(1, self.expected + 1) if n not in self.found)


def find_completeness(events: Iterable[Event]) -> tuple[Numbered, ...]:
    """Every numbered series and mechanism, with what its own numbers say is missing.

    The highest official number on record is a floor for how many editions took place; later ones without a number or
    page are not counted, so the share found is at best this good.
    """
    numbers: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for event in events:
        name = event.mechanism or event.series
        if name is None or event.status in ("announced", "cancelled", "denied", "postponed"):
            continue
        for by, number in event.ordinals:
            numbers[name, by].setdefault(number, event.when.start.year)
    return tuple(
        Numbered(name, by, tuple(sorted(found)), min(found.values()), max(found.values()))
        for (name, by), found in sorted(numbers.items())
    )
