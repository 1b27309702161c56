"""What sources say of shares, from the record's figures and from a register, and the newest with its range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import combinations, product

from milcoop.codebook.dependence_rule import ShareMeasure
from milcoop.domain.dependence import Deal, Register, Share, SourceShare
from milcoop.domain.event import Figure
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.evidence import Evidence

PLACINGS = ("even", "falling", "rising")
"""Where the volume of a deal is put among its years of delivery."""

Key = tuple[str | None, str | None, str | None]
"""Giver, receiver, category; None is any."""


class Volumes:
    """Volume delivered by year, for the sums that shares are made of."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._by_year: dict[tuple[str, Key], dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for d in register.deals:
            keys: tuple[Key, ...] = (
                (d.giver, d.receiver, None), (None, d.receiver, None), (d.giver, None, None),
                (d.giver, d.receiver, d.category), (None, d.receiver, d.category),
            )  # fmt: skip
            for placing in PLACINGS:
                spread = list(placed(d, placing))
                for key in keys:
                    years = self._by_year[placing, key]
                    for year, tiv in spread:
                        years[year] += tiv

    def total(self, placing: str, key: Key, years: range) -> float:
        """Volume in a run of years."""
        by_year = self._by_year.get((placing, key), {})
        return sum(by_year.get(y, 0.0) for y in years)

    @cached_property
    def pair_deals(self) -> dict[tuple[str, str], list[Deal]]:
        """Deals by giver and receiver."""
        out: dict[tuple[str, str], list[Deal]] = defaultdict(list)
        for d in self.register.deals:
            out[d.giver, d.receiver].append(d)
        return out

    def ids(self, giver: str, receiver: str, categories: Sequence[str], years: range) -> tuple[str, ...]:
        """Deals from one state to another with a delivery in the years."""
        return tuple(
            d.id
            for d in self.pair_deals.get((giver, receiver), ())
            if (not categories or d.category in categories) and any(y in years for y in d.years)
        )


def placed(deal: Deal, placing: str) -> Iterable[tuple[int, float]]:
    """Years and volumes of a deal: even, or falling or rising by equal steps from year to year."""
    n = len(deal.years)
    steps = {"even": [1] * n, "rising": range(1, n + 1), "falling": range(n, 0, -1)}[placing]
    return [(y, deal.tiv * step / sum(steps)) for y, step in zip(deal.years, steps, strict=True)]


def figure_shares(evidence: Evidence) -> list[SourceShare]:
    """What the record's figures say of every measure, by measure and end; figures that end outside the window left out."""
    by_name: dict[str, list[Figure]] = defaultdict(list)
    for figure in evidence.figures:
        by_name[figure.name].append(figure)
    found: list[SourceShare] = []
    for measure in evidence.codebook.shares.values():
        cited = {
            name: [r for f in by_name[name] if (r := _cited(measure, f, evidence.dyad.states)) is not None]
            for name in (*measure.figures, *measure.between)
        }
        found += [r for name in measure.figures for r in cited[name]]
        found += [r for one, other in combinations(measure.between, 2) for r in _between(cited[one], cited[other])]
        if measure.ratio is not None:
            over = [f for n in measure.ratio.denominator for f in by_name[n]]
            for figure in (f for n in measure.ratio.numerator for f in by_name[n]):
                if sides := _sides(measure, figure.direction, evidence.dyad.states):
                    found += [r for d in over if (r := _divided(measure, sides, figure, d)) is not None]
    return sorted(
        (r for r in found if r.end.year in evidence.years),
        key=lambda r: (r.measure, r.dependent, r.end, r.start, r.ids),
    )


def _sides(measure: ShareMeasure, direction: str, states: tuple[str, str]) -> tuple[str, str] | None:
    """(dependent, partner) by the direction of a figure; None where it has none that the measure can use."""
    if measure.depends == "both":
        return "-".join(states), "-".join(states)
    giver, arrow, receiver = direction.partition(">")
    if not arrow or {giver, receiver} != set(states):
        return None
    return (receiver, giver) if measure.depends == "receiver" else (giver, receiver)


def _bounds(figure: Figure) -> tuple[float, float, float] | None:
    """Low, best and high: two bounds stand at their middle, a single one at itself with its open end at infinity."""
    ends = [v for v in (figure.low, figure.high) if v is not None]
    if figure.best is None and not ends:
        return None
    best = figure.best if figure.best is not None else sum(ends) / len(ends)
    low = figure.low if figure.low is not None else best if figure.best is not None else -float("inf")
    high = figure.high if figure.high is not None else best if figure.best is not None else float("inf")
    return low, best, high


def _cited(measure: ShareMeasure, figure: Figure, states: tuple[str, str]) -> SourceShare | None:
    """A figure in percent as a share; None where its direction or bounds say nothing."""
    sides, bounds, when = _sides(measure, figure.direction, states), _bounds(figure), figure.when
    if figure.unit != "percent" or not sides or not bounds:
        return None
    low, best, high = (_clip(v / 100) for v in bounds)
    return SourceShare(measure.id, *sides, low, best, high, when.first_day, when.last_day, (figure.id,), figure.title)


def _between(ones: Sequence[SourceShare], others: Sequence[SourceShare]) -> Iterable[SourceShare]:
    """What lies between two shares of the same time and side: the middle, from the lower low to the higher high."""
    for a, b in product(ones, others):
        if (a.dependent, a.start, a.end) == (b.dependent, b.start, b.end):
            yield replace(
                a, low=min(a.low, b.low), best=(a.best + b.best) / 2, high=max(a.high, b.high),
                ids=(*a.ids, *b.ids), source=f"{a.source}, and: {b.source}",
            )  # fmt: skip


def _divided(measure: ShareMeasure, sides: tuple[str, str], above: Figure, below: Figure) -> SourceShare | None:
    """A share made of two figures of the same time and unit."""
    top, bottom = _bounds(above), _bounds(below)
    if above.unit != below.unit or str(above.when) != str(below.when) or not top or not bottom or bottom[1] <= 0:
        return None
    low = _clip(top[0] / bottom[2])
    high = _clip(top[2] / bottom[0]) if bottom[0] > 0 else 1.0
    when, title = above.when, f"{above.title}, over: {below.title}"
    best = _clip(top[1] / bottom[1])
    return SourceShare(
        measure.id, *sides, low, best, high, when.first_day, when.last_day, (above.id, below.id), title
    )  # fmt: skip


def _clip(share: float) -> float:
    return min(1.0, max(0.0, share))


def register_share(
    volumes: Volumes, measure: ShareMeasure, dependent: str, partner: str, last: int, rules: Rules
) -> SourceShare | None:
    """The share by volume over a window that ends in ``last`` at the latest.

    0 where nobody delivered anything; None there for a single class of items.
    """
    register = volumes.register
    end = min(last, register.last_year)
    start = end - int(rules["window-years"]) + 1
    if measure.part == "input":
        start = max(start, int(rules["inputs-since"]))
    if end < start:
        return None
    years = range(start, end + 1)
    giver, receiver = (partner, dependent) if measure.depends == "receiver" else (dependent, partner)
    whole: tuple[str | None, str | None] = (None, receiver) if measure.depends == "receiver" else (giver, None)
    categories: Sequence[str | None] = measure.register_classes or (None,)
    shares = {}
    for placing in PLACINGS:
        total = sum(volumes.total(placing, (*whole, c), years) for c in categories)
        if total:
            part = sum(volumes.total(placing, (giver, receiver, c), years) for c in categories)
            shares[placing] = part / total
    if not shares and measure.register_classes:
        return None  # what was not bought from abroad may be made at home
    if not shares:
        shares["even"] = 0.0  # who gets nothing from anybody depends on nobody
    ids = volumes.ids(giver, receiver, measure.register_classes, years)
    title = f"{register.name} of {register.vintage}, deliveries {start} to {end}"
    return SourceShare(
        measure.id, dependent, partner, min(shares.values()), shares["even"], max(shares.values()),
        date(start, 1, 1), date(end, 12, 31), ids, title, register=True,
    )  # fmt: skip


def newest_share(told: Sequence[SourceShare], rules: Rules) -> Share | None:
    """Those that end in the latest year, a register's before others, with the range over those of the same period.

    Years and not days, since a figure of a year is no younger than one of its August.
    """
    if not told:
        return None
    end = max(r.end.year for r in told)
    last = [r for r in told if r.end.year == end]
    newest = tuple(r for r in last if r.register) or tuple(last)
    least = rules["same-period"]
    same = tuple(r for r in told if any(_overlap(r.years, n.years) >= least for n in last))
    value = (min(r.best for r in newest) + max(r.best for r in newest)) / 2
    return Share(value, min(r.low for r in same), max(r.high for r in same), newest, same)


def _overlap(a: range, b: range) -> float:
    """Shared years as a share of the years of either."""
    both = len(range(max(a.start, b.start), min(a.stop, b.stop)))
    return both / (len(a) + len(b) - both)


class Shares:
    """All shares of a pair, at any year and under any rules."""

    def __init__(self, evidence: Evidence, register: Register | None) -> None:
        self.evidence = evidence
        self.volumes = Volumes(register) if register is not None else None
        self.cited = figure_shares(evidence)
        self._made: dict[tuple[str, str, int, float, float], SourceShare | None] = {}
        self._by_key: dict[tuple[str, str], list[SourceShare]] = defaultdict(list)
        for cited in self.cited:
            self._by_key[cited.measure, cited.dependent].append(cited)

    def at(
        self, measure: ShareMeasure, dependent: str, partner: str, rules: Rules, last: int | None = None
    ) -> Share | None:
        """The newest share by the end of a year (default: the window's last), fresh enough where a year is given."""
        end = self.evidence.years[-1] if last is None else last
        told = [r for r in self._by_key[measure.id, dependent] if r.end.year <= end]
        if self.volumes is not None and (measure.part in ("arms", "sales") or measure.register_classes):
            found = self._registered(measure, dependent, partner, end, rules)
            if found is not None and found.end.year in self.evidence.years:
                told.append(found)
        if measure.part == "input":
            told = [r for r in told if r.end.year >= rules["inputs-since"]]
        if last is not None:
            told = [r for r in told if r.end.year > last - rules["stale-years"]]
        return newest_share(told, rules)

    def _registered(
        self, measure: ShareMeasure, dependent: str, partner: str, last: int, rules: Rules
    ) -> SourceShare | None:
        """A register's share, made once for each end and pair of settings that it rests on."""
        asked = measure.id, dependent, last, rules["window-years"], rules["inputs-since"]
        if self.volumes is not None and asked not in self._made:
            self._made[asked] = register_share(self.volumes, measure, dependent, partner, last, rules)
        return self._made.get(asked)
