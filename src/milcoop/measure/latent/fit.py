"""Fit a specification to a panel: pilot, sampling, gates."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from numpyro.infer.hmc import hmc

from milcoop.domain.measurement import SHARES, Measurement, Quantity
from milcoop.measure.latent.density import Density, Params, Whitening
from milcoop.measure.latent.design import Data, Design
from milcoop.measure.latent.diagnostics import bulk_ess, rank_rhat
from milcoop.measure.latent.panel import Panel
from milcoop.measure.latent.pilot import Pilot
from milcoop.measure.latent.predictive import find_misfits
from milcoop.measure.latent.spec import MeasureSpec
from milcoop.version import __version__

Floats = NDArray[np.float64]
DENSE_UP_TO = 400
"""Parameters beside the states up to which their full covariance is learnt."""
DEPTH = (6, 10)
"""Most doublings of a trajectory while tuning and after: long ones are wasted before the scales are known."""
FIRST_STEP = 0.2
JITTER = 0.1
BATCH = 250
"""Draws turned into parameters of the model at once."""


@dataclass(frozen=True)
class Draws:
    """Posterior draws in the parameters of the model; each array (chains, draws, ...)."""

    state: Floats
    """(chains, draws, units, times); nought outside a unit's span."""
    pivot: Floats
    """(chains, draws): mean state, around which raters' reliabilities turn."""
    group: Floats
    loading: Floats
    cutpoint: Floats
    intercept: Floats
    spread: Floats
    severity: Floats
    reliability: Floats
    step: Floats
    """(chains, draws, 1 or 0): standard deviation of a step, or within groups."""
    divergences: int

    def flat(self) -> dict[str, Floats]:
        """All arrays with chains and draws as one axis."""
        count = self.pivot.size
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "divergences"}
        return {name: x.reshape(count, *x.shape[2:]) for name, x in arrays.items()}


class Sampler:
    """The No-U-Turn sampler for panels of one structure; compiled at the first panel."""

    def __init__(self, design: Design) -> None:
        self.spec = design.spec.sampler
        self.density = Density(design)
        self.pilot = Pilot(self.density)
        # The kernel's own functions instead of NumPyro's MCMC class, which compiles anew at each run.
        init, step = hmc(
            potential_fn_gen=lambda white, data: lambda p: -self.density.log_density(p, white, data), algo="NUTS"
        )
        dense = [("items", "rest")] if sum(design.sizes.values()) <= DENSE_UP_TO else [("rest",)]
        total = self.spec.warmup + self.spec.draws
        tuning = {"dense_mass": dense, "max_tree_depth": DEPTH, "step_size": FIRST_STEP}

        def chain(key: Any, first: Params, white: Whitening, data: Data) -> tuple[Params, Any]:
            state = init(first, self.spec.warmup, **tuning, model_args=(white, data), rng_key=key)

            def move(state: Any, _: None) -> tuple[Any, tuple[Params, Any]]:
                moved = step(state, (white, data))
                return moved, (moved.z, moved.diverging)

            _, out = jax.lax.scan(move, state, None, length=total)
            kept: tuple[Params, Any] = jax.tree_util.tree_map(lambda x: x[self.spec.warmup :], out)
            return kept

        self._chain = jax.jit(chain)
        self._natural = jax.jit(jax.vmap(self._one, in_axes=(0, None)))
        self._design = design

    def draw(self, design: Design, progress: Callable[[str], None] = lambda step: None) -> Draws:
        """Draw from the posterior of a panel with the structure that the sampler was made for."""
        progress("choosing coordinates")
        start, white = self.pilot.fit(design)
        progress(f"sampling {self.spec.chains} chains of {self.spec.warmup} + {self.spec.draws}")
        key, jitter = jax.random.split(jax.random.PRNGKey(self.spec.seed))
        first = _spread(start, jitter, self.spec.chains)
        drawn, diverging = self._all_chains(jax.random.split(key, self.spec.chains), first, white, design.data)
        divergences = int(np.asarray(diverging).sum())
        flat = {k: v.reshape(-1, *v.shape[2:]) for k, v in drawn.items()}
        total, shape = len(flat["rest"]), drawn["rest"].shape[:2]
        parts = [self._natural({k: v[a : a + BATCH] for k, v in flat.items()}, white) for a in range(0, total, BATCH)]
        arrays = {
            k: np.concatenate([np.asarray(p[k], dtype=float) for p in parts]).reshape(*shape, *parts[0][k].shape[1:])
            for k in parts[0]
        }
        return Draws(**arrays, divergences=divergences)

    def _all_chains(self, keys: Any, first: Params, white: Whitening, data: Data) -> tuple[Params, Any]:
        """Chains beside each other in threads: one compilation, where a device for each chain would need one each."""

        def run(c: int) -> Any:
            drawn = self._chain(keys[c], {k: v[c] for k, v in first.items()}, white, data)
            return jax.tree_util.tree_map(np.asarray, drawn)  # waits for the chain

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            chains = [run(0), *pool.map(run, range(1, self.spec.chains))]
        stacked: tuple[Params, Any] = jax.tree_util.tree_map(lambda *x: np.stack(x), *chains)
        return stacked

    def _one(self, params: Params, white: Whitening) -> dict[str, Any]:
        """One draw in the parameters of the model."""
        design, n = self._design, self.density.natural(params, white)
        pivot = n["mean_state"] + n["shift"]
        moved = n["loading"] * pivot
        return {
            "state": jnp.where(design.mask, (n["u"] + n["shift"]) / n["abar"], 0.0),
            "pivot": pivot / n["abar"],
            "loading": n["loading"] * n["abar"],
            "spread": n["spread"],
            "reliability": jnp.exp(n["log_reliability"] - jnp.mean(n["log_reliability"])),
            "severity": n["severity"] - jnp.mean(n["severity"]),
            "cutpoint": (n["cut"] + moved[:, None])[design.has_cut],
            "intercept": n["intercept"] - moved[~design.is_ordinal],
            "group": n["group"] if design.grouped else jnp.zeros(0),
            "step": jnp.exp(n["log_tau"] - n["log_abar"])[None] if design.estimates_step else jnp.zeros(0),
        }


def _spread(start: Params, key: Any, chains: int) -> Params:
    leaves, tree = jax.tree_util.tree_flatten(start)
    keys = jax.random.split(key, len(leaves))
    moved = [
        jnp.repeat(x[None], chains, 0) + JITTER * jax.random.normal(k, (chains, *x.shape))
        for x, k in zip(leaves, keys, strict=True)
    ]
    found: Params = jax.tree_util.tree_unflatten(tree, moved)
    return found


def measure(panel: Panel, spec: MeasureSpec, progress: Callable[[str], None] = lambda step: None) -> Measurement:
    """Fit the latent model and put the result through its gates."""
    began = time.monotonic()
    design = Design(panel, spec)
    draws = Sampler(design).draw(design, progress)
    progress("checking")
    return judge(design, draws, time.monotonic() - began)


def judge(design: Design, draws: Draws, seconds: float = 0.0) -> Measurement:
    """Summaries of draws and whether they pass the gates."""
    panel, spec = design.panel, design.spec
    quantities = _summarise(design, draws)
    misfits, checks = find_misfits(design, draws)
    reasons = _gates(spec, quantities, draws.divergences) + [f"{m.check}: {m.what}" for m in misfits]
    return Measurement(
        id=spec.id,
        spec_hash=hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:16],
        data_hash=panel.digest,
        version=__version__,
        seed=spec.sampler.seed,
        answers=len(panel.value),
        quantities=tuple(quantities),
        divergences=draws.divergences,
        checks=checks,
        misfits=tuple(misfits),
        reasons=tuple(reasons),
        notes=panel.notes,
        seconds=seconds,
    )


def _gates(spec: MeasureSpec, quantities: list[Quantity], divergences: int) -> list[str]:
    gates, reasons = spec.gates, []
    worst = max(quantities, key=lambda q: q.rhat)
    if not worst.rhat <= gates.rhat:
        reasons.append(f"R-hat {worst.rhat:.3f} of {_name(worst)}, expected at most {gates.rhat:g}; run longer")
    least = min(quantities, key=lambda q: q.ess)
    if not least.ess >= gates.ess:
        reasons.append(
            f"bulk effective sample size {least.ess:.0f} of {_name(least)}, expected at least {gates.ess:g}; run longer"
        )
    if divergences > gates.divergences:
        reasons.append(f"{divergences} divergent transitions, expected at most {gates.divergences}")
    return reasons


def _name(q: Quantity) -> str:
    return " ".join(str(part) for part in (q.of, q.name, q.at) if part not in ("", None))


def _summarise(design: Design, draws: Draws) -> list[Quantity]:
    panel = design.panel
    unit, step = np.nonzero(design.mask)
    times = (panel.first[unit] + step).tolist() if design.walks else [None] * len(unit)
    plain = [i.name for i in panel.items if i.spec.kind not in ("binary", "ordered")]
    names = [i.name for i in panel.items]
    cuts = [(names[j], int(k) + 1) for j, k in np.argwhere(design.has_cut)]
    several = draws.severity if design.several_raters else draws.severity[..., :0]
    reliable = draws.reliability if design.several_raters and design.spec.reliability else draws.reliability[..., :0]
    parts: list[tuple[str, Floats, list[tuple[str, int | None]]]] = [
        ("state", draws.state[..., unit, step], [(panel.units[u], t) for u, t in zip(unit, times, strict=True)]),
        ("group", draws.group, [(g, None) for g in panel.groups]),
        ("loading", draws.loading, [(n, None) for n in names]),
        ("cutpoint", draws.cutpoint, list(cuts)),
        ("intercept", draws.intercept, [(n, None) for n in plain]),
        ("spread", draws.spread, [(n, None) for n in plain]),
        ("severity", several, [(r, None) for r in panel.raters]),
        ("reliability", reliable, [(r, None) for r in panel.raters]),
        ("step", draws.step, [("", None)]),
    ]
    found: list[Quantity] = []
    for of, x, labels in parts:
        if x.shape[2] == 0:
            continue
        flat = x.reshape(-1, x.shape[2])
        quantiles = np.quantile(flat, SHARES, axis=0)
        rhat, ess = rank_rhat(x), bulk_ess(x)
        for k, (name, at) in enumerate(labels):
            q = dict(zip(SHARES, quantiles[:, k].tolist(), strict=True))
            found.append(
                Quantity(
                    of, name, at, float(flat[:, k].mean()), float(flat[:, k].std()), q, float(rhat[k]), float(ess[k])
                )
            )
    return found
