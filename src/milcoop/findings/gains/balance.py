"""Balance, totals, costs and turns of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.gain_rule import COINS, Coin
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.gains import TOO_FEW_YEARS, BalancePoint
from milcoop.findings.gains.account import Array, Sums
from milcoop.findings.gains.making import Maker, balance_of, divide, interval


def balances(m: Maker) -> Iterator[Finding]:
    """Balance of each coin over the window and over its calendar periods."""
    years, (first, second) = m.account.years, m.evidence.dyad.states
    for c, coin in enumerate(COINS):
        change = f"acts that bring {coin} gains to one side only, or another view of the weight that moves it most"
        spans = [years, *_periods(years, m.account.rule.period_years)]
        for i, span in enumerate(spans):
            cut = slice(span.start - years.start, span.stop - years.start)
            suffix = f".{span.start}-{span.stop - 1}" if i else ""
            label = f"{coin.capitalize()} balance: above nought {first} gains more, below {second}"
            events, few = m.events(coin, span), m.account.rule.fewest_acts
            yield m.make(
                f"gains.balance.{coin}{suffix}",
                label + (f", {span.start}-{span.stop - 1}" if i else ""),
                lambda s, c=c, cut=cut: balance_of(s.net(c)[:, cut].sum(axis=1)),  # type: ignore[misc]
                coins=(coin,),
                unit="share of net gain, first less second",
                events=events,
                coverage=m.coverage(coin, span),
                change=change,
                note=f"fewer than {few} acts" if 0 < len(events) < few else "",
            )


def totals(m: Maker) -> Iterator[Finding]:
    """Net points of each state in each coin, and the share of its gains that costs ate."""
    for side, state in enumerate(m.evidence.dyad.states):
        for c, coin in enumerate(COINS):
            yield m.make(
                f"gains.total.{coin}.{state}",
                f"Net {coin} gain of {state}",
                lambda s, c=c, side=side: s.net(c)[side].sum(axis=0),  # type: ignore[misc]
                coins=(coin,),
                unit="points",
                events=m.events(coin, side=side),
                coverage=m.coverage(coin),
                change=f"acts that bring {state} {coin} gains or costs",
            )
    for side, state in enumerate(m.evidence.dyad.states):
        grades = {m.coverage(coin) for coin in COINS}
        yield m.make(
            f"gains.costs.{state}",
            f"Costs of {state} as a share of its gains, mean of the coins",
            lambda s, side=side: _cost_share(s, side),  # type: ignore[misc]
            coins=COINS,
            unit="share of gains",
            events=tuple(dict.fromkeys(e for coin in COINS for e in m.events(coin, side=side, cost=True))),
            coverage=grades.pop() if len(grades) == 1 else "partly",
            change="disputes, dropped sales, refusals or punishments on record, or their end",
        )


def _cost_share(sums: Sums, side: int) -> Array:
    gained, spent = sums.cells[:, side, 0].sum(axis=1), -sums.cells[:, side, 1].sum(axis=1)
    share = divide(spent, gained)
    known = ~np.isnan(share)
    return divide(np.where(known, share, 0).sum(axis=0), known.sum(axis=0).astype(float))


def turns(m: Maker) -> Iterator[Finding]:
    """Year in which the rolling balance of a coin, and of what flows from one side to the other, turned for good."""
    first, second = m.evidence.dyad.states
    rule = m.account.rule
    for c, coin in enumerate(COINS):
        yield _turn(
            m, f"gains.turn.{coin}", f"Year in which the {coin} balance turned between {first} and {second}", coin,
            lambda s, c=c: s.net(c), m.events(coin),  # type: ignore[misc]
        )  # fmt: skip
    flows = {line.event.id for line in m.account.lines if line.gain.part in rule.flow and line.weight.best > 0}
    yield _turn(
        m, "gains.role.turn", f"Year in which supplier and supplied changed places between {first} and {second}", COINS[0],
        lambda s: s.flow, tuple(e for e in m.events(COINS[0]) if e in flows),
    )  # fmt: skip


def _turn(
    m: Maker, finding_id: str, label: str, coin: Coin, pair: Callable[[Sums], Array], events: tuple[str, ...]
) -> Finding:
    rule, years = m.account.rule, m.account.years
    searched = set(m.searched(coin))

    def read(sums: Sums, rolling: int = rule.rolling_years, lasting: int = rule.lasting_years) -> Array:
        both = pair(sums)
        signs = np.sign(np.round(_rolling(both[0] - both[1], rolling), 6))
        ends = [years.start + rolling - 1 + i for i in range(len(signs))]
        whole = _whole(years, rolling, searched).tolist()
        columns = signs.reshape(len(ends), both[0, 0].size)
        turned = np.array([last_turn(column, ends, whole, lasting) for column in columns.T.tolist()])
        return turned if both.ndim > 2 else np.asarray(turned[0])

    if not any_run(sorted(searched), rule.rolling_years + 2 * rule.lasting_years - 1):
        note = TOO_FEW_YEARS
    else:
        balance = _roll_balance(pair(m.account.best), rule.rolling_years)
        known = balance[~np.isnan(balance) & _whole(years, rule.rolling_years, searched)]
        note = f"rolling balance from {known.min():.2f} to {known.max():.2f}" if known.size else ""
    best = _year(read(m.account.best))
    also = []
    steps: tuple[tuple[str, str, int, int], ...] = (
        ("rolling_years", "rolling", rule.rolling_years, 2),
        ("lasting_years", "lasting", rule.lasting_years, 1),
    )
    for key, argument, before, step in steps:
        for after in (before - step, before + step):
            value = _year(read(m.account.best, **{argument: max(1, after)}))
            if value != best:
                also.append(Moved(f"ledger.ledger.{key}", before, max(1, after), value))
    return m.make(
        finding_id,
        label,
        read,
        coins=(coin,),
        unit="year",
        events=events,
        coverage=m.coverage(coin),
        change="several years in a row in which the other side gains more",
        note=note,
        whole=True,
        also=also,
    )


def _whole(years: range, n: int, searched: Collection[int]) -> NDArray[np.bool_]:
    """Whether all of the n years that end with each year from the n-th on were searched."""
    return np.array([all(y in searched for y in years[i : i + n]) for i in range(len(years) - n + 1)], dtype=bool)


def _rolling(values: Array, n: int) -> Array:
    """Sums over n years along the first axis: (years - n + 1, ...)."""
    if len(values) < n:
        return np.zeros((0, *values.shape[1:]))
    total = np.cumsum(np.concatenate([np.zeros((1, *values.shape[1:])), values]), axis=0)
    return np.asarray(total[n:] - total[:-n])


def last_turn(signs: Sequence[float], ends: Sequence[int], whole: Sequence[bool], lasting: int) -> float:
    """First year of the last run of a sign that lasts and differs from the lasting run before it; NaN if none.

    Points whose years were not all searched break the series; a nought continues the sign before it.
    """
    turn, kept, run_sign, run_start, length = float("nan"), 0.0, 0.0, 0, 0
    for sign, year, searched in zip(signs, ends, whole, strict=True):
        if not searched:
            kept, run_sign, length = 0.0, 0.0, 0
            continue
        if sign and sign != run_sign:
            run_sign, run_start, length = float(sign), year, 0
        length += run_sign != 0
        if length >= lasting and run_sign != kept:
            if kept:
                turn = float(run_start)
            kept = run_sign
    return turn


def any_run(years: Sequence[int], n: int) -> bool:
    """Whether n years in a row are among the years."""
    there = set(years)
    return any(all(y + i in there for i in range(n)) for y in years)


def rolling_points(m: Maker) -> tuple[BalancePoint, ...]:
    """The rolling balance of each coin with its interval, for a chart."""
    n, years, found = m.account.rule.rolling_years, m.account.years, []
    for c, coin in enumerate(COINS):
        searched = set(m.searched(coin))
        best, drawn = (_roll_balance(s.net(c), n) for s in (m.account.best, m.account.draws))
        for i in range(len(best)):
            span = range(years.start + i, years.start + i + n)
            if not searched.issuperset(span) or best[i] != best[i]:
                found.append(BalancePoint(coin, span[-1], None, None, None, ()))
                continue
            some = drawn[i][~np.isnan(drawn[i])]
            low, high = interval(some, m.account.rule.interval) if some.size else (None, None)
            found.append(BalancePoint(coin, span[-1], float(best[i]), low, high, m.events(coin, span)))
    return tuple(found)


def _roll_balance(net: Array, n: int) -> Array:
    return balance_of(np.stack([_rolling(net[0], n), _rolling(net[1], n)]))


def _periods(years: range, n: int) -> list[range]:
    """Calendar periods of n years, cut to the window."""
    starts = range(years.start // n * n, years.stop, n)
    return [range(max(s, years.start), min(s + n, years.stop)) for s in starts]


def _year(value: Array) -> int | None:
    return None if value != value else round(float(value))
