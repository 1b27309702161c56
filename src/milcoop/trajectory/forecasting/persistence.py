"""Persistence: what was last, give or take what the series itself has changed before."""

from __future__ import annotations

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, geometric_steps, moved, negative_binomial, position
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_levels(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """The last level, plus the series' changes over ``h`` years taken both ways alike, smoothed by the prior."""
    n = len(s.grid) - 1
    changes = rule.prior_weight * geometric_steps(n, rule.spread)
    for steps in np.rint((s.y[h:] - s.y[:-h]) / s.step).astype(int):
        changes[n + steps] += 0.5
        changes[n - steps] += 0.5
    return moved(changes / changes.sum(), position(float(s.y[-1]), s.grid), len(s.grid))


def forecast_counts(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Negative binomial around the last count, as wide as the series' changes over ``h`` years."""
    mean = max(float(s.y[-1]), rule.least_rate)
    squares = (s.y[h:] - s.y[:-h]) ** 2
    variance = (squares.sum() + rule.prior_weight * mean) / (len(squares) + rule.prior_weight)
    return negative_binomial(mean, float(variance), s.grid)
