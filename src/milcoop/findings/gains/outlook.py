"""Is each side's use for the other rising or falling: slopes of its recent gains, and a word for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from milcoop.codebook.gain_rule import COINS
from milcoop.domain.finding import CANNOT_TELL, Finding, Moved
from milcoop.domain.gains import FALLING, LEVEL, RISING
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.gains.account import Array, Sums
from milcoop.findings.gains.making import Maker, divide

UNIT = "share of the mean a year"


def outlooks(m: Maker) -> Iterator[Finding]:
    """Slope of each state's gains in each coin, and rising, level, falling or cannot tell over the coins."""
    for side, state in enumerate(m.evidence.dyad.states):
        other = m.evidence.dyad.states[1 - side]
        slopes = [_slope(m, side, c) for c in range(len(COINS))]
        yield from slopes
        yield _word(m, state, other, slopes)


def recent_years(m: Maker, n: int | None = None) -> range:
    """The last full years of the window."""
    years = m.account.years
    unfinished = m.evidence.as_of < m.evidence.as_of.replace(year=years[-1], month=12, day=31)
    stop = years.stop - (1 if unfinished else 0)
    return range(max(years.start, stop - (n or m.account.rule.outlook_years)), max(stop, years.start))


def _slope(m: Maker, side: int, c: int) -> Finding:
    coin, state = COINS[c], m.evidence.dyad.states[side]
    rule = m.account.rule
    years = recent_years(m)
    events = m.events(coin, years, side)
    searched = set(m.searched(coin))
    note, also = "", []
    if len(years) < rule.outlook_years or not searched.issuperset(years):
        note = f"fewer than {rule.outlook_years} searched full years"
    elif len(events) < rule.fewest_acts:
        note = f"fewer than {rule.fewest_acts} acts"

    enough = not note
    if enough:
        note = _driver(m, side, c, years)

    def read(sums: Sums, over: range = years) -> Array:
        net = sums.net(c)[side]
        if not enough:
            return np.full(net.shape[1:], np.nan)
        return relative_slope(net[over.start - m.account.years.start : over.stop - m.account.years.start])

    if enough:
        for n in (rule.outlook_years - 2, rule.outlook_years + 2):
            over = recent_years(m, n)
            if searched.issuperset(over):
                also.append(
                    Moved("ledger.ledger.outlook_years", rule.outlook_years, n, float(read(m.account.best, over)))
                )
    return m.make(
        f"gains.outlook.{coin}.{state}",
        f"Slope of {state}'s {coin} gain over {years.start}-{years.stop - 1}",
        read,
        coins=(coin,),
        unit=UNIT,
        events=events,
        coverage=m.coverage(coin, years),
        change=f"more or fewer acts a year that bring {state} {coin} gains",
        note=note,
        also=also,
    )


def _driver(m: Maker, side: int, c: int, years: range) -> str:
    """Which group of acts changed most, in the direction of the slope, from the first to the second half of the years."""
    middle = years.start + len(years) // 2
    change: defaultdict[str, float] = defaultdict(float)
    of = m.account
    rows = (of.side == side) & (of.coin == c) & (of.year >= years.start) & (of.year < years.stop)
    for i in np.flatnonzero(rows).tolist():
        change[of.lines[i].rule.label] += float(of.amounts[i]) * (1 if of.year[i] >= middle else -1)
    first = years.start - m.account.years.start
    sign = 1 if float(relative_slope(m.account.best.net(c)[side, first : first + len(years)])) >= 0 else -1
    label, points = max(change.items(), key=lambda pair: (sign * pair[1], pair[0]))
    return f"most by {label[0].lower()}{label[1:]}, {points:+.1f} points in {middle}-{years[-1]} against {years[0]}-{middle - 1}"


def relative_slope(values: Array) -> Array:
    """Least-squares slope of yearly values (years, ...) over the mean of their size; NaN where all are nought."""
    t = np.arange(len(values)) - (len(values) - 1) / 2
    slope = np.tensordot(t, values, axes=(0, 0)) / (t @ t)
    size = np.abs(values).mean(axis=0)
    return divide(slope, size)


def say(low: float | None, high: float | None, level: float) -> str:
    """A slope's interval in a word."""
    if low is None or high is None:
        return CANNOT_TELL
    if low > level:
        return RISING
    if high < -level:
        return FALLING
    return LEVEL if -level <= low and high <= level else CANNOT_TELL


def over_coins(words: list[str]) -> str:
    """Rising or falling where a coin is and none does the opposite; level where those that can be told are."""
    told = set(words) - {CANNOT_TELL}
    if told == {LEVEL}:
        return LEVEL
    moving = told - {LEVEL}
    return moving.pop() if len(moving) == 1 else CANNOT_TELL


def _word(m: Maker, state: str, other: str, slopes: list[Finding]) -> Finding:
    level = m.account.rule.level_slope
    grades = {f.coverage for f in slopes}
    coverage = grades.pop() if len(grades) == 1 else "partly"
    label, change = (
        f"Use of {other} for {state}",
        f"a run of years in which {state} gains clearly more or less",
    )

    def word(at: float) -> str:
        return over_coins([say(_number(f.low), _number(f.high), at) for f in slopes])

    value = None if coverage == NOT_MONITORED else word(level)
    said = [(coin, say(_number(f.low), _number(f.high), level), f.note) for coin, f in zip(COINS, slopes, strict=True)]
    note = "; ".join(f"{coin}: {what}" + (f" ({why})" if why else "") for coin, what, why in said)
    moved = [
        Moved("ledger.ledger.level_slope", level, at, word(at)) for at in (level / 2, level * 2) if word(at) != value
    ]
    events = tuple(dict.fromkeys(e for f in slopes for e in f.events))
    return Finding(
        f"gains.outlook.{state}", label, value, None, None, "word", events if value else (), coverage, change,
        tuple(moved) if value else (), note if value else "",
    )  # fmt: skip


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
