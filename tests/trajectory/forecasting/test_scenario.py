"""Drivers: what a declared shift does to a distribution, worked out by hand."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from milcoop.codebook.forecast_rule import Driver
from milcoop.domain.forecast import Distribution, Forecast, TargetForecast
from milcoop.trajectory.forecasting.scenario import apply_driver, find_shifts

LEVELS = tuple(float(v) for v in range(6))
COUNTS = tuple(float(v) for v in range(151))


def driver(**more: Any) -> Driver:
    return Driver(**({"id": "d", "label": "l", "basis": "judgement", "why": "w"} | more))


def target(name: str, values: tuple[float, ...], p: dict[int, float], **more: Any) -> TargetForecast:
    d = Distribution(values, tuple(p.get(i, 0.0) for i in range(len(values))))
    return TargetForecast(name, name, "drift", 0.0, {1: d, 2: d, 3: d}, (), **more)


def forecast(*targets: TargetForecast) -> Forecast:
    return Forecast("A-B", date(2026, 12, 31), "v", "e", False, targets, {}, "", 0)


def test_a_share_of_the_probability_moves_one_level_and_the_top_holds_it() -> None:
    base = forecast(target("level:policy", LEVELS, {2: 0.5, 5: 0.5}))
    up = apply_driver(driver(levels={"policy": 0.4}), base).targets[0].by_horizon[1]
    assert up.probabilities == pytest.approx((0, 0, 0.3, 0.2, 0, 0.5))
    down = apply_driver(driver(levels={"policy": -1}), base).targets[0].by_horizon[1]
    assert down.probabilities == pytest.approx((0, 0.5, 0, 0, 0.5, 0))


def test_the_whole_moves_by_the_median_of_its_areas_in_half_steps() -> None:
    halves = tuple(v / 2 for v in range(11))
    areas = [target(f"level:{a}", LEVELS, {2: 1.0}) for a in ("a", "b", "c")]
    base = forecast(*areas, target("level:overall", halves, {4: 1.0}))
    found = apply_driver(driver(levels={"a": 1, "b": 0.5}), base).targets[3].by_horizon[1]
    assert (found.probabilities[4], found.probabilities[6]) == pytest.approx((0.5, 0.5))
    assert [s.target for s in find_shifts(driver(levels={"a": 1}), base)] == ["level:a"]


def test_a_shift_holds_for_its_horizons_alone() -> None:
    base = forecast(target("level:policy", LEVELS, {2: 1.0}))
    found = apply_driver(driver(levels={"policy": 1}, from_horizon=2, to_horizon=2), base).targets[0].by_horizon
    assert [found[h].median for h in (1, 2, 3)] == [2, 3, 2]


def test_a_factor_scales_the_rate_behind_a_count() -> None:
    """Variance beyond Poisson is that of the rate, so it grows with the square of the factor."""
    import numpy as np

    from milcoop.trajectory.forecasting.discrete import negative_binomial

    p = negative_binomial(4, 10, np.array(COUNTS))
    base = forecast(target("count:x", COUNTS, dict(enumerate(p.tolist()))))
    found = apply_driver(driver(counts={"x": 0.5}), base).targets[0].by_horizon[1]
    assert found.mean == pytest.approx(2, abs=1e-3)
    variance = sum(q * (v - found.mean) ** 2 for v, q in zip(found.values, found.probabilities, strict=True))
    assert variance == pytest.approx(0.25 * 6 + 2, abs=0.01)


def test_a_factor_from_history_by_hand() -> None:
    past = {2017: 4.0, 2018: 6.0, 2020: 1.0}
    told = driver(counts={"x": 0.9}, basis="history", history={"years": [2020], "against": [2017, 2018]})
    known = forecast(target("count:x", COUNTS, {1: 1.0}, past=past))
    assert find_shifts(told, known)[0].size == pytest.approx(1.5 / 5.5)
    unknown = forecast(target("count:x", COUNTS, {1: 1.0}, past={2017: 4.0, 2018: 6.0}))
    assert (find_shifts(told, unknown)[0].size, find_shifts(told, unknown)[0].basis) == (0.9, "judgement")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"levels": {"policy": 1.5}}, "at most one level"),
        ({"counts": {"x": 0}}, "above 0"),
        ({"basis": "history"}, "goes with 'history'"),
    ],
)
def test_a_driver_out_of_bounds_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        driver(**more)
