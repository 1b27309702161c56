"""Findings read off the sums of the ledger: value, interval from the draws, and each rule moved by a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.gain_rule import COINS, Coin
from milcoop.domain.finding import Finding, Moved, Value
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.evidence import Evidence
from milcoop.findings.gains.account import Account, Array, Sums, Variant

Read = Callable[[Sums], Array]
"""Value of a finding from sums; with a last axis of draws it gives one value a draw. NaN is none."""

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Maker:
    """What all findings of the ledger share."""

    evidence: Evidence
    account: Account

    @cached_property
    def _families(self) -> dict[str, tuple[str, ...]]:
        rules = [r for r in self.evidence.codebook.gains.values() if r.select is not None]
        return {
            coin: tuple(sorted({f for r in rules if r.select and coin in r.coins for f in r.select.named_families}))
            for coin in COINS
        }

    @cached_property
    def _searched(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        family = [line.event.family for line in self.account.lines]
        for c, coin in enumerate(COINS):
            points: defaultdict[str, float] = defaultdict(float)
            for i in np.flatnonzero(self.account.coin == c).tolist():
                points[family[i]] += abs(self.account.amounts[i])
            least = self.account.rule.bulk_share * sum(points.values())
            families = [f for f, p in points.items() if p >= least] or list(self._families[coin])
            found[coin] = [
                y for y in self.account.years if all(self.evidence.coverage_of(f, y) != NOT_MONITORED for f in families)
            ]
        return found

    @cached_property
    def _booked(self) -> tuple[list[str], NDArray[np.int_]]:
        """Ids of acts, and the place of each line's act among them."""
        names = [line.event.id for line in self.account.lines]
        ids = sorted(set(names))
        at = {event: i for i, event in enumerate(ids)}
        return ids, np.array([at[name] for name in names], dtype=int)

    def coverage(self, coin: Coin, years: range | None = None) -> str:
        """Coverage of the families whose acts can bring a gain or cost in a coin."""
        return self.evidence.coverage(self._families[coin], years)

    def searched(self, coin: Coin) -> list[int]:
        """Years in which every family that books the bulk of the coin was looked for, partly at least.

        Elsewhere a rise of the sum may be the beginning of a search.
        """
        return self._searched[coin]

    def events(self, coin: Coin, years: range | None = None, side: int | None = None, cost: bool = False) -> tuple[str, ...]:  # fmt: skip
        """Acts booked in a coin, weightiest first."""
        ids, act = self._booked
        of = self.account
        taken = of.coin == COINS.index(coin)
        if years is not None:
            taken &= (of.year >= years.start) & (of.year < years.stop)
        if side is not None:
            taken &= of.side == side
        if cost:
            taken &= of.cost
        size = np.bincount(act[taken], np.abs(of.amounts[taken]), minlength=len(ids))
        booked = np.unique(act[taken])
        return tuple(ids[i] for i in booked[np.argsort(-size[booked], kind="stable")].tolist())

    def make(
        self,
        finding_id: str,
        label: str,
        read: Read,
        *,
        coins: Sequence[Coin],
        unit: str,
        events: tuple[str, ...],
        coverage: str,
        change: str,
        note: str = "",
        whole: bool = False,
        also: Sequence[Moved] = (),
    ) -> Finding:
        """A finding; without a value where nothing was looked for or nothing is booked. ``whole``: years, not points."""
        if coverage == NOT_MONITORED:
            return Finding(finding_id, label, None, None, None, unit, (), coverage, change)
        value = _plain(float(read(self.account.best)), whole)
        drawn = np.asarray(read(self.account.draws))
        some = drawn[~np.isnan(drawn)]
        low, high = interval(some, self.account.rule.interval) if some.size else (None, None)
        if value is None and not whole:
            low = high = None
        moved = [*self._moved(read, coins, whole, value), *also]
        if whole and some.size:
            note = f"{note}{'; ' if note else ''}a turn in {round(100 * some.size / drawn.size)} percent of the draws"
        return Finding(
            finding_id, label, value, _round(low, whole), _round(high, whole), unit, events, coverage, change,
            tuple(moved), note,
        )  # fmt: skip

    def _moved(self, read: Read, coins: Sequence[Coin], whole: bool, value: Value) -> list[Moved]:
        wanted = {COINS.index(c) for c in coins}
        found: list[tuple[float, Moved]] = []
        for variant in self.account.variants:
            if not variant.coins & wanted:
                continue
            after = _plain(float(read(variant.sums)), whole)
            if after != value:
                size = abs(float(after or 0) - float(value or 0)) if after is not None and value is not None else 1e9
                found.append((size, moved_by(variant, after)))
        return [m for _, m in sorted(found, key=lambda pair: -pair[0])]


def moved_by(variant: Variant, value: Value) -> Moved:
    """A variant with the value that it gives."""
    return Moved(variant.rule, variant.before, variant.after, value)


def interval(values: Array, share: float) -> tuple[float, float]:
    """Ends that hold the middle share of the values."""
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def balance_of(net: Array) -> Array:
    """(first - second) / (|first| + |second|) of net gains (2, ...); NaN where both are nought."""
    first, second = net[0], net[1]
    size = np.abs(first) + np.abs(second)
    return divide(first - second, size)


def divide(above: Array, below: Array) -> Array:
    """Quotient; NaN where the divisor is nought."""
    return np.asarray(np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > TOLERANCE))


def _plain(value: float, whole: bool) -> float | int | None:
    if value != value:
        return None
    return round(value) if whole else round(value, 6) + 0.0


def _round(value: float | None, whole: bool) -> float | int | None:
    return None if value is None else _plain(value, whole)
