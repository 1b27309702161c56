"""``--as-of`` lets no later knowledge through."""

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milcoop.domain.dates import parse_date
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.record.rows import EventRow, FigureRow
from milcoop.record.vintage import record_as_of
from milcoop.workbench import Workbench, open_workbench
from tests.layer import citation, event_row, figure_row, write_layer

EARLY = citation(url="https://example.org/early", date="2010-06-02")
LATE = citation(url="https://example.org/late", date="2012-03-01")
ACT = event_row(
    date="2010-06-01",
    status="terminated",
    history=[
        {"status": "signed", "date": "2010-06-01", "cite": ["a"]},
        {"status": "in-force", "date": "2011-01-01"},
        {"status": "terminated", "date": "2012-02-01", "cite": ["b"]},
    ],
    type="agreement.memorandum",
    fields={
        "binding": {"value": "yes", "cite": ["b"]},
        "obligations": [{"value": "consultation", "cite": ["a"]}, {"value": "hotline", "cite": ["b"]}],
    },
    quantities=[
        {"name": "pages", "best": 2, "unit": "page", "cite": ["a"]},
        {"name": "copies", "best": 3, "unit": "copy", "cite": ["b"]},
    ],
    citations={"a": EARLY, "b": LATE},
)


def known(folder: Path, on: str, *, events: list[dict[str, object]]) -> Event | None:
    return open_workbench(write_layer(folder, events=events), on).events_by_id.get("planted")


def test_later_citations_values_and_statuses_are_not_known(tmp_path: Path) -> None:
    event = known(tmp_path, "2010-12-31", events=[ACT])
    assert event is not None
    assert [c.key for c in event.citations] == ["a"]
    assert event.status == "signed"
    assert [h.status for h in event.history] == ["signed"]
    assert event.values("binding") == ()
    assert event.values("obligations") == ("consultation",)
    assert [q.name for q in event.quantities] == ["pages"]


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2010-06-01", None),
        ("2010-06-02", "signed"),
        ("2010-12", "signed"),
        ("2011-01-01", "in-force"),
        # terminated in February 2012, yet no page told of it before March
        ("2012-02-15", "in-force"),
        ("2012-03-01", "terminated"),
        ("2026", "terminated"),
    ],
)
def test_status_as_it_was_told(tmp_path: Path, on: str, status: str | None) -> None:
    event = known(tmp_path, on, events=[ACT])
    assert (event.status if event else None) == status


def test_an_act_still_going_on_has_no_end_yet(tmp_path: Path) -> None:
    row = event_row(date="2010-06-01/2010-06-10")
    event = known(tmp_path, "2010-06-05", events=[row | {"citations": {"a": EARLY}}])
    assert event is not None
    assert (str(event.when), event.status) == ("2010-06-01/..", "under-way")


@pytest.mark.parametrize(("on", "there"), [("2010-06-29", False), ("2010-06-30", True)])
def test_a_date_known_to_the_month_counts_at_its_end(tmp_path: Path, on: str, there: bool) -> None:
    row = event_row(date="2010-05", citations={"a": citation(date="2010-06")})
    assert (known(tmp_path, on, events=[row]) is not None) == there


def test_an_undated_page_counts_from_the_day_it_was_opened(tmp_path: Path) -> None:
    row = event_row(citations={"a": citation(date="unknown", accessed="2020-01-05")})
    assert known(tmp_path, "2020-01-04", events=[row]) is None
    assert known(tmp_path / "b", "2020-01-05", events=[row]) is not None


def test_an_announced_exercise_is_not_yet_held(tmp_path: Path) -> None:
    row = event_row(
        date="2010-09-01",
        history=[{"status": "announced", "date": "2010-06-02", "cite": ["a"]}],
        citations={"a": EARLY, "b": LATE},
    )
    assert known(tmp_path, "2010-08-31", events=[row]) is None
    event = known(tmp_path / "b", "2012-03-01", events=[row])
    assert event is not None
    assert event.status == "held"


def test_an_act_that_only_later_pages_tell_of_as_held_is_not_held(tmp_path: Path) -> None:
    """In December 2010 only an announcement of June is public: nobody could know that it took place in September."""
    row = event_row(
        date="2010-09-01",
        history=[{"status": "announced", "date": "2010-06-02", "cite": ["a"]}],
        citations={"a": EARLY, "b": LATE},
    )
    event = known(tmp_path, "2010-12-31", events=[row])
    assert event is None or event.status == "announced"


def test_credibility_is_that_of_the_pages_known(tmp_path: Path) -> None:
    row = event_row(
        citations={"a": EARLY | {"url": "https://tass.ru/a"}, "b": LATE | {"url": "https://www.reuters.com/b"}}
    )
    grades = {}
    for on in ("2011", "2013"):
        event = known(tmp_path / on, on, events=[row])
        assert event is not None
        grades[on] = event.credibility
    assert grades == {"2011": 3, "2013": 1}


def test_later_figures_are_not_known(tmp_path: Path) -> None:
    rows = [
        figure_row(id="told-later", citations={"a": LATE}),
        figure_row(id="about-later", date="2008/2012", citations={"a": EARLY}),
        figure_row(id="known", date="2009", citations={"a": EARLY, "b": LATE}),
    ]
    figures = open_workbench(write_layer(tmp_path, figures=rows), "2011").figures_by_id
    assert {"told-later", "about-later"}.isdisjoint(figures)
    assert [c.key for c in figures["known"].citations] == ["a"]


DAYS = ("1995-06-30", "2001-07-16", "2012-12-31", "2014-05-20", "2019-07", "2022-11-30", "2025")


@pytest.mark.parametrize("text", DAYS)
def test_nothing_of_the_real_record_is_later_than_the_day(workbench: Workbench, text: str) -> None:
    on = parse_date(text).last_day
    record = record_as_of(workbench.record, on, workbench.codebook)
    assert record.events
    assert record.ends == on
    rows: tuple[Event | Figure, ...] = (*record.events, *record.figures)
    for row in rows:
        assert row.citations, row.id
        assert all((c.date or c.accessed).last_day <= on for c in row.citations), row.id
        assert row.public_on.last_day <= on
    for event in record.events:
        keys = {c.key for c in event.citations}
        assert event.when.first_day <= on
        assert event.when.end is None or event.when.last_day <= on
        assert all(h.date.last_day <= on for h in event.history)
        cited = [h.cite for h in event.history] + [q.cite for q in event.quantities]
        cited += [v.cite for values in (event.fields or {}).values() for v in values]
        assert all(not cite or keys & set(cite) for cite in cited), event.id
    assert all(f.when.last_day <= on for f in record.figures)


def test_no_act_of_the_real_record_counts_as_done_on_older_pages_alone(workbench: Workbench) -> None:
    done = {"held", "delivered", "made", "under-way"}
    foretold = {}
    for text in DAYS:
        for e in record_as_of(workbench.record, parse_date(text).last_day, workbench.codebook).events:
            if e.status in done and all(c.date and c.date.last_day < e.when.first_day for c in e.citations):
                foretold[e.id] = text
    assert foretold == {}


def test_a_later_day_knows_no_less(workbench: Workbench) -> None:
    seen: set[str] = set()
    for text in DAYS:
        now = {e.id for e in record_as_of(workbench.record, parse_date(text).last_day, workbench.codebook).events}
        assert seen <= now
        seen = now
    assert seen <= {e.id for e in workbench.record.events}


TYPES = ("exercise.naval", "consultation.ministers", "transfer.delivery", "agreement.treaty", "policy.mutual-defence")
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2026, 11, 20))


@st.composite
def planted(draw: st.DrawFn) -> tuple[date, Event]:
    """A day, and an act between the two states, past or to come, told only by pages of later days."""
    on, begun = draw(days), draw(days)
    later = draw(st.lists(st.integers(1, 4000), min_size=1, max_size=3))
    citations = {}
    for i, n in enumerate(later):
        day = min(on + timedelta(days=n), date(2026, 11, 22))
        dated = draw(st.booleans())
        citations[f"c{i}"] = citation(
            url=f"https://example.org/{i}",
            date=day.isoformat() if dated else "unknown",
            accessed="2026-11-22",
        )
    type_ = draw(st.sampled_from(TYPES))
    status = "held" if type_ < "p" and type_ != "agreement.treaty" else "signed"
    row = event_row(
        type=type_,
        participants=["RUS", "CHN"],
        date=begun.isoformat(),
        status=status,
        mechanism="defence-ministers" if type_.startswith("consultation") else None,
        history=[{"status": status, "date": begun.isoformat()}] if draw(st.booleans()) else [],
        fields={"obligations": ["mutual-defence", "consultation-in-crisis"]} if status == "signed" else {},
        citations=citations,
    )
    return on, EventRow.model_validate(row).to_event("test#0")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(planted())
def test_an_act_told_later_changes_no_earlier_assessment(
    workbench: Workbench, dyad: Dyad, given_: tuple[date, Event]
) -> None:
    on, event = given_
    with_it = dataclasses.replace(workbench.record, events=(*workbench.record.events, event))
    years = {"from_year": max(on.year - 2, 1990), "to_year": on.year}
    before = Workbench(workbench.codebook, record_as_of(workbench.record, on, workbench.codebook)).assess(dyad, **years)
    after = Workbench(workbench.codebook, record_as_of(with_it, on, workbench.codebook)).assess(dyad, **years)
    assert after == before


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(days, st.integers(0, 100), st.integers(1, 3000))
def test_a_figure_told_later_changes_no_earlier_assessment(
    workbench: Workbench, dyad: Dyad, on: date, share: int, n: int
) -> None:
    told = min(on + timedelta(days=n), date(2026, 11, 22))
    row = figure_row(
        participants=["RUS", "CHN"], direction="RUS>CHN", date=str(on.year), best=share,
        citations={"a": citation(date=told.isoformat())},
    )  # fmt: skip
    figure = FigureRow.model_validate(row).to_figure("test#0")
    with_it = dataclasses.replace(workbench.record, figures=(*workbench.record.figures, figure))
    years = {"from_year": on.year, "to_year": on.year}
    before = Workbench(workbench.codebook, record_as_of(workbench.record, on, workbench.codebook)).assess(dyad, **years)
    after = Workbench(workbench.codebook, record_as_of(with_it, on, workbench.codebook)).assess(dyad, **years)
    assert after == before


def test_a_planted_act_does_change_the_assessment_once_it_is_known(workbench: Workbench, dyad: Dyad) -> None:
    """The two properties above could hold for want of effect; this shows the effect."""
    row = event_row(
        type="policy.mutual-defence", participants=["RUS", "CHN"], date="2015-01-01", status="signed",
        citations={"a": citation(date="2016-01-01")},
    )  # fmt: skip
    event = EventRow.model_validate(row).to_event("test#0")
    with_it = dataclasses.replace(workbench.record, events=(*workbench.record.events, event))
    met = {}
    for on in (date(2015, 12, 31), date(2016, 12, 31)):
        found = Workbench(workbench.codebook, record_as_of(with_it, on, workbench.codebook)).assess(
            dyad, from_year=on.year, to_year=on.year
        )
        met[on.year] = {c.id: c.met for c in found.of_year(on.year)["policy"].criteria}["policy.4.obligation"]
    assert met == {2015: False, 2016: True}
