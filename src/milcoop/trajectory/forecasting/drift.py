"""Drift: the line from the first year to the last, drawn on (Hyndman and Athanasopoulos 2021, section 5.2)."""

from __future__ import annotations

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, negative_binomial, normal_on_grid
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_levels(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Normal around the line, cut into the grid's steps."""
    mean, variance = _moments(s, h, rule)
    return normal_on_grid(mean, variance, s.grid)


def forecast_counts(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Negative binomial with the line's moments."""
    mean, variance = _moments(s, h, rule)
    mean = max(mean, rule.least_rate)
    return negative_binomial(mean, max(variance, mean), s.grid)


def _moments(s: TargetSeries, h: int, rule: ForecastRule) -> tuple[float, float]:
    n, w = len(s.y), rule.prior_weight
    slope = float(s.y[-1] - s.y[0]) / (n - 1)
    squares = float(((np.diff(s.y) - slope) ** 2).sum())
    yearly = max((squares + w * rule.least_scale**2) / (n - 2 + w), rule.least_scale**2)
    return float(s.y[-1]) + h * slope, yearly * h * (1 + h / (n - 1))
