"""The evidence of one criterion, indexed by year, so that any threshold, window and date is read off quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from milcoop.codebook.scale import Criterion, Scale
from milcoop.domain.event import Event, Figure
from milcoop.record.in_force import Span, span_in_force
from milcoop.record.selection import ByType, select_events


class Evidence:
    """Events (or figures) that pass one criterion's selection, and the criterion's measure over them."""

    def __init__(
        self, criterion: Criterion, events: Sequence[Event] | ByType, figures: Sequence[Figure], scale: Scale | None
    ) -> None:
        """``scale`` None: the events have been selected already."""
        self.criterion = criterion
        self.chosen: Sequence[Event] = ()
        self.figures: list[Figure] = []
        self.by_year: dict[int, list[Event]] = defaultdict(list)
        self.group_years: dict[str, set[int]] = defaultdict(set)
        self.spans: list[Span] = []
        if criterion.figure is not None:
            names = set(criterion.figure.names)
            self.figures = [f for f in figures if f.name in names]
            return
        assert criterion.select is not None  # the codebook's own check: a criterion has one of the two
        if scale is not None:
            chosen: Sequence[Event] = select_events(events, criterion.select, scale)
        else:
            chosen = events.events if isinstance(events, ByType) else events
        self.chosen = chosen
        if criterion.window is None:
            self.spans = [span_in_force(e) for e in chosen]
            return
        for event in chosen:
            years = event.when.years
            for year in years:
                self.by_year[year].append(event)
            if criterion.by:
                for value in event.values(criterion.by):
                    self.group_years[value].update(years)
        self._first = sorted(e.when.start.year for e in chosen)
        self._last = sorted(e.when.years[-1] for e in chosen)

    def value(self, on: date, window: int | None) -> float:
        """The measure at a date over a trailing window in years."""
        criterion, year = self.criterion, on.year
        if criterion.measure == "figure":
            return max((_amount(f) for f in self._figures_in(year, window)), default=0.0)
        if window is None:
            spans = self._in_force(on)
            if criterion.by is None:
                return len(spans)
            return len({v for s in spans for v in s.event.values(criterion.by)})
        start = year - window + 1
        if criterion.measure == "events":
            return bisect_right(self._first, year) - bisect_left(self._last, start)
        years = range(start, year + 1)
        if criterion.measure == "years":
            return sum(len(self.by_year.get(y, ())) >= criterion.per_year for y in years)
        return sum(len(held.intersection(years)) >= criterion.years_each for held in self.group_years.values())

    def deciding(self, on: date, window: int | None) -> tuple[str, ...]:
        """Ids of the events or figures that the measure counted at a date."""
        if self.criterion.measure == "figure":
            return tuple(f.id for f in self._figures_in(on.year, window))
        if window is None:
            return tuple(s.event.id for s in self._in_force(on))
        ids: dict[str, None] = {}
        for year in range(on.year - window + 1, on.year + 1):
            ids.update(dict.fromkeys(e.id for e in self.by_year.get(year, ())))
        return tuple(ids)

    def without(self, dropped: str, on: date, window: int | None) -> float:
        """The measure at a date when one event or figure is left out."""
        counted = set(self.deciding(on, window)) - {dropped}
        events = [e for e in self.chosen if e.id in counted]
        return Evidence(self.criterion, events, [f for f in self.figures if f.id in counted], None).value(on, window)

    def _in_force(self, on: date) -> list[Span]:
        return [s for s in self.spans if s.holds(on)]

    def _figures_in(self, year: int, window: int | None) -> list[Figure]:
        start = year - (window or 1) + 1
        return [f for f in self.figures if f.when.start.year <= year and f.when.years[-1] >= start]


def _amount(figure: Figure) -> float:
    known = [v for v in (figure.best, figure.low, figure.high) if v is not None]
    return known[0]
