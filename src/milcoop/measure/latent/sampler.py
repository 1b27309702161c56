"""Draws from the posterior of a panel: warm-up that learns coordinates from all chains, then sampling, in threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from milcoop.measure.latent.coordinates import pilot, recast
from milcoop.measure.latent.design import Design, Floats, Ints, Structure
from milcoop.measure.latent.motion import Shape, evaluate, make_state, move
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.work import make_work

Singles = NDArray[np.float32]
ANGLES = 1.2, 2.4
"""Turn of a move, in radians: a random one, so that no direction comes back to where it was."""
FIRST_ANGLE = 0.15
MOST_STEPS = 24
TARGET = 0.85
"""Mean probability of acceptance that the length of a turn is tuned to."""
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


class _Chains:
    """Some chains, moved together by one thread."""

    def __init__(self, m: Structure, chains: int, seed: np.random.SeedSequence) -> None:
        self.m, self.chains = m, chains
        self.rng = np.random.default_rng(seed)
        self.state, self.work = make_state(m.size, chains), make_work(m, chains)
        self.angle, self.target = FIRST_ANGLE, TARGET
        self._restart()

    def _restart(self) -> None:
        self._error, self._count = 0.0, 0
        self._mean_log, self._anchor = np.log(self.angle), np.log(2 * self.angle)

    def place(self, x: Floats, c: Coordinates, shape: Shape) -> None:
        """Put the chains at parameters ``x`` (size, chains) in new coordinates."""
        self.c, self.shape = c, shape
        self.state.q[:] = (x - shape.centre[:, None]) / shape.spread[:, None]
        for a, b, at in zip(shape.member_at[:-1], shape.member_at[1:], shape.root_at[:-1], strict=True):
            part, n = shape.member[a:b], b - a
            root = shape.root[at : at + n * n].reshape(n, n)
            self.state.q[part] = solve_triangular(root, x[part] - shape.centre[part, None], lower=True)
        evaluate(self.state, self.m, c, shape, self.work)
        self._restart()

    def run(self, moves: int, *, tune: bool) -> Singles:
        """Parameters after each move, (moves, size, chains)."""
        out = np.empty((moves, self.m.size, self.chains), dtype=np.float32)
        for n in range(moves):
            p = self.rng.standard_normal((self.m.size, self.chains))
            turn = self.rng.uniform(*ANGLES)
            steps = min(max(1, round(turn / self.angle)), MOST_STEPS)
            angle = min(turn / steps, 1.1 * self.angle)
            move(self.state, p, self.rng.random(self.chains), steps, angle, self.m, self.c, self.shape, self.work)
            out[n] = self.state.x
            if tune:
                self._tune(float(self.state.chance.mean()))
        if tune:
            self.angle = float(np.exp(self._mean_log))
        return out

    def _tune(self, chance: float) -> None:
        """Dual averaging (Hoffman and Gelman 2014)."""
        self._count += 1
        weight = 1.0 / (self._count + 10)
        self._error = (1 - weight) * self._error + weight * (self.target - chance)
        log_angle = min(self._anchor - np.sqrt(self._count) / 0.1 * self._error, 0.3)
        share = self._count**-0.75
        self._mean_log = share * log_angle + (1 - share) * self._mean_log
        self.angle = float(np.exp(log_angle))


class Sampler:
    """Chains of one panel, warmed up, that can be asked for draws again and again."""

    def __init__(self, design: Design, chains: int, warmup: int, seed: int) -> None:
        self.design, self._warmup = design, warmup
        m = design.structure
        threads = min(os.cpu_count() or 1, chains)
        sizes = [len(part) for part in np.array_split(np.arange(chains), threads)]
        self._edges = np.append(0, np.cumsum(sizes))
        own, *seeds = np.random.SeedSequence(seed).spawn(threads + 1)
        self._rng = np.random.default_rng(own)
        self._groups = [_Chains(m, size, s) for size, s in zip(sizes, seeds, strict=True)]
        self._pool = ThreadPoolExecutor(threads)
        start, self._c = pilot(design)
        self._shape = _first_shape(design, start)
        scatter = self._rng.standard_normal((m.size, chains))
        self._place(start[:, None] + self._shape.spread[:, None] * scatter)
        for n, share in enumerate(STAGES):
            x = self._run(max(10, round(share * warmup)), tune=True)
            if n < SETTLED:
                self._settle(x, held=n == 0)
            elif n < len(STAGES) - 1:
                self._learn(x)

    def draw(self, draws: int, thin: int = 1) -> Kept:
        """Draws ``thin`` moves apart."""
        before = self._divergences()
        x = (
            np.stack([self._run(thin, tune=False)[-1] for _ in range(draws)])
            if thin > 1
            else self._run(draws, tune=False)
        )
        return Kept(x, self._c, self._divergences() - before, draws * thin * x.shape[2])

    def relearn(self, x: Singles) -> None:
        """Learn spreads anew from draws (draws, size, chains), and tune to shorter turns."""
        self._learn(x)
        for g in self._groups:
            g.target = CAREFUL
        self._run(max(10, self._warmup // 4), tune=True)

    def _divergences(self) -> int:
        return int(sum(g.state.divergent.sum() for g in self._groups))

    def _run(self, moves: int, *, tune: bool) -> Singles:
        """Parameters after each move, (moves, size, chains)."""
        return np.concatenate(list(self._pool.map(lambda g: g.run(moves, tune=tune), self._groups)), axis=2)

    def _place(self, x: Floats) -> None:
        for g, a, b in zip(self._groups, self._edges[:-1], self._edges[1:], strict=True):
            g.place(x[:, a:b], self._c, self._shape)

    def _settle(self, x: Singles, held: bool) -> None:
        """Fit the paths' coordinates anew where the chains have come to."""
        m, half = self.design.structure, x[len(x) // 2 :]
        ends = _unfrozen(x, self._rng)
        ends, self._c = recast(ends, m, self._c, make_work(m, x.shape[2]), half.mean(axis=(0, 2), dtype=float))
        self._shape = _learn(self.design, half, states=False, held=held)
        self._place(ends)

    def _learn(self, x: Singles) -> None:
        """Spreads and covariances from the later half of a stage."""
        self._shape = _learn(self.design, x[len(x) // 2 :], states=True)
        self._place(_unfrozen(x, self._rng))


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
    roots, blocks = [], _blocks(design)
    for members in blocks:
        part, n = flat[:, members] - centre[members], len(members)
        weight = len(part) / (len(part) + SHRINK * n)
        covariance = weight * part.T @ part / len(part) + (1 - weight) * np.diag(spread[members] ** 2)
        roots.append(np.linalg.cholesky(covariance).ravel())
    at = [np.append(0, np.cumsum([len(v) for v in vectors])) for vectors in (blocks, roots)]
    return Shape(centre, spread, at[0], np.concatenate(blocks), at[1], np.concatenate(roots))


def _blocks(design: Design) -> list[Ints]:
    """Parameters whose covariances are learnt: levels of paths with items and raters where they are few enough, else in parts."""
    m = design.structure
    levels, others = m.node_at[:-1], np.arange(int(m.node_at[-1]), m.size)
    if len(levels) + len(others) <= DENSE_UP_TO:
        return [np.append(levels, others)]
    if len(others) <= DENSE_UP_TO:
        return [others]
    edges = np.append(m.item_at, design.rest_at)
    blocks = [np.arange(a, b) for a, b in pairwise(edges)]
    rest = np.arange(design.rest_at, m.size)
    return [*blocks, rest] if len(rest) <= DENSE_UP_TO else blocks
