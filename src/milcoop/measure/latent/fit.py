"""Fit a specification to a panel: sampling, gates, summaries."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.measurement import SHARES, Measurement, Quantity
from milcoop.measure.latent.density import natural
from milcoop.measure.latent.design import ABAR, COUNT, Design
from milcoop.measure.latent.diagnostics import rhat_and_ess
from milcoop.measure.latent.panel import Panel
from milcoop.measure.latent.predictive import find_misfits
from milcoop.measure.latent.sampler import Kept, Sampler
from milcoop.measure.latent.spec import MeasureSpec
from milcoop.measure.latent.work import Work
from milcoop.version import __version__

Floats = NDArray[np.float64]
NUMBERS = "divergences", "moves"
LONGER = 4
"""How much longer a run is that follows one which fails its gates on mixing."""
NEARLY = 1.05
"""R-hat up to which a run that fails is gone on with instead of begun anew."""


@dataclass(frozen=True)
class Draws:
    """Posterior draws in the parameters of the model; each array (chains, draws, ...)."""

    state: Floats
    """(chains, draws, units, times); nought outside a unit's span."""
    pivot: Floats
    """(chains, draws): mean state, around which raters' reliabilities turn."""
    group: Floats
    """(chains, draws, times of all groups)."""
    loading: Floats
    cutpoint: Floats
    intercept: Floats
    spread: Floats
    severity: Floats
    reliability: Floats
    step: Floats
    """(chains, draws, 0 to 3): spreads of ``Design.spreads``."""
    divergences: int
    moves: int

    def flat(self) -> dict[str, Floats]:
        """All arrays with chains and draws as one axis."""
        count = self.pivot.size
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in NUMBERS}
        return {name: x.reshape(count, *x.shape[2:]) for name, x in arrays.items()}


def translate(design: Design, kept: Kept) -> Draws:
    """Sampled parameters in the parameters of the model."""
    parts: dict[str, list[Any]] = {f.name: [] for f in fields(Draws) if f.name not in NUMBERS}
    m, k = design.structure, Work(design.structure, kept.x.shape[2])
    for x in kept.x.astype(float):
        natural(x, m, kept.coordinates, k)
        for name, values in _one(design, x, k).items():
            parts[name].append(values.astype(np.float32).T)
    arrays = {name: np.stack(found, axis=1) for name, found in parts.items()}
    units = arrays.pop("state")
    state = np.zeros((*units.shape[:2], design.n_units, design.n_times), dtype=np.float32)
    state[:, :, design.mask] = units
    return Draws(state=state, **arrays, divergences=kept.divergences, moves=kept.moves)


def _one(design: Design, x: Floats, k: Work) -> dict[str, Floats]:
    """One draw of all chains; last axis chains."""
    m, p, a = design.structure, k.paths, k.answers
    abar, held = np.exp(p.scales[ABAR]), (p.held + p.shift[:-1])[m.item_place]
    theta = (p.u + p.shift[m.node_place]) / np.exp(p.scales[ABAR] + p.ratio[m.node_place])
    groups = int(m.node_at[design.n_groups])
    plain = ~design.is_ordinal
    spread = np.where((m.form[plain] == COUNT)[:, None], np.abs(a.spread[plain]), np.exp(a.spread[plain]))
    return {
        "state": theta[groups:],
        "group": theta[:groups],
        "pivot": p.mean_state / abar,
        "loading": a.loading * np.exp(p.scales[ABAR] + p.ratio[m.item_place]),
        "cutpoint": a.cut + np.repeat(a.loading * held, design.cuts, axis=0),
        "intercept": a.intercept[plain] - (a.loading * held)[plain],
        "spread": spread,
        "severity": a.severity,
        "reliability": a.stretch,
        "step": np.exp(p.scales[design.spreads] - p.scales[ABAR]),
    }


def measure(panel: Panel, spec: MeasureSpec, progress: Callable[[str], None] = lambda step: None) -> Measurement:
    """Fit the latent model and put the result through its gates."""
    return fit_panel(panel, spec, progress)[0]


def fit_panel(
    panel: Panel, spec: MeasureSpec, progress: Callable[[str], None] = lambda step: None
) -> tuple[Measurement, Design, Draws]:
    """The same with what the result was read from."""
    began, run = time.monotonic(), spec.sampler
    design = Design(panel, spec)
    progress(f"warming up {run.chains} chains")
    sampler = Sampler(design, run.chains, run.warmup, run.seed)
    thin, kept = run.thin, None
    while True:
        progress(f"sampling {run.chains} x {run.draws}" + (f", every {thin}th move" if thin > 1 else ""))
        kept = (
            sampler.draw(run.draws, thin) if kept is None else kept.thinned().joined(sampler.draw(run.draws // 2, thin))
        )
        draws = translate(design, kept)
        quantities = summarise(design, draws)
        if not mixing(spec, quantities) and not _astray(spec, draws):
            break
        nearly = max(q.rhat for q in quantities) < NEARLY and not _astray(spec, draws)
        thin *= 2 if nearly else LONGER
        if thin > run.longest:
            break
        if not nearly:
            sampler.relearn(kept.x)
            kept = None
    progress("checking")
    return judge(design, draws, quantities, time.monotonic() - began), design, draws


def judge(design: Design, draws: Draws, quantities: list[Quantity], seconds: float = 0.0) -> Measurement:
    """Whether draws pass the gates."""
    panel, spec = design.panel, design.spec
    misfits, checks = find_misfits(design, draws)
    reasons = mixing(spec, quantities) + [f"{m.check}: {m.what}" for m in misfits]
    reasons = _astray(spec, draws) + reasons
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


def _astray(spec: MeasureSpec, draws: Draws) -> list[str]:
    """Whether too many moves diverged."""
    most = spec.gates.divergences * draws.moves
    return (
        [f"{draws.divergences} divergent moves of {draws.moves}, expected at most {most:.0f}"]
        if draws.divergences > most
        else []
    )


def mixing(spec: MeasureSpec, quantities: list[Quantity]) -> list[str]:
    """Which gates on R-hat and effective sample size fail."""
    gates, reasons = spec.gates, []
    worst = max(quantities, key=lambda q: q.rhat)
    if not worst.rhat <= gates.rhat:
        reasons.append(f"R-hat {worst.rhat:.3f} of {_name(worst)}, expected at most {gates.rhat:g}; run longer")
    least = min(quantities, key=lambda q: q.ess)
    if not least.ess >= gates.ess:
        reasons.append(
            f"bulk effective sample size {least.ess:.0f} of {_name(least)}, expected at least {gates.ess:g}; run longer"
        )
    return reasons


def _name(q: Quantity) -> str:
    return " ".join(str(part) for part in (q.of, q.name, q.at) if part not in ("", None))


def summarise(design: Design, draws: Draws) -> list[Quantity]:
    """Summary of every number of the model."""
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
        ("group", draws.group, _group_labels(design)),
        ("loading", draws.loading, [(n, None) for n in names]),
        ("cutpoint", draws.cutpoint, list(cuts)),
        ("intercept", draws.intercept, [(n, None) for n in plain]),
        ("spread", draws.spread, [(n, None) for n in plain]),
        ("severity", several, [(r, None) for r in panel.raters]),
        ("reliability", reliable, [(r, None) for r in panel.raters]),
        ("step", draws.step, [(name, None) for name in design.spread_names]),
    ]
    found: list[Quantity] = []
    for of, x, labels in parts:
        if x.shape[2] == 0:
            continue
        flat = x.reshape(-1, x.shape[2])
        quantiles = np.quantile(flat, SHARES, axis=0)
        rhat, ess = rhat_and_ess(x)
        for k, (name, at) in enumerate(labels):
            q = dict(zip(SHARES, quantiles[:, k].tolist(), strict=True))
            found.append(
                Quantity(
                    of, name, at, float(flat[:, k].mean()), float(flat[:, k].std()), q, float(rhat[k]), float(ess[k])
                )
            )
    return found


def _group_labels(design: Design) -> list[tuple[str, int | None]]:
    first, span = design.first, design.span
    if not design.walks:
        return [(g, None) for g in design.panel.groups]
    return [(g, int(first[i]) + t) for i, g in enumerate(design.panel.groups) for t in range(int(span[i]))]
