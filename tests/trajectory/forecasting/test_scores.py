"""Scores against cases worked out by hand, calibration, the choice among methods, resampling of pairs."""

from datetime import date
from math import log

import pytest

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.codebook.loader import load_codebook
from milcoop.domain.forecast import Case, Distribution
from milcoop.trajectory.forecasting.backtest import resampled_difference, with_chosen
from milcoop.trajectory.forecasting.choice import choose_methods
from milcoop.trajectory.forecasting.scores import (
    find_calibration,
    find_pit,
    is_covered,
    log_score,
    ranked_score,
    redrawn_score,
)

RULE: ForecastRule = load_codebook().forecast["forecast"]
LEVELS = tuple(float(v) for v in range(6))
THREE = Distribution((0.0, 1.0, 2.0), (0.2, 0.5, 0.3))


def sure(value: float) -> Distribution:
    return Distribution(LEVELS, tuple(float(v == value) for v in LEVELS))


def test_ranked_score_by_hand() -> None:
    assert ranked_score(THREE, 1) == pytest.approx(0.2**2 + 0.3**2)
    assert ranked_score(THREE, 0) == pytest.approx(0.8**2 + 0.3**2)
    assert ranked_score(THREE, 2) == pytest.approx(0.2**2 + 0.7**2)


def test_a_sure_forecast_scores_its_distance() -> None:
    assert ranked_score(sure(3), 3) == 0
    assert ranked_score(sure(3), 5) == pytest.approx(2)
    halves = Distribution((0.0, 0.5, 1.0), (1.0, 0.0, 0.0))
    assert ranked_score(halves, 1.0) == pytest.approx(1)


def test_ranked_score_is_the_crps_by_its_other_form() -> None:
    """CRPS = E|X - y| - E|X - X'| / 2 (Gneiting and Raftery 2007), here for a Poisson-like count."""
    p = (0.1, 0.25, 0.3, 0.2, 0.1, 0.05)
    d = Distribution(LEVELS, p)
    for y in (0, 2, 5):
        apart = sum(q * abs(v - y) for v, q in zip(LEVELS, p, strict=True))
        among = sum(a * b * abs(v - w) for v, a in zip(LEVELS, p, strict=True) for w, b in zip(LEVELS, p, strict=True))
        assert ranked_score(d, y) == pytest.approx(apart - among / 2)


def test_log_score_by_hand() -> None:
    assert log_score(THREE, 1) == pytest.approx(-log(0.5))
    assert log_score(sure(3), 2) == pytest.approx(-log(1e-6))


def test_score_against_a_redrawn_outcome() -> None:
    assert redrawn_score(THREE, {1.0: 0.75, 2.0: 0.25}) == pytest.approx(0.75 * 0.13 + 0.25 * 0.53)


def test_intervals_and_words_of_change() -> None:
    assert THREE.interval(50) == (1, 2)
    assert is_covered(THREE, 1, 50)
    assert not is_covered(THREE, 0, 50)
    assert THREE.against(1) == pytest.approx((0.3, 0.5, 0.2))


def test_rounded_probabilities_sum_to_one_exactly() -> None:
    third = Distribution((0.0, 1.0, 2.0), (1 / 3, 1 / 3, 1 / 3))
    assert third.rounded() == (0.333334, 0.333333, 0.333333)


def case(method: str, forecast: Distribution, outcome: float, *, dyad: str = "A-B", year: int = 2000) -> Case:
    return Case(dyad, "level:x", date(year, 12, 31), 1, method, forecast, outcome)


def test_calibration_counts_statements_that_came_true() -> None:
    d = Distribution((0.0, 1.0), (0.3, 0.7))
    found = find_calibration([case("m", d, 0), case("m", d, 1), case("m", d, 1), case("m", d, 1)], 5)
    assert [(b.low, b.high, b.statements, b.mean_probability, b.came_true) for b in found] == [
        (0.2, 0.4, 4, pytest.approx(0.3), 0.25)
    ]


def test_probability_integral_transform_by_hand() -> None:
    d = Distribution((0.0, 1.0), (0.3, 0.7))
    assert find_pit([case("m", d, 0)]) == pytest.approx([1 / 3] * 3 + [0] * 7)
    assert find_pit([case("m", d, 1)]) == pytest.approx([0] * 3 + [1 / 7] * 7)
    assert find_pit([]) == ()


def scored(baseline: float, ours: float, n: int) -> list[Case]:
    """Cases with outcome 0 in which each method is sure of a value; the other baselines are worse."""
    methods = dict.fromkeys(RULE.baselines, 4.0) | {"local-level": baseline} | dict.fromkeys(RULE.own_levels, ours)
    return [case(m, sure(v), 0, year=2000 + i) for m, v in methods.items() for i in range(n)]


def test_ours_is_shipped_only_where_it_beats_the_best_baseline() -> None:
    enough = RULE.backtest.fewest_cases
    assert choose_methods(scored(2, 1, enough), RULE) == {"level:x": RULE.own_levels[0]}
    assert choose_methods(scored(1, 2, enough), RULE) == {"level:x": "local-level"}
    assert choose_methods(scored(1, 1, enough), RULE) == {"level:x": "local-level"}
    assert choose_methods(scored(2, 1, enough - 1), RULE) == {"level:x": RULE.default}


def test_the_rule_of_choice_is_scored_with_what_it_knew() -> None:
    cases = [case(m, sure(v), 0, year=y) for m, v in (("persistence", 1), ("drift", 2)) for y in (2000, 2001)]
    found = with_chosen(cases, {"2001-12-31": {"level:x": "drift"}}, "persistence")
    assert [(c.origin.year, c.forecast.mean) for c in found if c.method == "chosen"] == [(2000, 1), (2001, 2)]


def test_whole_pairs_are_resampled() -> None:
    better = [case("m", sure(0), 0, dyad=d, year=y) for d in "abcdef" for y in range(2000, 2010)]
    reference = [case("persistence", sure(1), 0, dyad=d, year=y) for d in "abcdef" for y in range(2000, 2010)]
    assert resampled_difference(better, reference, 200, 1) == (-1, -1)
    mixed = [*better[:30], *[case("m", sure(2), 0, dyad=d, year=y) for d in "def" for y in range(2000, 2010)]]
    low, high = resampled_difference(mixed, reference, 1000, 1) or (0, 0)
    assert low == pytest.approx(-2 / 3, abs=0.34)
    assert high == pytest.approx(2 / 3, abs=0.34)
    assert resampled_difference(better[:10], reference[:10], 200, 1) is None
