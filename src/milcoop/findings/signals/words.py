"""Words against deeds: yearly sums by declared weights, their gap, and which goes before the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import Weighted
from milcoop.domain.event import Event
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.trends import Slope, mean_interval, slope_of_sums
from milcoop.record.selection import make_test

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tally:
    """Acts of one kind (words or deeds) by entry of the codebook and year."""

    kind: str
    """``words`` or ``deeds``."""
    entries: tuple[Weighted, ...]
    years: tuple[int, ...]
    """All years of the window."""
    searched: NDArray[np.bool_]
    """Years in which all families that the entries read were searched enough."""
    full: NDArray[np.bool_]
    """Those of them that had ended on the day of the vintage."""
    sums: Floats
    """Entries by years: number of acts, or the sum of their scores."""
    squares: Floats
    """The same of squares."""
    events: Mapping[str, tuple[Event, ...]]
    """Entry -> acts that take its weight."""

    @cached_property
    def by_year(self) -> Mapping[int, Mapping[str, tuple[str, ...]]]:
        """Year -> entry -> ids of its acts, by date."""
        found: dict[int, dict[str, list[Event]]] = {y: {} for y in self.years}
        for entry, events in self.events.items():
            for event in events:
                found[event.when.start.year].setdefault(entry, []).append(event)
        return {y: {k: tuple(e.id for e in events) for k, events in own.items()} for y, own in found.items()}

    def ids(self, years: Iterable[int]) -> list[str]:
        """Acts of some years that take a weight."""
        return [i for y in years for ids in self.by_year.get(y, {}).values() for i in ids]

    def weights(self, end: str) -> Floats:
        """``low``, ``best`` or ``high`` of every entry."""
        return np.array([getattr(e, end) for e in self.entries], dtype=float)

    def yearly(self, weights: Floats) -> Floats:
        """Weighted sum of each year of the window."""
        found: Floats = weights @ self.sums
        return found

    def slope(self, years: Sequence[int], weights: Floats) -> Slope:
        """Slope over some of the years."""
        at = [self.years.index(y) for y in years]
        return slope_of_sums(years, (weights @ self.sums)[at], (weights**2 @ self.squares)[at])


def tally(evidence: Evidence, kind: str, entries: Sequence[Weighted], scores: Mapping[str, float]) -> Tally:
    """Every act of the window counted under the narrowest entry that it passes; ``scores`` are operational values."""
    by_type = evidence.by_type
    taken: dict[int, int] = {}
    for k in sorted(range(len(entries)), key=lambda k: entries[k].conditions):
        for place in make_test(entries[k].select, evidence.scale).places(by_type):
            taken[place] = k
    years = tuple(evidence.years)
    sums, squares = np.zeros((len(entries), len(years))), np.zeros((len(entries), len(years)))
    events: dict[str, list[Event]] = {e.id: [] for e in entries}
    for place, k in sorted(taken.items()):
        event, entry = by_type.events[place], entries[k]
        size = scores.get(event.id, 0.0) if entry.scored else 1.0
        sums[k, event.when.start.year - years[0]] += size
        squares[k, event.when.start.year - years[0]] += size**2
        events[entry.id].append(event)
    families = sorted({f for e in entries for f in e.select.named_families})
    searched = np.array([evidence.monitored(families, y) for y in years])
    full = searched & (np.array(years) <= evidence.ended)
    return Tally(kind, tuple(entries), years, searched, full, sums, squares, {k: tuple(v) for k, v in events.items()})


def standardised(values: Floats, searched: NDArray[np.bool_]) -> Floats | None:
    """Values less their mean over the searched years, in standard deviations; None where they never vary."""
    spread = float(values[searched].std(ddof=1)) if searched.sum() > 1 else 0.0
    if spread == 0:
        return None
    found: Floats = (values - values[searched].mean()) / spread
    return found


def find_gap(words: Tally, deeds: Tally, w: Floats, d: Floats, recent: int, fewest: int) -> Slope | None:
    """Standardised words less standardised deeds, mean over the last ``recent`` searched years of the window.

    ``w`` and ``d`` are weights of the entries. None with fewer than ``fewest`` searched years, or where one never varies.
    """
    searched = words.full & deeds.full
    if searched.sum() < max(fewest, 2) or recent < 2:
        return None
    warm, done = standardised(words.yearly(w), searched), standardised(deeds.yearly(d), searched)
    if warm is None or done is None:
        return None
    last = np.flatnonzero(searched)[-recent:]
    return mean_interval((warm - done)[last])


def find_lead(
    words: Floats, deeds: Floats, lags: int, width: int, block: int, draws: int, seed: int
) -> tuple[int | None, float, float, float]:
    """Years by which words go before deeds, the ends of its interval, and the correlation there.

    Words and deeds are sums of successive years. Changes from year to year are compared at lags from -``lags`` to ``lags``
    over the years that all lags share; rows are redrawn in blocks. None where the interval is wider than ``width`` years
    or the correlation is not positive (Granger and Newbold 1974 on levels that only share a trend).
    """
    w, d = np.diff(words), np.diff(deeds)
    middle = np.arange(lags, len(w) - lags)
    steps = np.arange(-lags, lags + 1)
    ahead = d[middle[:, None] + steps]
    found = _correlations(w[middle][None, :], ahead[None, :, :])[0]
    if not np.isfinite(found).all():
        return None, float("nan"), float("nan"), float("nan")
    n, rng = len(middle), np.random.default_rng(seed)
    starts = rng.integers(0, max(n - block, 0) + 1, (draws, -(-n // block)))
    rows = (starts[:, :, None] + np.arange(min(block, n))).reshape(draws, -1)[:, :n]
    again = _correlations(w[middle][rows], ahead[rows])
    again = again[np.isfinite(again).all(axis=1)]
    if not len(again):
        return None, float("nan"), float("nan"), float("nan")
    low, high = np.quantile(steps[again.argmax(axis=1)], [0.05, 0.95], method="nearest")
    best = int(found.argmax())
    clear = high - low <= width and found[best] > 0 and low <= steps[best] <= high
    return (int(steps[best]) if clear else None), float(low), float(high), float(found[best])


def _correlations(w: Floats, ahead: Floats) -> Floats:
    """Correlation of w (draws by rows) with every column of ``ahead`` (draws by rows by lags)."""
    a = w - w.mean(axis=1, keepdims=True)
    b = ahead - ahead.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.einsum("dr,drl->dl", a, b) / np.sqrt((a**2).sum(axis=1)[:, None] * (b**2).sum(axis=1))
    return found
