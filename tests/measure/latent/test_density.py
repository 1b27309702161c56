"""The density in its own coordinates is that of the model written plainly."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import nbinom

from milcoop.measure.latent.density import Density, log_logistic
from milcoop.measure.latent.design import Design
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.pilot import plain_coordinates
from tests.measure.latent.panels import walking


def test_log_logistic_and_its_slope() -> None:
    x = jnp.array([-30.0, -2.0, 0.0, 3.0, 40.0])
    assert np.allclose(log_logistic(x), jax.nn.log_sigmoid(x), atol=1e-6)
    assert np.allclose(jax.vmap(jax.grad(log_logistic))(x), jax.nn.sigmoid(-x), atol=1e-6)


@pytest.fixture(scope="module")
def made() -> tuple[Design, Density]:
    given = walking(units=3, times=5, raters=2, items=3)
    spec = given.spec.model_copy(update={"reliability": True})
    design = Design(make_panel(given.table, spec), spec)
    return design, Density(design)


def test_likelihood_equals_the_plain_one(made: tuple[Design, Density]) -> None:
    """Each answer's probability by the formula of docs/measure.md, from the parameters as they are reported."""
    design, density = made
    rng = np.random.default_rng(0)
    white = plain_coordinates(design)
    sizes = design.sizes
    params = {
        "w": jnp.asarray(0.3 * rng.standard_normal((3, 5))),
        "items": jnp.asarray(0.3 * rng.standard_normal(sizes["items"])),
        "rest": jnp.asarray(0.3 * rng.standard_normal(sizes["rest"])),
    }
    n = {k: np.asarray(v, dtype=float) for k, v in density.natural(params, white).items()}
    eta, _ = density.predictor(n, design.data)
    pivot = (n["mean_state"] + n["shift"]) / n["abar"]
    theta = (n["u"] + n["shift"]) / n["abar"]
    loading = n["loading"] * n["abar"]
    reliability = np.exp(n["log_reliability"] - n["log_reliability"].mean())
    severity = n["severity"] - n["severity"].mean()
    moved = n["loading"] * (n["mean_state"] + n["shift"])
    cut, intercept = n["cut"] + moved[:, None], n["intercept"] - moved[~design.is_ordinal]
    total, p = 0.0, design.panel
    for i in range(len(p.value)):
        j, r = p.item[i], p.rater[i]
        plain = loading[j] * (pivot + reliability[r] * (theta[p.unit[i], p.time[i]] - pivot)) - severity[r]
        if design.is_ordinal[j]:
            edges = cut[j, : design.cuts[j]]
            above = np.concatenate([[1.0], 1 / (1 + np.exp(edges - plain)), [0.0]])
            k = int(p.value[i])
            total += np.log(above[k] - above[k + 1])
        else:
            size, mean = n["spread"][0] ** -2, np.exp(plain + intercept[0])
            y = p.value[i]
            total += nbinom.logpmf(y, size, size / (size + mean)) + float(jax.scipy.special.gammaln(y + 1))
    assert float(density.likelihood(eta, n, design.data)) == pytest.approx(total, rel=1e-4)
