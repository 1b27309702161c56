"""Local level: a random walk seen with noise (Harvey 1989; Durbin and Koopman 2012, chapter 2)."""

from __future__ import annotations

from math import inf, log

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, negative_binomial, normal_on_grid
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_levels(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Normal with the filter's moments, cut into the grid's steps."""
    mean, variance = filtered(s.y, h, rule)
    return normal_on_grid(mean, variance, s.grid)


def forecast_counts(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Negative binomial with the filter's moments."""
    mean, variance = filtered(s.y, h, rule)
    mean = max(mean, rule.least_rate)
    return negative_binomial(mean, max(variance, mean), s.grid)


def filtered(y: Floats, h: int, rule: ForecastRule) -> tuple[float, float]:
    """Mean and variance of the observation ``h`` years on, at the likeliest ratio of step to noise variance."""
    best, found = -inf, (float(y[-1]), rule.least_scale**2)
    for ratio in rule.signal_to_noise:
        fit, level, spread, noise = _filter(y, ratio, rule)
        if fit > best:
            best, found = fit, (level, noise * (spread + h * ratio + 1))
    return found[0], max(found[1], rule.least_scale**2)


def _filter(y: Floats, ratio: float, rule: ForecastRule) -> tuple[float, float, float, float]:
    """Log likelihood with the noise variance concentrated out, last level and its variance over the noise's, the noise."""
    level, spread = float(y[0]), 1.0
    logs, squares, n, w = 0.0, 0.0, len(y) - 1, rule.prior_weight
    for value in y[1:]:
        ahead = spread + ratio
        width = ahead + 1
        error = float(value) - level
        logs += log(width)
        squares += error**2 / width
        gain = ahead / width
        level += gain * error
        spread = ahead * (1 - gain)
    noise = (squares + w * rule.least_scale**2 / (1 + ratio)) / (n + w)
    return -0.5 * (n * log(noise) + logs + squares / noise), level, spread, noise
