"""The density in its own coordinates is that of the model written plainly, and its gradient is its derivative."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import nbinom, norm

from milcoop.measure.latent.answers import LONGEST, exp_minus, likelihood
from milcoop.measure.latent.coordinates import fit_coordinates, to_coordinates
from milcoop.measure.latent.density import log_density, natural
from milcoop.measure.latent.design import ABAR, STEP, UNIT_STEP, WITHIN, Design
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec, PriorSpec
from milcoop.measure.latent.work import Work

Floats = NDArray[np.float64]
CHAINS = 3
KINDS: dict[str, dict[str, Any]] = {
    "walk with raters": {"dynamics": "random-walk"},
    "heavy-tailed walk with a known step and an anchor": {
        "dynamics": "random-walk",
        "steps": "student",
        "step": 0.4,
        "start": {"u0": (-1.0, 0.4)},
    },
    "static, one rater": {"raters": 1},
    "nested units, many raters": {"group": "group", "raters": 9, "free": False},
    "walks around walks": {"group": "group", "dynamics": "random-walk", "steps": "student", "free": False},
    "two sets of items, around groups": {"group": "group", "dynamics": "random-walk", "free": False, "sets": 2},
    "two sets of items, raters, an anchor": {"dynamics": "random-walk", "start": {"u0": (-1.0, 0.4)}, "sets": 2},
    "raters of one reliability": {"dynamics": "random-walk", "reliability": False},
}


def mixed(raters: int = 2) -> pd.DataFrame:
    """Five units in two groups, years that begin apart, items of every kind."""
    rng, rows = np.random.default_rng(0), []
    for i in range(5):
        for t in range(4):
            at = (f"u{i}", f"g{i % 2}", 2000 + t + i % 3)
            for r in range(raters):
                rows += [
                    (*at, name, f"r{r}", rng.integers(n), 1) for name, n in (("o", 5), ("p", 3), ("b", 2), ("f", 2))
                ]
            rows.append((*at, "n", "r0", rng.poisson(4), rng.uniform(0.5, 2)))
            rows.append((*at, "c", "r0", rng.normal(), 1))
    names = ["unit", "group", "year", "item", "rater", "value", "exposure"]
    return pd.DataFrame(rows, columns=names).astype(str)


def designed(raters: int = 2, free: bool = True, sets: int = 1, **more: Any) -> Design:
    """``sets``: in how many sets of units each answers to items of its own."""
    f = ItemSpec(kind="binary", loading="free") if free else ItemSpec()
    kinds = {"n": ItemSpec(kind="count"), "c": ItemSpec(kind="continuous"), "b": ItemSpec(kind="binary"), "f": f}
    table = mixed(raters)
    if sets > 1:
        table["item"] = [f"{i}{int(u[1:]) % sets}" for i, u in zip(table["item"], table["unit"], strict=True)]
        kinds = {f"{name}{k}": spec for name, spec in kinds.items() for k in range(sets)}
    spec = MeasureSpec(
        id="x", unit="unit", time="year", item="item", value="value", rater="rater", exposure="exposure", **more,
        items=kinds,
    )  # fmt: skip
    return Design(make_panel(table, spec), spec)


def somewhere(design: Design, seed: int = 3) -> tuple[Floats, Coordinates, Work]:
    """Parameters, coordinates that fit nothing in particular, and room to work."""
    m, rng = design.structure, np.random.default_rng(seed)
    nodes = int(m.node_at[-1])
    scales = rng.normal(0, 0.3, 4)
    c = fit_coordinates(m, rng.uniform(0.1, 2, nodes), rng.normal(size=nodes), scales)
    return 0.4 * rng.standard_normal((m.size, CHAINS)), c, Work(m, CHAINS)


def value_of(design: Design, x: Floats, c: Coordinates, k: Work) -> Floats:
    value = np.zeros(CHAINS)
    log_density(x, np.zeros_like(x), value, design.structure, c, k)
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_is_the_derivative(kind: str) -> None:
    design = designed(**KINDS[kind])
    x, c, k = somewhere(design)
    grad = np.zeros_like(x)
    log_density(x, grad, np.zeros(CHAINS), design.structure, c, k)
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = 1e-5
        slope = (value_of(design, x + step, c, k) - value_of(design, x - step, c, k)) / 2e-5
        assert slope == pytest.approx(grad[i], rel=1e-4, abs=1e-4), f"parameter {i}"


def test_exponential_of_ten_digits() -> None:
    x = np.linspace(0, LONGEST, 1000)
    assert np.array([exp_minus(v) for v in x]) == pytest.approx(np.exp(-x), rel=1e-8)


class Plain:
    """The model of docs/measure.md at one draw, from parameters as they are reported."""

    def __init__(self, design: Design, x: Floats, k: Work, s: int = 0) -> None:
        self.d, m, p, a = design, design.structure, k.paths, k.answers
        self.abar = np.exp(p.scales[ABAR, s])
        place = np.repeat(m.place, np.diff(m.node_at))
        self.pivot = p.mean_state[s] / self.abar
        self.theta = (p.u[:, s] + p.shift[place, s]) / (self.abar * np.exp(p.ratio[place, s]))
        moved = a.loading[:, s] * (p.held[:, s] + p.shift[:-1, s])[m.item_place]
        self.loading = a.loading[:, s] * self.abar * np.exp(p.ratio[m.item_place, s])
        self.severity, self.reliability = a.severity[:, s], a.stretch[:, s]
        self.cut = a.cut[:, s] + np.repeat(moved, design.cuts)
        self.intercept, self.spread = a.intercept[:, s] - moved, a.spread[:, s]
        self.scales = np.exp(p.scales[:, s] - p.scales[ABAR, s])
        self.mean_severity, self.mean_reliability = k.severity_mean[s], k.reliability_mean[s]

    def log_likelihood(self) -> float:
        p, m, total = self.d.panel, self.d.structure, 0.0
        for y, j, r, node, exposure in zip(p.value, p.item, p.rater, self.d.node, p.exposure, strict=True):
            heard = self.pivot + self.reliability[r] * (self.theta[node] - self.pivot)
            eta = self.loading[j] * heard - self.severity[r]
            kind = p.items[j].spec.kind
            if kind == "count":
                size, mean = self.spread[j] ** -2, exposure * np.exp(eta + self.intercept[j])
                total += nbinom.logpmf(y, size, size / (size + mean)) + gammaln(y + 1)
            elif kind == "continuous":
                total += norm.logpdf(y, eta + self.intercept[j], np.exp(self.spread[j])) + 0.5 * np.log(2 * np.pi)
            else:
                edges = self.cut[m.cut_at[j] : m.cut_at[j + 1]]
                above = np.concatenate([[1.0], 1 / (1 + np.exp(edges - eta)), [0.0]])
                total += np.log(above[int(y)] - above[int(y) + 1])
        return float(total)

    def log_prior_of_states(self) -> float:
        m, total = self.d.structure, 0.0
        for i, parent in enumerate(m.parent):
            path = self.theta[m.node_at[i] : m.node_at[i + 1]]
            start, sd, step = m.start_mean[i], m.start_sd[i], self.scales[STEP]
            if parent >= 0:
                above = m.node_at[parent] + m.offset[i]
                path = path - self.theta[above : above + len(path)]
                start, sd, step = 0.0, self.scales[WITHIN], self.scales[UNIT_STEP]
            total += norm.logpdf(path[0], start, sd)
            gaps = np.diff(path) / step
            if m.degrees > 0:
                total += np.sum(-(m.degrees + 1) / 2 * np.log1p(gaps**2 / m.degrees) - np.log(step))
            else:
                total += np.sum(norm.logpdf(gaps) - np.log(step))
        return float(total)


@pytest.mark.parametrize("kind", KINDS)
def test_likelihood_is_the_plain_one(kind: str) -> None:
    design = designed(**KINDS[kind])
    x, c, k = somewhere(design)
    natural(x, design.structure, c, k)
    value = np.zeros(CHAINS)
    likelihood(design.structure, k.answers, value)
    for s in range(CHAINS):
        assert value[s] == pytest.approx(Plain(design, x, k, s).log_likelihood(), rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_states_have_the_plain_prior(kind: str) -> None:
    """Moving states alone changes the density by what likelihood and prior change; the coordinates' Jacobian has no part."""
    design = designed(**KINDS[kind])
    m = design.structure
    x, c, k = somewhere(design)
    moved = x.copy()
    nodes = int(m.node_at[-1])
    moved[:nodes] += 0.3 * np.random.default_rng(5).standard_normal((nodes, CHAINS))
    values, plains = [], []
    for at in (x, moved):
        values.append(value_of(design, at, c, k) + 0.5 * c.total @ k.paths.held**2)
        one = [Plain(design, at, k, s) for s in range(CHAINS)]
        # Items and raters keep their sampled parameters, so that what a moved mean state does to their priors is left out.
        plains.append(
            [o.log_likelihood() + o.log_prior_of_states() - _item_shift(design, at, k, s) for s, o in enumerate(one)]
        )
    assert values[1] - values[0] == pytest.approx(np.subtract(plains[1], plains[0]), rel=1e-5, abs=1e-6)


def _item_shift(design: Design, x: Floats, k: Work, s: int) -> float:
    """Minus the log prior of middle cutpoints and intercepts, by docs/measure.md."""
    plain, m, priors, total = Plain(design, x, k, s), design.structure, PriorSpec(), 0.0
    for j, item in enumerate(design.panel.items):
        if item.spec.kind in ("count", "continuous"):
            total += norm.logpdf(plain.intercept[j] + plain.mean_severity, 0, 3)
        else:
            middle = plain.cut[m.cut_at[j] : m.cut_at[j + 1]].mean() - plain.mean_severity
            total += norm.logpdf(middle, x[m.cut_mean, s], priors.cut_sd)
    return -float(total)


def test_other_coordinates_hold_the_same_states() -> None:
    design = designed(group="group", dynamics="random-walk", free=False)
    x, c, k = somewhere(design)
    m = design.structure
    natural(x, design.structure, c, k)
    place = np.repeat(m.place, np.diff(m.node_at))
    before = k.paths.u + k.paths.shift[place]
    nodes = int(m.node_at[-1])
    other = fit_coordinates(m, np.full(nodes, 0.7), np.linspace(-1, 1, nodes), np.array([0.2, -0.5, -0.3, 0.4]))
    moved = to_coordinates(x, m, other, k)
    natural(moved, m, other, k)
    assert k.paths.u + k.paths.shift[place] == pytest.approx(before, abs=1e-8)
    assert k.paths.held == pytest.approx(np.zeros_like(k.paths.held), abs=1e-8)
