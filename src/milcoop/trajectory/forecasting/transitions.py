"""Transitions: from the probabilities of the level now, by how levels have moved in all pairs on record."""

from __future__ import annotations

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.trajectory.forecasting.discrete import Floats, geometric_steps, moved, position
from milcoop.trajectory.forecasting.series import TargetSeries


def forecast_levels(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """The level now over redraws of the evidence, then the pooled moves of ``h`` years from each level."""
    start = np.zeros(len(s.grid))
    for value, p in (s.start or {float(s.y[-1]): 1.0}).items():
        start[position(value, s.grid)] += p
    found: Floats = start / start.sum() @ moves(s, h, rule)
    return found


def moves(s: TargetSeries, h: int, rule: ForecastRule) -> Floats:
    """Probability of each level ``h`` years after each level; shape (from, to), rows sum to one.

    Each row is shrunk towards the changes of all levels, and these towards the geometric prior.
    """
    size = len(s.grid)
    counts = np.zeros((size, size))
    changes = rule.prior_weight * geometric_steps(size - 1, rule.spread)
    for y in s.others:
        for before, after in zip(y[:-h], y[h:], strict=True):
            a, b = position(float(before), s.grid), position(float(after), s.grid)
            counts[a, b] += 1
            changes[size - 1 + b - a] += 1
    shared = changes / changes.sum()
    rows = np.array([moved(shared, at, size) for at in range(size)])
    found: Floats = (counts + rule.row_weight * rows) / (counts.sum(axis=1, keepdims=True) + rule.row_weight)
    return found
