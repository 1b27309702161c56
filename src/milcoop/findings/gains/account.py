"""The ledger added up: by coin, side and year, under the best weights, in draws, and with each rule moved by a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.gain_rule import COIN_OF, COINS, GainFactor, LedgerRule
from milcoop.codebook.loader import Codebook
from milcoop.findings.gains.factors import at_power
from milcoop.findings.gains.lines import Line

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Points by coin (3), side (2), gain or cost (2) and year; and what flowed to each side. A last axis may hold draws."""

    cells: Array
    flow: Array
    """(2, years)"""

    def net(self, coin: int) -> Array:
        """Gains less costs of a coin: (2, years)."""
        return np.asarray(self.cells[coin].sum(axis=1))


@dataclass(frozen=True)
class Variant:
    """The ledger with one rule moved by a step."""

    rule: str
    before: float | str
    after: float | str
    sums: Sums
    coins: frozenset[int]
    """Coins in which something is booked otherwise."""


@dataclass(frozen=True)
class Account:
    """Lines of the window with their amounts, and all sums."""

    lines: Sequence[Line]
    years: range
    coin: NDArray[np.int_]
    """Place of each line's coin in COINS."""
    side: NDArray[np.int_]
    year: NDArray[np.int_]
    cost: NDArray[np.bool_]
    amounts: Array
    """Best points of each line."""
    low: Array
    high: Array
    best: Sums
    draws: Sums
    variants: Sequence[Variant]
    rule: LedgerRule = field(repr=False)


def add_up(lines: Sequence[Line], years: range, codebook: Codebook) -> Account:
    """Sum the lines in every way that findings need."""
    rule = codebook.ledger["ledger"]
    work = _Work(lines, years, codebook.factors, rule)
    ends = work.ends()
    return Account(
        lines,
        years,
        work.coin,
        work.side,
        work.year,
        work.cost,
        work.best,
        ends[0],
        ends[1],
        work.sums(work.best),
        work.drawn(),
        tuple(work.variants()),
        rule,
    )


class _Work:
    def __init__(self, lines: Sequence[Line], years: range, factors: dict[str, GainFactor], rule: LedgerRule) -> None:
        self.lines, self.years, self.factors, self.rule = lines, years, factors, rule
        n = len(lines)
        of_line = [line.key for line in lines]
        self.keys = list(dict.fromkeys(of_line))
        at = {key: i for i, key in enumerate(self.keys)}
        self.key_of = np.array([at[key] for key in of_line], dtype=int)
        ranges = {key: line.weight for key, line in zip(of_line, lines, strict=True)}
        self.weights = np.array([[ranges[k].low, ranges[k].best, ranges[k].high] for k in self.keys]).reshape(-1, 3)
        units = {u: i for i, u in enumerate(dict.fromkeys(line.unit for line in lines))}
        self.unit_of, self.n_units = np.array([units[line.unit] for line in lines], dtype=int), len(units)
        self.share = np.array([line.share for line in lines])
        alike: dict[tuple[str, str], int] = {}
        self.group = np.array(
            [alike.setdefault((line.event.id, k), len(alike)) for line, k in zip(lines, of_line, strict=True)],
            dtype=int,
        )
        """Lines of one act and weight are drawn alike: both sides and all years."""
        self.rows: dict[str, NDArray[np.int_]] = {}
        self.values: dict[str, Array] = {}
        by_factor: dict[str, list[tuple[int, int]]] = {}
        for i, line in enumerate(lines):
            for j, applied in enumerate(line.factors):
                by_factor.setdefault(applied.id, []).append((i, j))
        self.applied = {name: [lines[i].factors[j] for i, j in pairs] for name, pairs in by_factor.items()}
        product = np.ones((n, 3))
        for name, pairs in by_factor.items():
            self.rows[name] = np.array([i for i, _ in pairs], dtype=int)
            self.values[name] = np.array([[a.low, a.best, a.high] for a in self.applied[name]])
            product[self.rows[name]] *= self.values[name]
        self.product = product
        self.scale = self.share * product[:, 1] if n else np.zeros(0)
        self.best = self.scale * self.weights[self.key_of, 1] if n else np.zeros(0)
        span = len(years)
        at_coin = {part: COINS.index(coin) for part, coin in COIN_OF.items()}
        self.cost = np.array([line.weight.best < 0 for line in lines], dtype=bool)
        self.coin = np.array([at_coin[line.gain.part] for line in lines], dtype=int)
        self.side = np.array([line.side for line in lines], dtype=int)
        self.year = np.array([line.year for line in lines], dtype=int)
        place = self.year - years.start
        self.cell = ((self.coin * 2 + self.side) * 2 + self.cost) * span + place
        flows = [i for i, line in enumerate(lines) if line.gain.part in rule.flow and line.weight.best > 0]
        self.flows = np.array(flows, dtype=int)
        self.flow_cell = self.side[self.flows] * span + place[self.flows]
        self.shape, self.flow_shape = (3, 2, 2, span), (2, span)

    def sums(self, amounts: Array) -> Sums:
        """Sums of one amount a line."""
        cells = np.bincount(self.cell, amounts, minlength=int(np.prod(self.shape))).astype(np.float64)
        flow = np.bincount(self.flow_cell, amounts[self.flows], minlength=int(np.prod(self.flow_shape))).astype(
            np.float64
        )
        return Sums(cells.reshape(self.shape), flow.reshape(self.flow_shape))

    def ends(self) -> tuple[Array, Array]:
        """Each line at the ends of its weight and factors."""
        if not self.lines:
            return np.zeros(0), np.zeros(0)
        corners = [
            self.share * self.product[:, f] * self.weights[self.key_of, w] for w in (0, 2) for f in (0, 2)
        ]  # a negative weight is lowest where its factors are highest
        return np.minimum.reduce(corners), np.maximum.reduce(corners)

    def drawn(self) -> Sums:
        """Sums in draws of weights, quantities, unknown fields and acts."""
        k = self.rule.draws
        n_cells, n_flow = int(np.prod(self.shape)), int(np.prod(self.flow_shape))
        cells, flow = np.zeros((n_cells, k)), np.zeros((n_flow, k))
        if self.lines:
            draws = np.random.default_rng(self.rule.seed)
            amounts = self._draw(draws, k)
            _sum_rows(amounts, self.group, self.share, self.cell, cells)
            if len(self.flows):
                _sum_rows(amounts, self.group[self.flows], self.share[self.flows], self.flow_cell, flow)
        return Sums(cells.reshape(*self.shape, k), flow.reshape(*self.flow_shape, k))

    def _draw(self, draws: np.random.Generator, k: int) -> NDArray[np.float32]:
        """Amounts of each group of lines in draws, before shares."""
        weights = quantile(draws.random((len(self.keys), k), dtype=np.float32), self.weights)
        times = draws.poisson(1.0, (self.n_units, k)).astype(np.float32)
        first = np.unique(self.group, return_index=True)[1]
        is_first = np.zeros(len(self.lines), dtype=bool)
        is_first[first] = True
        amounts: NDArray[np.float32] = weights[self.key_of[first]]
        amounts *= times[self.unit_of[first]]
        constant = np.ones(len(first))
        for name, of_line in sorted(self.rows.items()):
            kept = is_first[of_line]
            rows, values = self.group[of_line[kept]], self.values[name][kept]
            unknown = np.array([a.unknown for a in self.applied[name]])[kept]
            sure = values[:, 0] == values[:, 2]
            np.multiply.at(constant, rows[sure], values[sure, 1])
            if unknown.any():
                ends, at = np.unique(values[unknown], axis=0, return_inverse=True)
                shared = draws.random((1, k), dtype=np.float32)
                amounts[rows[unknown]] *= quantile(shared, ends)[at.reshape(-1)]
            spread = ~sure & ~unknown
            if spread.any():
                acts = [self.lines[int(first[i])].event.id for i in rows[spread]]
                events = np.unique(acts, return_inverse=True)[1]
                own = draws.random((int(events.max()) + 1, k), dtype=np.float32)
                amounts[rows[spread]] *= quantile(own[events], values[spread])
        amounts *= constant.astype(np.float32)[:, None]
        return amounts

    def variants(self) -> Iterable[Variant]:
        """Each weight at its ends, each power a step up and down, each factor and each embargo left out."""
        for i, key in enumerate(self.keys):
            rows = np.flatnonzero(self.key_of == i)
            low, best, high = self.weights[i]
            for end in (low, high):
                if end != best:
                    amounts = self.best.copy()
                    amounts[rows] = self.scale[rows] * end
                    yield self._variant(f"gains.{key}", float(best), float(end), amounts, rows)
        for name, rows in self.rows.items():
            factor, values, applied = self.factors[name], self.values[name][:, 1], self.applied[name]
            powers = (factor.power - factor.step, factor.power + factor.step) if factor.quantities else ()
            for power in powers:
                moved = [v if a.log_ratio is None else at_power(factor, a, power) for v, a in zip(values, applied, strict=True)]  # fmt: skip
                yield self._refactored(f"factors.{name}.power", factor.power, power, rows, values, np.array(moved))
            if not any(self.lines[int(i)].rule.chain == "rise" for i in rows):
                yield self._refactored(f"factors.{name}", "as it is", "left out", rows, values, np.ones(len(rows)))
        for embargo in sorted({line.isolation for line in self.lines} - {""}):
            rows = np.array([i for i, line in enumerate(self.lines) if line.isolation == embargo], dtype=int)
            amounts = self.best.copy()
            amounts[rows] = self.scale[rows] * [self.lines[i].gain.weight.best for i in rows.tolist()]
            yield self._variant(f"isolations.{embargo}", "in force", "left out", amounts, rows)

    def _refactored(
        self, rule: str, before: float | str, after: float | str, rows: NDArray[np.int_], old: Array, new: Array
    ) -> Variant:
        amounts = self.best.copy()
        amounts[rows] *= np.divide(new, old, out=np.zeros_like(new), where=old != 0)
        return self._variant(rule, before, after, amounts, rows)

    def _variant(
        self, rule: str, before: float | str, after: float | str, amounts: Array, rows: NDArray[np.int_]
    ) -> Variant:
        return Variant(rule, before, after, self.sums(amounts), frozenset(int(c) for c in self.coin[rows]))


def quantile(chance: NDArray[np.float32], ends: Array) -> NDArray[np.float32]:
    """Value at a chance: half of the chance lies evenly below best, half evenly above. ``ends`` is (rows, 3)."""
    low, best, high = (ends[:, [i]].astype(np.float32) for i in range(3))
    out: NDArray[np.float32] = np.where(
        chance < 0.5, low + (best - low) * (2 * chance), best + (high - best) * (2 * chance - 1)
    ).astype(np.float32)
    return out


def _sum_rows(amounts: NDArray[np.float32], group: NDArray[np.int_], share: Array, cell: NDArray[np.int_], out: Array) -> None:  # fmt: skip
    """Add lines that belong to one cell; each is its share of its group's amounts."""
    order = np.argsort(cell, kind="stable")
    ordered, rows = cell[order], amounts[group[order]]
    part = np.flatnonzero(share[order] != 1)
    rows[part] *= share[order][part, None].astype(np.float32)
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    out[ordered[starts]] = np.add.reduceat(rows, starts, axis=0)
