"""Net dependence: the parts of both sides, their weighted difference with all corners tried, and the year it turns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from statistics import median

from milcoop.domain.dependence import Net, PartBalance, Share
from milcoop.domain.finding import CANNOT_TELL
from milcoop.findings.bounds import wilson_interval
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.dependence.shares import Shares

PARTS = ("arms", "sales", "trade", "input")
WEIGHT = {part: f"weight-{part}s" if part == "input" else f"weight-{part}" for part in PARTS}

NEVER = "never"


def inputs_share(shares: Shares, dependent: str, partner: str, rules: Rules, last: int | None = None) -> Share | None:
    """Median over the inputs with a share, with the lowest low and the highest high of any; None without one."""
    found = [
        s
        for m in shares.evidence.codebook.shares.values()
        if m.part == "input" and (s := shares.at(m, dependent, partner, rules, last)) is not None
    ]
    if not found:
        return None
    newest = tuple(r for s in found for r in s.newest)
    same = tuple(r for s in found for r in s.same)
    return Share(median(s.value for s in found), min(s.low for s in found), max(s.high for s in found), newest, same)


def part_share(shares: Shares, part: str, dependent: str, partner: str, rules: Rules, last: int) -> Share | None:
    """How far a state depends by one part at the end of a year; None where no fresh source says so."""
    if part == "input":
        return inputs_share(shares, dependent, partner, rules, last)
    for measure in shares.evidence.codebook.shares.values():
        if measure.part == part:
            return shares.at(measure, dependent, partner, rules, last)
    return None


def net_dependence(shares: Shares, year: int, rules: Rules) -> Net:
    """The weighted mean of the second state's dependence less the first's, over parts known on both sides."""
    first, second = shares.evidence.dyad.states
    balances = [
        PartBalance(
            part,
            part_share(shares, part, first, second, rules, year),
            part_share(shares, part, second, first, rules, year),
        )
        for part in PARTS
    ]
    known = tuple(b for b in balances if b.first or b.second)
    ids = tuple(dict.fromkeys(i for b in known for s in (b.first, b.second) if s for i in s.ids))
    return Net(year, *_weighed(known, rules), known, ids)


def _weighed(parts: Sequence[PartBalance], rules: Rules) -> tuple[float | None, float | None, float | None]:
    if not parts:
        return None, None, None
    both = [
        (rules[WEIGHT[b.part]], b.second.value - b.first.value)
        for b in parts
        if b.first is not None and b.second is not None
    ]
    total = sum(w for w, _ in both)
    value = sum(w * d for w, d in both) / total if total else None
    lows = [_low(b.second) - _high(b.first) for b in parts]
    highs = [_high(b.second) - _low(b.first) for b in parts]
    corners = [w for w in product(*(rules.ends(WEIGHT[b.part]) for b in parts)) if sum(w)]
    if not corners:
        return value, None, None
    low = min(sum(w * d for w, d in zip(c, lows, strict=True)) / sum(c) for c in corners)
    high = max(sum(w * d for w, d in zip(c, highs, strict=True)) / sum(c) for c in corners)
    return value, low if value is None else min(low, value), high if value is None else max(high, value)


def _low(share: Share | None) -> float:
    return 0.0 if share is None else share.low


def _high(share: Share | None) -> float:
    return 1.0 if share is None else share.high


def side_of(low: float | None, high: float | None, margin: float) -> int:
    """1 when the whole interval is above the margin, -1 when below its negative, else 0."""
    if low is None or high is None:
        return 0
    return 1 if low > margin else -1 if high < -margin else 0


def find_turn(sides: Sequence[tuple[int, int]]) -> tuple[int | None, int | None, str]:
    """(year, earliest year, note) of the last change among sure years; ``sides`` are (year, 1, 0 or -1) by year."""
    sure = [(year, side) for year, side in sides if side]
    for (before, old), (year, new) in reversed(list(pairwise(sure))):
        if new != old:
            return year, before + 1, ""
    return None, None, NEVER if len(sure) > 1 else CANNOT_TELL


def acts_sides(gave: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Side of each (year, acts given by the first, by the second): 1 when the first surely gives more often."""
    out = []
    for year, a, b in gave:
        low, high = wilson_interval(a, a + b)
        out.append((year, 1 if low > 0.5 else -1 if high < 0.5 else 0))
    return out
