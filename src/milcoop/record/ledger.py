"""What of the ledger a user asks for: events by family, type, area, dates and criterion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale
from milcoop.domain.event import Event
from milcoop.errors import InvalidArgument, check_known
from milcoop.record.selection import select_events


@dataclass(frozen=True)
class EventFilter:
    """What ``milcoop events`` can be asked for; None is no condition."""

    family: str | None = None
    type: str | None = None
    area: str | None = None
    from_: date | None = None
    to: date | None = None
    rule: str | None = None


def filter_events(events: Iterable[Event], wanted: EventFilter, codebook: Codebook, scale: Scale) -> list[Event]:
    """Events that pass, in the order given. Raises InvalidArgument for an unknown name or dates in the wrong order."""
    found = list(events)
    if wanted.family:
        check_known("family", wanted.family, codebook.families)
        found = [e for e in found if e.family == wanted.family]
    if wanted.type:
        check_known("type", wanted.type, codebook.types)
        found = [e for e in found if e.type == wanted.type]
    if wanted.area:
        check_known("area", wanted.area, [a.id for a in scale.areas])
        found = [e for e in found if wanted.area in codebook.areas_of(e.type, e.values)]
    if wanted.from_ and wanted.to and wanted.to < wanted.from_:
        raise InvalidArgument(f"found --to {wanted.to} before --from {wanted.from_}, expected the later date second")
    if wanted.from_:
        found = [e for e in found if e.when.last_day >= wanted.from_]
    if wanted.to:
        found = [e for e in found if e.when.first_day <= wanted.to]
    if wanted.rule:
        selections = {i: c.select for i, c in scale.criteria().items() if c.select}
        check_known("rule", wanted.rule, selections)
        found = select_events(found, selections[wanted.rule], scale)
    return found
