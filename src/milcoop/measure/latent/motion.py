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


class State:
    """Chains that move together; last axis chains."""

    def __init__(self, size: int, chains: int) -> None:
        self.q, self.x, self.grad, self.force = (np.zeros((size, chains)) for _ in range(4))
        self.value = np.zeros(chains)
        """Log density. ``force`` is the gradient by ``q`` of what it differs from a standard normal one."""
        self.chance = np.zeros(chains)
        """Probability of acceptance of the last move."""
        self.divergent = 0
        """Moves so far whose energy went astray."""


def evaluate(z: State, m: Structure, c: Coordinates, shape: Shape, k: Work) -> None:
    """Parameters, log density and force at ``z.q``."""
    z.force[:] = 0.0  # one that was not a number would spoil even where nothing moves
    _ahead(z.q, np.zeros_like(z.q), z.force, z.x, 0.0, 1.0, 0.0, shape)
    _look(z, m, c, shape, k)


def _look(z: State, m: Structure, c: Coordinates, shape: Shape, k: Work) -> None:
    log_density(z.x, z.grad, z.value, m, c, k)
    _force(z.q, z.grad, z.force, shape)


@compiled
def _ahead(q: Floats, p: Floats, force: Floats, x: Floats, kick: float, cos: float, sin: float, shape: Shape) -> None:
    """Kick momenta ``p``, rotate them with ``q``, and fill parameters ``x``."""
    size, chains = q.shape
    for i in range(size):
        for s in range(chains):
            moved, at = p[i, s] + kick * force[i, s], q[i, s]
            p[i, s] = cos * moved - sin * at
            q[i, s] = cos * at + sin * moved
            x[i, s] = shape.centre[i] + shape.spread[i] * q[i, s]
    for b in range(len(shape.member_at) - 1):
        begin, n, at = shape.member_at[b], shape.member_at[b + 1] - shape.member_at[b], shape.root_at[b]
        for i in range(n):
            to = shape.member[begin + i]
            for s in range(chains):
                x[to, s] = shape.centre[to]
            for j in range(i + 1):
                weight, of = shape.root[at + i * n + j], shape.member[begin + j]
                for s in range(chains):
                    x[to, s] += weight * q[of, s]


@compiled
def _force(q: Floats, grad: Floats, force: Floats, shape: Shape) -> None:
    """Gradient by ``q`` of what the log density differs from a standard normal one, from that by parameters."""
    size, chains = q.shape
    for i in range(size):
        for s in range(chains):
            force[i, s] = shape.spread[i] * grad[i, s] + q[i, s]
    for b in range(len(shape.member_at) - 1):
        begin, n, at = shape.member_at[b], shape.member_at[b + 1] - shape.member_at[b], shape.root_at[b]
        for i in range(n):
            to = shape.member[begin + i]
            for s in range(chains):
                force[to, s] = q[to, s]
        for i in range(n):
            of = shape.member[begin + i]
            for j in range(i + 1):
                weight, to = shape.root[at + i * n + j], shape.member[begin + j]
                for s in range(chains):
                    force[to, s] += weight * grad[of, s]


def move(
    z: State, p: Floats, uniform: Floats, steps: int, angle: float, m: Structure, c: Coordinates, shape: Shape, k: Work
) -> None:
    """Move each chain along ``steps`` turns of ``angle`` from momenta ``p``, and keep it where the energy allows."""
    kept = [array.copy() for array in (z.q, z.x, z.force, z.value)]
    before = 0.5 * np.einsum("is,is->s", p, p)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    for n in range(steps):
        _ahead(z.q, p, z.force, z.x, angle if n else 0.5 * angle, cos, sin, shape)
        _look(z, m, c, shape, k)
    p += 0.5 * angle * z.force
    gain = z.value - 0.5 * np.einsum("is,is->s", p, p) - kept[-1] + before
    astray = ~(gain > -DIVERGENT)  # also where it is not a number
    z.divergent += int(astray.sum())
    z.chance = np.where(astray, 0.0, np.exp(np.minimum(gain, 0.0)))
    stay = ~(uniform < z.chance)
    for now, then in zip((z.q, z.x, z.force, z.value), kept, strict=True):
        now[..., stay] = then[..., stay]
