"""A record changed by hand: events left out, events of a user's file added or put in another's place."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from milcoop.codebook.loader import Codebook
from milcoop.codebook.reading import Problem, read_rows
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.errors import InvalidArgument, InvalidRecord, nearest
from milcoop.record.codes import check_codes
from milcoop.record.credibility import grade_credibility
from milcoop.record.loader import Record, stored_line
from milcoop.record.rows import EventRow
from milcoop.record.vintage import record_as_of


def drop_rows(record: Record, dyad: Dyad, ids: Sequence[str]) -> Record:
    """The record without these events or figures of a dyad. Raises InvalidArgument for an unknown id or another pair's."""
    own = {*(e.id for e in record.of_dyad(dyad)), *(f.id for f in record.figures_of_dyad(dyad))}
    others: dict[str, Event | Figure] = {e.id: e for e in record.events} | {f.id: f for f in record.figures}
    for row_id in ids:
        if row_id in own:
            continue
        if row_id in others:
            states = ", ".join(others[row_id].participants)
            raise InvalidArgument(f"found '{row_id}' of {states}, expected an event or figure of {dyad.id}")
        raise InvalidArgument(
            f"found id '{row_id}', expected one of {len(own)} events and figures of {dyad.id}{nearest(row_id, own)}"
        )
    gone = set(ids)
    return dataclasses.replace(
        record,
        events=tuple(e for e in record.events if e.id not in gone),
        figures=tuple(f for f in record.figures if f.id not in gone),
    )


def read_events(path: Path, codebook: Codebook, record: Record, dyad: Dyad) -> list[Event]:
    """Events of a user's file, checked as any file of a record folder is.

    Raises InvalidRecord with file and line for a bad row, a twice given or withdrawn id, or another pair's event.
    """
    read = read_rows(path, EventRow)
    problems = list(read.problems)
    withdrawn = {w.id for w in record.withdrawn}
    events: dict[str, Event] = {}
    for index, row in read.rows:
        event = row.to_event(f"{path}#{index}")
        said = list(check_codes(event, codebook))
        if event.id in events:
            said.append("stands twice")
        if event.id in withdrawn:
            said.append("was withdrawn; an id is never used again")
        if not set(dyad.states) <= set(event.participants):
            said.append(f"is of {', '.join(event.participants)}, expected {dyad.first} and {dyad.second} among them")
        problems += [Problem(str(path), stored_line(event.where_stored), f"{event.id}: {m}") for m in said]
        events[event.id] = event
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        raise InvalidRecord(str(errors[0]))
    if not events:
        raise InvalidRecord(f"{path}:1: error: found no event, expected a list of events as in a record folder")
    return list(events.values())


def add_events(record: Record, events: Sequence[Event], codebook: Codebook) -> Record:
    """The record with events added; one with a known id takes the other's place. A vintage stays a vintage."""
    graded = {
        e.id: e if e.credibility else dataclasses.replace(e, credibility=grade_credibility(e, codebook), graded=True)
        for e in events
    }
    kept = [e for e in record.events if e.id not in graded]
    rows = sorted([*kept, *graded.values()], key=lambda e: (e.when.first_day, e.when.last_day, e.id))
    changed = dataclasses.replace(record, events=tuple(rows))
    return changed if record.as_of is None else record_as_of(changed, record.as_of, codebook)
