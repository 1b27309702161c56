"""Paths of groups and units: from sampling coordinates to states, their prior, and the gradients of both.

A path is sampled as a level and what is left. The rest is in the eigenbasis of (information of the data, precision of the steps),
each direction with the mean and scale that a Gaussian fit gives at the current scale of steps: between centred and not centred,
best for each direction. A unit's walk has its group's path as prior mean, so that its coordinates follow the group.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.design import ABAR, STEP, UNIT_STEP, WITHIN, Floats, Ints, Structure

FLUSH = 16
"""Factors multiplied before their logarithm is taken: one logarithm for many, and no overflow."""


class Coordinates(NamedTuple):
    """Gaussian fit of the paths. Nodes are those of the structure."""

    basis_at: Ints
    """First entry of each path's matrix, (paths + 1,)."""
    basis: Floats
    """Matrices row by row. First column: the level, of unit precision under the prior of the start; then columns of unit
    precision under the steps, as they were at the fit."""
    prior: Floats
    """Matrices that turn the prior mean of a path into that of its coordinates: the start for the level, steps for the rest."""
    start: Floats
    """What the prior mean of the start adds to the pull, by node: nought for levels."""
    information: Floats
    """Information of the data (and of the start, for steps) over prior precision, by node."""
    pull: Floats
    """What the data pull towards, in the basis, by node."""
    log_start: Floats
    """Log standard deviation of each path's start at the fit, (paths,)."""
    log_step: Floats
    """The same of its steps."""
    hold: Floats
    """Share of the information about a place's nodes: their mean by it is held near nought."""
    total: Floats
    """Information of the data about each of these means, (places,)."""


class PathWork(NamedTuple):
    """Arrays that the forward pass leaves for the backward one; last axis chains."""

    u: Floats
    """States, (nodes, chains)."""
    mean: Floats
    """Prior mean of each path in its basis, (nodes, chains)."""
    kappa: Floats
    """Precision of steps over that at the fit, (paths, chains)."""
    kappa_start: Floats
    """The same of starts."""
    begin: Floats
    """Prior mean of the start, (paths, chains)."""
    scales: Floats
    """Log scales, (4, chains), as those of groups."""
    ratio: Floats
    """Log of the typical loading of each place over that of all; nought for groups, (places + 1, chains)."""
    g_u: Floats
    g_scales: Floats
    g_ratio: Floats
    shift: Floats
    """What states of each place lie above the sampled ones; last those of groups, (places + 1, chains)."""
    g_shift: Floats
    mean_state: Floats
    """Mean state over the answers as groups have it, the shifts included, (chains,)."""
    held: Floats
    """Mean of the sampled states of each place by information, (places, chains)."""
    g_held: Floats
    z: Floats
    """Scratch, (nodes, chains)."""


def path_work(nodes: int, paths: int, places: int, chains: int) -> PathWork:
    """Empty arrays."""

    def empty(*shape: int) -> NDArray[np.float64]:
        return np.zeros((*shape, chains))

    by_node, by_path = empty(nodes), empty(paths)
    return PathWork(
        u=by_node, mean=empty(nodes), kappa=by_path, kappa_start=empty(paths), begin=empty(paths), scales=empty(4),
        ratio=empty(places + 1), g_u=empty(nodes), g_scales=empty(4), g_ratio=empty(places + 1), shift=empty(places + 1), g_shift=empty(places + 1), mean_state=empty(),
        held=empty(places), g_held=empty(places), z=empty(nodes),
    )  # fmt: skip


@compiled
def states(x: Floats, m: Structure, c: Coordinates, k: PathWork) -> None:
    """Fill states, prior means and the mean state from parameters ``x`` and the scales."""
    chains = x.shape[1]
    times = np.empty(chains)
    places = len(m.place_share)
    k.mean_state[:] = 0.0
    k.held[:] = 0.0
    k.shift[places, :] = 0.0
    for b in range(places):
        for s in range(chains):
            k.shift[b, s] = x[m.shift + b, s]
            k.shift[places, s] += m.place_share[b] * x[m.shift + b, s]
    for i in range(len(m.parent)):
        first, n, at = m.node_at[i], m.node_at[i + 1] - m.node_at[i], c.basis_at[i]
        parent, place = m.parent[i], m.place[i]
        starting, stepping = (ABAR, STEP) if parent < 0 else (WITHIN, UNIT_STEP)
        above = m.node_at[parent] + m.offset[i] if parent >= 0 else 0
        for s in range(chains):
            ratio = k.ratio[place, s]
            times[s] = np.exp(ratio)
            k.kappa[i, s] = np.exp(2.0 * (c.log_step[i] - k.scales[stepping, s] - ratio))
            k.kappa_start[i, s] = np.exp(2.0 * (c.log_start[i] - k.scales[starting, s] - ratio))
            if parent < 0:
                k.begin[i, s] = np.exp(k.scales[ABAR, s] + ratio) * m.start_mean[i] - k.shift[place, s]
            else:
                k.begin[i, s] = times[s] * (k.u[above, s] + k.shift[places, s]) - k.shift[place, s]
        for t in range(n):
            for s in range(chains):
                k.mean[first + t, s] = c.prior[at] * k.begin[i, s] if t == 0 else 0.0
            if parent >= 0 and t > 0:
                for v in range(n):
                    weight = c.prior[at + t * n + v]
                    for s in range(chains):
                        k.mean[first + t, s] += weight * times[s] * k.u[above + v, s]
            info, pull, start = c.information[first + t], c.pull[first + t], c.start[first + t]
            for s in range(chains):
                kappa = k.kappa_start[i, s] if t == 0 else k.kappa[i, s]
                precision = kappa + info
                centre = (kappa * k.mean[first + t, s] + pull + start * k.begin[i, s]) / precision
                k.z[first + t, s] = centre + x[first + t, s] / np.sqrt(precision)
        for t in range(n):
            k.u[first + t, :] = 0.0
            for v in range(n):
                weight = c.basis[at + t * n + v]
                for s in range(chains):
                    k.u[first + t, s] += weight * k.z[first + v, s]
            share, hold = m.weight[first + t], c.hold[first + t]
            if share > 0 or hold > 0:
                for s in range(chains):
                    k.mean_state[s] += share * (k.u[first + t, s] + k.shift[place, s]) / times[s]
                    k.held[place, s] += hold * k.u[first + t, s]


@compiled
def path_prior(x: Floats, m: Structure, c: Coordinates, k: PathWork, value: Floats) -> None:
    """Add the log prior of all paths and the Jacobian of their coordinates; gradients by states, scales and shift."""
    chains = x.shape[1]
    groups = len(m.place_share)
    product, inverse, ratio = np.empty(chains), np.empty(chains), np.empty(chains)
    for i in range(len(m.parent)):
        first, n, parent, place = m.node_at[i], m.node_at[i + 1] - m.node_at[i], m.parent[i], m.place[i]
        above = m.node_at[parent] + m.offset[i] if parent >= 0 else 0
        for s in range(chains):
            if parent < 0:
                abar = np.exp(k.scales[ABAR, s] + k.ratio[place, s])
                sd = abar * m.start_sd[i]
                gap = (k.u[first, s] - abar * m.start_mean[i] + k.shift[place, s]) / sd
                pulled = gap * gap - 1.0 + gap / sd * abar * m.start_mean[i]
                k.g_scales[ABAR, s] += pulled
                value[s] -= 0.5 * gap * gap + k.scales[ABAR, s] + k.ratio[place, s]
            else:
                sd, times = np.exp(k.scales[WITHIN, s] + k.ratio[place, s]), np.exp(k.ratio[place, s])
                mean = times * (k.u[above, s] + k.shift[groups, s])
                gap = (k.u[first, s] + k.shift[place, s] - mean) / sd
                k.g_u[above, s] += gap / sd * times
                k.g_shift[groups, s] += gap / sd * times
                pulled = gap * gap - 1.0 + gap / sd * mean
                k.g_scales[WITHIN, s] += gap * gap - 1.0
                value[s] -= 0.5 * gap * gap + k.scales[WITHIN, s] + k.ratio[place, s]
            k.g_ratio[place, s] += pulled
            k.g_u[first, s] -= gap / sd
            k.g_shift[place, s] -= gap / sd
        which = UNIT_STEP if parent >= 0 else STEP
        for s in range(chains):
            ratio[s] = np.exp(k.ratio[place, s])
            inverse[s] = np.exp(-k.scales[which, s]) / ratio[s]
        product[:] = 1.0
        for t in range(1, n):
            for s in range(chains):
                tau = inverse[s]
                gap, moved = k.u[first + t, s] - k.u[first + t - 1, s], 0.0
                if parent >= 0:
                    moved = ratio[s] * (k.u[above + t, s] - k.u[above + t - 1, s])
                gap = (gap - moved) * tau
                if m.degrees > 0:
                    spread = 1.0 + gap * gap / m.degrees
                    product[s] *= spread
                    force = (m.degrees + 1.0) / m.degrees * gap / spread
                else:
                    value[s] -= 0.5 * gap * gap
                    force = gap
                value[s] -= k.scales[which, s] + k.ratio[place, s]
                k.g_scales[which, s] += force * gap - 1.0
                k.g_ratio[place, s] += force * gap - 1.0 + force * tau * moved
                k.g_u[first + t, s] -= force * tau
                k.g_u[first + t - 1, s] += force * tau
                if parent >= 0:
                    k.g_u[above + t, s] += force * tau * ratio[s]
                    k.g_u[above + t - 1, s] -= force * tau * ratio[s]
            if m.degrees > 0 and (t % FLUSH == 0 or t == n - 1):
                for s in range(chains):
                    value[s] -= 0.5 * (m.degrees + 1.0) * np.log(product[s])
                    product[s] = 1.0
        product[:] = 1.0
        for t in range(n):
            for s in range(chains):
                product[s] *= (k.kappa_start[i, s] if t == 0 else k.kappa[i, s]) + c.information[first + t]
            if t % FLUSH == FLUSH - 1 or t == n - 1:
                for s in range(chains):
                    value[s] -= 0.5 * np.log(product[s])
                    product[s] = 1.0
    for b in range(len(c.total)):
        for s in range(chains):
            value[s] -= 0.5 * k.held[b, s] ** 2 * c.total[b]


@compiled
def states_backward(x: Floats, grad: Floats, m: Structure, c: Coordinates, k: PathWork) -> None:
    """From gradients by states to gradients by coordinates, scales and shift; units before their groups."""
    chains = x.shape[1]
    groups = len(m.place_share)
    g_begin, times = np.empty(chains), np.empty(chains)
    for i in range(len(m.parent) - 1, -1, -1):
        first, n, at = m.node_at[i], m.node_at[i + 1] - m.node_at[i], c.basis_at[i]
        parent, place = m.parent[i], m.place[i]
        starting, stepping = (ABAR, STEP) if parent < 0 else (WITHIN, UNIT_STEP)
        for t in range(n):
            k.z[first + t, :] = 0.0
        for v in range(n):
            for t in range(n):
                weight = c.basis[at + v * n + t]
                for s in range(chains):
                    k.z[first + t, s] += weight * k.g_u[first + v, s]
        g_begin[:] = 0.0
        for t in range(n):
            info, pull, start = c.information[first + t], c.pull[first + t], c.start[first + t]
            for s in range(chains):
                kappa, mean, g = (
                    k.kappa_start[i, s] if t == 0 else k.kappa[i, s],
                    k.mean[first + t, s],
                    k.z[first + t, s],
                )
                inverse = 1.0 / (kappa + info)
                root = np.sqrt(inverse)
                grad[first + t, s] = g * root
                centre = (kappa * mean + pull + start * k.begin[i, s]) * inverse
                g_kappa = g * inverse * (mean - centre - 0.5 * x[first + t, s] * root) - 0.5 * inverse
                k.g_scales[starting if t == 0 else stepping, s] -= 2.0 * kappa * g_kappa
                k.g_ratio[place, s] -= 2.0 * kappa * g_kappa
                g_begin[s] += g * start * inverse
                k.z[first + t, s] = g * kappa * inverse
        for s in range(chains):
            g_begin[s] += c.prior[at] * k.z[first, s]
            k.g_shift[place, s] -= g_begin[s]
            times[s] = np.exp(k.ratio[place, s])
            if parent < 0:
                g_abar = g_begin[s] * np.exp(k.scales[ABAR, s]) * times[s] * m.start_mean[i]
                k.g_scales[ABAR, s] += g_abar
                k.g_ratio[place, s] += g_abar
            else:
                above = m.node_at[parent] + m.offset[i]
                k.g_shift[groups, s] += g_begin[s] * times[s]
                k.g_u[above, s] += g_begin[s] * times[s]
                k.g_ratio[place, s] += g_begin[s] * times[s] * (k.u[above, s] + k.shift[groups, s])
        if parent >= 0:
            above = m.node_at[parent] + m.offset[i]
            for t in range(1, n):
                for v in range(n):
                    weight = c.prior[at + t * n + v]
                    for s in range(chains):
                        k.g_u[above + v, s] += weight * times[s] * k.z[first + t, s]
                for s in range(chains):
                    k.g_ratio[place, s] += k.mean[first + t, s] * k.z[first + t, s]
    for b in range(groups):
        for s in range(chains):
            grad[m.shift + b, s] += k.g_shift[b, s] + m.place_share[b] * k.g_shift[groups, s]
