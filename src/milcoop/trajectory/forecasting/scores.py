"""Proper scores of discrete distributions, and calibration.

Ranked probability score (Epstein 1969), which for counts is the CRPS (Matheson and Winkler 1976); log score (Good 1952);
probability integral transform of discrete outcomes (Czado, Gneiting and Held 2009).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np

from milcoop.domain.forecast import CalibrationBin, Case, Distribution

LEAST_PROBABILITY = 1e-6
"""Below this a log score falls no further."""


def ranked_score(forecast: Distribution, outcome: float) -> float:
    """Sum over values of (F(k) - 1[outcome <= k])^2 times the step: levels or acts, 0 is perfect."""
    return forecast.step * sum(
        (f - (outcome <= v + 1e-9)) ** 2 for v, f in zip(forecast.values, forecast.cumulative, strict=True)
    )


def redrawn_score(forecast: Distribution, outcomes: Mapping[float, float]) -> float:
    """Expected ranked score where the outcome itself has probabilities."""
    return sum(p * ranked_score(forecast, v) for v, p in outcomes.items()) / sum(outcomes.values())


def log_score(forecast: Distribution, outcome: float) -> float:
    """-log of the probability given to the outcome; smaller is better. A count beyond the grid has the last probability."""
    at = min(round(outcome / forecast.step), len(forecast.values) - 1)
    return -log(max(forecast.probabilities[at], LEAST_PROBABILITY))


def is_covered(forecast: Distribution, outcome: float, percent: int) -> bool:
    """Whether the middle ``percent`` of the probability holds the outcome."""
    low, high = forecast.interval(percent)
    return low <= outcome <= high


def find_calibration(cases: Sequence[Case], bins: int) -> tuple[CalibrationBin, ...]:
    """Of statements "the outcome is at most k" by kind of target and bin of probability: how many came true.

    Statements that are sure either way (below 0.001 or above 0.999) say nothing and are left out.
    """
    found = []
    for kind in ("level", "count"):
        pairs = [
            (p, case.outcome <= v + 1e-9)
            for case in cases
            if case.target.startswith(kind)
            for v, p in zip(case.forecast.values[:-1], case.forecast.cumulative, strict=False)
            if 0.001 <= p <= 0.999
        ]
        for i in range(bins):
            low, high = i / bins, (i + 1) / bins
            inside = [(p, held) for p, held in pairs if low <= p < high]
            if inside:
                said, true = (sum(x) / len(inside) for x in zip(*inside, strict=True))
                found.append(CalibrationBin(kind, low, high, len(inside), said, true))
    return tuple(found)


def find_pit(cases: Iterable[Case], bins: int = 10) -> tuple[float, ...]:
    """Share of the probability integral transform in each bin: even where the forecasts are calibrated; empty without cases."""
    edges = np.linspace(0, 1, bins + 1)
    total, n = np.zeros(bins), 0
    for case in cases:
        high = case.forecast.at_most(case.outcome)
        low = case.forecast.at_most(case.outcome - case.forecast.step / 2)
        reached = np.clip((edges - low) / max(high - low, 1e-9), 0, 1)
        total += np.diff(reached)
        n += 1
    return tuple(float(v) for v in total / n) if n else ()
