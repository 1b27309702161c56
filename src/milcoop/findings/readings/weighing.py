"""Chances of readings from lines of evidence: Bayes' rule with discounts, and redraws of everything that was judged or measured.

Good 1950, *Probability and the Weighing of Evidence*; docs/readings.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.loader import Codebook
from milcoop.codebook.readings_rule import Line, Range, ReadingClaim, WeighingRule
from milcoop.domain.dyad import Dyad
from milcoop.domain.finding import CANNOT_TELL
from milcoop.findings.readings.lines import Shown, edges_of, outcome_of

Floats = NDArray[np.float64]
LOW, BEST, HIGH = 0, 1, 2
ROUNDING = 1e-12
"""Information below it is rounding of nought."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A reading, or a directed reading of one of the two states; ``side`` is the place of outcomes that point to that state."""

    id: str
    reading: ReadingClaim
    state: str | None
    side: int | None


def make_hypotheses(codebook: Codebook, dyad: Dyad) -> tuple[Hypothesis, ...]:
    """Readings in the codebook's order, each directed one once for each state."""
    out = []
    for reading in codebook.readings.values():
        if reading.directed:
            sides = zip(dyad.states, (0, 2), strict=True)
            out += [Hypothesis(f"{reading.id}.{s}", reading, s, side) for s, side in sides]
        else:
            out.append(Hypothesis(reading.id, reading, None, None))
    return tuple(out)


def turn_chances(line: Line, hypothesis: Hypothesis, chances: Floats) -> Floats:
    """Chances of the line's outcomes from those of the reading's words (last axis), brought to one.

    On a directed line a directed reading's words are turned to its state, and another reading's chance of one-sided is halved.
    """
    shares: Floats = chances / chances.sum(axis=-1, keepdims=True)
    if not line.directed:
        return shares
    if hypothesis.side is not None:
        return shares if hypothesis.side == 0 else shares[..., ::-1]
    return np.stack([shares[..., 0] / 2, shares[..., 1], shares[..., 0] / 2], axis=-1)


def place_of_word(line: Line, hypothesis: Hypothesis, outcome: int) -> int:
    """Place of the word, among a reading's words for a line, that an outcome's chance comes from."""
    if not line.directed:
        return outcome
    if hypothesis.side is None:
        return 1 if outcome == 1 else 0
    return outcome if hypothesis.side == 0 else 2 - outcome


@dataclass(frozen=True)
class Weighing:
    """Lines with an outcome and the rules they are weighed by."""

    codebook: Codebook
    rule: WeighingRule
    dyad: Dyad
    shown: Mapping[str, Shown]
    """Every line -> its value, or why it has none."""

    @cached_property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """Readings, directed ones for each state."""
        return make_hypotheses(self.codebook, self.dyad)

    @cached_property
    def outcomes(self) -> dict[str, int]:
        """Known line -> place of what is seen."""
        lines = self.codebook.lines
        values = {i: s.value for i, s in self.shown.items() if s.value is not None}
        places = {i: outcome_of(lines[i], value) for i, value in values.items()}
        return {i: place for i, place in places.items() if place is not None}

    @cached_property
    def known(self) -> list[Line]:
        """Lines with an outcome, in the codebook's order."""
        return [line for i, line in self.codebook.lines.items() if i in self.outcomes]

    def prior(self, moved: Mapping[str, float] | None = None) -> Floats:
        """Priors of the hypotheses, brought to one; ``moved`` replaces those of readings."""
        given = {r.id: r.prior for r in self.codebook.readings.values()} | dict(moved or {})
        each = np.array([given[h.reading.id] / (1 if h.side is None else 2) for h in self.hypotheses])
        out: Floats = each / each.sum()
        return out

    def words(self, line: Line, reading: ReadingClaim) -> tuple[str, ...]:
        """The reading's words for a line; none for a flat reading."""
        return () if reading.flat else line.chances[reading.id]

    def chances(self, line: Line, moved: Mapping[str, tuple[str, ...]] | None = None) -> Floats:
        """Chance of each outcome (columns) under each hypothesis (rows); ``moved`` replaces words of readings."""
        rows = []
        for h in self.hypotheses:
            words = (moved or {}).get(h.reading.id) or self.words(line, h.reading)
            rows.append(turn_chances(line, h, self._numbers(line, words, BEST)))
        return np.array(rows)

    def _numbers(self, line: Line, words: tuple[str, ...], which: int) -> Floats:
        """Chances of words before they are brought to one; no words are an even spread."""
        if not words:
            return np.array([2.0, 1.0]) if line.directed else np.ones(line.size)
        return np.array([self.rule.words[w][which] for w in words])

    def weights(self, trust: Any = None, shared: Mapping[str, Any] | None = None) -> list[Any]:
        """Power of each known line's likelihoods, by default at the best values; arrays in, arrays out."""
        trust = self.rule.trust[BEST] if trust is None else trust
        given = {b.id: b.shared[BEST] for b in self.codebook.bundles.values()} | dict(shared or {})
        k = Counter(line.bundle for line in self.known)
        return [trust * (1 + (k[x.bundle] - 1) * (1 - given[x.bundle])) / k[x.bundle] for x in self.known]

    def added_weight(self, line: Line) -> float:
        """Power that a missing line would add to its bundle; none where a line that holds it is known."""
        if line.part_of in self.outcomes:
            return 0.0
        told = any(x.bundle == line.bundle for x in self.known)
        return self.rule.trust[BEST] * (1 - self.codebook.bundles[line.bundle].shared[BEST] if told else 1)

    @cached_property
    def log_seen(self) -> Floats:
        """Log chance of what is seen: known lines by hypotheses."""
        rows = [np.log(self.chances(line)[:, self.outcomes[line.id]]) for line in self.known]
        return np.array(rows).reshape(len(rows), len(self.hypotheses))

    def solve(
        self, prior: Floats | None = None, log_seen: Floats | None = None, weights: Sequence[float] | None = None
    ) -> Floats:
        """Probability of each hypothesis; what is not given is as the rules have it."""
        prior = self.prior() if prior is None else prior
        seen = self.log_seen if log_seen is None else log_seen
        return _normalised(np.log(prior) + np.array(self.weights() if weights is None else weights) @ seen)

    def with_row(self, line: Line, row: Floats) -> Floats:
        """``log_seen`` with the chances of one known line replaced."""
        out = self.log_seen.copy()
        out[self.known.index(line)] = np.log(row)
        return out

    @cached_property
    def posterior(self) -> Floats:
        """Probability of each hypothesis by the rules at their best values."""
        return self.solve()

    def places(self, reading: str) -> list[int]:
        """Places of a reading's hypotheses, or of one hypothesis by its id."""
        return [i for i, h in enumerate(self.hypotheses) if reading in (h.id, h.reading.id)]

    def total(self, posterior: Floats, reading: str) -> Any:
        """Probability of a reading (or hypothesis); redraws in, redraws out."""
        return posterior[..., self.places(reading)].sum(axis=-1)

    def answer(self, posterior: Floats, odds: float | None = None) -> str:
        """The reading with the odds asked for, with its state where that has them within it; or ``cannot tell``."""
        odds = self.rule.odds if odds is None else odds
        if self.too_few:
            return CANNOT_TELL
        for reading in self.codebook.readings:
            p = float(self.total(posterior, reading))
            if p >= odds * (1 - p):
                for h in self.hypotheses:
                    one = float(self.total(posterior, h.id))
                    if h.reading.id == reading and h.side is not None and one >= odds * (p - one):
                        return h.id
                return reading
        return CANNOT_TELL

    @property
    def too_few(self) -> bool:
        """Whether fewer lines or bundles are known than an answer needs."""
        bundles = {line.bundle for line in self.known}
        return len(self.known) < self.rule.fewest_lines or len(bundles) < self.rule.fewest_bundles

    @cached_property
    def leading(self) -> tuple[int, int]:
        """Places of the likeliest hypotheses of the two likeliest named readings."""
        named = [r.id for r in self.codebook.readings.values() if not r.flat]
        first, second = sorted(named, key=lambda r: -float(self.total(self.posterior, r)))[:2]
        likeliest = (max(self.places(r), key=lambda i: float(self.posterior[i])) for r in (first, second))
        return next(likeliest), next(likeliest)

    def decibans(self, line: Line) -> Floats:
        """Weighted evidence of what is seen for each hypothesis, against the mean by priors."""
        place = self.known.index(line)
        seen = np.exp(self.log_seen[place])
        out: Floats = self.weights()[place] * 10 * np.log10(seen / (self.prior() @ seen))
        return out

    def spread(self, line: Line) -> float:
        """Decibans between the best and the worst named reading for what is seen, undiscounted."""
        seen = np.exp(self.log_seen[self.known.index(line)])
        named = [float(p) for p, h in zip(seen, self.hypotheses, strict=True) if not h.reading.flat]
        return 10 * log10(max(named) / min(named))

    def telling(self, line: Line) -> float:
        """Weighted information that a missing line would give on the two leading readings alone, at their present odds."""
        pair = list(self.leading)
        two = self.posterior[pair]
        return self.added_weight(line) * information(two / two.sum(), self.chances(line)[pair])

    def redraw(self) -> Floats:
        """Posteriors (redraws by hypotheses) with chances, discounts and values redrawn within their ranges."""
        rng = np.random.default_rng(self.rule.seed)
        n = self.rule.draws
        trust = _triangular(rng, self.rule.trust, n)
        shared = {b.id: _triangular(rng, b.shared, n) for b in self.codebook.bundles.values()}
        logs = np.tile(np.log(self.prior()), (n, 1))
        for line, weight in zip(self.known, self.weights(trust, shared), strict=True):
            drawn: dict[str, Floats] = {}
            for reading in self.codebook.readings.values():
                words = self.words(line, reading)
                ends = zip(*(self._numbers(line, words, i) for i in (LOW, BEST, HIGH)), strict=True)
                drawn[reading.id] = np.stack([_triangular(rng, e, n) for e in ends], axis=-1)
            seen = self._redrawn_outcomes(rng, line)
            for column, h in enumerate(self.hypotheses):
                logs[:, column] += weight * np.log(turn_chances(line, h, drawn[h.reading.id])[np.arange(n), seen])
        return _normalised(logs)

    def _redrawn_outcomes(self, rng: np.random.Generator, line: Line) -> NDArray[np.int64]:
        """Places of the outcomes that redrawn values of a line fall into."""
        shown, n = self.shown[line.id], self.rule.draws
        best = self.outcomes[line.id]
        if shown.low is None or shown.high is None:
            return np.full(n, best)
        if line.words:
            places = [p for e in (shown.low, shown.high) if (p := outcome_of(line, e)) is not None]
            return np.rint(_triangular(rng, (min(best, *places), best, max(best, *places)), n)).astype(np.int64)
        values = _triangular(rng, (shown.low, shown.value, shown.high), n)
        edges = edges_of(line)
        if line.directed:
            return np.where(np.abs(values) < edges[0], 1, np.where(values > 0, 0, 2))
        return np.searchsorted(np.array([edges[i] for i in sorted(edges)]), values, side="right")


def information(prior: Floats, chances: Floats) -> float:
    """Mutual information, in bits, of hypothesis (rows) and outcome (columns) (Lindley 1956)."""
    mean = prior @ chances
    rows = zip(prior, chances, strict=True)
    found = sum(float(p) * float(c) * log2(c / m) for p, row in rows for c, m in zip(row, mean, strict=True))
    return found if found > ROUNDING else 0.0


def _normalised(logs: Floats) -> Floats:
    shifted = np.exp(logs - logs.max(axis=-1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return out


def _triangular(rng: np.random.Generator, ends: Range | tuple[Any, ...], n: int) -> Floats:
    low, best, high = (float(v) for v in ends)
    return np.full(n, best) if low >= high else rng.triangular(low, min(max(best, low), high), high, n)
