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
    lowest: Window | None
    """The window with the lowest z of those that have half or less of what either side led to expect."""


def scan_lulls(runs: Sequence[Floats], rule: LullRule, seed: int) -> Scan:
    """Lulls in unbroken runs of monthly counts, lowest z first; a window that overlaps a lower one is left out.

    Dispersion and means of the made-up series are those of the counts without the lowest window, so that a lull does not
    hide itself.
    """
    lowest = min(_windows(runs, 1.0, rule), key=lambda w: w.z, default=None)
    rest = [run if lowest is None or lowest.run != i else _without(run, lowest) for i, run in enumerate(runs)]
    spread = max([1.0, *(dispersion(_years(run)) for run in rest)])
    means = [_long_mean(run) for run in rest]
    if lowest is not None:
        at, mean = lowest.start, means[lowest.run]
        means[lowest.run] = np.insert(mean, at, np.full(lowest.length, mean[at - 1 : at + 1].mean()))
    threshold = _threshold(means, spread, sum(len(_years(run)) for run in rest), rule, seed)
    kept: list[Window] = []
    candidates = sorted(_windows(runs, spread, rule), key=lambda w: (w.z, w.run, w.start, w.length))
    for window in candidates:
        if window.z < threshold and not any(w.run == window.run and _overlap(w, window) for w in kept):
            kept.append(window)
    return Scan(tuple(kept), threshold, spread, candidates[0] if candidates else None)


def _windows(runs: Sequence[Floats], spread: float, rule: LullRule) -> list[Window]:
    """Every window that may be a lull, with its z."""
    found = []
    for i, run in enumerate(runs):
        for length in rule.lengths:
            scores = _scores(run[None, :], length, spread, rule)[0]
            starts = _starts(len(run), length, rule)
            found += [Window(i, s, length, float(z)) for s, z in zip(starts, scores, strict=True) if np.isfinite(z)]
    return found


def _without(run: Floats, window: Window) -> Floats:
    rest: Floats = np.delete(run, np.s_[window.start : window.start + window.length])
    return rest


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
    starts = np.array(_starts(months, length, rule), dtype=np.int64)
    y = total[:, starts + length] - total[:, starts]
    base, n, below = np.zeros(y.shape), np.zeros(len(starts)), np.ones(y.shape, dtype=bool)
    ranges = [sides(int(s), length, months, rule) for s in starts]
    for side in (0, 1):
        first, stop = (np.array([getattr(r[side], end) for r in ranges], dtype=np.int64) for end in ("start", "stop"))
        size, b = stop - first, total[:, stop] - total[:, first]
        below &= (size == 0) | (y <= rule.at_most * b * length / np.maximum(size, 1))
        base, n = base + b, n + size
    expected = base * length / n
    sd = np.sqrt(spread * expected * (1 + expected / (base + 0.5)))
    z: Floats = np.divide(y - expected, sd, out=np.zeros(y.shape), where=sd > 0)
    z[~below | (expected < rule.expected_at_least)] = np.inf
    return z


def _threshold(means: Sequence[Floats], spread: float, years: int, rule: LullRule, seed: int) -> float:
    """z that the lowest window of a series without a lull falls below in ``false_alarm`` of made-up series at most.

    The dispersion of each made-up series is drawn: it is known from so many years only.
    """
    rng = np.random.default_rng(seed)
    lowest = np.full(rule.simulations, np.inf)
    excess = np.maximum(spread * years / rng.chisquare(years, rule.simulations), 1 + 1e-6)[:, None] - 1
    for mean in means:
        made = rng.negative_binomial(np.maximum(mean, 1e-9) / excess, 1 / (1 + excess), (rule.simulations, len(mean)))
        for length in rule.lengths:
            if _starts(len(mean), length, rule):
                lowest = np.minimum(lowest, _scores(made.astype(float), length, spread, rule).min(axis=1))
    return float(np.sort(lowest)[int(rule.false_alarm * rule.simulations)])


def _long_mean(run: Floats) -> Floats:
    """Mean of the nine years around each month, as many as the longest window and its sides span; fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(run)])
    at = np.arange(len(run))
    low, high = np.maximum(at - 54, 0), np.minimum(at + 54, len(run))
    found: Floats = (total[high] - total[low]) / (high - low)
    return found
