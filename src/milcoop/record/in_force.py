"""From when to when a text or arrangement is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from milcoop.domain.dates import parse_date
from milcoop.domain.event import Event

ENDED = frozenset({"ended", "expired", "terminated", "cancelled", "denied"})


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a text or arrangement is in force; ``to`` None is open."""

    event: Event
    start: date
    to: date | None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= on and (self.to is None or self.to >= on)


def span_in_force(event: Event) -> Span:
    """In force from the coded date, else from the act; until the coded date or the date of an ending status."""
    starts = [parse_date(v).first_day for v in event.values("in_force_from")]
    ends = [parse_date(v).last_day for v in event.values("in_force_to")]
    ends += [h.date.first_day for h in event.history if h.status in ENDED]
    if event.status in ENDED and not ends:
        ends = [event.when.last_day]
    return Span(event, min(starts, default=event.when.first_day), min(ends, default=None))
