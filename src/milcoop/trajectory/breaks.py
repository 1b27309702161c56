"""Breaks: when did the yearly number of acts change, if it did. Exact posterior over no change, a steady trend, one and two breaks.

Counts are Poisson within a segment, each rate with a gamma prior around the series' mean, so that the marginal likelihood of a
segment has a closed form and every placing of breaks can be added up (Chib 1998 has the same model by simulation). A log-linear
trend competes, by its Laplace approximation, so that steady growth is not taken for a break. Counts that vary more than
Poisson ones are tempered by their index of dispersion. With an exposure the rate is one for each unit of it: pages an act.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.path import Breaks

Floats = NDArray[np.float64]
SHORTEST = 3
"""Years in the shortest segment."""


def find_breaks(
    counts: Mapping[int, float], priors: Mapping[str, float], exposure: Mapping[int, float] | None = None
) -> Breaks:
    """Breaks in yearly counts, or in counts a unit of ``exposure``; years must follow one another.

    Raises ValueError for fewer than twice the shortest segment.
    """
    years = sorted(counts)
    if len(years) < 2 * SHORTEST:
        raise ValueError(f"found {len(years)} years, expected at least {2 * SHORTEST}")
    y = np.array([counts[t] for t in years], dtype=float)
    exposed = np.array([exposure[t] for t in years], dtype=float) if exposure else np.ones(len(y))
    mean = max(float(y.sum() / max(exposed.sum(), 1.0)), 0.1)
    temper = 1 / max(1.0, dispersion(y, exposed))
    total, under = (np.concatenate([[0.0], np.cumsum(v)]) for v in (y, exposed))
    size = len(y)

    def segment(a: int, b: int) -> float:
        """Log marginal likelihood of years a to b-1 under one rate, gamma prior of shape one around the mean."""
        s, n, rate = (total[b] - total[a]) * temper, (under[b] - under[a]) * temper, 1 / mean
        return float(lgamma(1 + s) + log(rate) - (1 + s) * log(rate + n))

    placings: dict[str, dict[tuple[int, ...], float]] = {
        "none": {(): segment(0, size)},
        "one break": {},
        "two breaks": {},
    }
    for k, name in ((1, "one break"), (2, "two breaks")):
        for cuts in combinations(range(SHORTEST, size - SHORTEST + 1), k):
            edges = (0, *cuts, size)
            if all(b - a >= SHORTEST for a, b in pairwise(edges)):
                placings[name][cuts] = sum(segment(a, b) for a, b in pairwise(edges))
    logs: dict[str, float] = {"trend": _trend(y * temper, exposed * temper, mean)}
    for name, found in placings.items():
        values = np.array(list(found.values()))
        logs[name] = float(np.logaddexp.reduce(values) - log(len(values))) if len(values) else -np.inf
    weights = {name: logs[name] + log(priors[name]) for name in logs}
    norm = float(np.logaddexp.reduce(list(weights.values())))
    forms = {name: float(np.exp(w - norm)) for name, w in weights.items()}
    begins = dict.fromkeys(years[SHORTEST : size - SHORTEST + 1], 0.0)
    for name in ("one break", "two breaks"):
        values = np.array(list(placings[name].values()))
        if not len(values):
            continue
        shares = np.exp(values - np.logaddexp.reduce(values)) * forms[name]
        for cuts, share in zip(placings[name], shares, strict=True):
            for cut in cuts:
                begins[years[cut]] += float(share)
    return Breaks({k: forms[k] for k in ("none", "trend", "one break", "two breaks")}, begins)


def dispersion_of(counts: Mapping[int, float]) -> float:
    """Variance over mean of yearly counts around their own five-year rates; one for Poisson counts."""
    return dispersion(np.array([counts[t] for t in sorted(counts)], dtype=float))


def dispersion(y: Floats, exposed: Floats | None = None) -> float:
    """Index of dispersion of counts around their own five-year rates, so that a break is not taken for dispersion."""
    exposed = np.ones(len(y)) if exposed is None else exposed
    width = min(5, len(y))
    around = [
        np.convolve(np.pad(v, width // 2, mode="edge"), np.ones(width) / width, mode="valid")[: len(y)]
        for v in (y, exposed)
    ]
    local = exposed * around[0] / np.maximum(around[1], 0.2)
    spread = (y - local) ** 2 / np.maximum(local, 0.2) * width / (width - 1)
    return float(spread.mean())


def _trend(s: Floats, exposure: Floats, mean: float) -> float:
    """Log marginal likelihood of a log-linear rate by Laplace's method; slope normal with sd 0.15 a year, level with sd 1."""
    t = np.arange(len(s)) - (len(s) - 1) / 2
    x = np.stack([np.ones_like(t), t], axis=1)
    prior_mean, prior_sd = np.array([log(mean), 0.0]), np.array([1.0, 0.15])
    beta = prior_mean.copy()
    for _ in range(50):
        rate = exposure * np.exp(np.clip(x @ beta, -20, 20))
        gradient = x.T @ (s - rate) - (beta - prior_mean) / prior_sd**2
        hessian = (x * rate[:, None]).T @ x + np.diag(1 / prior_sd**2)
        step = np.linalg.solve(hessian, gradient)
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    eta = x @ beta
    rate = exposure * np.exp(eta)
    hessian = (x * rate[:, None]).T @ x + np.diag(1 / prior_sd**2)
    fit = float((s * eta - rate).sum())
    prior = float((-0.5 * ((beta - prior_mean) / prior_sd) ** 2 - np.log(prior_sd)).sum())
    return fit + prior - 0.5 * float(np.linalg.slogdet(hessian)[1])
