"""Scores, slopes and leads of message against substance: every formula on a case small enough to compute by hand."""

from __future__ import annotations

from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from milcoop.codebook.entries import Place
from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import load_codebook
from milcoop.codebook.outlines import outline_points
from milcoop.codebook.signal_rule import Component
from milcoop.domain.finding import CANNOT_TELL
from milcoop.findings.signals.geography import Distances
from milcoop.findings.signals.scores import Scores, rate, score_acts
from milcoop.findings.signals.trends import (
    Slope,
    growth,
    mean_interval,
    ranks,
    rises,
    slope_of_score,
    slope_of_sums,
    t_90,
)
from milcoop.findings.signals.words import find_lead
from tests.findings.signal_layer import NAN
from tests.layer import citation, write_layer


def component(**more: Any) -> Component:
    row: dict[str, Any] = {
        "id": "x", "score": "operational", "label": "x", "measure": "days", "weight": 0.25, "why": "a test",
    }  # fmt: skip
    return Component(**(row | more))


def test_a_measured_value_becomes_nought_to_one_between_its_ends() -> None:
    days = component(zero=1, full=30, spread="log")
    raw = np.array([[1, 1, 1], [30, 30, 30], [60, 60, 60], [6, 6, 6], [1, NAN, 30]])
    expected = [0, 1, 1, log(6) / log(30)]
    assert rate(days, raw)[:4, 1] == pytest.approx(expected)
    assert rate(days, raw)[4].tolist() == pytest.approx([0, NAN, 1], nan_ok=True)


def test_where_less_is_more_the_ends_of_the_interval_change_places() -> None:
    summit = component(measure="summit", zero=30, full=0)
    raw = np.array([[0, 0, 0], [15, 15, 15], [45, 45, 45], [6, NAN, 36], [np.inf] * 3])
    assert rate(summit, raw).tolist() == pytest.approx(
        np.array([[1, 1, 1], [0.5, 0.5, 0.5], [0, 0, 0], [0, NAN, 0.8], [0, 0, 0]]), nan_ok=True
    )


def scores(best: list[list[float]], known_share: float = 0.5, weights: list[float] | None = None) -> Scores:
    """Scores whose unknown components may be anything."""
    table = np.array(best, dtype=float)
    low, high = np.where(np.isnan(table), 0, table), np.where(np.isnan(table), 1, table)
    n = table.shape[1]
    return Scores(tuple(component() for _ in range(n)), np.array(weights or [1.0] * n), low, table, high, known_share)


def test_the_example_of_the_page() -> None:
    """Known 1 and 0; unknown but told of most acts with mean 0.6; unknown everywhere."""
    found = scores([[1, 0, NAN, NAN], [0, 0, 0.5, NAN], [0, 0, 0.7, NAN]])
    low, high = found.bounds()
    assert (low[0], high[0]) == (0.25, 0.75)
    assert found.values()[0] == pytest.approx(1.6 / 3)
    assert found.unknown()[0] == 0.5


def test_a_component_that_few_acts_tell_counts_for_those_alone() -> None:
    found = scores([[0, 1], [0, NAN], [0, NAN]])
    assert found.values().tolist() == [0.5, 0, 0]
    assert found.bounds()[1].tolist() == [0.5, 0.5, 0.5]


def test_nothing_known_is_no_value() -> None:
    found = scores([[NAN, NAN]])
    assert np.isnan(found.values()[0])
    assert (found.bounds()[0][0], found.bounds()[1][0]) == (0, 1)


@given(
    arrays(float, (6, 4), elements=st.one_of(st.floats(0, 1), st.just(NAN))),
    arrays(float, 4, elements=st.floats(0.01, 1)),
    st.floats(0, 1),
)
def test_a_value_lies_within_its_bounds(table: Any, weights: Any, known_share: float) -> None:
    found = scores(table.tolist(), known_share, weights.tolist())
    values, (low, high) = found.values(), found.bounds()
    told = np.isfinite(values)
    assert (values[told] >= low[told] - 1e-9).all()
    assert (values[told] <= high[told] + 1e-9).all()


def test_weights_are_what_they_say() -> None:
    both = score_acts(
        [component(zero=0, full=10, weight=0.75), component(zero=0, full=1)],
        [np.array([[5, 5, 5.0]]), np.array([[1, 1, 1.0]])],
        0.5,
    )
    assert both.values()[0] == pytest.approx(0.75 * 0.5 + 0.25)
    assert both.with_weight(0, 0.25).values()[0] == pytest.approx(0.75)


def test_the_slope_of_a_score_is_that_of_its_components() -> None:
    """One rises by 0.1 a year, one is flat with three times its weight, one is known on too few acts to count."""
    years = np.arange(2000, 2010)
    table = [[0.1 * i, 0.5, 1 if i > 7 else NAN] for i in range(10)]
    found = slope_of_score(scores(table, weights=[1, 3, 4]), years, 10, 5, 0.33)
    assert found.slope is not None
    assert found.slope.value == pytest.approx(0.025)
    assert found.slope.low == pytest.approx(0.025)
    assert found.components == (pytest.approx(0.1), pytest.approx(0), None)
    assert found.share == 0.5
    assert slope_of_score(scores(table, weights=[1, 3, 9]), years, 10, 5, 0.33).slope is None
    assert slope_of_score(scores(table[:9]), years[:9], 10, 5, 0.33).slope is None


def test_the_error_of_a_slope_is_the_sandwich() -> None:
    years, x = np.array([0, 1, 2, 3]), np.array([0.0, 1, 0, 1])
    found = slope_of_score(scores(x[:, None].tolist()), years, 4, 4, 0)
    assert found.slope is not None
    t = years - 1.5
    residual = x - 0.5 - 0.2 * t
    error = sqrt(float(((t * residual / 5) ** 2).sum()) * 4 / 2)
    assert found.slope.value == pytest.approx(0.2)
    assert found.slope.high - 0.2 == pytest.approx(t_90(2) * error)


def test_the_slope_of_yearly_sums_has_the_larger_of_two_errors() -> None:
    steady = slope_of_sums(range(5), np.array([4.0, 4, 4, 4, 4]), np.array([4.0, 4, 4, 4, 4]))
    assert steady.value == 0
    assert steady.high == pytest.approx(1.6449 * sqrt(4 * 10) / 10)
    wild = slope_of_sums(range(5), np.array([0.0, 20, 0, 20, 0]), np.array([0.0, 20, 0, 20, 0]))
    assert wild.high == pytest.approx(t_90(3) * sqrt(480 / 3 / 10))


def test_the_t_interval_is_near_the_tables() -> None:
    assert [t_90(n) for n in (4, 10, 30)] == pytest.approx([2.132, 1.812, 1.697], abs=0.02)
    assert mean_interval(np.array([1.0, 3])).value == 2


@pytest.mark.parametrize(
    ("depth", "often", "word"),
    [
        ((0.02, 0.03), (0.5, 0.9), "both"),
        ((-0.02, 0.005), (0.5, 0.9), "more often but not deeper"),
        ((0.02, 0.03), (-0.1, 0.05), "deeper but not more often"),
        ((-0.02, 0.005), (-0.1, 0.05), "neither"),
        ((-0.02, 0.02), (0.5, 0.9), CANNOT_TELL),
        ((0.02, 0.03), (0.05, 0.9), CANNOT_TELL),
    ],
)
def test_growth_is_said_by_regions_of_equivalence(depth: Any, often: Any, word: str) -> None:
    assert growth(rises(Slope(0, *depth), 0.01), rises(Slope(0, *often), 0.1)) == word
    assert growth(None, True) == CANNOT_TELL


def test_ranks_share_ties() -> None:
    assert ranks(np.array([3.0, 1, 1, 9])).tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6, 1])


def test_words_that_go_a_year_ahead_are_found_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    words = rng.normal(size=40)
    deeds = np.concatenate([[0], words[:-1]]) + 0.05 * rng.normal(size=40)
    assert find_lead(words, deeds, 3, 2, 3, 500, 7)[0] == 1
    assert find_lead(deeds, words, 3, 2, 3, 500, 7)[0] == -1
    noise, low, high, _ = find_lead(words, rng.normal(size=40), 3, 2, 3, 500, 7)
    assert noise is None
    assert high - low > 2
    assert find_lead(words, deeds, 3, 2, 3, 500, 7) == find_lead(words, deeds, 3, 2, 3, 500, 7)
    assert find_lead(np.zeros(40), deeds, 3, 2, 3, 500, 7)[0] is None


def place(name: str, lat: float, lon: float, **more: Any) -> Place:
    return Place(**({"id": name, "label": name, "lat": lat, "lon": lon, "precision": "sea"} | more))


def test_distances_are_great_circles_to_outlines() -> None:
    codebook = load_codebook()
    outlines = codebook.signalling["signalling"].outlines
    places = [
        place("off-lisbon", 38.7, -13.0),
        place("brasilia", -15.8, -47.9, precision="city", country="BRA"),
        place("somewhere", 0, 0, precision="country"),
        place("near-lisbon", 38.7, -12.0),
    ]
    found = Distances(places, codebook.actors, outlines)
    to_portugal = found.to_state("off-lisbon", "PRT")
    assert to_portugal == pytest.approx(300, abs=40)
    assert found.to_state("brasilia", "BRA") == 0
    assert found.to_state("somewhere", "BRA") is None
    assert found.to_others("off-lisbon", ["ESP"]) == to_portugal
    assert (found.to_others("off-lisbon", ["PRT"]) or 0) > 300
    assert found.near(100)["off-lisbon"] == {"off-lisbon", "near-lisbon"}


def test_nearly_every_state_on_the_map_is_known() -> None:
    codebook = load_codebook()
    names = {n for s in codebook.actors.values() for n in (s.names.en, *s.also.en)}
    missing = set(outline_points()) - names - set(codebook.signalling["signalling"].outlines)
    assert missing == {"W. Sahara", "Palestine", "Antarctica"}
    assert all(abs(lon) <= 180.1 and abs(lat) <= 90 for points in outline_points().values() for lon, lat in points)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measure": "field", "field": None}, "needs 'field'"),
        ({"measure": "forces"}, "needs 'amounts'"),
        ({"zero": 1, "full": 1}, "must differ"),
        ({"measure": "words"}, "needs 'within'"),
        ({"spread": "log", "zero": 0}, "above nought"),
    ],
)
def test_a_rule_that_cannot_be_measured_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        component(**change)


FLASHPOINT = {"id": "p", "label": "P", "start": "2010-05-22", "states": ["ARG"], "why": "w", "citations": [citation()]}
FIRE = {
    "id": "p",
    "score": "operational",
    "label": "p",
    "measure": "field",
    "field": "live_fire",
    "points": {"yes": 1},
    "weight": 0,
    "why": "w",
}
DEED = {"id": "p", "label": "p", "select": {"types": ["transfer.delivery"]}, "low": 0, "best": 0, "high": 1, "why": "w"}
CONCERN = {"id": "p", "label": "p", "kind": "threat", "words": ["p"]}


@pytest.mark.parametrize(
    ("path", "entry", "message"),
    [
        ("flashpoints", FLASHPOINT | {"states": ["XXQ"]}, "unknown state 'XXQ'"),
        ("flashpoints", FLASHPOINT | {"start": "2010-05"}, "is not a day"),
        ("flashpoints", FLASHPOINT | {"citations": []}, "has no page"),
        ("signals", FIRE | {"field": "no_field"}, "unknown field 'no_field'"),
        ("signals", FIRE | {"points": {"maybe": 1}}, "does not allow"),
        ("deeds", DEED | {"select": {"types": ["transfer.nothing"]}}, "unknown type 'transfer.nothing'"),
        ("words", DEED | {"select": {"where": {"speaker_kind": ["official"]}}}, "names no family"),
        ("concerns", CONCERN | {"words": ["(open"]}, "is no pattern"),
    ],
)
def test_defects_of_a_readers_rules_are_told(tmp_path: Path, path: str, entry: dict[str, Any], message: str) -> None:
    folder = write_layer(tmp_path / "mine", codebook={f"{path}/mine.yaml": [entry]})
    problems = [p.message for p in lint_codebook(load_codebook(folder / "codebook", strict=False))]
    assert any(message in p for p in problems), problems
