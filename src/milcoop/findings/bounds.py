"""Intervals that findings share: bounds for what is unknown, and for chance in few acts."""

from __future__ import annotations

from math import sqrt

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
