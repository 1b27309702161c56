"""What a sign, or its absence, does to the odds of growth, plateau and decline: judgement weighed against past windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log

from milcoop.codebook.watch_rule import PATHS, Indicator, WatchRule
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.watch import OPEN, BaseRate, Odds, PathTimes, Reading, Sign
from milcoop.findings.evidence import Evidence
from milcoop.findings.watch.rates import find_base_rate, months_before

Paths = Mapping[int, str]
"""Year of a window's end -> path that the levels took after it."""


@dataclass(frozen=True, slots=True)
class PastPair:
    """A pair whose past windows are learnt from."""

    evidence: Evidence
    paths: Paths


@dataclass(frozen=True, slots=True)
class PastWindow:
    """One past window of one pair: the path after it, the signs in it, and how many the base rate led to expect."""

    pair: str
    year: int
    path: str
    seen: int
    expected: float
    weight: float
    """One over the number of windows that share a month."""


def find_past_windows(
    indicator: Indicator, rule: WatchRule, pairs: Sequence[PastPair], signs_of: Callable[[PastPair], Sequence[Sign]]
) -> tuple[PastWindow, ...]:
    """Monitored windows of all pairs that end with a year whose path is known and have a base rate."""
    found = []
    years = indicator.horizon / 12
    for pair in pairs:
        if not pair.paths:
            continue
        signs = signs_of(pair)
        evidence = pair.evidence
        monitored = {y for y in evidence.years if evidence.monitored(indicator.searched, y)}
        for year, path in pair.paths.items():
            end = date(year, 12, 31)
            start = months_before(end, indicator.horizon) + timedelta(days=1)
            if not monitored.issuperset(range(start.year, year + 1)):
                continue
            base = find_base_rate(
                signs, indicator, start, evidence.years.start, rule.base_at_least, monitored.__contains__
            )
            if base is not None:
                seen = sum(s.sure and start <= s.on <= end for s in signs)
                found.append(PastWindow(evidence.dyad.id, year, path, seen, base.rate * years, 1 / max(1.0, years)))
    return tuple(found)


def find_odds(
    indicator: Indicator, rule: WatchRule, windows: Sequence[PastWindow], base: BaseRate, outcome: str, weight: float
) -> Odds:
    """Shift of the odds by one indicator; ``weight`` is that of the judged times, in expected acts."""
    paths = tuple(_times(indicator, path, windows, weight) for path in PATHS)
    expected = base.cautious * indicator.horizon / 12
    chances = {p.path: 1 - exp(-expected * p.times) for p in paths}
    plateau = next(p.times for p in paths if p.path == "plateau")
    by_outcome = {
        True: {p: chances[p] / chances["plateau"] for p in PATHS},
        False: {
            p: exp(-expected * (t.times - plateau)) if base.rate else 1.0 for p, t in zip(PATHS, paths, strict=True)
        },
    }
    capped = {
        outcome: {p: min(rule.factor_at_most, max(1 / rule.factor_at_most, f)) for p, f in factors.items()}
        for outcome, factors in by_outcome.items()
    }
    known = all(p.expected >= rule.expected_at_least for p in paths)
    return Odds(
        outcome=outcome,
        paths=paths,
        chances=chances,
        if_seen=capped[True],
        if_not_seen=capped[False],
        basis="history and judgement" if known else "judgement",
    )


def _times(indicator: Indicator, path: str, windows: Sequence[PastWindow], weight: float) -> PathTimes:
    """Gamma mean of the times on a path: judged times with a weight, updated by the counts of past windows."""
    mine = [w for w in windows if w.path == path]
    seen, expected = (
        sum(w.weight * v for w, v in zip(mine, values, strict=True))
        for values in ([w.seen for w in mine], [w.expected for w in mine])
    )
    judged = indicator.times.of(path)
    times = (weight * judged + seen) / (weight + expected)
    return PathTimes(path, judged, times, sum(w.weight for w in mine), seen, expected, len({w.pair for w in mine}))


def shift_of(
    readings: Sequence[Reading], odds: Mapping[str, Mapping[float, Odds]], path: str
) -> tuple[float, float, float]:
    """What all indicators together do to a path's odds against plateau: best, low, high.

    ``odds`` maps indicator -> times of the judgement's weight -> odds, with the weight as it is at 1. Best takes each
    group as one sign. The ends hold, at every weight, that with all acts that cannot be told read as signs or as none,
    whichever goes further, and the plain product of the outcomes known.
    """
    every = [
        product_of(readings, odds, path, w, as_groups=True, pick=pick) for w in _weights(odds) for pick in (min, max)
    ]
    every += [product_of(readings, odds, path, w, as_groups=groups) for w in _weights(odds) for groups in (True, False)]
    best = product_of(readings, odds, path, 1.0, as_groups=True) if odds else 1.0
    return best, min(every, default=1.0), max(every, default=1.0)


def _weights(odds: Mapping[str, Mapping[float, Odds]]) -> tuple[float, ...]:
    return tuple(next(iter(odds.values()))) if odds else ()


def product_of(
    readings: Sequence[Reading],
    odds: Mapping[str, Mapping[float, Odds]],
    path: str,
    weight: float,
    *,
    as_groups: bool,
    pick: Callable[[Sequence[float]], float] | None = None,
) -> float:
    """Product at one weight, with each group as one sign (geometric mean) or every indicator by itself.

    ``pick`` chooses between the two outcomes of an indicator whose acts cannot be told; without it they are left out.
    """
    by_group: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        if reading.id not in odds:
            continue
        one = odds[reading.id][weight]
        if one.outcome != OPEN:
            by_group[reading.group].append(log(one.factors[path]))
        elif pick is not None and reading.status == CANNOT_TELL:
            by_group[reading.group].append(log(pick((one.if_seen[path], one.if_not_seen[path]))))
    return exp(sum(sum(logs) / (len(logs) if as_groups else 1) for logs in by_group.values()))
