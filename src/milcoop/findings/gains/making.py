"""Findings read off the sums of the ledger: value, interval from the draws, and each rule moved by a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from milcoop.codebook.gain_rule import COINS
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

    def families(self, coin: str) -> tuple[str, ...]:
        """Families whose acts can bring a gain or cost in a coin."""
        rules = self.evidence.codebook.gains.values()
        return tuple(sorted({f for r in rules if r.select and coin in r.coins for f in r.select.named_families}))

    def coverage(self, coin: str, years: range | None = None) -> str:
        """Coverage of the families of a coin."""
        return self.evidence.coverage(self.families(coin), years)

    def searched(self, coin: str) -> list[int]:
        """Years of the window in which something of the coin was looked for."""
        return [
            y for y in self.account.years if self.coverage(coin, range(y, y + 1)) != NOT_MONITORED
        ]  # a year partly searched has a lower bound of acts, which a rolling sum can bear

    def events(self, coin: str, years: range | None = None, side: int | None = None, cost: bool = False) -> tuple[str, ...]:  # fmt: skip
        """Acts booked in a coin, weightiest first."""
        found: dict[str, float] = {}
        for line, amount in zip(self.account.lines, self.account.amounts, strict=True):
            if line.gain.coin != coin or (years is not None and line.year not in years):
                continue
            if (side is not None and line.side != side) or (cost and line.weight.best >= 0):
                continue
            found[line.event.id] = found.get(line.event.id, 0) + abs(float(amount))
        return tuple(sorted(found, key=lambda e: (-found[e], e)))

    def make(
        self,
        finding_id: str,
        label: str,
        read: Read,
        *,
        coins: Sequence[str],
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
        if whole and drawn.size:
            note = f"{note}{'; ' if note else ''}a turn in {round(100 * some.size / drawn.size)} percent of the draws"
        return Finding(
            finding_id, label, value, _round(low, whole), _round(high, whole), unit, events, coverage, change,
            tuple(moved), note,
        )  # fmt: skip

    def _moved(self, read: Read, coins: Sequence[str], whole: bool, value: Value) -> list[Moved]:
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
