"""Counts of selected events by draw and year: what criteria are read off from in a redraw. Every count is exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.event import Event
from milcoop.record.in_force import span_in_force
from milcoop.record.selection import ByType, Test

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Copies:
    """Copies of events: the draw, the event copied and the year, in parallel."""

    draw: Ints
    donor: Ints
    year: Ints

    @staticmethod
    def none() -> Copies:
        """No copies."""
        empty = np.zeros(0, dtype=np.int64)
        return Copies(empty, empty, empty)

    @staticmethod
    def joined(parts: Iterable[Copies]) -> Copies:
        """All copies of the parts, in their order."""
        columns = [(p.draw, p.donor, p.year) for p in (Copies.none(), *parts)]
        return Copies(*(np.concatenate(c).astype(np.int64) for c in zip(*columns, strict=True)))

    def at(self, chosen: Bools) -> Copies:
        """The copies chosen."""
        return Copies(self.draw[chosen], self.donor[chosen], self.year[chosen])


class Counts:
    """Counts of selected events by draw and year."""

    def __init__(
        self, readings: Sequence[Event], parent: Ints, active: Bools, copies: Copies, axis: range, ends: date
    ) -> None:
        self.axis, self.draws = axis, active.shape[0]
        self._readings, self._parent, self._ends = readings, parent, ends
        self._by_type = ByType(readings)
        self._copies = copies.at((copies.year >= axis.start) & (copies.year < axis.stop))
        self._active = active.astype(np.float32)
        touched = [e.when.years for e in readings]
        self._first = np.array([y[0] for y in touched], dtype=np.int64)
        self._last = np.array([y[-1] for y in touched], dtype=np.int64)
        self._picked: dict[Test, list[int]] = {}
        self._yearly: dict[Test, list[Floats]] = {}
        self._copied_events: dict[Test, Floats] = {}

    def _chosen(self, test: Test) -> list[int]:
        if test not in self._picked:
            self._picked[test] = test.places(self._by_type)
        return self._picked[test]

    def _copied(self, chosen: list[int]) -> Floats:
        """Copies of the events chosen by year, shape (draws, axis)."""
        is_donor = np.zeros(int(self._parent.max(initial=-1)) + 1, dtype=bool)
        is_donor[self._parent[chosen]] = True
        copies, n = self._copies, len(self.axis)
        wanted = np.flatnonzero(is_donor[copies.donor])
        cells = copies.draw[wanted] * n + copies.year[wanted] - self.axis.start
        return np.bincount(cells, minlength=self.draws * n).reshape(self.draws, n).astype(float)

    def _of(self, chosen: list[int], held: Bools) -> Floats:
        """Sums over active readings: ``held`` says by reading and year whether it counts."""
        return (self._active[:, chosen] @ held.astype(np.float32)).astype(float)

    def by_year(self, test: Test) -> Floats:
        """Selected events that touch each year of the axis, shape (draws, axis)."""
        if test not in self._yearly:
            self._yearly[test] = [self._by_year(self._chosen(test))]
        return self._yearly[test][0]

    def by_group(self, test: Test, by: str) -> list[Floats]:
        """The same for each value of a field among the selected events."""
        if test not in self._yearly:
            members: dict[str, list[int]] = defaultdict(list)
            for i in self._chosen(test):
                for value in self._readings[i].values(by):
                    members[value].append(i)
            self._yearly[test] = [self._by_year(members[value]) for value in sorted(members)]
        return self._yearly[test]

    def _by_year(self, chosen: list[int]) -> Floats:
        return self._of(chosen, self._touching(chosen, np.array(self.axis), 1)) + self._copied(chosen)

    def _touching(self, chosen: list[int], years: Ints, window: int) -> Bools:
        """Whether each reading chosen touches the trailing window of each year."""
        first, last = self._first[chosen][:, None], self._last[chosen][:, None]
        return (first <= years) & (last > years - window)

    def events(self, test: Test, window: int, years: range) -> Floats:
        """Selected events that touch a trailing window of each year, each once."""
        chosen = self._chosen(test)
        if test not in self._copied_events:
            self._copied_events[test] = self._copied(chosen)
        copied = in_window(self._copied_events[test], window, years, self.axis)
        return self._of(chosen, self._touching(chosen, np.array(years), window)) + copied

    def in_force(self, test: Test, years: range, by: str | None = None) -> Floats:
        """Selected texts or arrangements in force at each year's end, or values of ``by`` among them. Copies do not count."""
        chosen = self._chosen(test)
        spans = [span_in_force(self._readings[i]) for i in chosen]
        ends = np.array([min(date(y, 12, 31), self._ends).toordinal() for y in years])
        start = np.array([s.start.toordinal() for s in spans], dtype=np.int64)[:, None]
        to = np.array([(s.to or date.max).toordinal() for s in spans], dtype=np.int64)[:, None]
        force = (start <= ends) & (to >= ends)
        if by is None:
            return self._of(chosen, force)
        total = np.zeros((self.draws, len(years)))
        for value in sorted({v for i in chosen for v in self._readings[i].values(by)}):
            rows = [r for r, i in enumerate(chosen) if value in self._readings[i].values(by)]
            total += self._of([chosen[r] for r in rows], force[rows]) > 0
        return total


def in_window(held: NDArray[np.generic], window: int, years: range, axis: range) -> Floats:
    """Sums of ``held`` (draws, axis) over the trailing window of each of ``years``; nothing is held before the axis."""
    running = np.concatenate([np.zeros((held.shape[0], 1)), np.cumsum(held, axis=1)], axis=1)
    last = np.array([y - axis.start + 1 for y in years])
    found: Floats = running[:, last] - running[:, np.maximum(last - window, 0)]
    return found
