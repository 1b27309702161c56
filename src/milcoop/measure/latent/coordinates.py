"""A Gaussian fit of the paths, to choose coordinates for the sampler. No result is read off it: a bad fit costs time, never truth."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import brentq, minimize
from scipy.special import expit

from milcoop.measure.latent.answers import LEAST_SQUARE, AnswerWork
from milcoop.measure.latent.density import SPREAD, log_density, natural
from milcoop.measure.latent.design import (
    ABAR,
    BETWEEN,
    CONTINUOUS,
    COUNT,
    HIGHEST,
    LOWEST,
    STEP,
    UNIT_STEP,
    WITHIN,
    Design,
    Floats,
    Structure,
)
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.work import Work, bent

FIRST_STEP = 0.3
"""Spread of steps over the typical loading at which the first fit is made."""
FIRST_WITHIN = 0.7
MOST_LOADING = 1.5
"""Log loading to start from, in standard deviations of its prior: a joint mode drives loadings far beyond what is likely."""


def pilot(design: Design) -> tuple[Floats, Coordinates]:
    """Parameters to start from, (size,), and coordinates: the posterior mode with scales of steps held, and a Gaussian about it."""
    m = design.structure
    none = np.zeros(int(m.node_at[-1]))
    scales = np.zeros(4)
    scales[[STEP, UNIT_STEP, WITHIN]] = np.log([FIRST_STEP, FIRST_STEP, FIRST_WITHIN])
    if m.step < 0:
        scales[[STEP, UNIT_STEP]] = m.fixed_step
    flat = fit_coordinates(m, none, none, scales)
    x = _mode(m, first_guess(design), flat)
    positive = m.item_at[m.free == 0]
    x[positive] = np.clip(x[positive], -MOST_LOADING * m.loading_sd, MOST_LOADING * m.loading_sd)
    k = Work(m, 1)
    natural(x[:, None], m, flat, k)
    return recast(x[:, None], m, flat, k)


def recast(
    x: Floats, m: Structure, c: Coordinates, k: Work, typical: Floats | None = None
) -> tuple[Floats, Coordinates]:
    """Coordinates from a Gaussian fit at the mean of ``x`` (size, chains), and the same states in them.

    ``typical``: parameters at which to fit, (size,); their mean if None. Returns (size,) for a single chain.
    """
    at = x.mean(axis=1) if typical is None else typical
    one = Work(m, 1)
    natural(at[:, None], m, c, one)
    info, score = information(m, one.answers)
    u = one.paths.u[:, 0]
    scales, ratio = one.paths.scales[:, 0], one.paths.ratio[:, 0]
    new = fit_coordinates(m, info, np.zeros_like(info), scales, ratio)
    held = _held(m, new, u[:, None])[:, 0]
    held = np.append(held, m.place_share @ held)
    u = u - held[m.node_place]
    new = fit_coordinates(m, info, info * u + score, scales, ratio)
    natural(x, m, c, k)
    moved = to_coordinates(x, m, new, k)
    return (moved[:, 0] if x.shape[1] == 1 else moved), new


def information(m: Structure, k: AnswerWork) -> tuple[Floats, Floats]:
    """Fisher-like information of the answers about each node of ``u``, and their score, at parameters in ``k`` (one chain)."""
    rows = np.repeat(np.arange(len(m.row_form)), np.diff(m.row_at))
    form, item, rater = m.row_form[rows], m.row_item[rows], m.row_rater[rows]
    slope = k.loading[item, 0] * k.stretch[rater, 0]
    eta = slope * k.v[m.node, 0] - k.severity[rater, 0]
    score, info = np.zeros_like(eta), np.zeros_like(eta)
    cut = np.append(k.cut[:, 0], 0.0)
    for has, edge, sign in (
        (form <= BETWEEN, m.row_above, -1.0),
        ((form == BETWEEN) | (form == HIGHEST), m.row_below, 1.0),
    ):
        p = expit(sign * (eta[has] - cut[edge[rows][has]]))
        score[has] += sign * (1 - p)
        info[has] += p * (1 - p)
    count = form == COUNT
    square = k.spread[item[count], 0] ** 2 + LEAST_SQUARE
    rate = np.exp(np.minimum(eta[count] + k.intercept[item[count], 0] + m.log_exposure[count], 30.0))
    score[count] = (m.value[count] - rate) / (1 + square * rate)
    info[count] = rate / (1 + square * rate)
    plain = form == CONTINUOUS
    precision = np.exp(-2 * k.spread[item[plain], 0])
    score[plain] = precision * (m.value[plain] - eta[plain] - k.intercept[item[plain], 0])
    info[plain] = precision
    nodes = int(m.node_at[-1])
    found = [np.bincount(m.node, x, nodes).astype(float) for x in (info * slope**2, score * slope)]
    return found[0], found[1]


def fit_coordinates(
    m: Structure, info: Floats, pull: Floats, scales: Floats, ratio: Floats | None = None
) -> Coordinates:
    """Coordinates for answers that say N(pull / info, 1 / info) of each node, and walks with log ``scales`` (4,).

    ``ratio``: log of each place's typical loading over that of all, nought for groups, (places + 1,).
    """
    ratios = np.zeros(len(m.place_share) + 1) if ratio is None else ratio
    child = m.parent >= 0
    log_start = np.where(child, scales[WITHIN], scales[ABAR]) + ratios[m.place]
    log_step = np.where(child, scales[UNIT_STEP], scales[STEP]) + ratios[m.place]
    paths, nodes = len(m.parent), int(m.node_at[-1])
    span = np.diff(m.node_at)
    basis_at = np.append(0, np.cumsum(span**2))
    basis, prior = np.zeros(int(basis_at[-1])), np.zeros(int(basis_at[-1]))
    start, values, towards = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    told = [np.diag(info[m.node_at[i] : m.node_at[i + 1]]) for i in range(paths)]
    pulled = [pull[m.node_at[i] : m.node_at[i + 1]].copy() for i in range(paths)]
    for i in range(paths - 1, -1, -1):
        n, parent = int(span[i]), int(m.parent[i])
        begin, steps = _precisions(m, i, log_start[i], log_step[i])
        columns, information = _directions(told[i], begin, steps)
        block, part = slice(int(basis_at[i]), int(basis_at[i + 1])), slice(int(m.node_at[i]), int(m.node_at[i + 1]))
        back = columns.T @ steps
        back[0] = np.sqrt(begin) * np.eye(n)[0]
        basis[block], prior[block] = columns.ravel(), back.ravel()
        values[part], towards[part] = np.maximum(information, 0.0), columns.T @ pulled[i]
        start[part] = begin * columns[0]
        start[m.node_at[i]] = 0.0
        if parent >= 0:  # what the unit's answers say of its group, with the unit integrated out
            walk = steps + begin * np.outer(np.eye(n)[0], np.eye(n)[0])
            gain = np.linalg.solve(walk + told[i], walk)
            above = slice(int(m.offset[i]), int(m.offset[i]) + n)
            times = np.exp(ratios[m.place[i]])
            told[parent][above, above] += times**2 * (walk - walk @ gain)
            pulled[parent][above] += times * (gain.T @ pulled[i])
    place = m.node_place
    known = np.bincount(place, info, len(m.place_share) + 1)[:-1]
    told_of = info if (known > 0).all() else m.weight
    total = np.bincount(place, told_of, len(m.place_share) + 1)
    hold: Floats = np.where((told_of > 0) & (place < len(known)), told_of / np.maximum(total[place], 1e-300), 0.0)
    fitted = {
        "basis_at": basis_at,
        "basis": basis,
        "prior": prior,
        "start": start,
        "information": values,
        "pull": towards,
    }
    given = {
        f: getattr(m, f) for f in Coordinates._fields if hasattr(m, f)
    }  # what compiled code needs of the structure
    return Coordinates(
        **given, **fitted, log_start=log_start, log_step=log_step, hold=hold, total=(known + 1.0).astype(float)
    )


def _precisions(m: Structure, path: int, log_start: float, log_step: float) -> tuple[float, Floats]:
    """Prior precision of a path's start around its mean, and of its steps (times, times)."""
    n = int(m.node_at[path + 1] - m.node_at[path])
    start = float(np.exp(-2 * log_start) / m.start_sd[path] ** 2)
    difference = np.diff(np.eye(n), axis=0)
    return start, np.exp(-2 * log_step) * difference.T @ difference


def _directions(told: Floats, begin: float, steps: Floats) -> tuple[Floats, Floats]:
    """Level and directions of a path that data and start leave independent, as columns, and what they are told of each.

    A constant added to a path changes no step. So directions are those in which the answers' and the start's precision has no
    part along the constant path: level and steps then do not mix, whatever the scale of steps.
    """
    n = len(told)
    whole = told.copy()
    whole[0, 0] += begin
    columns, information = np.ones((n, n)) / np.sqrt(begin), np.full(n, told.sum() / begin)
    if n > 1:
        along = whole.sum(axis=1)
        rest = np.linalg.qr(np.column_stack([along, np.eye(n)]))[0][:, 1:]
        information[1:], vectors = eigh(rest.T @ whole @ rest, rest.T @ steps @ rest)
        columns[:, 1:] = rest @ vectors
    return columns, information


def to_coordinates(x: Floats, m: Structure, c: Coordinates, k: Work) -> Floats:
    """The states in ``k`` and the other parameters of ``x`` in coordinates ``c``, the mean that is held moved into the shift."""
    out = x.copy()
    p = k.paths
    held = _held(m, c, p.u)
    shift = p.shift[:-1] + held
    out[m.shift : m.shift + len(held)] = shift
    shift = np.vstack([shift, m.place_share @ shift])
    u = p.u + (p.shift - shift)[m.node_place]
    for i, parent in enumerate(m.parent):
        part = slice(int(m.node_at[i]), int(m.node_at[i + 1]))
        n = part.stop - part.start
        block = slice(int(c.basis_at[i]), int(c.basis_at[i + 1]))
        basis, prior = c.basis[block].reshape(n, n), c.prior[block].reshape(n, n)
        starting, stepping = (ABAR, STEP) if parent < 0 else (WITHIN, UNIT_STEP)
        ratio = p.ratio[m.place[i]]
        kappa = np.tile(np.exp(2 * (c.log_step[i] - p.scales[stepping] - ratio)), (n, 1))
        kappa[0] = np.exp(2 * (c.log_start[i] - p.scales[starting] - ratio))
        if parent < 0:
            path = np.tile(np.exp(p.scales[ABAR] + ratio) * m.start_mean[i] - shift[m.place[i]], (n, 1))
        else:
            above = int(m.above[i])
            path = np.exp(ratio) * (u[above : above + n] + shift[-1]) - shift[m.place[i]]
        precision = kappa + c.information[part][:, None]
        centre = (kappa * (prior @ path) + c.pull[part][:, None] + c.start[part][:, None] * path[0]) / precision
        out[part] = np.sqrt(precision) * (np.linalg.solve(basis, u[part]) - centre)
    return out


def _held(m: Structure, c: Coordinates, u: Floats) -> Floats:
    """Mean of states by information, (places, chains), of ``u`` (nodes, chains)."""
    return np.stack([(c.hold * (m.node_place == b)) @ u for b in range(len(m.place_share))])


def _mode(m: Structure, first: Floats, c: Coordinates) -> Floats:
    """Posterior mode with logarithms of scales held at their first values."""
    k, grad, value = Work(m, 1), np.zeros((m.size, 1)), np.zeros(1)
    held = [i for i in (m.step, m.unit_step, m.within, m.severity_spread, m.reliability_spread) if i >= 0]

    def loss(x: Floats) -> tuple[float, Floats]:
        log_density(x[:, None], grad, value, m, c, k)
        g = grad[:, 0].copy()
        g[held] = 0.0
        return (-float(value[0]), -g) if np.isfinite(value[0]) else (1e300, np.zeros_like(g))

    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": 300, "maxcor": 20})
    return np.asarray(found.x, dtype=float)


def first_guess(design: Design) -> Floats:
    """Loadings one, cutpoints at the quantiles of the answers, spreads middling; free loadings by the first principal axis."""
    m, panel = design.structure, design.panel
    x = np.zeros(m.size)
    scores, signs = _principal(design)
    for j in range(design.n_items):
        rows, at = panel.item == j, int(m.item_at[j])
        values = panel.value[rows]
        x[at] = signs[j] if m.free[j] else 0.0
        if m.form[j] == LOWEST:
            share = np.clip([(values >= b).mean() for b in range(1, design.cuts[j] + 1)], 0.02, 0.98)
            edges = -np.log(share / (1 - share))
            x[at + 1 : at + 1 + len(edges)] = np.append(edges[:1], np.log(np.maximum(np.diff(edges), 0.2)))
        elif m.form[j] == COUNT:
            x[at + 1 : at + 3] = np.log((values.sum() + 0.5) / panel.exposure[rows].sum()), 0.5
        else:
            x[at + 2] = SPREAD
    firsts = {m.step: FIRST_STEP / m.step_sd, m.unit_step: FIRST_STEP / m.step_sd, m.within: FIRST_WITHIN / m.within_sd}
    firsts |= {m.severity_spread: 0.3 / m.severity_sd, m.reliability_spread: 0.3 / m.reliability_sd}
    for place, ratio in firsts.items():
        if place >= 0:
            x[place] = brentq(lambda y, r=ratio: bent(y) - np.log(r), -20, 1e6)
    x[m.node_at[design.n_groups : -1]] = scores
    return x


def _principal(design: Design) -> tuple[Floats, Floats]:
    """A rough score of each unit and sign of each item: one power iteration after another on the centred answers."""
    panel = design.panel
    answers = np.zeros((design.n_units, design.n_items))
    count = np.zeros_like(answers)
    np.add.at(answers, (panel.unit, panel.item), panel.value)
    np.add.at(count, (panel.unit, panel.item), 1)
    mean = answers.sum(axis=0) / count.sum(axis=0)
    centred = np.where(count > 0, answers / np.maximum(count, 1) - mean, 0.0)
    centred /= centred.std(axis=0) + 1e-9
    free = design.structure.free.astype(bool)
    scores = _known_sides(design)
    if not free.any():
        scores = centred.sum(axis=1)
    elif not scores.any():
        scores = np.linalg.svd(centred, full_matrices=False)[0][:, 0]
    for _ in range(20):
        signs = centred.T @ scores
        signs = np.where(free, signs, np.abs(signs))
        scores = centred @ (signs / (np.abs(signs).max() + 1e-9)) / np.sqrt((count > 0).sum(axis=1) + 1)
    if design.spec.orient is not None and scores[panel.units.index(design.spec.orient)] < 0:
        scores, signs = -scores, np.where(free, -signs, signs)
    return scores / (scores.std() + 1e-9), signs / (np.abs(signs).max() + 1e-9)


def _known_sides(design: Design) -> Floats:
    """Where the priors of the start place the units."""
    return design.structure.start_mean[design.n_groups :].copy()
