"""Paths of groups and units: from sampling coordinates to states, their prior, and the gradients of both.

A path is sampled as a level and what is left. The rest is in the eigenbasis of (information of the data, precision of the steps),
each direction with the mean and scale that a Gaussian fit gives at the current scale of steps: between centred and not centred,
best for each direction. A unit's walk has its group's path as prior mean, so that its coordinates follow the group.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from milcoop.measure.latent.compiled import compiled, part
from milcoop.measure.latent.design import ABAR, STEP, UNIT_STEP, WITHIN, Floats, Ints

FLUSH = 16
"""Factors multiplied before their logarithm is taken: one logarithm for many, and no overflow."""


class Coordinates(NamedTuple):
    """Paths as compiled code reads them, and a Gaussian fit of them. Nodes are those of the structure, as are the first fields."""

    node_at: Ints
    above: Ints
    place: Ints
    start_mean: Floats
    start_sd: Floats
    weight: Floats
    place_share: Floats
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
    """Arrays of one evaluation; last axis chains."""

    scales: Floats
    """Log scales, (4, chains), as those of groups."""
    ratio: Floats
    """Log of the typical loading of each place over that of all; nought for groups, (places + 1, chains)."""
    times: Floats
    """The same without the logarithm."""
    shift: Floats
    """What states of each place lie above the sampled ones; last those of groups, (places + 1, chains)."""
    u: Floats
    """States less the shift, (nodes, chains)."""
    v: Floats
    """States less the mean state, as the place has it."""
    mean: Floats
    """Prior mean of each path in its basis."""
    z: Floats
    """Scratch, (nodes, chains)."""
    begin: Floats
    """Prior mean of the start, less the shift, (paths, chains)."""
    kappa: Floats
    """Precision of steps over that at the fit."""
    kappa_start: Floats
    """The same of starts."""
    place_mean: Floats
    """What each place's states add to the mean state, as they have it, (places + 1, chains)."""
    mean_state: Floats
    """Mean state over the answers as groups have it, the shifts included, (chains,)."""
    held: Floats
    """Mean of the sampled states of each place by information, (places, chains)."""
    log_scale: Floats
    """Log of the scales of all coordinates, summed, (chains,)."""
    product: Floats
    """Scratch, (chains,), as are the next three."""
    root: Floats
    pushed: Floats
    moved: Floats
    g_u: Floats
    g_v: Floats
    g_pivot: Floats
    """By the mean state as each place has it, less the place's shift, (places, chains)."""
    g_held: Floats
    g_scales: Floats
    g_ratio: Floats
    g_shift: Floats


def path_work(nodes: int, paths: int, places: int, chains: int) -> PathWork:
    """Arrays of noughts."""
    sizes = dict.fromkeys(PathWork._fields, places + 1)
    sizes |= dict.fromkeys(("u", "v", "mean", "z", "g_u", "g_v"), nodes)
    sizes |= dict.fromkeys(("begin", "kappa", "kappa_start"), paths)
    sizes |= dict.fromkeys(("held", "g_pivot", "g_held"), places) | dict.fromkeys(("scales", "g_scales"), 4)
    flat = ("mean_state", "log_scale", "product", "root", "pushed", "moved")
    arrays = {f: np.zeros((n, chains)) for f, n in sizes.items() if f not in flat}
    return PathWork(**arrays, **{f: np.zeros(chains) for f in flat})


@compiled
def states(x: Floats, c: Coordinates, k: PathWork) -> None:
    """Fill states, their means and the Jacobian from parameters ``x``, scales, ratios and shifts, for all chains."""
    groups = len(c.place_share)
    for s in range(len(k.product)):
        k.log_scale[s] = k.mean_state[s] = 0.0
        k.product[s] = 1.0
        for b in range(groups + 1):
            k.place_mean[b, s] = 0.0
        for b in range(groups):
            k.held[b, s] = 0.0
    for i in range(len(c.above)):  # groups before their units
        first, n, at = c.node_at[i], c.node_at[i + 1] - c.node_at[i], c.basis_at[i]
        above, place = c.above[i], c.place[i]
        starting, stepping = (ABAR, STEP) if above < 0 else (WITHIN, UNIT_STEP)
        for s in range(len(k.product)):
            ratio = k.ratio[place, s]
            k.kappa[i, s] = np.exp(2.0 * (c.log_step[i] - k.scales[stepping, s] - ratio))
            k.kappa_start[i, s] = np.exp(2.0 * (c.log_start[i] - k.scales[starting, s] - ratio))
            if above < 0:
                k.begin[i, s] = np.exp(k.scales[ABAR, s] + ratio) * c.start_mean[i] - k.shift[place, s]
            else:
                k.begin[i, s] = k.times[place, s] * (k.u[above, s] + k.shift[groups, s]) - k.shift[place, s]
        own, basis = slice(first, first + n), c.basis[at : at + n * n].reshape(n, n)
        if above >= 0:
            np.dot(c.prior[at : at + n * n].reshape(n, n), k.u[above : above + n], k.mean[own])
        for t in range(n):
            for s in range(len(k.product)):
                follows = k.times[place, s] * k.mean[first + t, s] if above >= 0 else 0.0
                k.mean[first + t, s] = follows if t > 0 else c.prior[at] * k.begin[i, s]
            info, pull, start = c.information[first + t], c.pull[first + t], c.start[first + t]
            for s in range(len(k.product)):
                kappa = k.kappa_start[i, s] if t == 0 else k.kappa[i, s]
                precision = kappa + info
                centre = (kappa * k.mean[first + t, s] + pull + start * k.begin[i, s]) / precision
                k.z[first + t, s] = centre + x[first + t, s] / np.sqrt(precision)
                k.product[s] *= precision
            if t % FLUSH == FLUSH - 1 or t == n - 1:
                for s in range(len(k.product)):
                    k.log_scale[s] -= 0.5 * np.log(k.product[s])
                    k.product[s] = 1.0
        np.dot(basis, k.z[own], k.u[own])
        for t in range(n):
            share, hold = c.weight[first + t], c.hold[first + t]
            if share > 0 or hold > 0:
                for s in range(len(k.product)):
                    k.place_mean[place, s] += share * (k.u[first + t, s] + k.shift[place, s])
                    k.held[place, s] += hold * k.u[first + t, s]
    for b in range(groups):
        for s in range(len(k.product)):
            k.mean_state[s] += k.place_mean[b, s] / k.times[b, s]
    for i in range(len(c.above)):
        place = c.place[i]
        for t in range(c.node_at[i], c.node_at[i + 1]):
            for s in range(len(k.product)):
                k.g_v[t, s] = 0.0
                k.v[t, s] = k.u[t, s] + k.shift[place, s] - k.mean_state[s] * k.times[place, s]


@compiled
def states_backward(x: Floats, grad: Floats, value: Floats, degrees: float, c: Coordinates, k: PathWork) -> None:
    """Add the log prior of all paths and the Jacobian; pass gradients by ``v``, mean state and held means on.

    They go to coordinates (``grad``), scales, ratios and shifts. ``degrees``: of freedom of a step; nought for a normal one.
    """
    for s in range(len(k.product)):
        value[s] += k.log_scale[s]
    _means_backward(c, k)
    for i in range(len(c.above) - 1, -1, -1):  # units before their groups
        _start_prior(i, value, c, k)
        _step_prior(i, value, degrees, c, k)
        _coordinates_backward(i, x, grad, c, k)


@part
def _means_backward(c: Coordinates, k: PathWork) -> None:
    """Gradients by states and shifts, from those by what answers see and by the means of states."""
    for i in range(len(c.above)):
        place = c.place[i]
        if place < len(c.place_share):
            for t in range(c.node_at[i], c.node_at[i + 1]):
                for s in range(len(k.product)):
                    k.g_pivot[place, s] -= k.g_v[t, s]
    for s in range(len(k.product)):
        k.moved[s] = 0.0
    for b in range(len(c.place_share)):
        for s in range(len(k.product)):
            k.moved[s] += k.g_pivot[b, s] * k.times[b, s]
    for b in range(len(c.place_share)):
        for s in range(len(k.product)):
            moved = k.moved[s] / k.times[b, s]
            k.g_ratio[b, s] += k.g_pivot[b, s] * k.times[b, s] * k.mean_state[s] - moved * k.place_mean[b, s]
            k.g_shift[b, s] += moved * c.place_share[b] - k.g_pivot[b, s]
    for i in range(len(c.above)):
        place = c.place[i]
        for t in range(c.node_at[i], c.node_at[i + 1]):
            share, hold = c.weight[t], c.hold[t]
            for s in range(len(k.product)):
                k.g_u[t, s] = k.g_v[t, s]
            if share > 0 or hold > 0:
                for s in range(len(k.product)):
                    k.g_u[t, s] += share * k.moved[s] / k.times[place, s] + hold * k.g_held[place, s]


@part
def _start_prior(i: int, value: Floats, c: Coordinates, k: PathWork) -> None:
    """Log prior of a path's start; ``pushed`` is the gradient by its prior mean."""
    first, above, place = c.node_at[i], c.above[i], c.place[i]
    starting = ABAR if above < 0 else WITHIN
    for s in range(len(k.product)):
        log_sd = k.scales[starting, s] + k.ratio[place, s]
        sd = np.exp(log_sd) * (c.start_sd[i] if above < 0 else 1.0)
        gap = (k.u[first, s] - k.begin[i, s]) / sd
        value[s] -= 0.5 * gap * gap + log_sd
        k.pushed[s] = gap / sd
        k.g_u[first, s] -= gap / sd
        k.g_scales[starting, s] += gap * gap - 1.0
        k.g_ratio[place, s] += gap * gap - 1.0


@part
def _step_prior(i: int, value: Floats, degrees: float, c: Coordinates, k: PathWork) -> None:
    """Log prior of a path's steps."""
    first, n, above, place = c.node_at[i], c.node_at[i + 1] - c.node_at[i], c.above[i], c.place[i]
    stepping = STEP if above < 0 else UNIT_STEP
    for s in range(len(k.product)):
        log_sd = k.scales[stepping, s] + k.ratio[place, s]
        value[s] -= (n - 1) * log_sd
        k.root[s] = np.exp(-log_sd)
        k.product[s] = 1.0
    for t in range(1, n):
        for s in range(len(k.product)):
            tau, moved = k.root[s], 0.0
            if above >= 0:
                moved = k.times[place, s] * (k.u[above + t, s] - k.u[above + t - 1, s])
            gap = (k.u[first + t, s] - k.u[first + t - 1, s] - moved) * tau
            if degrees > 0:
                spread = 1.0 + gap * gap / degrees
                k.product[s] *= spread
                force = (degrees + 1.0) / degrees * gap / spread
            else:
                value[s] -= 0.5 * gap * gap
                force = gap
            k.g_scales[stepping, s] += force * gap - 1.0
            k.g_ratio[place, s] += force * gap - 1.0 + force * tau * moved
            k.g_u[first + t, s] -= force * tau
            k.g_u[first + t - 1, s] += force * tau
            if above >= 0:
                k.g_u[above + t, s] += force * tau * k.times[place, s]
                k.g_u[above + t - 1, s] -= force * tau * k.times[place, s]
        if degrees > 0 and (t % FLUSH == 0 or t == n - 1):
            for s in range(len(k.product)):
                value[s] -= 0.5 * (degrees + 1.0) * np.log(k.product[s])
                k.product[s] = 1.0


@part
def _coordinates_backward(i: int, x: Floats, grad: Floats, c: Coordinates, k: PathWork) -> None:
    """Gradients by a path's coordinates, and by its start's prior mean, scales, ratios and the group's states, from those by states."""
    first, n, at, above, place = c.node_at[i], c.node_at[i + 1] - c.node_at[i], c.basis_at[i], c.above[i], c.place[i]
    starting, stepping = (ABAR, STEP) if above < 0 else (WITHIN, UNIT_STEP)
    groups = len(c.place_share)
    own, basis = slice(first, first + n), c.basis[at : at + n * n].reshape(n, n)
    np.dot(basis.T, k.g_u[own], k.z[own])
    for t in range(n):
        info, pull, start = c.information[first + t], c.pull[first + t], c.start[first + t]
        kappa, mean, begin, g = (k.kappa_start if t == 0 else k.kappa)[i], k.mean[first + t], k.begin[i], k.z[first + t]
        which = starting if t == 0 else stepping
        for s in range(len(k.product)):
            inverse = 1.0 / (kappa[s] + info)
            root = np.sqrt(inverse)
            grad[first + t, s] = g[s] * root
            centre = (kappa[s] * mean[s] + pull + start * begin[s]) * inverse
            k.moved[s] = kappa[s] * inverse * (1.0 - 2.0 * g[s] * (mean[s] - centre) + g[s] * x[first + t, s] * root)
            k.pushed[s] += g[s] * start * inverse
            g[s] *= kappa[s] * inverse
        for s in range(len(k.product)):
            k.g_scales[which, s] += k.moved[s]
            k.g_ratio[place, s] += k.moved[s]
    for s in range(len(k.product)):
        k.pushed[s] += c.prior[at] * k.z[first, s]
        by_mean = k.pushed[s] * (k.begin[i, s] + k.shift[place, s])
        k.g_ratio[place, s] += by_mean
        k.g_shift[place, s] -= k.pushed[s]
        if above < 0:
            k.g_scales[ABAR, s] += by_mean
        else:
            k.g_shift[groups, s] += k.pushed[s] * k.times[place, s]
            k.g_u[above, s] += k.pushed[s] * k.times[place, s]
    if above >= 0:
        for s in range(len(k.product)):
            k.z[first, s] = 0.0
        np.dot(c.prior[at : at + n * n].reshape(n, n).T, k.z[own], k.g_v[own])
        for t in range(n):
            for s in range(len(k.product)):
                k.g_u[above + t, s] += k.times[place, s] * k.g_v[first + t, s]
                k.g_ratio[place, s] += k.mean[first + t, s] * k.z[first + t, s]
