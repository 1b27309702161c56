"""Check rows against the codebook: types, states, statuses, fields and their values, names of figures, families."""

from __future__ import annotations

from collections.abc import Iterator

from milcoop.codebook.loader import Codebook
from milcoop.domain.dates import parse_date
from milcoop.domain.event import Event, Figure, Gap, Search
from milcoop.errors import nearest


def check_codes(row: Event | Figure | Search | Gap, codebook: Codebook) -> Iterator[str]:
    """What a row of any kind names that the codebook does not know."""
    if isinstance(row, Event):
        yield from check_event(row, codebook)
    elif isinstance(row, Figure):
        yield from check_figure(row, codebook)
    else:
        yield from check_log(row, codebook)


def check_log(row: Search | Gap, codebook: Codebook) -> Iterator[str]:
    """The same for a search or gap: its families and states."""
    for family in row.families:
        if family not in codebook.families:
            yield f"unknown family '{family}'{nearest(family, codebook.families)}"
    for state in row.dyad:
        if state not in codebook.actors:
            yield f"unknown state '{state}'{nearest(state, codebook.actors)}"


def check_event(event: Event, codebook: Codebook) -> Iterator[str]:
    """What an event names that the codebook does not know, or knows otherwise."""
    if event.type not in codebook.types:
        yield f"unknown type '{event.type}'{nearest(event.type, codebook.types)}"
        return
    for state in (*event.participants, *event.observers):
        if state not in codebook.actors:
            yield f"unknown state '{state}'{nearest(state, codebook.actors)}"
    if event.direction != "both" and not set(event.direction.split(">")) <= set(event.participants):
        yield f"direction {event.direction} names a state that does not take part"
    statuses = codebook.fields["status"].values
    for status in (event.status, *(h.status for h in event.history)):
        if status not in statuses:
            yield f"unknown status '{status}'{nearest(status, statuses)}"
    for kind, value in (("place", event.place), ("series", event.series), ("mechanism", event.mechanism)):
        known = getattr(codebook, {"place": "places", "series": "series", "mechanism": "mechanisms"}[kind])
        if value is not None and value not in known:
            yield f"unknown {kind} '{value}'{nearest(value, known)}"
    allowed = codebook.families[event.family].fields
    for name, values in (event.fields or {}).items():
        if name not in allowed:
            yield f"family {event.family} has no field '{name}'{nearest(name, allowed)}"
            continue
        spec = codebook.fields[name]
        for word in (v.value for v in values):
            if spec.values and word not in spec.values:
                yield f"field {name} has value '{word}'{nearest(word, spec.values)}"
            if spec.kind == "number" and not _is_number(word):
                yield f"field {name} has '{word}', expected a number in {spec.unit}"
            if spec.kind == "date" and not _is_date(word):
                yield f"field {name} has '{word}', expected a date"


def check_figure(figure: Figure, codebook: Codebook) -> Iterator[str]:
    """The same for a figure: its name, unit and states."""
    spec = codebook.figures.get(figure.name)
    if spec is None:
        yield f"unknown figure name '{figure.name}'{nearest(figure.name, codebook.figures)}"
    elif spec.unit and figure.unit != spec.unit:
        yield f"unit '{figure.unit}', expected '{spec.unit}' for {figure.name}"
    for state in figure.participants:
        if state not in codebook.actors:
            yield f"unknown state '{state}'{nearest(state, codebook.actors)}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True
