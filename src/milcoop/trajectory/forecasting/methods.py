"""The methods by name, and the pool of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.domain.forecast import Distribution
from milcoop.errors import check_known
from milcoop.trajectory.forecasting import (
    discounted_rate,
    drift,
    historical_mean,
    local_level,
    persistence,
    transitions,
)
from milcoop.trajectory.forecasting.discrete import Floats
from milcoop.trajectory.forecasting.series import TargetSeries

Method = Callable[[TargetSeries, int, ForecastRule], Floats]
POOL = "pool"
LEVELS: Mapping[str, Method] = {
    "persistence": persistence.forecast_levels,
    "drift": drift.forecast_levels,
    "historical-mean": historical_mean.forecast_levels,
    "local-level": local_level.forecast_levels,
    "transitions": transitions.forecast_levels,
}
COUNTS: Mapping[str, Method] = {
    "persistence": persistence.forecast_counts,
    "drift": drift.forecast_counts,
    "historical-mean": historical_mean.forecast_counts,
    "local-level": local_level.forecast_counts,
    "discounted-rate": discounted_rate.forecast_counts,
}


def forecast_by(method: str, s: TargetSeries, horizon: int, rule: ForecastRule) -> Distribution:
    """Distribution of a series ``horizon`` years on by one method. Raises InvalidArgument for an unknown method."""
    return forecast_by_all(s, horizon, rule, (method,))[method]


def forecast_by_all(
    s: TargetSeries, horizon: int, rule: ForecastRule, names: tuple[str, ...] = ()
) -> dict[str, Distribution]:
    """The same by several methods, by default all that the codebook names for the kind of target."""
    known = LEVELS if s.kind == "level" else COUNTS
    names = names or rule.methods(s.kind)
    for name in names:
        check_known("method", name, [*known, POOL])
    wanted = known if POOL in names else {n: known[n] for n in names}
    found = {name: method(s, horizon, rule) for name, method in wanted.items()}
    if POOL in names:
        found[POOL] = np.mean(list(found.values()), axis=0)
    values = tuple(float(v) for v in s.grid)
    return {name: Distribution(values, tuple(float(p) for p in found[name])) for name in names}
