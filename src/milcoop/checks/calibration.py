"""Simulation-based calibration of the latent model: panels from its own priors, fitted, ranks of the truth (Talts et al. 2018)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare

from milcoop.measure.latent.density import GAP, GAP_SD
from milcoop.measure.latent.design import Design
from milcoop.measure.latent.diagnostics import rhat_and_ess
from milcoop.measure.latent.fit import translate
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.sampler import Sampler
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec, SamplerSpec

Floats = NDArray[np.float64]
LEVELS = (50, 80, 90, 95)
BINS = 10


@dataclass(frozen=True)
class Structure:
    """What all panels of a calibration share."""

    units: int = 6
    times: int = 10
    items: int = 3
    raters: int = 3
    cuts: int = 3


@dataclass(frozen=True)
class Calibration:
    """Where the truth lay among posterior draws, over panels."""

    panels: int
    unconverged: int
    """Panels whose largest R-hat of a state exceeds 1.05; they are counted in all figures."""
    covered: Mapping[str, Mapping[int, float]]
    """Quantity -> percent -> share of true values inside the middle interval."""
    uniform: Mapping[str, float]
    """Quantity -> p value of a chi-square test that ranks are uniform, one value a panel."""


def made_panel(structure: Structure, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Answers drawn from the priors of docs/measure.md, and the truth behind them."""
    s = structure
    step = abs(rng.normal(0, 0.5))
    states = rng.standard_normal((s.units, 1)) + np.cumsum(
        np.hstack([np.zeros((s.units, 1)), step * rng.standard_normal((s.units, s.times - 1))]), axis=1
    )
    loading = np.exp(rng.normal(0, 0.5, s.items))
    severity, reliability = rng.standard_normal(s.raters), np.exp(rng.normal(0, 0.5, s.raters))
    gaps = np.exp(rng.normal(GAP, GAP_SD, (s.items, s.cuts - 1)))
    edges = np.hstack([np.zeros((s.items, 1)), np.cumsum(gaps, axis=1)])
    middle = rng.normal(0, 2) + rng.standard_normal(s.items)
    cuts = edges + (middle - edges.mean(axis=1))[:, None]
    heard = reliability * (states[..., None] - states.mean()) + states.mean()
    eta = heard[..., None, :] * loading[:, None] - severity
    answers = (eta[..., None] + rng.logistic(size=(*eta.shape, 1)) > cuts[:, None, :]).sum(axis=-1)
    rows = [(f"u{i}", t, f"i{j}", f"r{r}", int(a)) for (i, t, j, r), a in np.ndenumerate(answers)]
    table = pd.DataFrame(rows, columns=["unit", "year", "item", "rater", "value"]).astype(str)
    typical = np.exp(np.log(reliability).mean())
    return table, {"state": states, "step": np.array([step]), "loading": loading * typical}


def specification(structure: Structure, sampler: SamplerSpec) -> MeasureSpec:
    """The specification that fits the made-up panels."""
    return MeasureSpec(
        id="calibration",
        unit="unit",
        time="year",
        item="item",
        value="value",
        rater="rater",
        dynamics="random-walk",
        default=ItemSpec(categories=tuple(float(k) for k in range(structure.cuts + 1))),
        sampler=sampler,
    )


def calibrate(
    structure: Structure,
    panels: int,
    seed: int,
    sampler: SamplerSpec,
    progress: Callable[[int], None] = lambda done: None,
) -> Calibration:
    """Fit ``panels`` panels drawn from the priors and see where the truth lies."""
    rng, spec = np.random.default_rng(seed), specification(structure, sampler)
    inside: dict[str, list[Floats]] = {}
    ranks: dict[str, list[float]] = {}
    unconverged = 0
    for k in range(panels):
        table, truth = made_panel(structure, rng)
        design = Design(make_panel(table, spec), spec)
        run = Sampler(design, sampler.chains, sampler.warmup, sampler.seed)
        draws = translate(design, run.draw(sampler.draws))
        unconverged += bool(rhat_and_ess(draws.state.reshape(*draws.state.shape[:2], -1))[0].max() > 1.05)
        for name, true in truth.items():
            below = (getattr(draws, name) < true).mean(axis=(0, 1))
            inside.setdefault(name, []).append(below.ravel())
            ranks.setdefault(name, []).append(float(rng.choice(below.ravel())))
        progress(k + 1)
    return Calibration(
        panels,
        unconverged,
        {name: {c: _covered(np.concatenate(shares), c) for c in LEVELS} for name, shares in inside.items()},
        {name: _uniform(np.array(r)) for name, r in ranks.items()},
    )


def _covered(below: Floats, percent: int) -> float:
    tail = (100 - percent) / 200
    return float(((below >= tail) & (below <= 1 - tail)).mean())


def _uniform(shares: Floats) -> float:
    counts = np.bincount(np.minimum((shares * BINS).astype(int), BINS - 1), minlength=BINS)
    return float(chisquare(counts).pvalue)
