"""From the trait of the latent model to levels: one ordered logit an area, over all pairs (docs/measurement.md, route 2).

P(level >= k) = logistic(slope (x - boundary[k])), where x is the trait averaged over the years that a criterion looks back and, draw
by draw, measured from its mean over the rated cells in their standard deviations: where all traits of an area lie together, and how far they are
stretched, rests on priors alone and says nothing about levels. The fit averages over the draws; levels do not feed back into it (a cut: Plummer 2015, Statistics and
Computing 25), so that the trait stays what the items say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.latent_rule import LevelMapRule
from milcoop.codebook.loader import Codebook
from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates
from milcoop.domain.rating import MONITORED
from milcoop.measure.bundled import LATENT
from milcoop.measure.detection import two_lists
from milcoop.measure.estimates import summarise
from milcoop.measure.record_panel import PairEvidence

Floats = NDArray[np.float64]
STEPS = 100
SMALLEST = 1e-12
"""Probability below which a cell counts as this improbable."""


@dataclass(frozen=True, slots=True)
class TraitPath:
    """Draws of the trait of a unit or group over consecutive years."""

    first: int
    draws: Floats
    """Shape (draws, years)."""

    @property
    def years(self) -> range:
        """Years of the path."""
        return range(self.first, self.first + self.draws.shape[1])

    def at(self, year: int) -> Floats:
        """Draws of one year, shape (draws,)."""
        found: Floats = self.draws[:, year - self.first]
        return found

    def trailing(self, years: int) -> TraitPath:
        """Each year's mean over itself and the years before it, as many as there are up to ``years``."""
        sums = np.cumsum(np.pad(self.draws, ((0, 0), (1, 0))), axis=1)
        ends = np.arange(1, sums.shape[1])
        starts = np.maximum(ends - years, 0)
        return TraitPath(self.first, (sums[:, ends] - sums[:, starts]) / (ends - starts))


@dataclass(frozen=True, slots=True)
class LevelCell:
    """A criteria level that the map is fitted to."""

    unit: str
    area: str
    year: int
    level: int


@dataclass(frozen=True)
class AreaMap:
    """Ordered logit of one area: posterior mode and spread of (log slope, middle boundary, log gaps)."""

    area: str
    mode: Floats
    spread: Floats
    """Lower triangle whose square is the covariance at the mode (Laplace)."""
    cells: int
    """Levels that it was fitted to; nought: the prior alone."""
    seen: tuple[int, ...]
    """Levels among them; the others rest on the prior."""
    centre: Floats
    """Mean trait over the cells in each draw; shape (draws,), or (1,) without cells."""
    scale: Floats
    """Its standard deviation over the cells, of the same shape."""

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Parameters around the mode, shape (draws, parameters)."""
        return self.mode + rng.standard_normal((draws, len(self.mode))) @ self.spread.T

    def at_least(self, trait: Floats, parameters: Floats | None = None) -> Floats:
        """P(level >= 1, 2, ...) for a trait of shape (draws, years): shape (draws, years, boundaries)."""
        slope, bounds = _unpack(self.mode[None] if parameters is None else parameters)
        placed = (trait - self.centre[:, None]) / self.scale[:, None]
        return _logistic(slope[:, None, None] * (placed[:, :, None] - bounds[:, None, :]))


@dataclass(frozen=True)
class LevelMap:
    """Maps of all areas, and the years over which the trait is averaged."""

    areas: Mapping[str, AreaMap]
    trailing: int
    seed: int

    def expected(self, area: str, path: TraitPath) -> Floats:
        """Expected level at the map's mode, draw by draw; shape (draws, years)."""
        found: Floats = self.areas[area].at_least(path.trailing(self.trailing).draws).sum(axis=2)
        return found


def find_level_cells(pair: PairEvidence, trailing: int) -> list[LevelCell]:
    """Monitored levels whose area was searched in every year of the trailing window.

    The choice follows the searches alone: a level kept because its next rung happened not to hang on an unsearched
    year would favour high levels.
    """
    assessment, coverage = pair.assessment, pair.coverage
    return [
        LevelCell(f"{assessment.dyad.id}:{r.area}", r.area, r.year, r.level)
        for r in assessment.ratings
        if r.level is not None
        and r.coverage == MONITORED
        and all(
            coverage.of_area(assessment.scale.area(r.area), y) == MONITORED
            for y in range(r.year - trailing + 1, r.year + 1)
        )
    ]


def fit_level_map(
    cells: Sequence[LevelCell],
    paths: Mapping[str, TraitPath],
    areas: Sequence[str],
    top: int,
    rule: LevelMapRule,
    shares: Floats | None = None,
) -> LevelMap:
    """Fit every area to the cells of all pairs. ``paths`` are units' draws, in equal number; ``top`` the highest level.

    A unit's cells within one trailing window weigh one together, since they share their evidence. ``shares`` are weights of the
    draws that sum to one; equal ones by default.
    """
    means = {unit: p.trailing(rule.trailing) for unit, p in paths.items()}
    usable = [c for c in cells if c.unit in means and c.year in means[c.unit].years]
    maps = {}
    for area in areas:
        mine = [c for c in usable if c.area == area]
        columns = [means[c.unit].at(c.year) for c in mine]
        trait = np.column_stack(columns) if columns else np.zeros((1, 0))
        levels = np.array([c.level for c in mine], dtype=np.int64)
        weights = np.array([1 / _neighbours(c, mine, rule.trailing) for c in mine])
        centre, scale = _place(trait, weights)
        each = np.full(len(trait), 1 / len(trait)) if shares is None or not mine else shares
        placed, each = _thin((trait - centre[:, None]) / scale[:, None], rule.draws), _thin(each, rule.draws)
        mode, spread = _fit(_Posterior(placed, each / each.sum(), levels, weights, top, rule))
        maps[area] = AreaMap(area, mode, spread, len(mine), tuple(sorted(set(levels.tolist()))), centre, scale)
    return LevelMap(maps, rule.trailing, rule.seed)


def draw_levels(level_map: LevelMap, assessment: Assessment, paths: Mapping[str, TraitPath]) -> dict[str, Floats]:
    """Levels by area over draws, shape (draws, years of the assessment); not a number in years without a trait.

    A draw keeps its place within each year's distribution, so that its path moves with the trait and not with noise: what
    parts criteria from trait in a pair lasts.
    """
    rng = np.random.default_rng(level_map.seed)
    first, n = assessment.years[0], assessment.years[-1] - assessment.years[0] + 1
    out: dict[str, Floats] = {}
    for area in assessment.scale.areas:
        path = paths.get(f"{assessment.dyad.id}:{area.id}")
        if path is None:
            continue
        found = level_map.areas[area.id]
        draws = len(path.draws)
        chance = found.at_least(path.trailing(level_map.trailing).draws, found.draw(draws, rng))
        place = rng.permutation(draws)[:, None, None] / draws + rng.random() / draws
        levels = np.full((draws, n), np.nan)
        years = [y for y in path.years if first <= y < first + n]
        drawn = (chance > place).sum(axis=2)
        levels[:, [y - first for y in years]] = drawn[:, [y - path.first for y in years]]
        out[area.id] = levels
    return out


def latent_estimates(
    assessment: Assessment, codebook: Codebook, level_map: LevelMap, paths: Mapping[str, TraitPath]
) -> Estimates:
    """Probabilities of levels by area and year and of the whole, in the form of route 1."""
    return to_estimates(assessment, codebook, level_map.seed, draw_levels(level_map, assessment, paths))


def to_estimates(
    assessment: Assessment, codebook: Codebook, seed: int, levels: Mapping[str, Floats], shares: Floats | None = None
) -> Estimates:
    """Drawn levels, with weights of the draws where they are not equal, as estimates."""
    cells = summarise(assessment, levels, range(assessment.years[0], assessment.years[-1] + 1), shares)
    draws = len(next(iter(levels.values()))) if levels else 0
    name, _ = two_lists(assessment.dyad, codebook)
    versions = assessment.record_version, codebook.rating_version
    return Estimates(LATENT, assessment.scale.id, *versions, draws, seed, name, cells)


def _place(trait: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean and standard deviation of the cells' trait in each draw; a standard deviation of nought is one."""
    if not len(weights):
        return np.zeros(1), np.ones(1)
    share = weights / weights.sum()
    centre = trait @ share
    scale = np.sqrt((trait - centre[:, None]) ** 2 @ share)
    return centre, np.where(scale > SMALLEST, scale, 1.0)


def _thin(draws: Floats, most: int) -> Floats:
    return draws[:: max(1, -(-len(draws) // most))]


def _neighbours(cell: LevelCell, cells: Sequence[LevelCell], window: int) -> int:
    """Cells of the same unit within a window of years around this one, itself among them."""
    return sum(c.unit == cell.unit and abs(c.year - cell.year) <= window // 2 for c in cells)


def _logistic(z: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(z / 2))


def _unpack(parameters: Floats) -> tuple[Floats, Floats]:
    """Slopes (n,) and boundaries (n, levels above nought) of parameters (n, 1 + levels above nought)."""
    gaps = np.exp(parameters[:, 2:])
    sums = np.concatenate([np.zeros((len(gaps), 1)), np.cumsum(gaps, axis=1)], axis=1)
    middle = gaps.shape[1] // 2
    return np.exp(parameters[:, 0]), parameters[:, 1:2] + sums - sums[:, middle : middle + 1]


class _Posterior:
    """Log posterior of one area's parameters and its gradient."""

    def __init__(
        self, trait: Floats, shares: Floats, levels: NDArray[np.int64], weights: Floats, top: int, rule: LevelMapRule
    ) -> None:
        self.trait, self.shares, self.levels, self.weights = trait, shares, levels, weights
        self.centre = np.array([np.log(rule.slope), 0.0, *[np.log(rule.gap)] * (top - 1)])
        self.sd = np.array([rule.slope_sd, rule.middle_sd, *[rule.gap_sd] * (top - 1)])
        self.top = top

    def __call__(self, u: Floats) -> tuple[float, Floats]:
        """Value and gradient. The likelihood of a cell is its probability averaged over the draws of its trait."""
        z = (u - self.centre) / self.sd
        value, gradient = float(-0.5 * (z**2).sum()), -z / self.sd
        if not len(self.levels):
            return value, gradient
        slope, bounds = (a[0] for a in _unpack(u[None]))
        chance, by_bound = np.zeros(len(self.levels)), np.zeros((len(self.levels), self.top))
        by_slope = np.zeros(len(self.levels))
        for side, k in ((1, self.levels), (-1, self.levels + 1)):
            real = (k >= 1) & (k <= self.top)
            at = np.clip(k, 1, self.top) - 1
            above = slope * (self.trait - bounds[at])
            share = np.where(real, _logistic(above), (k < 1).astype(float))
            density = np.where(real, share * (1 - share), 0.0)
            chance = chance + side * (self.shares @ share)
            by_slope = by_slope + side * (self.shares @ (density * above))
            by_bound[np.arange(len(k)), at] -= side * slope * (self.shares @ density)
        chance = np.maximum(chance, SMALLEST)
        scaled = self.weights / chance
        toward = scaled @ by_bound
        gaps, middle = np.exp(u[2:]), (self.top - 1) // 2
        moves = [toward[j + 1 :].sum() if j >= middle else -toward[: j + 1].sum() for j in range(self.top - 1)]
        gradient = gradient + np.concatenate([[scaled @ by_slope, toward.sum()], gaps * np.array(moves)])
        return value + float(self.weights @ np.log(chance)), gradient

    def curvature(self, u: Floats) -> Floats:
        """Minus the matrix of second derivatives, by differences of the gradient, made positive definite."""
        step = 1e-4
        rows = [(self(u + step * e)[1] - self(u - step * e)[1]) / (2 * step) for e in np.eye(len(u))]
        found = -np.array(rows)
        values, vectors = np.linalg.eigh((found + found.T) / 2)
        positive: Floats = (vectors * np.maximum(values, 1e-3)) @ vectors.T
        return positive


def _fit(posterior: _Posterior) -> tuple[Floats, Floats]:
    """Mode by damped Newton steps from the prior's centre, and the spread there."""
    u = posterior.centre
    value, gradient = posterior(u)
    for _ in range(STEPS):
        move = np.linalg.solve(posterior.curvature(u), gradient)
        size = 2 / max(2.0, float(np.abs(move).max()))
        while size > 1e-8 and posterior(u + size * move)[0] < value:
            size /= 2
        u = u + size * move
        value, gradient = posterior(u)
        if np.abs(gradient).max() < 1e-6 or size <= 1e-8:
            break
    spread: Floats = np.linalg.cholesky(np.linalg.inv(posterior.curvature(u)))
    return u, spread
