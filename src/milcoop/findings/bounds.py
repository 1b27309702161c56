"""Intervals that findings share: bounds for what is unknown, and for chance in few acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import exp, lgamma, log, sqrt

Z_90 = 1.6449
"""Half-width of a 90 percent interval in standard errors."""


def share_bounds(yes: int, no: int, unknown: int) -> tuple[float | None, float, float]:
    """Share of acts for which something holds, with worst-case bounds (Manski 1989, Journal of Human Resources 24).

    The value is among the known acts, None when none is known; the bounds set all unknown acts to no, then to yes.
    Without any act the bounds are 0 and 1.
    """
    known, total = yes + no, yes + no + unknown
    if not total:
        return None, 0.0, 1.0
    return (yes / known if known else None), yes / total, (yes + unknown) / total


def wilson_interval(yes: float, total: float, z: float = Z_90) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927, JASA 22); 0 and 1 when there is no act."""
    if total <= 0:
        return 0.0, 1.0
    p, shrink = yes / total, 1 + z**2 / total
    middle = (p + z**2 / (2 * total)) / shrink
    half = z * sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / shrink
    return max(0.0, middle - half), min(1.0, middle + half)


TAIL = 0.05
UNDERFLOW = 700.0
"""Mean from which the chance of nought is too small a number to begin a sum with."""


@cache
def poisson_interval(n: int) -> tuple[float, float]:
    """The means between which a count of ``n`` is no surprise, 90 percent (Garwood 1936, Biometrika 28)."""
    reach = 10 + 5 * sqrt(n)
    low = _solve(lambda mean: 1 - _at_most(n - 1, mean) - TAIL, max(0.0, n - reach), n) if n else 0.0
    return low, _solve(lambda mean: TAIL - _at_most(n, mean), n, n + reach)


def _at_most(n: int, mean: float) -> float:
    """Chance that a Poisson count is at most ``n``."""
    if mean > UNDERFLOW:  # from the chance of n downwards
        share = total = 1.0
        for k in range(n, 0, -1):
            share *= k / mean
            total += share
        return total * exp(n * log(mean) - mean - lgamma(n + 1))
    term = total = exp(-mean)
    for k in range(1, n + 1):
        term *= mean / k
        total += term
    return total


def _solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Root of a rising function between two ends, by halving."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return low
