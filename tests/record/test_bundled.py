"""The bundled record keeps the rules of evidence."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.record.loader import load_record
from milcoop.record.validation import validate_record
from milcoop.workbench import Workbench


@pytest.fixture(scope="module")
def events(workbench: Workbench, dyad: Dyad) -> tuple[Event, ...]:
    return workbench.record.of_dyad(dyad)


def test_no_error(workbench: Workbench) -> None:
    loaded = load_record(workbench.codebook, strict=False)
    assert [str(p) for p in validate_record(loaded, workbench.codebook) if p.severity == "error"] == []


def test_at_least_two_hundred_events_of_all_families(workbench: Workbench, events: tuple[Event, ...]) -> None:
    assert len(events) >= 200
    assert {e.family for e in events} == set(workbench.codebook.families)
    assert len(workbench.codebook.families) == 14


def test_every_decade_from_1989(events: tuple[Event, ...]) -> None:
    by_decade = Counter(e.when.start.year // 10 * 10 for e in events)
    assert set(by_decade) >= {1980, 1990, 2000, 2010, 2020}
    assert min(by_decade[d] for d in (1990, 2000, 2010, 2020)) >= 50
    years = {e.when.start.year for e in events}
    assert set(range(1989, 2027)) <= years


def test_every_event_and_figure_has_citations_with_addresses(workbench: Workbench) -> None:
    for row in (*workbench.record.events, *workbench.record.figures):
        assert row.citations, row.id
        for citation in row.citations:
            address = urlsplit(citation.url)
            assert address.scheme in ("http", "https"), (row.id, citation.url)
            assert "." in (address.hostname or ""), (row.id, citation.url)
            assert citation.publisher, row.id
            assert citation.title, row.id


def test_a_quarter_of_the_events_cites_russian_or_chinese(events: tuple[Event, ...]) -> None:
    native = [e for e in events if {"ru", "zh"} & {c.language for c in e.citations}]
    assert len(native) * 4 >= len(events)


def test_no_two_events_are_one_act_told_twice(workbench: Workbench) -> None:
    """Same pages, type and date: one act, unless the parties or the coded item differ."""
    seen = Counter(
        (
            frozenset(c.url for c in e.citations),
            e.type,
            str(e.when),
            e.participants,
            e.values("item"),
            e.values("instrument"),
            e.place,
            e.mechanism,
        )
        for e in workbench.record.events
    )
    assert [key for key, n in seen.items() if n > 1] == []


def test_every_event_says_how_it_was_coded(workbench: Workbench) -> None:
    assert {e.id for e in workbench.record.events if not e.coding} == set()


def test_every_citation_is_dated_before_it_was_opened(workbench: Workbench) -> None:
    late = [
        (row.id, c.url)
        for row in (*workbench.record.events, *workbench.record.figures)
        for c in row.citations
        if c.date and c.date.first_day > c.accessed.last_day
    ]
    assert late == []


def test_credibility_is_one_of_six_grades_and_varies(events: tuple[Event, ...]) -> None:
    grades = Counter(e.credibility for e in events)
    assert set(grades) <= set(range(1, 7))
    assert len(grades) >= 3


def test_searches_are_in_english_and_both_languages(workbench: Workbench, dyad: Dyad) -> None:
    searches = workbench.record.searches_of_dyad(dyad)
    assert {"en", "ru", "zh"} <= {s.language for s in searches}
    assert {f for s in searches for f in s.families} == set(workbench.codebook.families)
