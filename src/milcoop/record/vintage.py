"""The record as it could be known on a date: later events, later citations and later values of fields are dropped."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from milcoop.codebook.loader import Codebook
from milcoop.domain.dates import When
from milcoop.domain.event import Citation, Event, FieldValue, Figure, Quantity
from milcoop.record.credibility import grade_credibility
from milcoop.record.loader import Record

Cited = TypeVar("Cited", FieldValue, Quantity)

TOOK_PLACE = frozenset({"held", "delivered", "under-way", "made", "ended"})
"""Statuses of an act that took place, whatever became of it."""

OPEN_STATUS = {"held": "under-way", "delivered": "under-way"}


def record_as_of(record: Record, on: date, codebook: Codebook) -> Record:
    """The vintage of the record on a day, strictly: what no citation of that day or earlier shows is not known.

    A citation without a date counts from the day it was opened. A value with its own ``cite`` needs one of those
    citations; without, any citation of the event. An act still going on that day has no end yet. An act known only from
    pages older than itself is announced. Credibility that was computed is computed anew from the citations left.
    """
    events = [
        dataclasses.replace(known, credibility=grade_credibility(known, codebook)) if known.graded else known
        for e in record.events
        if (known := event_as_of(e, on)) is not None
    ]
    figures = [value for f in record.figures if (value := _figure_as_of(f, on)) is not None]
    return dataclasses.replace(
        record,
        events=tuple(events),
        figures=tuple(figures),
        withdrawn=tuple(w for w in record.withdrawn if w.on.first_day <= on),
        ends=min(record.ends, on),
        as_of=on,
    )


def event_as_of(event: Event, on: date) -> Event | None:
    """The event as known on a day, or None when it had not begun or no citation existed."""
    citations = _known(event.citations, on)
    if not citations or event.when.last_day_of_start > on:
        return None
    keys = {c.key for c in citations}
    status = latest_status(event, on, keys)
    if status is None:
        return None
    if status in TOOK_PLACE and all(c.known_by < event.when.first_day for c in citations):
        status = "announced"
    when = event.when
    if when.last_day > on:
        when = when if when.end == when.start else When(when.start, None)
        status = OPEN_STATUS.get(status, status)
    return dataclasses.replace(
        event,
        citations=citations,
        when=when,
        status=status,
        history=tuple(h for h in event.history if h.date.last_day <= on and _cited(h.cite, keys)),
        fields={n: kept for n, v in (event.fields or {}).items() if (kept := keep_values(v, keys))},
        quantities=keep_values(event.quantities, keys),
    )


def _known(citations: Iterable[Citation], on: date) -> tuple[Citation, ...]:
    return tuple(c for c in citations if c.known_by <= on)


def _cited(cite: tuple[str, ...], keys: set[str]) -> bool:
    return not cite or bool(keys.intersection(cite))


def keep_values(values: tuple[Cited, ...], keys: set[str]) -> tuple[Cited, ...]:
    """Values that one of the citations ``keys`` carries, and those that name no citation."""
    return tuple(v for v in values if _cited(v.cite, keys))


def latest_status(event: Event, on: date, keys: set[str]) -> str | None:
    """The latest status dated on the day or before; the event's own status dates from the event unless listed."""
    dated = [(h.date.last_day, h.status) for h in event.history if _cited(h.cite, keys)]
    if event.status not in {h.status for h in event.history}:
        dated.append((event.when.last_day_of_start, event.status))
    known = [(day, i, status) for i, (day, status) in enumerate(dated) if day <= on]
    return max(known)[2] if known else None


def _figure_as_of(figure: Figure, on: date) -> Figure | None:
    citations = _known(figure.citations, on)
    if not citations or figure.when.last_day > on:
        return None
    return dataclasses.replace(figure, citations=citations)
