"""What every finding starts from: the evidence on one pair in a window, and whether it was looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale, Selection
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.domain.finding import Finding, FindingSet
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY
from milcoop.record.selection import ByType, select_events


@dataclass(frozen=True)
class Evidence:
    """Events and figures of a pair at one vintage, the window asked for, and the coverage of families by year."""

    dyad: Dyad
    codebook: Codebook
    scale: Scale
    """Gives the statuses that count as realised and the limit on parties."""
    events: Sequence[Event]
    """All acts of the pair up to the record's end, by date; inside the window and before it."""
    figures: Sequence[Figure]
    as_of: date
    record_version: str
    years: range
    """The window asked for."""
    coverage_of: Callable[[str, int], str]
    """(family, year) -> ``monitored``, ``partly`` or ``not monitored``."""

    @property
    def ended(self) -> int:
        """Last year of the window that had ended on the day of the vintage: part of a year is no rate."""
        return min((self.as_of + timedelta(days=1)).year - 1, self.years[-1])

    @cached_property
    def by_type(self) -> ByType:
        """Events of the window, sorted by type for quick selection."""
        return ByType([e for e in self.events if e.when.start.year in self.years])

    def select(self, selection: Selection) -> list[Event]:
        """Events of the window that pass a selection: without ``statuses`` those that the scale calls realised."""
        return select_events(self.by_type, selection, self.scale)

    def coverage(self, families: Iterable[str], years: range | None = None) -> str:
        """Coverage of families over years (default: the window): the same for all cells, else ``partly``."""
        grades = {self.coverage_of(f, y) for f in families for y in (self.years if years is None else years)}
        if not grades:
            return NOT_MONITORED
        return grades.pop() if len(grades) == 1 else PARTLY

    def monitored(self, families: Iterable[str], year: int) -> bool:
        """Whether all families were searched enough in a year, so that a nought means that none was found."""
        return all(self.coverage_of(f, year) == MONITORED for f in families)

    def found(self, command: str, findings: Iterable[Finding]) -> FindingSet:
        """Findings with the pair, window and versions they belong to."""
        return FindingSet(
            command, self.dyad, self.as_of, self.years, self.record_version, self.codebook.version, tuple(findings)
        )
