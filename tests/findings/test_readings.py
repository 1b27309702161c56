"""Competing readings: weighing, interval and sensitivity by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log2, log10

import numpy as np
import pytest

from milcoop.codebook.readings_rule import Bundle
from milcoop.domain.finding import CANNOT_TELL
from milcoop.errors import InvalidCodebook
from milcoop.findings.readings.finding import weigh_readings
from milcoop.findings.readings.weighing import information
from tests.findings.reading_cases import A_OR_B, FOR_A, WORDS, codebook, evidence, fact, line, reading, seen, weigh

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
