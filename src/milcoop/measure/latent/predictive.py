"""Posterior predictive checks: is there something in the answers that the model cannot make?

Answers are drawn again from posterior draws. Each check compares a statistic of the answers with its distribution over
replications, and names what fails: an item, a rater, a unit at a time. A difference counts when its tail probability, times
the number of checks of its kind, is below the gate and it is large enough to matter (``EFFECT`` on the check's own scale).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from milcoop.domain.measurement import Misfit
from milcoop.measure.latent.design import Design

if TYPE_CHECKING:
    from milcoop.measure.latent.fit import Draws

Floats = NDArray[np.float64]
REPLICATIONS = 200
EFFECT = 0.1
"""Least difference that matters: in standard deviations of the answers, in correlation, in share of a spread."""
LEAST_INFORMED = 0.3
"""Least share of a step's variance that its posterior mean is taken to have: less makes residuals of nearly nothing."""
FEWEST = 20
"""Fewest answers of an item or rater for a check."""


@dataclass(frozen=True)
class _Check:
    name: str
    what: str
    observed: float | Floats
    replicated: Floats
    scale: float = 1.0


def find_misfits(design: Design, draws: Draws) -> tuple[list[Misfit], int]:
    """Failed checks, most improbable first, and the number of checks made."""
    checks = list(_answers(design, draws))
    number = Counter(c.name for c in checks)
    found = _jump(design, draws)
    for c in checks:
        gap = c.replicated - c.observed
        spread = float(gap.std()) + 1e-12
        p = min(1.0, 2 * float(norm.sf(abs(gap.mean()) / spread)) * number[c.name])
        if p < design.spec.gates.ppc and abs(gap.mean()) > EFFECT * c.scale:
            found.append(Misfit(c.name, c.what, float(np.mean(c.observed)), float(c.replicated.mean()), p))
    return sorted(found, key=lambda m: m.p), len(checks) + 1


def _answers(design: Design, draws: Draws) -> Iterator[_Check]:
    panel, rng = design.panel, np.random.default_rng(design.spec.sampler.seed)
    flat = draws.flat()
    chosen = rng.choice(len(flat["state"]), size=min(REPLICATIONS, len(flat["state"])), replace=False)
    replicated = np.stack([_replicate(design, {k: v[d] for k, v in flat.items()}, rng) for d in chosen])
    mean_state = flat["state"].mean(axis=0)[panel.unit, panel.time]
    spread = np.array([panel.value[panel.item == j].std() + 1e-12 for j in range(len(panel.items))])
    late = (panel.time + panel.first[panel.unit]) > np.median(panel.time + panel.first[panel.unit])
    for j, item in enumerate(panel.items):
        rows = panel.item == j
        if rows.sum() < FEWEST:
            continue
        y, r, x = panel.value[rows], replicated[:, rows], mean_state[rows]
        yield _Check(
            "item does not follow the trait", f"item {item.name}", _correlation(y[None], x)[0], _correlation(r, x)
        )
        yield _Check("spread of answers", f"item {item.name}", y.std(), r.std(axis=1), spread[j])
        halves = late[rows]
        if design.walks and min(halves.sum(), (~halves).sum()) >= FEWEST:
            drift = y[halves].mean() - y[~halves].mean()
            again = r[:, halves].mean(axis=1) - r[:, ~halves].mean(axis=1)
            yield _Check(
                "item drifts against the others",
                f"item {item.name}, later against earlier half",
                drift,
                again,
                spread[j],
            )
    if not design.several_raters:
        return
    standard = (
        panel.value - np.array([panel.value[panel.item == j].mean() for j in range(len(panel.items))])[panel.item]
    ) / spread[panel.item]
    again = (
        replicated - np.array([panel.value[panel.item == j].mean() for j in range(len(panel.items))])[panel.item]
    ) / spread[panel.item]
    for q, rater in enumerate(panel.raters):
        rows = panel.rater == q
        if rows.sum() >= FEWEST:
            yield _Check(
                "rater's answers vary as they should not",
                f"rater {rater}",
                standard[rows].std(),
                again[:, rows].std(axis=1),
            )


def _correlation(rows: Floats, x: Floats) -> Floats:
    centred = rows - rows.mean(axis=1, keepdims=True)
    found: Floats = centred @ (x - x.mean()) / (len(x) * rows.std(axis=1) * x.std() + 1e-12)
    return found


def _replicate(design: Design, n: dict[str, Floats], rng: np.random.Generator) -> Floats:
    """Answers drawn again from one draw of the parameters."""
    p = design.panel
    around = n["reliability"][p.rater] * (n["state"][p.unit, p.time] - n["pivot"]) + n["pivot"]
    eta = n["loading"][p.item] * around - n["severity"][p.rater]
    out = np.zeros(len(eta))
    latent = eta + rng.logistic(size=len(eta))
    cutpoint = np.full(design.has_cut.shape, np.inf)
    cutpoint[design.has_cut] = n["cutpoint"]
    ordinal = design.is_ordinal[p.item]
    for k in range(design.most_cuts):
        out[ordinal] += latent[ordinal] > cutpoint[p.item[ordinal], k]
    kind = np.array([i.spec.kind for i in p.items], dtype=object)[p.item]
    for name in ("count", "continuous"):
        rows = kind == name
        if not rows.any():
            continue
        k = design.plain_of[p.item[rows]]
        centre = eta[rows] + n["intercept"][k]
        if name == "continuous":
            out[rows] = centre + n["spread"][k] * rng.standard_normal(int(rows.sum()))
        else:
            size = 1 / (n["spread"][k] ** 2 + 1e-7)
            rate = np.exp(np.minimum(centre + np.log(p.exposure[rows]), 15.0))
            out[rows] = rng.poisson(rng.gamma(size) * rate / size)
    return out


def _jump(design: Design, draws: Draws) -> list[Misfit]:
    """Whether the largest step is one that a normal walk makes, by auxiliary residuals (Harvey and Koopman 1992).

    The posterior mean of a step, under the model, has the variance of steps less the step's posterior variance.
    """
    if not design.walks or design.spec.steps != "normal" or design.n_times < 3:
        return []
    flat = draws.flat()
    variance = float((flat["step"] ** 2).mean()) if flat["step"].shape[1] else float(design.spec.step or 0) ** 2
    real = design.mask[:, 1:]
    steps = np.diff(flat["state"], axis=2)
    spread = np.sqrt(np.maximum(variance - steps.var(axis=0), LEAST_INFORMED * variance))
    residual = np.where(real, np.abs(steps.mean(axis=0)) / spread, 0.0)
    largest = float(residual.max())
    p = float(-np.expm1(real.sum() * np.log1p(-2 * norm.sf(largest))))
    if p >= design.spec.gates.ppc:
        return []
    unit, at = np.unravel_index(residual.argmax(), real.shape)
    when = int(design.panel.first[unit]) + int(at) + 1
    what = f"unit {design.panel.units[unit]} at {when} jumps farther than a normal walk; use steps: student"
    return [Misfit("jump", what, largest, float(norm.isf(0.25 / real.sum())), p)]
