"""The evidence with some pages left out: what only those pages show is not known."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import date

from milcoop.domain.event import Citation, Event, Figure
from milcoop.record.vintage import keep_values, latest_status

Keep = Callable[[Citation], bool]


def thin_events(events: Iterable[Event], keep: Keep) -> tuple[Event, ...]:
    """Events with the citations that ``keep`` passes, and the values and statuses that these show; none left, no event."""
    return tuple(thinned for e in events if (thinned := _thin(e, keep)) is not None)


def thin_figures(figures: Iterable[Figure], keep: Keep) -> tuple[Figure, ...]:
    """Figures with the citations that ``keep`` passes; none left, no figure."""
    left = ((f, tuple(c for c in f.citations if keep(c))) for f in figures)
    return tuple(dataclasses.replace(f, citations=citations) for f, citations in left if citations)


def _thin(event: Event, keep: Keep) -> Event | None:
    citations = tuple(c for c in event.citations if keep(c))
    if len(citations) == len(event.citations):
        return event
    if not citations:
        return None
    keys = {c.key for c in citations}
    status = latest_status(event, date.max, keys)
    if status is None:
        return None
    return dataclasses.replace(
        event,
        citations=citations,
        status=status,
        history=tuple(h for h in event.history if not h.cite or keys.intersection(h.cite)),
        fields={n: kept for n, v in (event.fields or {}).items() if (kept := keep_values(v, keys))},
        quantities=keep_values(event.quantities, keys),
    )
