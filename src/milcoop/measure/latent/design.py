"""What of a panel the density needs: its structure, and its answers in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from milcoop.measure.latent.panel import ORDINAL, Panel
from milcoop.measure.latent.spec import MeasureSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Sums = Any
"""A matrix of sums: dense while small, else sparse."""
DENSE_UP_TO = 20_000
"""Entries up to which a matrix of sums is dense."""
CENTRED_FROM = 100
"""Answers of a rater from which on its severity is sampled as it is; twice as many for its reliability."""
MANY_RATERS = 8
"""Raters from which on the spreads of their population are estimated; fewer say too little about them."""
MIDDLING_SPREAD = 0.6
HIERARCHICAL_FROM = 3
"""Ordinal items from which on the place of their cutpoints is learnt from all of them."""
LOWEST, BETWEEN, HIGHEST, COUNT, CONTINUOUS = range(5)
ABAR, STEP, UNIT_STEP, WITHIN = range(4)
"""Scales of paths, as logarithms: typical loading; step of a path without a group, or of a group's; of a unit around its
group; of a unit's start around its group's."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Arrays and numbers that the density reads. A path is the state of a group or unit over its times; nodes are its years."""

    node_at: Ints
    """First node of each path, (paths + 1,); groups come before units."""
    parent: Ints
    """Path of the unit's group, -1 without."""
    above: Ints
    """Node of the unit's group at the unit's first time, -1 without."""
    offset: Ints
    """Times of the group before the unit's first."""
    start_mean: Floats
    start_sd: Floats
    weight: Floats
    """Share of the answers about each node: what the mean state is a mean over."""
    place: Ints
    """Of paths: units that answer to the same items, directly or through other units, share one; groups have the last."""
    node_place: Ints
    item_place: Ints
    place_share: Floats
    """Share of the answers by place, (places,)."""
    items_by_place: Sums
    """``items_by_place @ y`` sums ``y`` (items, chains) by place; others alike."""
    lead: Floats
    """Weight of each item in the typical loading of its place: about what its answers tell of the trait."""
    mixed: Flags
    """Whether a place has items of free loading."""
    item_at: Ints
    """Place of each item's loading among the parameters; cutpoints, or intercept and spread, follow."""
    free: Flags
    form: Ints
    """Of items: LOWEST for ordinal ones, COUNT, CONTINUOUS."""
    cut_at: Ints
    """First cutpoint of each item, (items + 1,)."""
    ordinal: Ints
    """Items with cutpoints, and those without."""
    plain: Ints
    cut_parameter: Ints
    """Place of each cutpoint among the parameters, and whether it is its item's lowest."""
    cut_lowest: Flags
    gaps_up_to: Sums
    """Sums of what each cutpoint lies above the one before it, (cuts, cuts)."""
    middle_cuts: Sums
    """Means of the cutpoints of each ordinal item, (ordinal items, cuts)."""
    row_form: Ints
    """Rows: answers of one form, item, rater and category. Forms rise."""
    form_at: Ints
    """First row of each form, (forms + 1,)."""
    row_item: Ints
    row_rater: Ints
    row_above: Ints
    """Cutpoint above the category of a row, where it has one."""
    row_below: Ints
    row_at: Ints
    """First answer of each row, (rows + 1,)."""
    node: Ints
    """Node of each answer."""
    value: Floats
    log_exposure: Floats
    gap_at: Ints
    """Cutpoints with answers between them and the one before,"""
    gap_counts: Floats
    """and how many there are."""
    tail_item: Ints
    """For each counted item, how many answers exceed 0, 1, 2, ...: gamma functions of the negative binomial as sums. The item,"""
    tail_above: Floats
    """the number that is exceeded"""
    tails: Floats
    """and how many do."""
    tails_by_item: Sums
    centred_severity: Flags
    centred_reliability: Flags
    raters: int
    shift: int
    """Place among the parameters, as of all below; -1 for what the model does not have."""
    step: int
    unit_step: int
    within: int
    cut_mean: int
    severity: int
    severity_spread: int
    reliability: int
    reliability_spread: int
    scales: Ints
    """The estimated ones among STEP, UNIT_STEP and WITHIN,"""
    scale_at: Ints
    """their places among the parameters"""
    scale_sd: Floats
    """and the standard deviations of their priors."""
    size: int
    """Number of parameters."""
    fixed_step: float
    """Log of a known step."""
    degrees: float
    """Degrees of freedom of a step; nought for a normal one."""
    step_sd: float
    within_sd: float
    loading_sd: float
    cut_sd: float
    severity_sd: float
    reliability_sd: float


def _sums(of: Ints, size: int) -> Sums:
    """Matrix (size, len(of)) that sums what belongs to the same of ``size`` things."""
    return _dense_if_small(csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=(size, len(of))))


def _blocks(blocks: list[Floats]) -> Sums:
    """Matrix of blocks along the diagonal."""
    return _dense_if_small(csr_array(block_diag(blocks or [np.zeros((0, 0))])))


def _dense_if_small(matrix: csr_array) -> Sums:
    return matrix.toarray() if np.prod(matrix.shape) <= DENSE_UP_TO else matrix


class Design:
    """A panel in the order in which the density reads it."""

    def __init__(self, panel: Panel, spec: MeasureSpec) -> None:
        self.panel, self.spec = panel, spec
        self.n_units, self.n_times = len(panel.units), panel.longest
        self.n_items, self.n_raters = len(panel.items), len(panel.raters)
        self.several_raters = self.n_raters > 1
        self.many_raters = self.n_raters >= MANY_RATERS
        self.walks = spec.dynamics == "random-walk"
        self.grouped = bool(panel.groups)
        self.n_groups = len(panel.groups)
        self.mask = np.arange(self.n_times)[None, :] < panel.span[:, None]
        self.cuts = np.array([max(0, len(i.categories) - 1) for i in panel.items])
        self.most_cuts = int(self.cuts.max(initial=0))
        self.is_ordinal = np.array([i.spec.kind in ORDINAL for i in panel.items])
        self.has_cut = np.arange(self.most_cuts)[None, :] < self.cuts[:, None]
        """Which cells of the table of items by cutpoints are used."""
        self.plain_of = np.cumsum(~self.is_ordinal) - 1
        self.hierarchical = int(self.is_ordinal.sum()) >= HIERARCHICAL_FROM
        self.structure = Structure(**self._paths(), **self._places(), **self._answers(), **self._parameters())

    @property
    def estimates_step(self) -> bool:
        """Whether the spread of steps is estimated."""
        return self.walks and self.spec.step is None

    @property
    def spreads(self) -> list[int]:
        """Scales that are estimated, as numbers of the density."""
        walking = ([STEP, UNIT_STEP] if self.grouped else [STEP]) if self.estimates_step else []
        return walking + ([WITHIN] if self.grouped else [])

    @property
    def spread_names(self) -> list[str]:
        """Their names: a lone one has none."""
        names = {STEP: "of groups" if self.grouped else "", UNIT_STEP: "of units", WITHIN: "within groups"}
        return [names[s] for s in self.spreads] if self.walks else [""] * len(self.spreads)

    def _paths(self) -> dict[str, Any]:
        p, groups = self.panel, self.n_groups
        first, span = p.first, p.span
        parent = np.full(groups + self.n_units, -1, dtype=np.int64)
        if self.grouped:
            begin, end = np.full(groups, np.iinfo(np.int64).max), np.full(groups, np.iinfo(np.int64).min)
            np.minimum.at(begin, p.group_of, first)
            np.maximum.at(end, p.group_of, first + span)
            first, span = np.append(begin, first), np.append(end - begin, span)
            parent[groups:] = p.group_of
        self.first, self.span = first, span
        self.node_at = np.append(0, np.cumsum(span))
        start = [(0.0, 1.0)] * groups + [self.spec.start.get(u, (0.0, 1.0)) for u in p.units]
        child = parent >= 0
        offset = np.where(child, first - first[parent], 0)
        self.node = self.node_at[groups + p.unit] + p.time
        answers = np.bincount(self.node, minlength=int(self.node_at[-1])).astype(float)
        return {
            "node_at": self.node_at,
            "parent": parent,
            "above": np.where(child, self.node_at[parent] + offset, -1),
            "offset": offset,
            "start_mean": np.array([m for m, _ in start]),
            "start_sd": np.array([s for _, s in start]),
            "weight": answers / answers.sum(),
        }

    def _places(self) -> dict[str, Any]:
        """Connected parts of the graph of units and items."""
        p = self.panel
        nodes = self.n_units + self.n_items
        edges = coo_array((np.ones(len(p.unit)), (p.unit, self.n_units + p.item)), shape=(nodes, nodes))
        self.n_places, part = connected_components(edges, directed=False)
        told = self._information()
        free = [i.spec.loading == "free" for i in p.items]
        of_unit, of_item = part[: self.n_units], part[self.n_units :].astype(np.int64)
        place = np.append(np.full(self.n_groups, self.n_places), of_unit).astype(np.int64)
        self.item_place = of_item
        return {
            "place": place,
            "node_place": np.repeat(place, self.span),
            "item_place": of_item,
            "place_share": np.bincount(of_unit[p.unit], minlength=self.n_places) / len(p.unit),
            "items_by_place": _sums(of_item, self.n_places),
            "lead": told / np.bincount(of_item, told, self.n_places)[of_item],
            "mixed": np.bincount(of_item, weights=free, minlength=self.n_places) > 0,
        }

    def _information(self) -> Floats:
        """Rough information of all answers to each item about its predictor: choices of weights, not of results."""
        p = self.panel
        answers = np.bincount(p.item, minlength=self.n_items).astype(float)
        mean = np.bincount(p.item, np.abs(p.value), self.n_items) / answers
        kinds = [i.spec.kind for i in p.items]
        each = {"binary": 0.2, "ordered": 0.25, "continuous": 1 / MIDDLING_SPREAD**2}
        told = [m / (1 + MIDDLING_SPREAD**2 * m) if k == "count" else each[k] for k, m in zip(kinds, mean, strict=True)]
        found: Floats = answers * np.array(told)
        return found

    def _answers(self) -> dict[str, Any]:
        """Answers by form, item, rater and category, so that all but the state is constant along a row."""
        p = self.panel
        kind = np.array([i.spec.kind for i in p.items], dtype=object)
        of_item = np.select([kind == "count", kind == "continuous"], [COUNT, CONTINUOUS], default=LOWEST)
        ordinal = of_item[p.item] == LOWEST
        category = np.where(ordinal, p.value, 0).astype(np.int64)
        place = np.select([category == 0, category >= self.cuts[p.item]], [LOWEST, HIGHEST], default=BETWEEN)
        form = np.where(ordinal, place, of_item[p.item])
        order = np.lexsort((self.node, p.rater, category, p.item, form))
        keys = np.stack([form, p.item, p.rater, category])[:, order]
        starts = np.flatnonzero(np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0)))
        row_form, item, rater, row_category = keys[:, starts]
        cut_at = np.append(0, np.cumsum(self.cuts))
        above = cut_at[item] + row_category
        ends = np.append(starts, len(order))
        gaps, between = np.zeros(int(cut_at[-1])), row_form == BETWEEN
        np.add.at(gaps, above[between], np.diff(ends)[between])
        tails = [
            np.array([(p.value[p.item == j] > k).sum() for k in range(int(p.value[p.item == j].max()))], dtype=float)
            if of_item[j] == COUNT
            else np.zeros(0)
            for j in range(self.n_items)
        ]
        lengths = [len(t) for t in tails]
        tail_item = np.repeat(np.arange(self.n_items), lengths)
        answers = np.bincount(p.rater, minlength=self.n_raters)
        after = np.where(self.is_ordinal, self.cuts, 2)
        self.item_at = np.cumsum(1 + after) - 1 - after + int(self.node_at[-1])
        cut_item = np.repeat(np.arange(self.n_items), self.cuts)
        in_item = np.arange(cut_at[-1]) - cut_at[cut_item]
        return {
            "item_at": self.item_at,
            "free": np.array([i.spec.loading == "free" for i in p.items]),
            "form": of_item.astype(np.int64),
            "cut_at": cut_at,
            "ordinal": np.flatnonzero(self.is_ordinal),
            "plain": np.flatnonzero(~self.is_ordinal),
            "cut_parameter": self.item_at[cut_item] + 1 + in_item,
            "cut_lowest": in_item == 0,
            "gaps_up_to": _blocks([np.tri(n) for n in self.cuts if n]),
            "middle_cuts": _blocks([np.full((1, n), 1 / n) for n in self.cuts if n]),
            "row_form": row_form.astype(np.int64),
            "form_at": np.searchsorted(row_form, range(CONTINUOUS + 2)),
            "row_item": item,
            "row_rater": rater,
            "row_above": above,
            "row_below": above - 1,
            "row_at": ends,
            "node": self.node[order],
            "value": p.value[order].astype(float),
            "log_exposure": np.log(p.exposure[order]),
            "gap_at": np.flatnonzero(gaps),
            "gap_counts": gaps[gaps > 0],
            "tail_item": tail_item,
            "tail_above": np.concatenate([*(np.arange(float(n)) for n in lengths), np.zeros(0)]),
            "tails": np.concatenate([*tails, np.zeros(0)]),
            "tails_by_item": _sums(tail_item, self.n_items),
            "centred_severity": answers >= CENTRED_FROM,
            "centred_reliability": answers >= 2 * CENTRED_FROM,
        }

    def _parameters(self) -> dict[str, Any]:
        spec, priors = self.spec, self.spec.priors
        at = int(self.item_at[-1]) + 1 + int(self.cuts[-1] if self.is_ordinal[-1] else 2)
        self.rest_at = at
        sizes = {
            "shift": self.n_places,
            "step": int(self.estimates_step),
            "unit_step": int(self.estimates_step and self.grouped),
            "within": int(self.grouped),
            "cut_mean": int(self.hierarchical),
            "severity": self.n_raters * self.several_raters,
            "severity_spread": int(self.many_raters),
            "reliability": self.n_raters * (self.several_raters and spec.reliability),
            "reliability_spread": int(self.many_raters and spec.reliability),
        }
        out: dict[str, Any] = {}
        for name, size in sizes.items():
            out[name] = at if size else -1
            at += size
        at_of = {STEP: out["step"], UNIT_STEP: out["unit_step"], WITHIN: out["within"]}
        return out | {
            "scales": np.array(self.spreads, dtype=np.int64),
            "scale_at": np.array([at_of[which] for which in self.spreads], dtype=np.int64),
            "scale_sd": np.array([priors.within_sd if which == WITHIN else priors.step_sd for which in self.spreads]),
            "raters": self.n_raters,
            "size": at,
            "fixed_step": float(np.log(spec.step)) if spec.step else 0.0,
            "degrees": priors.degrees if spec.steps == "student" else 0.0,
            "step_sd": priors.step_sd,
            "within_sd": priors.within_sd,
            "loading_sd": priors.loading_sd,
            "cut_sd": priors.cut_sd if self.hierarchical else 2.0,
            "severity_sd": priors.severity_sd,
            "reliability_sd": priors.reliability_sd,
        }
