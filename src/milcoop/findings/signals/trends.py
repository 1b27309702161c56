"""Slopes of scores and of yearly sums with 90 percent intervals, and what counts as growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.finding import CANNOT_TELL
from milcoop.findings.bounds import Z_90
from milcoop.findings.signals.scores import Scores

Floats = NDArray[np.float64]

BOTH, OFTEN, DEEP, NEITHER = "both", "more often but not deeper", "deeper but not more often", "neither"


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope a year with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScoreSlope:
    """Slope of a score, with the slope of each component that enters and the share of the weight that has one."""

    slope: Slope | None
    components: tuple[float | None, ...]
    share: float


def t_90(freedom: int) -> float:
    """Half-width of a 90 percent t interval in standard errors (expansion of Cornish and Fisher, good to 0.01 from 4 on)."""
    z, n = Z_90, max(freedom, 1)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)


def slope_of_score(scores: Scores, years: NDArray[np.int64], acts: int, spread: int, least: float) -> ScoreSlope:
    """Weighted mean of the components' least-squares slopes, each over the acts on which it is known.

    ``acts`` and ``spread`` are the fewest acts and different years, ``least`` the share of the weight that must have a slope. The error is the sandwich over acts with n/(n - 2).
    """
    n, nothing = len(years), tuple(None for _ in scores.components)
    if n < acts or len(set(years.tolist())) < spread:
        return ScoreSlope(None, nothing, 0.0)
    known, influence = scores.known, np.zeros(n)
    slopes: list[float | None] = []
    used = 0.0
    for i, enters in enumerate(scores.entering):
        k = known[:, i]
        t = years[k] - years[k].mean() if k.any() else np.zeros(0)
        square = float(t @ t)
        if not enters or square == 0:
            slopes.append(None)
            continue
        x = scores.best[k, i]
        b = float(t @ x / square)
        residual = x - x.mean() - b * t
        influence[k] += scores.weights[i] * t * residual / square
        used += float(scores.weights[i])
        slopes.append(b)
    share = used / float(scores.weights.sum())
    if share < least or used == 0:
        return ScoreSlope(None, tuple(slopes), share)
    pairs = zip(scores.weights, slopes, strict=True)
    value = sum(float(w) * b for w, b in pairs if b is not None) / used
    error = sqrt(float(influence @ influence) * n / (n - 2)) / used
    half = t_90(n - 2) * error
    return ScoreSlope(Slope(value, value - half, value + half), tuple(slopes), share)


def slope_of_sums(years: Sequence[int], sums: Floats, squares: Floats) -> Slope:
    """Least-squares slope of yearly sums; ``squares`` are the sums of the squared weights of the acts of each year.

    The error is that of acts drawn one by one (compound Poisson) or that of the line's residuals, whichever is larger.
    """
    t = np.array(years, dtype=float) - np.mean(years)
    square = float(t @ t)
    value = float(t @ sums / square)
    residual = sums - sums.mean() - value * t
    by_acts = sqrt(float(t**2 @ squares)) / square
    by_line = sqrt(float(residual @ residual) / max(len(t) - 2, 1) / square)
    half = max(Z_90 * by_acts, t_90(len(t) - 2) * by_line)
    return Slope(value, value - half, value + half)


def rises(slope: Slope | None, region: float) -> bool | None:
    """True when the interval lies above the region, False when below its upper end; None when one cannot tell."""
    if slope is None:
        return None
    if slope.low > region:
        return True
    return False if slope.high < region else None


def growth(deeper: bool | None, oftener: bool | None) -> str:
    """The word for how the acts of a pair grow."""
    if deeper is None or oftener is None:
        return CANNOT_TELL
    return {(True, True): BOTH, (False, True): OFTEN, (True, False): DEEP, (False, False): NEITHER}[deeper, oftener]


def mean_interval(values: Floats) -> Slope:
    """Mean with its 90 percent t interval; at least two values."""
    half = t_90(len(values) - 1) * float(values.std(ddof=1)) / sqrt(len(values))
    middle = float(values.mean())
    return Slope(middle, middle - half, middle + half)


def ranks(values: Floats) -> Floats:
    """Ranks from 0 to 1, equal values sharing their mean rank; at least two values."""
    order = np.sort(values)
    below, upto = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    found: Floats = ((below + upto - 1) / 2) / (len(values) - 1)
    return found
