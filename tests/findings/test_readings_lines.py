"""What lines of evidence show: every measure by hand, and why a line is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from milcoop.codebook.readings_rule import Line
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding
from milcoop.domain.readings import Fact
from milcoop.errors import InvalidCodebook
from milcoop.findings.bounds import poisson_interval, wilson_interval
from milcoop.findings.readings.finding import weigh_readings
from tests.findings.reading_cases import A_OR_B, FOR_A, act, codebook, evidence, fact, line, seen, weigh

# --- what lines show ----------------------------------------------------------------------------------------------------


def acts_line(**acts: Any) -> Line:
    more: dict[str, Any] = {"acts": {"select": {"families": ["exercise"]}, "years": 5} | acts}
    return line("x", FOR_A, **more)


def shown(x: Line, events: Sequence[Event], **more: Any) -> Any:
    return seen(weigh(codebook(A_OR_B, [x]), events=events, **more), "x")


def test_a_rate_counts_acts_of_the_last_years_that_have_ended() -> None:
    events = [act(i, f"{y}-05-01") for i, y in enumerate((2005, 2006, 2006, 2010, 2010))]
    x = shown(acts_line(measure="rate"), events)
    assert x.value == pytest.approx(4 / 5)
    assert x.low == pytest.approx(poisson_interval(4)[0] / 5)
    assert x.events == ("act-1", "act-2", "act-3", "act-4")
    running = shown(acts_line(measure="rate"), events, as_of=date(2010, 6, 1))
    assert running.value == pytest.approx(3 / 5)
    assert running.events == ("act-0", "act-1", "act-2")


def test_acts_that_were_only_announced_count_for_nothing() -> None:
    events = [act(1, "2009-05-01"), act(2, "2009-06-01", status="announced"), act(3, "2009-07-01", status="cancelled")]
    assert shown(acts_line(measure="rate"), events).value == pytest.approx(1 / 5)


def test_years_that_were_not_searched_are_left_out() -> None:
    events = [act(i, f"{y}-05-01") for i, y in enumerate((2006, 2008, 2009, 2010))]

    def searched(years: set[int]) -> Any:
        return lambda family, year: "monitored" if year in years else "not monitored"

    three = shown(acts_line(measure="rate"), events, coverage_of=searched({2008, 2009, 2010}))
    assert (three.value, three.coverage) == (1.0, "partly")
    two = shown(acts_line(measure="rate"), events, coverage_of=searched({2009, 2010}))
    assert (two.value, two.why_not) == (None, "not monitored in enough years")
    windowed = shown(acts_line(measure="rate"), events, years=range(2009, 2011))
    assert windowed.why_not == "not monitored in enough years"


def test_a_number_counts_acts_that_went_on() -> None:
    events = [act(1, "2001-01-01/2007-01-01"), act(2, "2003-01-01/.."), act(3, "2002/2003"), act(4, "2010-02-02")]
    x = shown(acts_line(measure="number"), events)
    assert (x.value, x.events) == (3.0, ("act-1", "act-2", "act-4"))


def test_a_share_is_among_known_acts_with_bounds_for_the_unknown() -> None:
    of = {"measure": "share", "field": "command", "values": ["combined"]}
    known = [act(i, "2009-05-01", command="combined" if i < 2 else "parallel") for i in range(5)]
    unknown = [act(i, "2009-06-01") for i in range(5, 10)]
    x = shown(acts_line(**of), [*known, *unknown])
    assert x.value == pytest.approx(0.4)
    assert x.low == pytest.approx(wilson_interval(2, 10)[0])
    assert x.high == pytest.approx(wilson_interval(7, 10)[1])
    few = shown(acts_line(**of), [*known[:4], *unknown])
    assert (few.value, few.why_not) == (None, "too few acts with a known command")


def test_a_change_compares_rates_with_noise() -> None:
    before = [act(i, f"{2001 + i % 5}-05-01") for i in range(5)]
    now = [act(10 + i, f"{2006 + i % 5}-05-01") for i in range(10)]
    x = shown(acts_line(measure="change"), [*before, *now])
    assert x.value == pytest.approx(10.5 / 5.5)
    assert x.low < 1 < x.value < x.high
    assert shown(acts_line(measure="change"), now[:4]).why_not == "too few acts in both windows"


@pytest.mark.parametrize(
    ("directions", "outcome"), [("AAAAA", "ARG"), ("BBBBB", "BRA"), ("AAABB", "even"), ("AAAAx", None)]
)
def test_a_lean_points_to_the_receiver(directions: str, outcome: str | None) -> None:
    given = {"A": "BRA>ARG", "B": "ARG>BRA", "x": "both"}
    events = [act(i, "2009-05-01", "transfer.delivery", given[d], "delivered") for i, d in enumerate(directions)]
    readings = {"a": ["likely", "unlikely"], "b": ["unlikely", "likely"]}
    lean = {"select": {"types": ["transfer.delivery"]}, "measure": "lean", "points_by": "receiver", "years": 5}
    x = line("x", readings, acts=lean, directed=True, even_within=0.5, points="{state}", neither="n")
    assert shown(x, events).outcome == outcome


def test_a_lean_may_point_by_a_field() -> None:
    events = [act(i, "2009-05-01", "statement.need", status="made", need_of="BRA") for i in range(5)]
    lean = {"select": {"types": ["statement.need"]}, "measure": "lean", "points_by": "need_of", "years": 5}
    x = line("x", FOR_A, acts=lean, directed=True, even_within=0.5, points="{state}", neither="n")
    assert shown(x, events).outcome == "BRA"


def finding(name: str, value: Any, low: Any = None, high: Any = None, unit: str = "share") -> Finding:
    return Finding(name, "l", value, low, high, unit, (f"of-{name}",), "monitored", "w")


def test_findings_of_other_commands_are_read_by_id() -> None:
    gap = line("x", FOR_A, finding="dep.{first}", minus="dep.{second}", directed=True, even_within=0.1, points="{state}", neither="n")  # fmt: skip
    words = [
        {"id": "no", "label": "no", "words": ["not met", "against"]},
        {"id": "yes", "label": "yes", "words": ["met"]},
    ]
    verdict = line("y", FOR_A, finding="limits.test", outcomes=words, step=None)
    book = codebook(A_OR_B, [gap, verdict])
    given = [
        finding("dep.ARG", 30, 20, 40, "percent"),
        finding("dep.BRA", 5, unit="percent"),
        finding("limits.test", "against"),
    ]
    found = weigh_readings(evidence(book), {}, {f.id: f for f in given})
    x = seen(found, "x")
    assert (x.outcome, x.value, x.low, x.high) == ("ARG", pytest.approx(0.25), pytest.approx(0.15), pytest.approx(0.35))
    assert x.events == ("of-dep.ARG", "of-dep.BRA")
    assert (seen(found, "y").outcome, seen(found, "y").outcome_low) == ("no", None)
    missing = weigh_readings(
        evidence(book), {}, {"limits.test": finding("limits.test", "not monitored"), "dep.ARG": given[0]}
    )
    assert seen(missing, "x").why_not == "no finding dep.BRA"
    assert seen(missing, "y").why_not == "the answer is 'not monitored'"
    nothing = weigh_readings(evidence(book), {}, {"limits.test": finding("limits.test", None)})
    assert seen(nothing, "y").why_not == "no value, monitored"


def test_words_have_ends_too_and_redraws_reach_them() -> None:
    """A verdict that may be another: the interval holds what the other outcome would give."""
    words = [{"id": n, "label": n, "words": [n]} for n in ("no", "partly", "yes")]
    chances: dict[str, Sequence[str]] = {"a": ["likely", "very unlikely", "very unlikely"], "b": ["very unlikely", "very unlikely", "likely"]}  # fmt: skip
    book = codebook(A_OR_B, [line("x", chances, finding="test", outcomes=words, step=None)], draws=1000)
    sure, open_ = (
        weigh_readings(evidence(book), {}, {"test": finding("test", "no", *ends)})
        for ends in (("no", "no"), ("no", "yes"))
    )
    assert (seen(sure, "x").open, seen(open_, "x").open) == (False, True)
    assert seen(open_, "x").outcome_high == "yes"
    assert sure.account("a").posterior == open_.account("a").posterior
    assert sure.account("a").low > 0.5 > open_.account("a").low


def test_a_part_has_no_weight_beside_the_whole() -> None:
    part = line("part", FOR_A, part_of="whole")
    book = codebook(A_OR_B, [part, line("whole", FOR_A), line("other", FOR_A, "two")])
    both = weigh(book, {"part": 0.1, "whole": 0.1})
    assert both.account("a").posterior == pytest.approx(0.68)
    assert (seen(both, "part").outcome, seen(both, "part").why_not) == (None, "counted in whole")
    assert (seen(both, "part").weight, seen(both, "part").telling) == (0, 0)
    assert both.found["readings.tells-apart"].value == "other"
    alone = weigh(book, {"part": 0.1})
    assert (seen(alone, "part").outcome, alone.account("a").posterior) == ("few", pytest.approx(0.68))
    for whole in ("nothing", "part"):
        with pytest.raises(InvalidCodebook, match=f"is part of '{whole}'"):
            weigh(codebook(A_OR_B, [line("part", FOR_A, part_of=whole)]), {"part": 0.1})


def test_a_lower_bound_counts_only_in_the_top_band() -> None:
    book = codebook(A_OR_B, [line("x", FOR_A), line("y", FOR_A)])
    found = weigh_readings(evidence(book), {"x": fact(0.1, coverage="partly"), "y": fact(0.9, coverage="partly")}, {})
    assert (seen(found, "x").outcome, seen(found, "y").outcome) == (None, "many")
    assert seen(found, "x").why_not == "only a lower bound: partly monitored"


def test_a_missing_line_has_no_weight() -> None:
    book = codebook(A_OR_B, [line("x", FOR_A), line("y", FOR_A)])
    found = weigh_readings(evidence(book), {"x": fact(0.1), "y": Fact(None, None, None, "not monitored", ())}, {})
    assert found.account("a").posterior == pytest.approx(0.68)
    assert found.found["readings.missing"].value == "y"
    assert found.found["readings.y"].value is None
    assert found.found["readings.y"].coverage == "not monitored"


def test_without_a_partnership_there_is_nothing_to_read() -> None:
    found = weigh(codebook(A_OR_B, [line("x", FOR_A)]), {"x": 0.1, "level.overall": 0.0})
    assert (found.accounts, found.answer) == ((), None)
    assert found.found["readings.a"].value is None
    assert found.found["readings.x"].value == "few"


def test_a_sign_may_point_to_the_second_state() -> None:
    more: dict[str, Any] = {
        "directed": True,
        "even_within": 0.3,
        "points": "{state}",
        "neither": "n",
        "positive": "second",
    }
    book = codebook(A_OR_B, [line("x", FOR_A, finding="net", **more)])
    x = seen(weigh_readings(evidence(book), {}, {"net": finding("net", 0.5, 0.2, 0.6)}), "x")
    assert (x.outcome, x.value, x.low, x.high) == ("BRA", -0.5, -0.6, -0.2)
    assert x.measured == "0.50"
