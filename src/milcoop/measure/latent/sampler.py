"""Draws from the posterior of a panel: warm-up that learns coordinates from all chains, then sampling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from milcoop.measure.latent.chains import TARGET, Crew, Singles
from milcoop.measure.latent.coordinates import pilot, recast
from milcoop.measure.latent.design import Design, Floats, Ints, Structure
from milcoop.measure.latent.motion import Shape
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.work import Work

CAREFUL = 0.96
"""The same after a run that failed a gate."""
DENSE_UP_TO = 120
"""Parameters up to which a full covariance is learnt."""
FIRST_SPREAD = 0.2
HELD, RELEASED = 1e-3, 0.25
"""Spreads of the sampled scales: hardly any until states and items have found their place, or they would first collapse with
steps that are too smooth; then these until they are learnt."""
BOUNDS = 0.3, 4.0
"""Least and largest spread of a whitened state that is believed: chains that have not mixed yet lie farther apart."""
SETTLED = 2
"""Stages after which the paths' coordinates are fitted anew."""
STAGES = 0.2, 0.3, 0.3, 0.2
"""Shares of the warm-up: finding the place; then three times learning spreads from the stage before."""
SHRINK = 1.0
"""Weight, in draws, of the diagonal in a covariance learnt from draws."""


@dataclass(frozen=True)
class Kept:
    """Sampled parameters (draws, size, chains) and the coordinates in which they are."""

    x: Singles
    coordinates: Coordinates
    divergences: int
    moves: int

    def thinned(self) -> Kept:
        """Every second draw."""
        return replace(self, x=self.x[1::2])

    def joined(self, more: Kept) -> Kept:
        """These draws and later ones of the same chains."""
        x = np.concatenate([self.x, more.x])
        return Kept(x, self.coordinates, self.divergences + more.divergences, self.moves + more.moves)


class Sampler:
    """Chains of one panel, warmed up, that can be asked for draws again and again."""

    def __init__(self, design: Design, chains: int, warmup: int, seed: int) -> None:
        self.design, self._warmup = design, warmup
        m = design.structure
        own, rest = np.random.SeedSequence(seed).spawn(2)
        self._rng = np.random.default_rng(own)
        start, self._c = pilot(design)
        self._shape = _first_shape(design, start)
        self._crew = Crew(m, chains, rest)  # after the first evaluations, so that it has compiled code
        self._target = TARGET
        scatter = self._rng.standard_normal((m.size, chains))
        self._crew.place(start[:, None] + self._shape.spread[:, None] * scatter, self._c, self._shape)
        for n, share in enumerate(STAGES):
            x = self._warm_up(round(share * warmup))
            if n < SETTLED:
                self._settle(x, held=n == 0)
            elif n < len(STAGES) - 1:
                self._learn(x)

    def draw(self, draws: int, thin: int = 1) -> Kept:
        """Draws ``thin`` moves apart."""
        x, diverged = self._crew.run(draws, thin)
        return Kept(x, self._c, diverged, draws * thin * x.shape[2])

    def relearn(self, x: Singles) -> None:
        """Learn spreads anew from draws (draws, size, chains), and tune to shorter turns."""
        self._learn(x)
        self._target = CAREFUL
        self._warm_up(self._warmup // 4)

    def _warm_up(self, moves: int) -> Singles:
        """Parameters after each move, (moves, size, chains), while the length of a turn is tuned."""
        return self._crew.run(max(10, moves), target=self._target)[0]

    def _settle(self, x: Singles, held: bool) -> None:
        """Fit the paths' coordinates anew where the chains have come to."""
        m, half = self.design.structure, x[len(x) // 2 :]
        ends = _unfrozen(x, self._rng)
        ends, self._c = recast(ends, m, self._c, Work(m, x.shape[2]), half.mean(axis=(0, 2), dtype=float))
        self._shape = _learn(self.design, half, states=False, held=held)
        self._crew.place(ends, self._c, self._shape)

    def _learn(self, x: Singles) -> None:
        """Spreads and covariances from the later half of a stage."""
        self._shape = _learn(self.design, x[len(x) // 2 :], states=True)
        self._crew.place(_unfrozen(x, self._rng), self._c, self._shape)


def _unfrozen(x: Singles, rng: np.random.Generator) -> Floats:
    """Where chains stand after a stage; one that has hardly moved takes the place of another."""
    ends: Floats = x[-1].astype(float)
    moved = (np.diff(x[len(x) // 2 :], axis=0) != 0).any(axis=1).mean(axis=0)
    frozen = moved < 0.05
    if frozen.any() and not frozen.all():
        ends[:, frozen] = ends[:, rng.choice(np.flatnonzero(~frozen), int(frozen.sum()))]
    return ends


def _first_shape(design: Design, start: Floats) -> Shape:
    """Spreads before anything is known: states one, items by their numbers of answers."""
    m = design.structure
    spread = np.full(m.size, FIRST_SPREAD)
    spread[: int(m.node_at[-1])] = 1.0
    answers = np.bincount(design.panel.item, minlength=design.n_items)
    edges = np.append(m.item_at, design.rest_at)
    for j in range(design.n_items):
        spread[edges[j] : edges[j + 1]] = 1.5 / np.sqrt(answers[j] + 4.0)
    spread[_scales(m)] = HELD
    none = np.zeros(1, dtype=np.int64)
    return Shape(start.copy(), spread, none, none[:0], none, np.zeros(0))


def _scales(m: Structure) -> Ints:
    """Places of the scales of steps and populations among the parameters."""
    places = (m.step, m.unit_step, m.within, m.severity_spread, m.reliability_spread)
    return np.array([p for p in places if p >= 0], dtype=np.int64)


def _learn(design: Design, x: Singles, *, states: bool, held: bool = False) -> Shape:
    """Means, spreads and blocks of covariance from draws of all chains, (draws, size, chains).

    ``states``: those of states too, within ``BOUNDS``; else they keep nought and one. ``held``: scales were held, so that
    their spreads are not known yet.
    """
    m = design.structure
    flat = x.transpose(0, 2, 1).reshape(-1, m.size).astype(float)
    nodes = int(m.node_at[-1])
    if held:
        flat[:, _scales(m)] += RELEASED * np.random.default_rng(len(flat)).standard_normal((len(flat), len(_scales(m))))
    centre, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-6
    spread[:nodes] = np.clip(spread[:nodes], *BOUNDS)
    if not states:
        centre[:nodes], spread[:nodes] = 0.0, 1.0
    roots, blocks = [], _blocks(design, with_levels=states)
    for members in blocks:
        part, n = flat[:, members] - centre[members], len(members)
        weight = len(part) / (len(part) + SHRINK * n)
        covariance = weight * part.T @ part / len(part) + (1 - weight) * np.diag(spread[members] ** 2)
        roots.append(np.linalg.cholesky(covariance).ravel())
    at = [np.append(0, np.cumsum([len(v) for v in vectors])) for vectors in (blocks, roots)]
    return Shape(centre, spread, at[0], np.concatenate(blocks), at[1], np.concatenate(roots))


def _blocks(design: Design, *, with_levels: bool) -> list[Ints]:
    """Parameters whose covariances are learnt: items and raters where they are few enough, else in parts; with them levels of paths,
    unless draws of states are in coordinates that are no longer used."""
    m = design.structure
    levels, others = m.node_at[:-1], np.arange(int(m.node_at[-1]), m.size)
    if with_levels and len(levels) + len(others) <= DENSE_UP_TO:
        return [np.append(levels, others)]
    if len(others) <= DENSE_UP_TO:
        return [others]
    edges = np.append(m.item_at, design.rest_at)
    blocks = [np.arange(a, b) for a, b in pairwise(edges)]
    rest = np.arange(design.rest_at, m.size)
    return [*blocks, rest] if len(rest) <= DENSE_UP_TO else blocks
