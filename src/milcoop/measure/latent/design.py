"""What of a panel the density needs: its structure, and its answers in the order in which they are read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import jax.numpy as jnp
import numpy as np

from milcoop.measure.latent.panel import ORDINAL, Floats, Ints, Panel
from milcoop.measure.latent.spec import MeasureSpec

Data = dict[str, Any]
"""The answers as arrays, by name."""
CENTRED_FROM = 100
"""Answers of a rater from which on its severity is sampled as it is; twice as many for its reliability."""
ROOM_FOR_COUNTS = 200
MANY_RATERS = 8
"""Raters from which on the spreads of their population are estimated; fewer say too little about them."""


class Design:
    """What of a panel the density needs, in the order in which it reads it."""

    def __init__(self, panel: Panel, spec: MeasureSpec, *, roomy: bool = False) -> None:
        """``roomy`` gives all panels of one structure arrays of one shape, so that one compilation serves many of them."""
        self.panel, self.spec, self.roomy = panel, spec, roomy
        self.n_units, self.n_times = len(panel.units), panel.longest
        self.n_items, self.n_raters = len(panel.items), len(panel.raters)
        self.several_raters = self.n_raters > 1
        self.many_raters = self.n_raters >= MANY_RATERS
        answers = np.bincount(panel.rater, minlength=self.n_raters)
        self.centred = {"severity": answers >= CENTRED_FROM, "reliability": answers >= 2 * CENTRED_FROM}
        """Raters with so many answers that they are better sampled as they are than in spreads of their population."""
        self.walks = spec.dynamics == "random-walk"
        self.grouped = bool(panel.groups)
        self.free = np.array([i.spec.loading == "free" for i in panel.items])
        self.mask = np.arange(self.n_times)[None, :] < panel.span[:, None]
        start = [spec.start.get(u, (0.0, 1.0)) for u in panel.units]
        self.start_mean = np.array([m for m, _ in start])
        self.start_sd = np.array([s for _, s in start])
        answered = np.zeros((self.n_units, self.n_times))
        np.add.at(answered, (panel.unit, panel.time), 1.0)
        self.weight: Floats = answered / answered.sum()
        """Share of the answers that are about each state, (units, times): what the mean state is a mean over."""
        self._ordinal()
        self._sort()
        self._names()

    def _ordinal(self) -> None:
        items = self.panel.items
        self.cuts = np.array([max(0, len(i.categories) - 1) for i in items])
        self.most_cuts = int(self.cuts.max(initial=0))
        self.is_ordinal = np.array([i.spec.kind in ORDINAL for i in items])
        self.has_cut = np.arange(self.most_cuts)[None, :] < self.cuts[:, None]
        """Which cells of the table of items by cutpoints are used; the others have a standard normal of their own."""
        self.cut_shares = self.has_cut / np.maximum(self.cuts, 1)[:, None]

    def _sort(self) -> None:
        """Cut the answers into rows of one item, rater and category, so that all but the state is constant along a row.

        Forms of rows in order: lowest category, between, highest, counts, continuous. Rows are cut to the length that
        leaves the fewest cells empty; answers of counted and continuous items need no common category.
        """
        p = self.panel
        kind = np.array([i.spec.kind for i in p.items], dtype=object)[p.item]
        form = np.select(
            [kind == "count", kind == "continuous", p.value <= 0, p.value >= self.cuts[p.item]], [3, 4, 0, 2], default=1
        )
        category = np.where(form < 3, p.value, 0).astype(int)
        order = np.lexsort((p.time, p.unit, p.rater, category, p.item, form))
        keys = np.stack([form, p.item, p.rater, category])[:, order]
        if self.roomy:
            rows, width = self._all_rows(), self.n_units * self.n_times
            index = {tuple(r): i for i, r in enumerate(rows.T.tolist())}
            row = np.array([index[tuple(k)] for k in keys.T.tolist()])
            new = np.concatenate([[True], np.diff(row) != 0])
        else:
            new = np.concatenate([[True], (np.diff(keys, axis=1) != 0).any(axis=0)])
            lengths = np.diff(np.append(np.flatnonzero(new), len(order)))
            width = min(range(1, int(lengths.max()) + 1), key=lambda m: (np.ceil(lengths / m).sum() * (m + 8), m))
        starts = np.flatnonzero(new)
        within = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        if not self.roomy:
            row = np.cumsum(new | (within % width == 0)) - 1
            rows = keys[:, np.concatenate([[True], np.diff(row) > 0])]
        shape = rows.shape[1], int(width)
        cell = row, within % width
        self.valid = np.zeros(shape, dtype=bool)
        self.valid[cell] = True
        self.state = np.zeros(shape, dtype=np.int64)
        self.state[cell] = (p.unit * self.n_times + p.time)[order]
        self.value: Floats = np.zeros(shape)
        self.log_exposure: Floats = np.zeros(shape)
        self.value[cell], self.log_exposure[cell] = p.value[order], np.log(p.exposure[order])
        row_form, self.item, self.rater, category = rows
        self.ends = np.cumsum(np.bincount(row_form, minlength=5))
        at = self.item * self.most_cuts + category
        self.below = at[self.ends[0] : self.ends[2]] - 1
        self.above = at[: self.ends[1]]
        between = slice(self.ends[0], self.ends[1])
        gaps = np.zeros(self.n_items * self.most_cuts)
        """Answers of the category between each cutpoint and the one before it."""
        np.add.at(gaps, at[between], self.valid[between].sum(axis=1))
        self.gap_counts: Floats = gaps.reshape(self.has_cut.shape)

    def _all_rows(self) -> Ints:
        """Form, item, rater and category of every row that could hold an answer, (4, rows)."""
        found = []
        for j, item in enumerate(self.panel.items):
            for r in range(self.n_raters):
                if item.spec.kind in ORDINAL:
                    top = int(self.cuts[j])
                    found += [(0 if c == 0 else 2 if c == top else 1, j, r, c) for c in range(top + 1)]
                else:
                    found.append((3 if item.spec.kind == "count" else 4, j, r, 0))
        return np.array(sorted(found)).T

    @property
    def data(self) -> Data:
        """The answers as arrays; all else in a design is the structure of the panel."""
        names = (
            "state",
            "item",
            "rater",
            "valid",
            "value",
            "log_exposure",
            "below",
            "above",
            "gap_counts",
            "count_steps",
        )
        arrays = {name: getattr(self, name) for name in names}
        return {k: jnp.asarray(v, dtype=jnp.float32 if v.dtype == float else None) for k, v in arrays.items()}

    def _names(self) -> None:
        self.item_parts = {"loading": self.n_items, "cut": self.has_cut.size}
        plain = int((~self.is_ordinal).sum())
        self.item_parts |= {"intercept": plain, "spread": plain}
        self.plain_of = np.cumsum(~self.is_ordinal) - 1
        kinds = [i.spec.kind for i in self.panel.items if i.spec.kind not in ORDINAL]
        self.is_count = np.array([k == "count" for k in kinds], dtype=bool)
        """Of the items without cutpoints."""
        self._count_table()
        rest: dict[str, int] = {"shift": 1}
        if self.estimates_step:
            rest["log_tau"] = 1
        if self.grouped:
            rest["group"] = len(self.panel.groups)
        if self.hierarchical:
            rest["cut_mean"] = 1
        if self.several_raters:
            for name in ("severity", "reliability") if self.spec.reliability else ("severity",):
                rest[name] = self.n_raters
                if self.many_raters:
                    rest[f"log_{name}_sd"] = 1
        self.rest_parts = rest

    def _count_table(self) -> None:
        """For each counted item, how many answers exceed 0, 1, 2, ...: the gamma functions of the negative binomial as sums.

        Sums of logarithms stay exact in single precision where differences of gamma functions do not.
        """
        p, plain = self.panel, np.flatnonzero(~self.is_ordinal)
        counts = [
            p.value[p.item == j] if counted else np.zeros(0) for j, counted in zip(plain, self.is_count, strict=True)
        ]
        longest = int(max((c.max(initial=0) for c in counts), default=0))
        longest = max(longest, ROOM_FOR_COUNTS) if self.roomy and self.is_count.any() else longest
        self.count_steps = np.array([[(c > k).sum() for k in range(longest)] for c in counts], dtype=float).reshape(
            len(plain), longest
        )

    @property
    def estimates_step(self) -> bool:
        """Whether the spread of steps, or of units within groups, is estimated."""
        return (self.walks and self.spec.step is None) or self.grouped

    @cached_property
    def hierarchical(self) -> bool:
        """Whether there are enough ordinal items to learn where cutpoints lie."""
        return int(self.is_ordinal.sum()) >= 3

    @property
    def sizes(self) -> dict[str, int]:
        """Lengths of the blocks of parameters."""
        return {"items": sum(self.item_parts.values()), "rest": sum(self.rest_parts.values())}
