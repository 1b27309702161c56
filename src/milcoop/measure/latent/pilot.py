"""A Gaussian fit of the paths, to choose coordinates for the sampler. No result is read off it."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import minimize, minimize_scalar

from milcoop.measure.latent.density import Density, Params, Whitening
from milcoop.measure.latent.design import Design

Floats = NDArray[np.float64]
ROUNDS = 2


def plain_coordinates(design: Design) -> Whitening:
    """Coordinates that know no data: steps of the walk in units of their standard deviation."""
    zero = np.zeros((design.n_units, design.n_times))
    return _whitening(design, zero, zero, 0.0 if not design.walks else float(np.log(0.3)))


class Pilot:
    """Posterior mode in plain coordinates, then the basis in which paths are nearly independent; the mode in that basis."""

    def __init__(self, density: Density) -> None:
        self._value_and_grad = jax.jit(jax.value_and_grad(lambda p, w, d: -density.log_density(p, w, d)))
        self._pseudo_data = jax.jit(density.pseudo_data)

    def fit(self, design: Design) -> tuple[Params, Whitening]:
        """Where to start and in which coordinates, for a panel of the density's structure."""
        data, white, params = design.data, plain_coordinates(design), _start(design)
        moving = np.concatenate([np.full(k, not name.startswith("log_")) for name, k in design.rest_parts.items()])
        for _ in range(ROUNDS):
            params = _minimise(lambda p, w=white: self._value_and_grad(p, w, data), params, moving)
            natural, info, score = self._pseudo_data(params, white, data)
            n = {k: np.asarray(v, dtype=float) for k, v in natural.items()}
            info, score = (np.where(design.mask, np.asarray(x, dtype=float), 0.0) for x in (info, score))
            log_scale = _scale(design, n, info, score)
            middle = float(np.sum(design.weight * n["u"]))
            white = _whitening(design, info, n["u"] - middle, log_scale, score)
            params = _recentre(design, n, middle, log_scale)
        return params, white


def _start(design: Design) -> Params:
    """Loadings one, cutpoints at the quantiles of the answers, spreads one; free loadings by the first principal axis."""
    panel = design.panel
    cut = np.zeros(design.has_cut.shape)
    for j in np.flatnonzero(design.is_ordinal):
        values = panel.value[panel.item == j]
        at = [np.clip((values >= k).mean(), 0.02, 0.98) for k in range(1, design.cuts[j] + 1)]
        edges = -np.log(np.array(at) / (1 - np.array(at)))
        cut[j, : design.cuts[j]] = np.concatenate([edges[:1], np.log(np.maximum(np.diff(edges), 0.2))])
    plain = np.flatnonzero(~design.is_ordinal)
    intercept, spread = np.zeros(len(plain)), np.where(design.is_count, 0.5, np.log(0.7))
    for k, j in enumerate(plain):
        if panel.items[j].spec.kind == "count":
            rows = panel.item == j
            intercept[k] = np.log((panel.value[rows].sum() + 0.5) / panel.exposure[rows].sum())
    scores, signs = _principal(design)
    loading = np.where(design.free, signs, 0.0)
    items = np.concatenate([loading, cut.ravel(), intercept, spread])
    rest: dict[str, Any] = {name: np.zeros(size) for name, size in design.rest_parts.items()}
    for name in rest:
        if name.startswith("log_"):
            rest[name] += np.log(0.3)
    w = np.where(design.mask, 0.0, 0.0)
    w[:, 0] = scores
    flat = np.concatenate([*rest.values(), np.zeros(0)])
    return {"w": jnp.asarray(w), "items": jnp.asarray(items), "rest": jnp.asarray(flat)}


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
    scores = _known_sides(design)
    if not design.free.any():
        scores = centred.sum(axis=1)
    elif not scores.any():
        scores = np.linalg.svd(centred, full_matrices=False)[0][:, 0]
    for _ in range(20):
        signs = centred.T @ scores
        if not design.free.all():
            signs = np.where(design.free, signs, np.abs(signs))
        scores = centred @ (signs / (np.abs(signs).max() + 1e-9)) / np.sqrt((count > 0).sum(axis=1) + 1)
    if design.spec.orient is not None and scores[panel.units.index(design.spec.orient)] < 0:
        scores, signs = -scores, np.where(design.free, -signs, signs)
    return scores / (scores.std() + 1e-9), signs / (np.abs(signs).max() + 1e-9)


def _known_sides(design: Design) -> Floats:
    """Where the priors of the start place the units."""
    return np.where(design.start_mean != 0, design.start_mean, 0.0)


def _minimise(value_and_grad: Any, params: Params, moving: Floats) -> Params:
    """Mode with the spreads of populations held: a joint mode would drive them to an end."""
    x0, unflatten = ravel_pytree(params)

    def target(x: Floats) -> tuple[float, Floats]:
        value, gradient = value_and_grad(unflatten(jnp.asarray(x, dtype=x0.dtype)))
        gradient["rest"] = gradient["rest"] * moving
        return float(value), np.asarray(ravel_pytree(gradient)[0], dtype=float)

    options = {"maxiter": 400, "maxcor": 20, "ftol": 1e-7}
    found = minimize(target, np.asarray(x0, dtype=float), jac=True, method="L-BFGS-B", options=options)
    best: Params = unflatten(jnp.asarray(found.x, dtype=x0.dtype))
    return best


def _walk_precision(design: Design, unit: int, log_scale: float) -> Floats:
    """Prior precision of a unit's path in u, its start on the scale of its own prior."""
    n = int(design.panel.span[unit])
    step = np.exp(-2 * log_scale)
    precision = np.zeros((n, n))
    index = np.arange(n - 1)
    precision[index, index] += step
    precision[index + 1, index + 1] += step
    precision[index, index + 1] -= step
    precision[index + 1, index] -= step
    start = 1.0 if design.grouped else float(design.start_sd[unit])
    precision[0, 0] += step if not design.walks else 1 / start**2
    if not design.walks and not design.grouped:
        precision[0, 0] = step / start**2
    return precision


def _whitening(
    design: Design,
    info: Floats,
    u: Floats,
    log_scale: float,
    score: Floats | None = None,
) -> Whitening:
    units, times = design.n_units, design.n_times
    basis = np.tile(np.eye(times), (units, 1, 1))
    ones, values, pull = (np.zeros((units, times)) for _ in range(3))
    for i in range(units):
        n = int(design.panel.span[i])
        precision = _walk_precision(design, i, log_scale)
        eigenvalues, vectors = eigh(np.diag(info[i, :n]), precision)
        inverse = vectors.T @ precision
        basis[i, :n, :n] = vectors
        ones[i, :n] = inverse.sum(axis=1)
        values[i, :n] = np.maximum(eigenvalues, 0.0)
        if score is not None:
            pull[i, :n] = vectors.T @ (info[i, :n] * u[i, :n] + score[i, :n])
    return Whitening(
        *(jnp.asarray(x, dtype=jnp.float32) for x in (basis, ones, values, pull, log_scale, info.sum() + 1.0))
    )


def _scale(design: Design, n: dict[str, Floats], info: Floats, score: Floats) -> float:
    """The walk's scale that makes the pseudo-data of the Gaussian fit most probable; as it is where it is fixed."""
    if "log_tau" not in design.rest_parts:
        return float(n["log_tau"])
    cells = design.mask & (info > 1e-6)

    def loss(log_scale: float) -> float:
        total = 0.0
        for i in range(design.n_units):
            m = int(design.panel.span[i])
            known = cells[i, :m]
            if not known.any():
                continue
            covariance = np.linalg.inv(_walk_precision(design, i, log_scale))[np.ix_(known, known)]
            covariance += np.diag(1 / info[i, :m][known])
            pseudo = n["u"][i, :m][known] + score[i, :m][known] / info[i, :m][known]
            gap = pseudo - n["prior_mean"][i]
            _, log_det = np.linalg.slogdet(covariance)
            total += 0.5 * (log_det + gap @ np.linalg.solve(covariance, gap))
        return total

    bounds = n["log_abar"] - 5.0, n["log_abar"] + 1.5
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 0.05})
    return float(found.x)


def _recentre(design: Design, n: dict[str, Floats], middle: float, log_scale: float) -> Params:
    """The mode in the new coordinates: whitened states nought, the mean state in the shift, cutpoints against it."""
    cut = n["raw_cut"].copy()
    moved = n["loading"] * (middle - n["mean_state"])
    if design.most_cuts:
        cut[design.is_ordinal, 0] -= moved[design.is_ordinal]
    plain = np.flatnonzero(~design.is_ordinal)
    intercept = n["intercept"] + (moved[plain] if len(plain) else 0.0)
    items = np.concatenate([n["raw_loading"], cut.ravel(), intercept, n["raw_spread"]])
    rest = []
    named: dict[str, Any] = {"shift": [n["shift"] + middle], "log_tau": [log_scale]}
    for name, values in (("severity", n["severity"]), ("reliability", n["log_reliability"])):
        spread = np.std(values) + 0.1
        as_sampled = values if not design.many_raters else np.where(design.centred[name], values, values / spread)
        named |= {name: as_sampled, f"log_{name}_sd": [np.log(spread)]}
    for name, size in design.rest_parts.items():
        rest.append(np.asarray(named.get(name, n.get(name)), dtype=float).reshape(size))
    return {
        "w": jnp.zeros((design.n_units, design.n_times)),
        "items": jnp.asarray(items),
        "rest": jnp.asarray(np.concatenate([*rest, np.zeros(0)])),
    }
