"""Distributions on a grid of values: from changes, from a normal, from the moments of a negative binomial."""

from __future__ import annotations

from math import erf, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def normal_on_grid(mean: float, variance: float, grid: Floats) -> Floats:
    """A normal cut into steps of the grid; what lies beyond an end counts at the end."""
    edges = (grid[:-1] + grid[1:]) / 2
    below = np.array([0.5 * (1 + erf((e - mean) / sqrt(2 * variance))) for e in edges])
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


def negative_binomial(mean: float, variance: float, grid: Floats) -> Floats:
    """Negative binomial with these moments on 0, 1, 2 ...; Poisson where the variance does not pass the mean."""
    k = np.arange(len(grid))
    gammas = np.array([lgamma(i + 1) for i in k])
    if variance <= mean * 1.0001:
        logs = k * log(mean) - mean - gammas
    else:
        size = mean**2 / (variance - mean)
        share = size / (size + mean)
        sizes = np.array([lgamma(i + size) for i in k])
        logs = sizes - lgamma(size) - gammas + size * log(share) + k * np.log1p(-share)
    p: Floats = np.exp(logs)
    p[-1] += max(0.0, 1 - p.sum())
    p /= p.sum()
    return p


def geometric_steps(n: int, spread: float) -> Floats:
    """Weights of changes of -n to n steps that fall by ``spread`` with each step; they sum to one."""
    weights = spread ** np.abs(np.arange(-n, n + 1)).astype(float)
    total: Floats = weights / weights.sum()
    return total


def moved(changes: Floats, at: int, size: int) -> Floats:
    """Probabilities of changes of -n to n steps laid around position ``at``; what passes an end stays at the end."""
    n = len(changes) // 2
    to = np.clip(at + np.arange(-n, n + 1), 0, size - 1)
    found: Floats = np.bincount(to, weights=changes, minlength=size).astype(float)
    return found


def position(value: float, grid: Floats) -> int:
    """Index of the grid's value next to ``value``."""
    return int(np.abs(grid - value).argmin())
