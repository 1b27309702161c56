"""Competing readings: every formula by hand, directed lines, what is missing, rules that a reader changes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import log2, log10
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import Codebook, bundled_folder, load_codebook
from milcoop.codebook.readings_rule import Bundle, Line, ReadingClaim, WeighingRule
from milcoop.domain.dates import parse_date, parse_when
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Citation, Event, FieldValue
from milcoop.domain.finding import Finding
from milcoop.domain.readings import CANNOT_TELL, Fact, Readings
from milcoop.errors import InvalidCodebook
from milcoop.findings.evidence import Evidence
from milcoop.findings.readings.finding import weigh_readings
from milcoop.findings.readings.lines import poisson_interval
from milcoop.findings.readings.weighing import information
from milcoop.workbench import Workbench
from tests.command import output, refused, run
from tests.layer import event_row, search_row, write_layer

DYAD = Dyad("ARG", "BRA")
WORDS = {
    "very unlikely": [0.05, 0.12, 0.2],
    "unlikely": [0.2, 0.32, 0.45],
    "roughly even": [0.45, 0.5, 0.55],
    "likely": [0.55, 0.68, 0.8],
}
BUNDLED = load_codebook()


def reading(name: str, prior: float, **more: Any) -> ReadingClaim:
    return ReadingClaim(id=name, label=f"reading {name}", claim="c", source="s", prior=prior, why="w", **more)


def line(name: str, chances: dict[str, Sequence[str]], bundle: str = "one", **more: Any) -> Line:
    """A line with two bands around one half of the fact of its own name, unless ``more`` says otherwise."""
    row: dict[str, Any] = {"id": name, "label": f"line {name}", "bundle": bundle, "chances": chances}
    row |= {"observable": "look", "why": "w", "step": 0.1}
    if not {"acts", "finding"} & set(more):
        row["fact"] = name
    if "directed" not in more and "outcomes" not in more:
        row["outcomes"] = [{"id": "few", "label": "few", "below": 0.5}, {"id": "many", "label": "many"}]
    return Line.model_validate({k: v for k, v in (row | more).items() if v is not None})


def codebook(readings: Sequence[ReadingClaim], lines: Sequence[Line], **rule: Any) -> Codebook:
    """A codebook with these readings, bundles ``one`` and ``two`` and a rule that asks for no number of lines."""
    base = {
        "id": "weighing",
        "words": WORDS,
        "trust": [1, 1, 1],
        "odds": 4,
        "says_nothing": 5,
        "needs": "level.overall",
    }
    base |= {"needs_at_least": 1, "fewest_lines": 1, "fewest_bundles": 1, "fewest_acts": 5, "fewest_years": 3}
    base |= {"prior_step": 2, "draws": 200, "seed": 1, "why": "w"}
    bundles = [Bundle(id=b, label=b, shared=(0.25, 0.5, 1), why="w") for b in ("one", "two")]
    return replace(
        BUNDLED,
        readings={r.id: r for r in readings},
        lines={x.id: x for x in lines},
        bundles={b.id: b for b in bundles},
        weighing={"weighing": WeighingRule.model_validate(base | rule)},
    )


A_OR_B = [reading("a", 0.5), reading("b", 0.5)]
FOR_A: dict[str, Sequence[str]] = {"a": ["likely", "unlikely"], "b": ["unlikely", "likely"]}


def evidence(book: Codebook, events: Sequence[Event] = (), years: range = range(2001, 2011), **more: Any) -> Evidence:
    """Evidence of a pair whose every family was searched in every year, up to the end of 2010."""
    row: dict[str, Any] = {"coverage_of": lambda family, year: "monitored", "as_of": date(2010, 12, 31)} | more
    return Evidence(
        dyad=DYAD, codebook=book, scale=BUNDLED.scales["staged-7"], events=events, figures=(), record_version="r",
        years=years, **row,
    )  # fmt: skip


def fact(value: float | None, low: float | None = None, high: float | None = None, coverage: str = "monitored") -> Fact:
    return Fact(value, value if low is None else low, value if high is None else high, coverage, (f"event-{value}",))


def act(
    n: int, when: str, type_: str = "exercise.naval", direction: str = "both", status: str = "held", **fields: str
) -> Event:
    citation = Citation("a", "https://example.org", "p", "t", parse_date("2010-01-01"), "en", parse_date("2026-01-01"))
    return Event(
        f"act-{n}", type_, "t", DYAD.states, parse_when(when), status, (citation,), direction=direction,
        fields={k: (FieldValue(v),) for k, v in fields.items()},
    )  # fmt: skip


def weigh(book: Codebook, facts: dict[str, float] | None = None, events: Sequence[Event] = (), **more: Any) -> Readings:
    return weigh_readings(evidence(book, events, **more), {k: fact(v) for k, v in (facts or {}).items()}, {})


def seen(result: Readings, name: str) -> Any:
    return next(x for x in result.lines if x.id == name)


# --- weighing -----------------------------------------------------------------------------------------------------------


def test_the_small_example_of_the_page() -> None:
    """Two lines of one bundle, half shared: each counts three quarters; trust takes a quarter off."""
    book = codebook(A_OR_B, [line("x", FOR_A), line("y", FOR_A)], trust=[0.5, 0.75, 1])
    found = weigh(book, {"x": 0.1, "y": 0.2})
    ratio = 10 * log10(0.68 / 0.32)
    odds = 10 ** (2 * 0.75 * 0.75 * ratio / 10)
    assert found.account("a").posterior == pytest.approx(odds / (1 + odds))
    assert found.account("a").posterior == pytest.approx(0.70, abs=0.001)
    assert found.answer == CANNOT_TELL
    assert [round(x.weight, 4) for x in found.lines] == [0.5625, 0.5625]
    assert seen(found, "x").spread == pytest.approx(3.27, abs=0.01)
    assert seen(found, "x").bits == pytest.approx(0.096, abs=0.001)
    full = weigh(replace(book, bundles={"one": Bundle(id="one", label="o", shared=(0, 0, 0), why="w")}, weighing={
        "weighing": book.weighing["weighing"].model_copy(update={"trust": (1, 1, 1)})}), {"x": 0.1, "y": 0.2})  # fmt: skip
    assert full.account("a").posterior == pytest.approx(0.82, abs=0.002)
    assert full.answer == "a"


def test_lines_that_are_wholly_shared_count_once() -> None:
    one = weigh(codebook(A_OR_B, [line("x", FOR_A)]), {"x": 0.1})
    book = codebook(A_OR_B, [line(n, FOR_A) for n in "xyz"])
    thrice = weigh(
        replace(book, bundles={"one": Bundle(id="one", label="o", shared=(1, 1, 1), why="w")}),
        dict.fromkeys("xyz", 0.1),
    )
    assert one.account("a").posterior == pytest.approx(0.68)
    assert thrice.account("a").posterior == pytest.approx(0.68)


def test_lines_of_two_bundles_count_in_full() -> None:
    book = codebook(A_OR_B, [line("x", FOR_A), line("y", FOR_A, "two")])
    assert weigh(book, {"x": 0.1, "y": 0.1}).account("a").posterior == pytest.approx(0.68**2 / (0.68**2 + 0.32**2))


def test_decibans_and_priors_add_up_to_the_posterior() -> None:
    readings = [
        reading("a", 0.3),
        reading("b", 0.3),
        reading("d", 0.3, directed=True),
        reading("other", 0.1, flat=True),
    ]
    chances = FOR_A | {"d": ["roughly even", "roughly even"]}
    towards = {
        "a": ["likely", "unlikely"],
        "b": ["unlikely", "likely"],
        "d": ["likely", "very unlikely", "very unlikely"],
    }
    directed = line("z", towards, "two", directed=True, even_within=0.5, points="{state} gets", neither="both")
    found = weigh(
        codebook(readings, [line("x", chances), line("y", chances), directed]), {"x": 0.1, "y": 0.9, "z": -0.8}
    )
    sums = [
        10 * log10(a.prior) + sum(x.decibans[a.id] for x in found.lines) - 10 * log10(a.posterior)
        for a in found.accounts
    ]
    assert np.allclose(sums, sums[0])
    assert sum(a.posterior for a in found.accounts) == pytest.approx(1)
    assert [t.id for t in found.totals] == ["a", "b", "d", "other"]


def test_chances_are_brought_to_one() -> None:
    """Unlikely twice: each outcome has a half, so that the line tells nothing but of the other reading."""
    book = codebook(A_OR_B, [line("x", {"a": ["unlikely", "unlikely"], "b": ["likely", "unlikely"]})], says_nothing=1)
    book = replace(book, weighing={"weighing": book.weighing["weighing"]})
    with pytest.raises(InvalidCodebook, match=r"chances for a add up to 0.64"):
        weigh(book, {"x": 0.1})
    uneven = codebook(A_OR_B, [line("x", {"a": ["roughly even", "roughly even"], "b": ["likely", "unlikely"]})])
    assert seen(weigh(uneven, {"x": 0.1}), "x").chances == {"a": 0.5, "b": pytest.approx(0.68)}


def test_a_directed_line_names_the_state() -> None:
    readings = [reading("a", 0.5), reading("d", 0.5, directed=True)]
    chances = {"a": ["roughly even", "roughly even"], "d": ["likely", "very unlikely", "very unlikely"]}
    directed = line("z", chances, directed=True, even_within=0.5, points="{state} gets", neither="both get")
    book = codebook(readings, [directed])
    total = 0.68 + 0.12 + 0.12
    for value, outcome, ours, theirs in (
        (0.8, "ARG", 0.68, 0.12),
        (-0.8, "BRA", 0.12, 0.68),
        (0.2, "even", 0.12, 0.12),
    ):
        found = weigh(book, {"z": value})
        z = seen(found, "z")
        assert (z.outcome, z.chances["a"]) == (outcome, 0.5 if outcome == "even" else 0.25)
        assert z.chances["d.ARG"] == pytest.approx(ours / total)
        assert z.chances["d.BRA"] == pytest.approx(theirs / total)
    assert seen(weigh(book, {"z": -0.8}), "z").outcome_label == "Brazil gets"


def test_the_answer_names_the_state_only_where_its_odds_are_enough() -> None:
    readings = [reading("a", 0.5), reading("d", 0.5, directed=True)]
    strong = {"a": ["unlikely", "likely"], "d": ["likely", "unlikely"]}
    one_sided = {"a": ["roughly even", "roughly even"], "d": ["likely", "very unlikely", "very unlikely"]}
    undirected = [line("x", strong), line("y", strong, "two")]
    assert weigh(codebook(readings, undirected), {"x": 0.1, "y": 0.1}).answer == "d"
    lines = [*undirected, line("z", one_sided, "two", directed=True, even_within=0.5, points="{state}", neither="n")]
    found = weigh(codebook(readings, lines, odds=2), {"x": 0.1, "y": 0.1, "z": -1})
    assert found.answer == CANNOT_TELL or found.answer.startswith("d")  # type: ignore[union-attr]
    assert found.account("d.BRA").posterior > found.account("d.ARG").posterior
    assert weigh(codebook(readings, lines, odds=1.2), {"x": 0.1, "y": 0.1, "z": -1}).answer == "d.BRA"


def test_other_wins_where_all_readings_do_badly() -> None:
    """A flat reading foretells an even spread: named readings that foretell worse lose to it."""
    readings = [reading("a", 0.45), reading("b", 0.45), reading("other", 0.1, flat=True)]
    wrong: dict[str, Sequence[str]] = {"a": ["likely", "unlikely"], "b": ["likely", "unlikely"]}
    found = weigh(codebook(readings, [line("x", wrong)]), {"x": 0.9})
    assert found.account("other").posterior == pytest.approx(0.1 * 0.5 / (0.1 * 0.5 + 0.9 * 0.32))


def test_mutual_information_by_hand() -> None:
    certain = np.array([[1.0 - 1e-12, 1e-12], [1e-12, 1.0 - 1e-12]])
    assert information(np.array([0.5, 0.5]), certain) == pytest.approx(1, abs=1e-6)
    assert information(np.array([0.5, 0.5]), np.array([[0.3, 0.7], [0.3, 0.7]])) == pytest.approx(0)
    entropy = -(0.68 * log2(0.68) + 0.32 * log2(0.32))
    assert information(np.array([0.5, 0.5]), np.array([[0.68, 0.32], [0.32, 0.68]])) == pytest.approx(1 - entropy)


def test_an_outcome_that_fits_all_says_nothing() -> None:
    same: dict[str, Sequence[str]] = {"a": ["likely", "unlikely"], "b": ["likely", "unlikely"]}
    book = codebook(A_OR_B, [line("x", same), line("y", FOR_A, "two")], says_nothing=3)
    found = weigh(book, {"x": 0.1, "y": 0.1})
    assert [x.id for x in found.silent] == ["x"]
    assert [x.id for x in found.diagnostic] == ["y"]
    assert found.found["readings.says-nothing"].value == "x"
    assert found.found["readings.diagnostic"].value == "y"
    assert found.account("a").posterior == pytest.approx(0.68)


def test_the_missing_line_that_would_tell_most() -> None:
    weak: dict[str, Sequence[str]] = {"a": ["roughly even", "roughly even"], "b": ["roughly even", "roughly even"]}
    lines = [line("x", FOR_A), line("same-bundle", FOR_A), line("weak", weak, "two"), line("strong", FOR_A, "two")]
    found = weigh(codebook(A_OR_B, lines), {"x": 0.1})
    assert [x.id for x in found.missing] == ["strong", "same-bundle", "weak"]
    expected = information(np.array([0.68, 0.32]), np.array([[0.68, 0.32], [0.32, 0.68]]))
    assert seen(found, "strong").telling == pytest.approx(expected)
    assert seen(found, "same-bundle").telling == pytest.approx(0.5 * expected)
    assert seen(found, "weak").telling == pytest.approx(0)
    assert seen(found, "strong").speaks == {"a": "few", "b": "many"}
    assert found.found["readings.tells-apart"].value == "strong; same-bundle"


# --- interval and sensitivity -------------------------------------------------------------------------------------------


def test_the_interval_holds_the_value_and_grows_with_what_is_open() -> None:
    sure = replace(codebook(A_OR_B, [line("x", FOR_A)]), weighing={
        "weighing": codebook(A_OR_B, []).weighing["weighing"].model_copy(update={"words": {k: (v[1],) * 3 for k, v in WORDS.items()}})
    })  # fmt: skip
    found = weigh(sure, {"x": 0.1}).account("a")
    assert found.low == pytest.approx(found.posterior) == pytest.approx(found.high)
    judged = weigh(codebook(A_OR_B, [line("x", FOR_A)]), {"x": 0.1}).account("a")
    assert judged.low < judged.posterior < judged.high
    ends = weigh_readings(evidence(codebook(A_OR_B, [line("x", FOR_A)])), {"x": fact(0.4, 0.1, 0.9)}, {})
    measured = ends.account("a")
    assert measured.low < 0.4 < measured.posterior
    assert (seen(ends, "x").outcome_low, seen(ends, "x").outcome_high) == ("few", "many")


def test_each_rule_is_moved_by_its_step_and_recomputed() -> None:
    book = codebook(A_OR_B, [line("x", FOR_A), line("y", FOR_A)], trust=[0.5, 1, 1])
    found = weigh(book, {"x": 0.1, "y": 0.45})
    moved = {(m.rule, m.after): m.value for m in found.found["readings.a"].sensitivity}
    ratio = (0.68 / 0.32) ** (2 * 0.75)
    assert moved["readings.a.prior", 0.6667] == pytest.approx(2 * ratio / (1 + 2 * ratio))
    assert moved["weighing.trust", 0.5] == pytest.approx(ratio**0.5 / (1 + ratio**0.5))
    once = 0.68 / 0.32
    assert moved["bundles.one.shared", 1] == pytest.approx(once / (1 + once))
    assert moved["lines.y.outcomes.few.below", 0.4] == pytest.approx(0.5)
    lower = (0.68 / 0.32 * (0.5 / 0.82) / 0.32) ** 0.75
    assert moved["lines.x.chances.a.0", "roughly even"] == pytest.approx(lower / (1 + lower))
    assert not any(rule.startswith("lines.x.outcomes") for rule, _ in moved)
    assert not any(".chances.b." in rule for rule, _ in moved)


def test_the_answer_lists_moves_that_change_it() -> None:
    lines = [line("x", FOR_A), line("y", FOR_A, "two")]
    found = weigh(codebook(A_OR_B, lines, odds=4.2), {"x": 0.1, "y": 0.1})
    assert found.answer == "a"
    moved = {(m.rule, m.after): m.value for m in found.found["readings.answer"].sensitivity}
    assert moved["weighing.odds", 8.4] == CANNOT_TELL
    assert moved["lines.x.chances.a.0", "roughly even"] == CANNOT_TELL
    assert "moves of one rule keep it" in found.found["readings.answer"].note


def test_too_few_lines_cannot_tell() -> None:
    lines = [line("x", FOR_A), line("y", FOR_A, "two")]
    facts = {"x": 0.1, "y": 0.1}
    assert weigh(codebook(A_OR_B, lines), facts).answer == "a"
    for few in ({"fewest_lines": 3}, {"fewest_bundles": 3}):
        found = weigh(codebook(A_OR_B, lines, **few), facts)
        assert found.answer == CANNOT_TELL
        assert found.account("a").posterior > 0.8
        assert "are known" in found.why_not


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


def test_the_interval_of_a_count_by_byar() -> None:
    """Exact ends of 90 percent are 1.37 and 9.15 for four (tables of the Poisson distribution)."""
    low, high = poisson_interval(4)
    assert low == pytest.approx(1.37, abs=0.03)
    assert high == pytest.approx(9.15, abs=0.05)
    assert poisson_interval(0)[0] == 0


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
    from milcoop.findings.bounds import wilson_interval

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
    assert "'not monitored', which is no outcome" in seen(missing, "y").why_not
    nothing = weigh_readings(evidence(book), {}, {"limits.test": finding("limits.test", None)})
    assert seen(nothing, "y").why_not == "limits.test has no value: monitored"


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


# --- the bundled rules ----------------------------------------------------------------------------------------------------


def test_the_bundled_rules_fit_together(tmp_path: Path) -> None:
    assert lint_codebook(BUNDLED) == []
    text = (bundled_folder() / "lines" / "breadth.yaml").read_text("utf-8")
    layer = write_layer(tmp_path, codebook={"lines/mine.yaml": [r | {"bundle": "none"} for r in yaml.safe_load(text)]})
    problems = [str(p) for p in lint_codebook(load_codebook(layer / "codebook", strict=False))]
    assert any("is of unknown bundle 'none'" in p for p in problems)


def test_a_pair_never_searched_is_not_monitored(workbench: Workbench) -> None:
    found = workbench.readings(workbench.dyad("FRA", "PER"))
    assert (found.accounts, found.answer, found.why_not) == ((), None, "not monitored")
    assert {f.value for f in found.found.findings if f.unit in ("probability", "reading", "outcome")} == {None}


def test_ids_are_the_same_for_every_pair(workbench: Workbench) -> None:
    pairs = [("RUS", "CHN"), ("USA", "KOR"), ("FRA", "PER")]
    ids = []
    for a, b in pairs:
        found = workbench.readings(workbench.dyad(a, b)).found
        first, second = found.dyad.states
        ids.append([f.id.replace(first, "1").replace(second, "2") for f in found.findings])
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids[0])) == len(ids[0])


def test_events_of_findings_are_on_record(workbench: Workbench) -> None:
    found = workbench.readings(workbench.dyad("RUS", "CHN"))
    known = set(workbench.events_by_id) | set(workbench.figures_by_id)
    assert {e for f in found.found.findings for e in f.events} <= known
    assert found.found["readings.command-level"].events


def test_the_window_ends_with_its_last_year(workbench: Workbench) -> None:
    dyad = workbench.dyad("RUS", "CHN")
    found = workbench.readings(dyad, to_year=2005)
    assert {workbench.events_by_id[e].when.start.year for f in found.found.findings for e in f.events} <= set(
        range(1900, 2006)
    )
    level = workbench.assess(dyad).of_year(2005)["exercises"].level
    assert seen(found, "exercises-level").value == level
    vintage = {f.id: f.value for f in found.found.findings}
    assert vintage != {f.id: f.value for f in workbench.readings(dyad).found.findings}


# --- the command ----------------------------------------------------------------------------------------------------------


def test_the_command_prints_json_rows_and_a_table() -> None:
    found = json.loads(output("readings", "CHN", "RUS", "--format", "json"))
    assert found["dyad"] == ["CHN", "RUS"]
    rows = {f["id"]: f for f in found["findings"]}
    named = [rows[f"readings.{r}"] for r in BUNDLED.readings]
    assert sum(f["value"] for f in named) == pytest.approx(1, abs=1e-3)
    assert all(f["low"] <= f["high"] and f["sensitivity"] for f in named)
    table = list(csv.DictReader(io.StringIO(output("readings", "RUS", "CHN", "--format", "csv"))))
    assert [r["id"] for r in table] == list(rows)
    text = output("readings", "RUS", "CHN")
    assert text.startswith("China and Russia in ")
    assert "Fit every reading and say nothing:" in text


def test_bad_input_is_refused_in_one_line() -> None:
    assert "expected the later year second" in refused("readings", "RUS", "CHN", "--from", "2020", "--to", "2010")
    assert "nearest" in refused("readings", "RUS", "CHNA") or "expected" in refused("readings", "RUS", "CHNA")
    done = run("readings", "RUS", "CHN", "--as-of", "2014-13")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def layer_of(folder: Path, **more: Any) -> Path:
    """Ten years of Brazil and Argentina, searched in two languages, with three exercises a year."""
    events = [event_row(id=f"e-{y}-{m}", date=f"{y}-{m:02d}-01") for y in range(2001, 2011) for m in (3, 6, 9)]
    searches = [
        search_row(
            i, language, families=["exercise", "operation", "statement", "policy", "transfer"], years="2001/2010"
        )
        for i, language in enumerate(("en", "es", "pt"))
    ]
    return write_layer(folder, events=events, searches=searches, **more)


def test_a_chance_changed_by_a_reader_changes_the_result(tmp_path: Path) -> None:
    entries = yaml.safe_load((bundled_folder() / "lines" / "movement.yaml").read_text("utf-8"))
    mine = next(e for e in entries if e["id"] == "joint-acts-change")
    mine["chances"]["ceiling"] = ["very likely", "very unlikely", "almost no chance"]
    plain = layer_of(tmp_path / "plain")
    changed = layer_of(tmp_path / "changed", codebook={"lines/mine.yaml": mine})
    values = []
    for folder in (plain, changed):
        found = json.loads(
            output("readings", "BRA", "ARG", "--record", folder, "--format", "json", "--from", "2001", "--to", "2010")
        )
        rows = {f["id"]: f for f in found["findings"]}
        assert rows["readings.joint-acts-change"]["value"] == "held"
        values.append(rows["readings.ceiling"]["value"])
    assert values[0] > values[1] + 0.05


def test_a_reading_without_chances_is_refused(tmp_path: Path) -> None:
    row = yaml.safe_load((bundled_folder() / "readings" / "readings.yaml").read_text("utf-8"))[0]
    layer = write_layer(
        tmp_path, codebook={"readings/mine.yaml": [row | {"id": "entente", "prior": 0.1}, row | {"prior": 0.125}]}
    )
    line_ = refused("readings", "RUS", "CHN", "--record", layer)
    assert "has chances for" in line_
    assert "entente" in line_
