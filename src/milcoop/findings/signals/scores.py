"""Scores of acts: components from 0 to 1 as intervals, weighted; unknown components stay in the bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import Component

Floats = NDArray[np.float64]

MOVABLE = ("values", "days", "distance", "presence", "summit", "crisis", "publishers", "near", "words")
"""Measures whose far end sensitivity moves."""


@dataclass(frozen=True)
class Scores:
    """Components of one score for n acts. Arrays are n by number of components."""

    components: tuple[Component, ...]
    weights: Floats
    low: Floats
    best: Floats
    """nan where unknown."""
    high: Floats
    known_share: float
    """Share of acts on which a component must be known to stand in for those on which it is not."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which components are known of which acts."""
        return ~np.isnan(self.best)

    @property
    def entering(self) -> NDArray[np.bool_]:
        """Components that are known on enough acts to enter means and trends."""
        return self.known.mean(axis=0) >= self.known_share if len(self.best) else np.zeros(len(self.weights), bool)

    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest score of each act: unknown components at their worst and best."""
        total = self.weights.sum()
        return self.low @ self.weights / total, self.high @ self.weights / total

    def values(self) -> Floats:
        """Score of each act: known components, and the pair's mean for unknown ones that most acts tell; nan where none is."""
        known, n = self.known, len(self.best)
        means = np.where(known, self.best, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        filled = np.where(known, self.best, np.clip(np.broadcast_to(means, (n, len(means))), self.low, self.high))
        used = (known | self.entering) * self.weights
        total = used.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            score = (filled * used).sum(axis=1) / total
        low, high = self.bounds()
        found: Floats = np.where(total > 0, np.clip(score, low, high), np.nan)
        return found

    def unknown(self) -> Floats:
        """Share of the weight that is unknown, of each act."""
        found: Floats = ~self.known @ self.weights / self.weights.sum()
        return found

    def of_acts(self, mask: NDArray[np.bool_]) -> Scores:
        """The same for some of the acts."""
        return replace(self, low=self.low[mask], best=self.best[mask], high=self.high[mask])

    def with_weight(self, i: int, weight: float) -> Scores:
        """The same with another weight of component i."""
        weights = self.weights.copy()
        weights[i] = weight
        return replace(self, weights=weights)

    def with_column(self, i: int, column: Floats) -> Scores:
        """The same with component i measured by another rule; ``column`` is n by 3."""
        arrays = [a.copy() for a in (self.low, self.best, self.high)]
        for array, values in zip(arrays, column.T, strict=True):
            array[:, i] = values
        return replace(self, low=arrays[0], best=arrays[1], high=arrays[2])


@dataclass(frozen=True)
class Variant:
    """Scores with one rule moved by one step."""

    rule: str
    before: float
    after: float
    scores: Scores


def rate(component: Component, raw: Floats) -> Floats:
    """Measured values (n by 3: lowest, best, highest) as 0 to 1; lowest and highest change places where less is more."""
    ends = np.array([component.zero, component.full], dtype=float)
    with np.errstate(invalid="ignore"):
        cut = np.clip(raw, ends.min(), ends.max())
    if component.spread == "log":
        cut, ends = np.log(cut), np.log(ends)
    found: Floats = np.clip((cut - ends[0]) / (ends[1] - ends[0]), 0, 1)
    return found if ends[1] > ends[0] else found[:, ::-1]


def score_acts(components: Sequence[Component], raws: Sequence[Floats], known_share: float) -> Scores:
    """Scores from what was measured, one raw array a component."""
    rated = [rate(c, r) for c, r in zip(components, raws, strict=True)]
    low, best, high = (np.column_stack([r[:, k] for r in rated]) for k in range(3))
    weights = np.array([c.weight for c in components], dtype=float)
    return Scores(tuple(components), weights, low, best, high, known_share)


def vary(scores: Scores, raws: Sequence[Floats], weight_step: float, known_step: float) -> list[Variant]:
    """Each weight and each far end one step up, and the share of acts that must be known one step down."""
    found = []
    for i, c in enumerate(scores.components):
        weight = c.weight * weight_step
        found.append(Variant(f"signals.{c.id}.weight", c.weight, round(weight, 4), scores.with_weight(i, weight)))
        if c.measure in MOVABLE:
            end = "full" if c.full > c.zero else "zero"
            before = float(getattr(c, end))
            moved = c.model_copy(update={end: before * c.step})
            column = rate(moved, raws[i])
            found.append(
                Variant(f"signals.{c.id}.{end}", before, round(before * c.step, 4), scores.with_column(i, column))
            )
    share = max(0.0, scores.known_share - known_step)
    found.append(
        Variant("signalling.signalling.known_share", scores.known_share, share, replace(scores, known_share=share))
    )
    return found
