"""Discounted rate: a gamma rate of acts whose old years count less each year, seen through detection.

The power steady model of Smith and Miller (1986): before each year shape and rate are multiplied by the discount, so that
the mean stays and the variance grows; the count of the year adds to the shape and its detection to the rate. The discount
is the one under which each past year was best foretold by the years before it.
"""

from __future__ import annotations

from math import inf, lgamma, log

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, negative_binomial
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_counts(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Negative binomial of the acts found ``h`` years on, at the last year's detection."""
    seen = np.ones(len(s.y)) if s.exposure is None else s.exposure
    best, found = -inf, (1.0, 1.0, 1.0)
    for discount in rule.discounts:
        fit, shape, rate = _filter(s.y, seen, discount, rule)
        if fit > best:
            best, found = fit, (discount, shape, rate)
    discount, shape, rate = found
    mean = max(float(seen[-1]) * shape / rate, rule.least_rate)
    return negative_binomial(mean, mean + mean**2 / (discount**h * shape), s.grid)


def _filter(y: Floats, seen: Floats, discount: float, rule: ForecastRule) -> tuple[float, float, float]:
    """Log predictive likelihood of the years after the first, and the last shape and rate."""
    shape, rate, fit = 1.0 + float(y[0]), 1 / max(float(y.mean()), rule.least_rate) + float(seen[0]), 0.0
    for count, share in zip(y[1:], seen[1:], strict=True):
        shape, rate = discount * shape, discount * rate
        k, e = float(count), float(share)
        fit += (
            lgamma(k + shape) - lgamma(shape) - lgamma(k + 1) + shape * log(rate / (rate + e)) + k * log(e / (rate + e))
        )
        shape, rate = shape + k, rate + e
    return fit, shape, rate
