"""Methods on series whose truth is known: distributions, persistence, coverage of intervals, bad names."""

from collections.abc import Callable

import numpy as np
import pytest

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.codebook.loader import load_codebook
from milcoop.errors import InvalidArgument
from milcoop.trajectory.forecasting.discounted_rate import forecast_counts
from milcoop.trajectory.forecasting.discrete import Floats, negative_binomial, normal_on_grid
from milcoop.trajectory.forecasting.methods import forecast_by, forecast_by_all
from milcoop.trajectory.forecasting.series import TargetSeries, grid_of
from milcoop.trajectory.forecasting.transitions import moves

RULE: ForecastRule = load_codebook().forecast["forecast"]


def levels(*y: float, **more: object) -> TargetSeries:
    series = np.array(y, dtype=float)
    return TargetSeries("level:x", series, grid_of("level:x", 5, RULE), **({"others": (series,)} | more))  # type: ignore[arg-type]


def counts(*y: float, **more: object) -> TargetSeries:
    return TargetSeries("count:x", np.array(y, dtype=float), grid_of("count:x", 5, RULE), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "series",
    [levels(0, 0, 0, 0, 0, 0, 0, 0), levels(5, 0, 5, 0, 5, 0, 5, 0, 5), levels(1, 2, 2, 3, 3, 4, 4, 5),
     counts(0, 0, 0, 0, 0, 0, 0, 0), counts(40, 0, 35, 2, 60, 1, 0, 20), counts(1, 2, 3, 4, 5, 6, 7, 8)],
)  # fmt: skip
def test_every_method_gives_a_distribution(series: TargetSeries) -> None:
    for horizon in range(1, 6):
        for name, found in forecast_by_all(series, horizon, RULE).items():
            assert sum(found.probabilities) == pytest.approx(1, abs=1e-9), name
            assert min(found.probabilities) >= 0, name
            assert sum(found.rounded()) == pytest.approx(1, abs=1e-12), name


def test_persistence_reproduces_what_never_changed() -> None:
    for level in range(6):
        found = forecast_by("persistence", levels(*[level] * 30), 1, RULE)
        assert found.median == level
        assert found.probabilities[level] > 0.94
    assert forecast_by("persistence", counts(*[7] * 30), 1, RULE).median == 7


def test_persistence_takes_the_series_own_changes_both_ways() -> None:
    """Nine changes of 0, one of +2: with the prior's weight of 2, a half count at each side."""
    found = forecast_by("persistence", levels(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3), 1, RULE)
    prior = 0.5 ** np.abs(np.arange(-5, 6))
    prior = RULE.prior_weight * prior / prior.sum()
    assert found.probabilities[3] == pytest.approx((9 + prior[5]) / 12)
    assert found.probabilities[1] == pytest.approx((0.5 + prior[3]) / 12)
    assert found.probabilities[5] == pytest.approx((0.5 + prior[7:].sum()) / 12)


def test_drift_draws_the_line_on() -> None:
    found = forecast_by("drift", counts(*range(1, 21)), 5, RULE)
    assert found.mean == pytest.approx(25, abs=0.1)
    assert forecast_by("drift", levels(*[0, 1, 2, 3, 4, 5]), 3, RULE).median == 5


def test_historical_mean_forgets_what_came_last() -> None:
    found = forecast_by("historical-mean", levels(2, 2, 2, 2, 2, 2, 2, 2, 2, 5), 1, RULE)
    assert found.median == 2
    assert found.probabilities[5] == pytest.approx((1 + RULE.prior_weight / 6) / (10 + RULE.prior_weight))


def test_local_level_follows_a_step_and_averages_noise() -> None:
    step = forecast_by("local-level", counts(*[2] * 10, *[12] * 10), 1, RULE)
    assert step.mean == pytest.approx(12, abs=0.8)
    rng = np.random.default_rng(5)
    noisy = forecast_by("local-level", counts(*rng.poisson(6, 40), 14), 1, RULE)
    assert noisy.mean < 9


def test_transitions_start_from_the_redrawn_level() -> None:
    still = [np.full(40, v, dtype=float) for v in range(6)]
    found = forecast_by("transitions", levels(*[3] * 20, start={3.0: 0.6, 4.0: 0.4}, others=still), 1, RULE)
    assert found.probabilities[3] == pytest.approx(0.6, abs=0.05)
    assert found.probabilities[4] == pytest.approx(0.4, abs=0.05)


def test_rows_of_moves_by_hand() -> None:
    """One series 0, 1: the row of 0 has one count at 1 and five pseudo-counts of the shared changes."""
    shared = RULE.prior_weight * 0.5 ** np.abs(np.arange(-5, 6.0)) / (0.5 ** np.abs(np.arange(-5, 6.0))).sum()
    shared[6] += 1
    shared /= shared.sum()
    found = moves(levels(0, 1, others=(np.array([0.0, 1.0]),)), 1, RULE)
    assert found.sum(axis=1) == pytest.approx(np.ones(6))
    assert found[0, 1] == pytest.approx((1 + RULE.row_weight * shared[6]) / (1 + RULE.row_weight))
    assert found[0, 0] == pytest.approx(RULE.row_weight * shared[:6].sum() / (1 + RULE.row_weight))


def test_detection_raises_the_rate_and_not_the_forecast_of_what_is_found() -> None:
    y = [8] * 20
    half = forecast_by("discounted-rate", counts(*y, exposure=np.full(20, 0.5)), 1, RULE)
    assert half.mean == pytest.approx(8, abs=0.3)
    better = forecast_by("discounted-rate", counts(*y, exposure=np.array([0.5] * 19 + [1.0])), 1, RULE)
    assert better.mean > 13


def test_negative_binomial_and_normal_have_their_moments() -> None:
    grid = np.arange(151.0)
    p = negative_binomial(6, 15, grid)
    assert (grid @ p, (grid - 6) ** 2 @ p) == (pytest.approx(6, abs=1e-6), pytest.approx(15, abs=1e-4))
    assert negative_binomial(3, 3, grid)[0] == pytest.approx(np.exp(-3))
    cut = normal_on_grid(0, 1, np.arange(6.0))
    assert cut[0] == pytest.approx(0.691462, abs=1e-6)


Maker = Callable[[np.random.Generator], Floats]


def poisson_walk(rng: np.random.Generator) -> Floats:
    return rng.poisson(np.exp(np.log(8) + np.cumsum(rng.normal(0, 0.1, 33)))).astype(float)


def overdispersed(rng: np.random.Generator) -> Floats:
    return rng.negative_binomial(4, 4 / 14, 33).astype(float)


def lazy_walk(rng: np.random.Generator) -> Floats:
    y = [3.0]
    for _ in range(32):
        y.append(min(max(y[-1] + rng.choice([-1, 0, 1], p=[0.1, 0.8, 0.1]), 0), 5))
    return np.array(y)


@pytest.mark.parametrize(
    ("maker", "target", "method"),
    [(poisson_walk, "count:x", "discounted-rate"), (poisson_walk, "count:x", "local-level"),
     (overdispersed, "count:x", "historical-mean"), (overdispersed, "count:x", "discounted-rate"),
     (poisson_walk, "count:x", "persistence"), (lazy_walk, "level:x", "transitions"),
     (lazy_walk, "level:x", "persistence"), (lazy_walk, "level:x", "local-level")],
)  # fmt: skip
def test_intervals_hold_what_they_promise_on_made_up_series(maker: Maker, target: str, method: str) -> None:
    """The 80 percent interval three years on, of 200 series of 30 years; whole numbers make intervals hold more."""
    rng = np.random.default_rng(11)
    held = 0
    others = [lazy_walk(rng)[:30] for _ in range(20)]
    for _ in range(200):
        y = maker(rng)
        series = TargetSeries(target, y[:30], grid_of(target, 5, RULE), others=others)
        low, high = forecast_by(method, series, 3, RULE).interval(80)
        held += low <= y[32] <= high
    assert held >= 150, held
    if method != "persistence":
        assert held <= 196, held


def test_the_right_model_beats_the_wrong_ones_on_its_own_series() -> None:
    from milcoop.trajectory.forecasting.scores import ranked_score

    rng = np.random.default_rng(3)
    totals: dict[str, float] = {}
    for _ in range(150):
        y = overdispersed(rng)
        for name, found in forecast_by_all(counts(*y[:30]), 3, RULE).items():
            totals[name] = totals.get(name, 0) + ranked_score(found, y[32])
    assert totals["historical-mean"] < totals["persistence"]
    assert totals["historical-mean"] < totals["drift"]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"found method 'drfit'.*nearest: drift"):
        forecast_by("drfit", levels(*[1] * 9), 1, RULE)


def test_the_mean_of_the_gamma_filter_by_hand() -> None:
    """Discount 1, two years of 3 and 5: shape 1 + 8, rate 1/4 + 2."""
    rule = RULE.model_copy(update={"discounts": (1.0,)})
    p = forecast_counts(counts(3, 5), 2, rule)
    assert np.arange(151) @ p == pytest.approx(9 / 2.25, abs=1e-6)
    assert p[0] == pytest.approx((2.25 / 3.25) ** 9)
