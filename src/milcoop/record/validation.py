"""Check the record against the codebook and the rules of evidence; every problem with file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from milcoop.codebook.loader import Codebook
from milcoop.codebook.reading import Problem
from milcoop.domain.dates import parse_date
from milcoop.domain.event import Event, Figure, Gap, Search
from milcoop.errors import nearest
from milcoop.record.codes import check_codes
from milcoop.record.credibility import party_agency
from milcoop.record.loader import Record, stored_line
from milcoop.record.vintage import TOOK_PLACE

Found = Iterator[tuple[str, str]]
"""(severity, message)"""

ONE_PARTY = "one party's own agency"
"""Words that a note must hold when an event rests on one page of a taking-part state's own agency."""


def validate_record(record: Record, codebook: Codebook) -> list[Problem]:
    """All problems of a loaded record: those met while reading, then rows against codebook and rules of evidence."""
    problems = list(record.problems)
    chains: dict[str, list[Event]] = defaultdict(list)
    for event in record.events:
        found = [*_times(event, record.ends), *_citations(event, codebook)]
        problems += [_problem(event, severity, message) for severity, message in found]
        if event.chain:
            chains[event.chain].append(event)
    for figure in record.figures:
        problems += [_problem(figure, s, m) for s, m in _citations(figure, codebook)]
    rows: list[Event | Figure | Search | Gap] = [*record.events, *record.figures, *record.searches, *record.gaps]
    for row in rows:
        problems += [_problem(row, "error", message) for message in check_codes(row, codebook)]
    problems += [_problem(b, "error", message) for b, message in _duplicates(record)]
    problems += [_problem(b, "error", message) for b, message in _duplicate_figures(record)]
    problems += _chains(chains)
    problems += _orphans(record, codebook)
    ids = {e.id for e in record.events} | {f.id for f in record.figures}
    problems += [
        Problem(
            w.where_stored.rpartition("#")[0], stored_line(w.where_stored), f"{w.id}: 'see' names unknown row '{w.see}'"
        )
        for w in record.withdrawn
        if w.see is not None and w.see not in ids
    ]
    return problems


def _problem(row: Event | Figure | Search | Gap, severity: str, message: str) -> Problem:
    path = row.where_stored.rpartition("#")[0]
    return Problem(path, stored_line(row.where_stored), f"{row.id}: {message}", severity)


def _times(event: Event, ends: date) -> Found:
    if event.status not in ("announced", "postponed", "cancelled") and event.when.first_day > ends:
        yield "error", f"is dated {event.when} after the record's end {ends}, yet its status is '{event.status}'"
    terms = [parse_date(v).last_day for v in event.values("in_force_to")]
    if event.status in ("signed", "in-force") and terms and max(terms) < ends:
        yield (
            "error",
            f"has status '{event.status}' though its term ended {max(terms)}; expected ended, expired or terminated",
        )
    dates = [h.date for h in event.history]
    if dates != sorted(dates, key=lambda d: d.first_day):
        yield "error", "history is not in order of date"
    if event.status in TOOK_PLACE:
        for change in event.history:
            if change.status == "announced" and change.date.first_day > event.when.last_day:
                yield "error", f"was announced on {change.date}, after it took place"


def _citations(row: Event | Figure, codebook: Codebook) -> Found:
    keys = {c.key for c in row.citations}
    urls = [c.url for c in row.citations]
    for url in {u for u in urls if urls.count(u) > 1}:
        yield "error", f"cites {url} twice"
    for citation in row.citations:
        if citation.date and citation.date.first_day > citation.accessed.last_day:
            yield "error", f"citation {citation.key} is dated after it was opened"
        if codebook.source_of(citation.url) is None:
            yield (
                "warning",
                f"citation {citation.key} is of a publisher that the codebook does not know; it cannot be judged",
            )
    if (
        isinstance(row, Event)
        and row.status in TOOK_PLACE
        and all(c.known_by < row.when.first_day for c in row.citations)
    ):
        yield "error", "every citation is older than the act that it should show"
    if isinstance(row, Figure):
        return
    used = [h.cite for h in row.history] + [q.cite for q in row.quantities]
    used += [v.cite for values in (row.fields or {}).values() for v in values]
    for key in {k for cite in used for k in cite} - keys:
        yield "error", f"cites '{key}', which is not among its citations{nearest(key, keys)}"
    if len(row.citations) == 1 and party_agency(urls[0], row, codebook) and ONE_PARTY not in row.note:
        yield "error", f"rests on one page of a party's agency; add a second citation or say '{ONE_PARTY}' in its note"


def _duplicates(record: Record) -> Iterator[tuple[Event, str]]:
    """Pairs that look like one act told twice: same type and parties, times that overlap, and the same name."""
    groups: dict[tuple[str, tuple[str, ...]], list[Event]] = defaultdict(list)
    for event in record.events:
        groups[event.type, event.participants].append(event)
    for events in groups.values():
        for i, a in enumerate(events):
            for b in events[i + 1 :]:
                if b.when.first_day > a.when.last_day:
                    break
                if _same_act(a, b):
                    yield b, f"looks like the same act as {a.id} ({a.when}, '{a.title}')"


def _duplicate_figures(record: Record) -> Iterator[tuple[Figure, str]]:
    """One claim told twice: the same value of the same thing at the same time, from one page."""
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in record.figures:
        value = (figure.low, figure.best, figure.high, figure.unit)
        groups[figure.name, figure.participants, figure.direction, str(figure.when), value].append(figure)
    for figures in groups.values():
        for i, a in enumerate(figures):
            for b in figures[i + 1 :]:
                if {c.url for c in a.citations} & {c.url for c in b.citations}:
                    yield b, f"gives the same value from the same page as {a.id}"


def _same_act(a: Event, b: Event) -> bool:
    for name in ("series", "mechanism", "chain", "direction", "place"):
        one, other = getattr(a, name), getattr(b, name)
        if one and other and one != other:
            return False
    if a.when.precision == b.when.precision == "day" and a.when == b.when and a.series and a.series == b.series:
        return True
    if a.family in ("transfer", "technology") and a.values("item") != b.values("item"):
        return False
    return SequenceMatcher(None, a.title.casefold(), b.title.casefold()).ratio() > 0.85


def _chains(chains: dict[str, list[Event]]) -> list[Problem]:
    problems = []
    for name, events in chains.items():
        deliveries = [e for e in events if e.type == "transfer.delivery"]
        contracts = [e for e in events if e.type in ("transfer.contract", "agreement.intergovernmental")]
        for delivery in deliveries:
            late = [c for c in contracts if c.when.first_day > delivery.when.last_day]
            if contracts and len(late) == len(contracts):
                problems.append(
                    _problem(delivery, "error", f"chain {name}: delivered before any contract of the chain")
                )
    return problems


def _orphans(record: Record, codebook: Codebook) -> list[Problem]:
    problems = []
    for kind, values in (
        ("series", {e.series for e in record.events}),
        ("mechanism", {e.mechanism for e in record.events}),
        ("place", {e.place for e in record.events}),
    ):
        known = getattr(codebook, {"series": "series", "mechanism": "mechanisms", "place": "places"}[kind])
        problems += [Problem("codebook", 1, f"{kind} '{i}' has no event", "warning") for i in known if i not in values]
    events, figures = {e.id for e in record.events}, {f.id for f in record.figures}
    by_hand = [r.id for r in codebook.gains.values() if r.event and r.id not in events]
    problems += [
        Problem("codebook", 1, f"gains '{i}' names an unknown event{nearest(i, events)}", "warning") for i in by_hand
    ]
    unknown = [i for i in codebook.attributions if i not in figures]
    problems += [Problem("codebook", 1, f"attributions '{i}' names an unknown figure", "warning") for i in unknown]
    return problems
