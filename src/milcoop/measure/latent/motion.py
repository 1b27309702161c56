"""One move of Hamiltonian Monte Carlo for many chains at once, exact where the posterior is normal.

In coordinates where the posterior is nearly standard normal, motion under the normal part is a rotation and is done exactly;
only what the density differs from a normal one is added as kicks (Shahbaba et al. 2014, split Hamiltonian Monte Carlo). So
few evaluations carry a chain a quarter turn, to a place nearly independent of the last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.density import log_density
from milcoop.measure.latent.design import Floats, Ints, Structure
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.work import Work

DIVERGENT = 1000.0
"""Loss of energy from which a move counts as divergent, as in Stan."""


class Shape(NamedTuple):
    """Normal approximation: ``x = centre + spread q``, and within a block ``x = centre + root q``."""

    centre: Floats
    """(parameters,)."""
    spread: Floats
    """(parameters,); unused within blocks."""
    member_at: Ints
    """First entry of each block in ``member``, (blocks + 1,)."""
    member: Ints
    """Parameters of the blocks."""
    root_at: Ints
    """First entry of each block's matrix, (blocks + 1,)."""
    root: Floats
    """Lower triangular matrices row by row."""


class State(NamedTuple):
    """Chains of one thread; last axis chains."""

    q: Floats
    x: Floats
    grad: Floats
    force: Floats
    """Gradient of what the log density differs from a standard normal one, by ``q``."""
    value: Floats
    """Log density, (chains,)."""
    chance: Floats
    """Probability of acceptance of the last move, (chains,)."""
    divergent: Floats
    """Moves so far whose energy went astray, (chains,)."""


def make_state(size: int, chains: int) -> State:
    """Empty arrays."""
    return State(*(np.zeros((size, chains)) for _ in range(4)), *(np.zeros(chains) for _ in range(3)))


@compiled
def evaluate(z: State, m: Structure, c: Coordinates, shape: Shape, k: Work) -> None:
    """Parameters, log density and force at ``z.q``."""
    size, chains = z.q.shape
    for i in range(size):
        for s in range(chains):
            z.x[i, s] = shape.centre[i] + shape.spread[i] * z.q[i, s]
    for b in range(len(shape.member_at) - 1):
        member = shape.member[shape.member_at[b] : shape.member_at[b + 1]]
        n, at = len(member), shape.root_at[b]
        for i in range(n):
            z.x[member[i], :] = shape.centre[member[i]]
            for j in range(i + 1):
                weight = shape.root[at + i * n + j]
                for s in range(chains):
                    z.x[member[i], s] += weight * z.q[member[j], s]
    log_density(z.x, z.grad, z.value, m, c, k)
    for i in range(size):
        for s in range(chains):
            z.force[i, s] = shape.spread[i] * z.grad[i, s] + z.q[i, s]
    for b in range(len(shape.member_at) - 1):
        member = shape.member[shape.member_at[b] : shape.member_at[b + 1]]
        n, at = len(member), shape.root_at[b]
        for i in range(n):
            z.force[member[i], :] = z.q[member[i], :]
        for i in range(n):
            for j in range(i + 1):
                weight = shape.root[at + i * n + j]
                for s in range(chains):
                    z.force[member[j], s] += weight * z.grad[member[i], s]


@compiled
def move(
    z: State, p: Floats, uniform: Floats, steps: int, angle: float, m: Structure, c: Coordinates, shape: Shape, k: Work
) -> None:
    """Move each chain along ``steps`` turns of ``angle`` from momenta ``p``, and keep it where the energy allows."""
    size, chains = z.q.shape
    before, q, x, force, value = np.zeros(chains), z.q.copy(), z.x.copy(), z.force.copy(), z.value.copy()
    for i in range(size):
        for s in range(chains):
            before[s] += 0.5 * p[i, s] ** 2
    cos, sin = np.cos(angle), np.sin(angle)
    half = 0.5 * angle
    for n in range(steps):
        kick = half if n == 0 else angle
        for i in range(size):
            for s in range(chains):
                moved = p[i, s] + kick * z.force[i, s]
                p[i, s] = cos * moved - sin * z.q[i, s]
                z.q[i, s] = cos * z.q[i, s] + sin * moved
        evaluate(z, m, c, shape, k)
    after = np.zeros(chains)
    for i in range(size):
        for s in range(chains):
            after[s] += 0.5 * (p[i, s] + half * z.force[i, s]) ** 2
    for s in range(chains):
        gain = z.value[s] - after[s] - value[s] + before[s]
        if gain > -DIVERGENT:
            z.chance[s] = np.exp(min(gain, 0.0))
        else:  # also where it is not a number
            z.chance[s] = 0.0
            z.divergent[s] += 1.0
        if not uniform[s] < z.chance[s]:
            z.value[s] = value[s]
            for i in range(size):
                z.q[i, s], z.x[i, s], z.force[i, s] = q[i, s], x[i, s], force[i, s]
