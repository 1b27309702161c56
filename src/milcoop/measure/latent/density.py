"""Log density of the latent model in coordinates that a sampler likes, and back from them.

The trait theta has prior mean 0 and standard deviation 1 at a unit's start. An item j answers to ``a_j theta`` with cutpoints
or an intercept; a rater r subtracts a severity and stretches the distance from the mean state by a reliability. Three changes of coordinates, none of which changes
the model:

1. Data speak of ``u = abar * theta`` only, where abar is the typical loading; how u divides into loading and trait is
   left to the priors. abar is the mean loading times the mean reliability. So u is sampled, and ``log tau = log(abar * step)``.
2. A shift of all states, or of all severities, against all cutpoints is left to the priors too. Cutpoints are sampled
   relative to the mean state and the mean severity, and the shift of all states is a parameter of its own: states are
   sampled without it, their mean held near nought with the precision that data would give. Integrated over the held
   mean, the density is that of the model.
3. Each path is sampled in the eigenbasis of (information of the data, precision of its walk), with the mean and scale that a
   Gaussian fit gives at the current tau: between centred and not centred, best for each direction (``pilot.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from milcoop.measure.latent.design import Data, Design

Array = Any
Params = dict[str, Array]
"""``w`` (units, times): whitened states; ``items``: loadings, cutpoints, intercepts, spreads; ``rest``: all else."""

GAP = float(np.log(1.3))
"""Prior median of the log distance between cutpoints, and its spread."""
GAP_SD = 0.7
INTERCEPT_SD = 3.0


@dataclass(frozen=True)
class Whitening:
    """Gaussian fit of the paths: basis and information by unit, and the scale at which it was made."""

    basis: Array
    """(units, times, times): columns with unit precision under the walk at ``log_scale``."""
    ones: Array
    """The basis inverted times a vector of ones, (units, times)."""
    information: Array
    """Eigenvalues: information of the data over precision of the walk, (units, times)."""
    pull: Array
    """What the data pull towards, in the basis, (units, times)."""
    log_scale: Array
    """log tau (walk, groups) or log abar (static) at the fit."""
    total: Array
    """Information of the data about the mean state."""

    def tree_flatten(self) -> tuple[tuple[Array, ...], None]:
        """For JAX."""
        return (self.basis, self.ones, self.information, self.pull, self.log_scale, self.total), None

    @classmethod
    def tree_unflatten(cls, _: None, children: tuple[Array, ...]) -> Whitening:
        """For JAX."""
        return cls(*children)


jax.tree_util.register_pytree_node(Whitening, Whitening.tree_flatten, Whitening.tree_unflatten)


@jax.custom_jvp
def log_logistic(x: Array) -> Array:
    """Log of the logistic function. One exponential for value and slope: the library's costs six times as much here."""
    return jnp.minimum(x, 0.0) - jnp.log(1.0 + jnp.exp(-jnp.abs(x)))


@log_logistic.defjvp
def _log_logistic_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    t = jnp.exp(-jnp.abs(x))
    slope = jnp.where(x > 0, t, 1.0) / (1.0 + t)
    return jnp.minimum(x, 0.0) - jnp.log(1.0 + t), slope * dx


def _split(vector: Array, parts: dict[str, int]) -> dict[str, Array]:
    out, at = {}, 0
    for name, size in parts.items():
        out[name] = vector[at : at + size]
        at += size
    return out


def _half_normal(log_x: Array, scale: float) -> Array:
    """Log density of log x where x is half-normal."""
    return -0.5 * jnp.square(jnp.exp(log_x) / scale) + log_x


def _normal(x: Array, mean: Array | float = 0.0, sd: Array | float = 1.0) -> Array:
    return -0.5 * jnp.square((x - mean) / sd) - jnp.log(sd)


class Density:
    """The log density and what it says about states, items and raters."""

    def __init__(self, design: Design) -> None:
        self.d = design

    def natural(self, params: Params, white: Whitening) -> dict[str, Array]:
        """Parameters of the model, from sampling coordinates."""
        d = self.d
        item, rest = _split(params["items"], d.item_parts), _split(params["rest"], d.rest_parts)
        raw = item["loading"]
        if d.free.any():
            log_abar = 0.5 * jnp.log(jnp.mean(jnp.square(jnp.where(d.free, raw, jnp.exp(raw)))) + 1e-12)
        else:
            log_abar = jnp.mean(raw)
        loading = jnp.where(d.free, raw, jnp.exp(raw)) * jnp.exp(-log_abar)
        severity = reliability = jnp.zeros(d.n_raters)
        if d.several_raters:
            severity = self._population(rest, "severity")
            if d.spec.reliability:
                reliability = self._population(rest, "reliability")
        log_abar += jnp.mean(reliability)
        if "log_tau" in rest:
            log_tau = rest["log_tau"][0]
        elif d.walks:
            log_tau = log_abar + jnp.log(d.spec.step or 1.0)
        else:
            log_tau = log_abar
        abar = jnp.exp(log_abar)
        centre = rest["group"][d.panel.group_of] if d.grouped else d.start_mean
        shift = rest["shift"][0]
        prior_mean = abar * centre - shift
        kappa = jnp.exp(2 * (white.log_scale - log_tau))
        precision = jnp.where(d.mask, kappa + white.information, 1.0)
        z = (kappa * prior_mean[:, None] * white.ones + white.pull) / precision + params["w"] / jnp.sqrt(precision)
        u = jnp.einsum("utk,uk->ut", white.basis, z)
        log_jacobian = -0.5 * jnp.sum(jnp.log(precision))
        mean_state = jnp.sum(d.weight * u)
        spread = jnp.where(d.is_count, jnp.abs(item["spread"]), jnp.exp(item["spread"]))
        raw_cut = item["cut"].reshape(d.has_cut.shape)
        cut = jnp.cumsum(jnp.concatenate([raw_cut[:, :1], jnp.exp(raw_cut[:, 1:])], axis=1), axis=1)
        return {
            "u": u, "shift": shift, "abar": abar, "log_abar": log_abar, "loading": loading, "raw_loading": raw, "log_tau": log_tau,
            "prior_mean": prior_mean, "mean_state": mean_state, "cut": cut, "raw_cut": raw_cut,
            "intercept": item["intercept"], "raw_spread": item["spread"], "spread": spread, "severity": severity,
            "log_reliability": reliability, "log_jacobian": log_jacobian,
            **{k: rest[k] for k in ("group", "cut_mean", "log_severity_sd", "log_reliability_sd") if k in rest},
        }  # fmt: skip

    def _population(self, rest: dict[str, Array], name: str) -> Array:
        """Raters' values, from values or from values over the spread of their population."""
        if not self.d.many_raters:
            return rest[name]
        return jnp.where(self.d.centred[name], rest[name], rest[name] * jnp.exp(rest[f"log_{name}_sd"][0]))

    def _rater_prior(self, values: Array, log_sd: Array | None, centred: Array, scale: float) -> Array:
        if log_sd is None:
            return jnp.sum(_normal(values, 0.0, scale))
        each = -0.5 * jnp.square(values / jnp.exp(log_sd[0])) - jnp.where(centred, log_sd[0], 0.0)
        return jnp.sum(each) + _half_normal(log_sd[0], scale)

    def shift(self, n: dict[str, Array]) -> Array:
        """What each item's cutpoints of the model lie above the sampled ones."""
        return n["loading"] * (n["mean_state"] + n["shift"]) - jnp.mean(n["severity"])

    def predictor(self, n: dict[str, Array], data: Data) -> tuple[Array, Array]:
        """Linear predictor of each cell and its derivative by the state (one a row)."""
        d = self.d
        slope = n["loading"][data["item"]]
        if d.several_raters and d.spec.reliability:
            slope = slope * jnp.exp(n["log_reliability"] - jnp.mean(n["log_reliability"]))[data["rater"]]
        eta = slope[:, None] * (n["u"].reshape(-1)[data["state"]] - n["mean_state"])
        if d.several_raters:
            eta = eta - (n["severity"] - jnp.mean(n["severity"]))[data["rater"]][:, None]
        return eta, slope

    def likelihood(self, eta: Array, n: dict[str, Array], data: Data) -> Array:
        """Log likelihood of all answers at their predictors."""
        d = self.d
        lowest, inner, top, counted, last = (int(e) for e in d.ends)
        total = jnp.zeros(())
        if top:
            cut = n["cut"].reshape(-1)
            above = log_logistic(cut[d.above][:, None] - eta[:inner])
            below = log_logistic(eta[lowest:top] - cut[d.below][:, None])
            total += jnp.sum(jnp.where(data["valid"][:inner], above, 0.0))
            total += jnp.sum(jnp.where(data["valid"][lowest:top], below, 0.0))
        if d.most_cuts > 1:
            gaps = jnp.exp(n["raw_cut"][:, 1:])
            total += jnp.sum(data["gap_counts"][:, 1:] * jnp.log(-jnp.expm1(-gaps) + 1e-30))
        if counted > top:
            part = slice(top, counted)
            k = jnp.asarray(d.plain_of)[data["item"][part]][:, None]
            log_rate = eta[part] + n["intercept"][k] + data["log_exposure"][part]
            square = jnp.square(n["spread"])[k] + 1e-7
            y = data["value"][part]
            each = y * log_rate - (y + 1 / square) * jnp.log1p(square * jnp.exp(log_rate))
            k_range = jnp.arange(data["count_steps"].shape[1])
            total += jnp.sum(data["count_steps"] * jnp.log1p(k_range * jnp.square(n["spread"])[:, None]))
            total += jnp.sum(jnp.where(data["valid"][part], each, 0.0))
        if last > counted:
            part = slice(counted, last)
            k = jnp.asarray(d.plain_of)[data["item"][part]][:, None]
            each = _normal(data["value"][part], eta[part] + n["intercept"][k], n["spread"][k])
            total += jnp.sum(jnp.where(data["valid"][part], each, 0.0))
        return total

    def prior(self, n: dict[str, Array], white: Whitening) -> Array:
        """Log prior of everything, at natural parameters, with the Jacobians of the coordinates."""
        d, p = self.d, self.d.spec.priors
        abar, tau, u = n["abar"], jnp.exp(n["log_tau"]), n["u"]
        total = n["log_jacobian"]
        if d.grouped:
            within = n["log_tau"] - n["log_abar"]
            total += _half_normal(within, p.within_sd) + jnp.sum(_normal(n["group"]))
            start_sd = tau * jnp.ones(d.n_units)
        else:
            start_sd = abar * d.start_sd
        total += jnp.sum(_normal(u[:, 0], n["prior_mean"], start_sd))
        if d.walks:
            if d.spec.step is None:
                total += _half_normal(n["log_tau"] - n["log_abar"], p.step_sd)
            step = (u[:, 1:] - u[:, :-1]) / tau
            if d.spec.steps == "student":
                each = -(p.degrees + 1) / 2 * jnp.log1p(jnp.square(step) / p.degrees)
            else:
                each = -0.5 * jnp.square(step)
            total += jnp.sum(jnp.where(d.mask[:, 1:], each - n["log_tau"], 0.0))
        total += jnp.sum(jnp.where(d.mask, 0.0, -0.5 * jnp.square(u)))
        raw = n["raw_loading"]
        total += jnp.sum(_normal(raw, 0.0, jnp.where(d.free, 2 * p.loading_sd, p.loading_sd)))
        total += -0.5 * jnp.square(n["mean_state"]) * white.total
        shift = self.shift(n)
        if d.most_cuts:
            middle = jnp.sum(n["cut"] * d.cut_shares, axis=1) + shift
            mean, sd = (n["cut_mean"][0], p.cut_sd) if d.hierarchical else (0.0, 2.0)
            total += jnp.sum(jnp.where(d.is_ordinal, _normal(middle, mean, sd), 0.0))
            raw_cut = n["raw_cut"]
            total += jnp.sum(jnp.where(d.has_cut[:, 1:], _normal(raw_cut[:, 1:], GAP, GAP_SD), 0.0))
            total += jnp.sum(jnp.where(d.has_cut, 0.0, -0.5 * jnp.square(raw_cut)))
            if d.hierarchical:
                total += _normal(mean, 0.0, 2.0)
        plain = np.flatnonzero(~d.is_ordinal)
        if len(plain):
            total += jnp.sum(_normal(n["intercept"] - shift[plain], 0.0, INTERCEPT_SD))
            raw = n["raw_spread"]
            total += jnp.sum(jnp.where(d.is_count, -0.5 * jnp.square(raw), _half_normal(raw, 1.0)))
        if d.several_raters:
            log_sd = n.get("log_severity_sd")
            total += self._rater_prior(n["severity"], log_sd, d.centred["severity"], p.severity_sd)
            if d.spec.reliability:
                log_sd = n.get("log_reliability_sd")
                total += self._rater_prior(n["log_reliability"], log_sd, d.centred["reliability"], p.reliability_sd)
        return total

    def log_density(self, params: Params, white: Whitening, data: Data) -> Array:
        """Log posterior density up to a constant, with a standard normal for what lies outside a unit's span."""
        n = self.natural(params, white)
        eta, _ = self.predictor(n, data)
        return self.likelihood(eta, n, data) + self.prior(n, white)

    def pseudo_data(self, params: Params, white: Whitening, data: Data) -> tuple[dict[str, Array], Array, Array]:
        """Natural parameters; information of the answers about each state of ``u``, and their score, (units, times)."""
        n = self.natural(params, white)
        eta, slope = self.predictor(n, data)
        gradient = jax.grad(self.likelihood)
        score, curvature = jax.jvp(lambda e: gradient(e, n, data), (eta,), (jnp.ones_like(eta),))
        flat = jnp.zeros((2, self.d.n_units * self.d.n_times))
        flat = flat.at[0, data["state"]].add(jnp.maximum(-curvature, 0.0) * jnp.square(slope)[:, None])
        flat = flat.at[1, data["state"]].add(score * slope[:, None])
        info, pull = flat.reshape(2, self.d.n_units, self.d.n_times)
        return n, info, pull
