"""Where a series of monthly counts has a lull: windows of whole years clearly below the years on both sides.

The lowest window is compared with the lowest of made-up series that have the same five-year means and dispersion and no
lull, so that looking at many windows is paid for (a scan statistic; docs/trajectory.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.lull_rule import LullRule
from milcoop.trajectory.breaks import dispersion

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a run, in months from the run's first."""

    run: int
    start: int
    length: int
    z: float


@dataclass(frozen=True, slots=True)
class Scan:
    """Lulls found, the threshold of z that they lie below, and the dispersion of the counts."""

    windows: tuple[Window, ...]
    threshold: float
    dispersion: float


def scan_lulls(runs: Sequence[Floats], rule: LullRule, seed: int) -> Scan:
    """Lulls in unbroken runs of monthly counts, lowest z first; a window that overlaps a lower one is left out."""
    spread = max(1.0, *(dispersion(_years(run)) for run in runs)) if runs else 1.0
    threshold = _threshold(runs, spread, rule, seed)
    found: list[Window] = []
    for i, run in enumerate(runs):
        for length in rule.lengths:
            for start, z in zip(
                _starts(len(run), length, rule), _scores(run[None, :], length, spread, rule)[0], strict=True
            ):
                if z < threshold:
                    found.append(Window(i, int(start), length, float(z)))
    kept: list[Window] = []
    for window in sorted(found, key=lambda w: (w.z, w.run, w.start, w.length)):
        if not any(w.run == window.run and _overlap(w, window) for w in kept):
            kept.append(window)
    return Scan(tuple(kept), threshold, spread)


def score(count: float, base: float, share: float, spread: float) -> float:
    """How far a count lies below what one side led to expect, in standard deviations; ``share`` is window over side in months."""
    expected = base * share
    if expected <= 0:
        return 0.0
    return float((count - expected) / np.sqrt(spread * expected * (1 + expected / (base + 0.5))))


def sides(start: int, length: int, months: int, rule: LullRule) -> tuple[range, range]:
    """Months before and after a window that say what was expected; the second is empty where too few are on record."""
    before = range(max(0, start - rule.base_months), start)
    after = range(start + length, min(months, start + length + rule.base_months))
    return before, after if len(after) >= rule.after_at_least else range(0)


def _overlap(a: Window, b: Window) -> bool:
    return a.start < b.start + b.length and b.start < a.start + a.length


def _years(run: Floats) -> Floats:
    """Sums of whole years from the run's first month."""
    whole = len(run) // 12 * 12
    found: Floats = run[:whole].reshape(-1, 12).sum(axis=1)
    return found


def _starts(months: int, length: int, rule: LullRule) -> range:
    return range(rule.before_at_least, months - length + 1)


def _scores(counts: Floats, length: int, spread: float, rule: LullRule) -> Floats:
    """z of every window of a length, a row for each series; infinite where the window cannot be a lull."""
    rows, months = counts.shape
    total = np.concatenate([np.zeros((rows, 1)), np.cumsum(counts, axis=1)], axis=1)
    starts = _starts(months, length, rule)
    out = np.full((rows, len(starts)), np.inf)
    for k, start in enumerate(starts):
        y = total[:, start + length] - total[:, start]
        z, base, n = np.full(rows, -np.inf), np.zeros(rows), 0
        for side in sides(start, length, months, rule):
            if side:
                b = total[:, side.stop] - total[:, side.start]
                expected = b * length / len(side)
                sd = np.sqrt(spread * expected * (1 + expected / (b + 0.5)))
                z = np.maximum(z, np.divide(y - expected, sd, out=np.zeros(rows), where=sd > 0))
                base, n = base + b, n + len(side)
        pooled = base * length / n
        can = (pooled >= rule.expected_at_least) & (y <= rule.at_most * pooled)
        out[can, k] = z[can]
    return out


def _threshold(runs: Sequence[Floats], spread: float, rule: LullRule, seed: int) -> float:
    """z that the lowest window of a series without a lull falls below in ``false_alarm`` of made-up series at most."""
    rng = np.random.default_rng(seed)
    lowest = np.full(rule.simulations, np.inf)
    for run in runs:
        mean = _five_year_mean(run)
        if spread > 1:
            made = rng.negative_binomial(
                np.maximum(mean, 1e-9) / (spread - 1), 1 / spread, (rule.simulations, len(run))
            )
        else:
            made = rng.poisson(mean, (rule.simulations, len(run)))
        for length in rule.lengths:
            if scores := _starts(len(run), length, rule):
                found = _scores(made.astype(float), length, spread, rule)
                lowest = np.minimum(lowest, found.min(axis=1)) if len(scores) else lowest
    return float(np.sort(lowest)[int(rule.false_alarm * rule.simulations)])


def _five_year_mean(run: Floats) -> Floats:
    """Mean of the sixty months around each month, fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(run)])
    at = np.arange(len(run))
    low, high = np.maximum(at - 30, 0), np.minimum(at + 30, len(run))
    found: Floats = (total[high] - total[low]) / (high - low)
    return found
