"""Historical mean: what has been so far, whatever came last."""

from __future__ import annotations

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, negative_binomial, position
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_levels(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Shares of the levels in the series, with the prior's weight spread evenly; the same for every horizon."""
    shares = np.full(len(s.grid), rule.prior_weight / len(s.grid))
    for y in s.y:
        shares[position(float(y), s.grid)] += 1
    found: Floats = shares / shares.sum()
    return found


def forecast_counts(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Negative binomial with the mean and variance of the series; the same for every horizon."""
    n = len(s.y)
    mean = max(float(s.y.mean()), rule.least_rate)
    return negative_binomial(mean, max(float(s.y.var(ddof=1)) * (1 + 1 / n), mean), s.grid)
