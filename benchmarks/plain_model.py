"""The model of docs/measure.md for ordered items, written plainly in NumPyro: peer of the benchmark and check of the density.

Reliabilities turn about nought here and about the mean state in milcoop; with ``reliability: false`` the two are one model.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def plain_model(d: dict[str, Any], y: Any, *, reliability: bool = False) -> None:
    """Random walk not centred, cutpoints as sums of positive steps, raters with known spreads."""
    units, times, items, raters, cuts = d["units"], d["times"], d["items"], d["raters"], d["cuts"]
    step = numpyro.sample("step", dist.HalfNormal(0.5))
    start = numpyro.sample("start", dist.Normal(0, 1).expand([units]))
    moves = numpyro.sample("moves", dist.Normal(0, 1).expand([units, times - 1]))
    walk = jnp.concatenate([jnp.zeros((units, 1)), jnp.cumsum(step * moves, axis=1)], axis=1)
    theta = numpyro.deterministic("theta", start[:, None] + walk)
    loading = numpyro.sample("loading", dist.LogNormal(0, 0.5).expand([items]))
    cut_mean = numpyro.sample("cut_mean", dist.Normal(0, 2))
    middle = numpyro.sample("middle", dist.Normal(cut_mean, 1.0).expand([items]))
    gaps = numpyro.sample("gaps", dist.LogNormal(jnp.log(1.3), 0.7).expand([items, cuts - 1]))
    edges = jnp.concatenate([jnp.zeros((items, 1)), jnp.cumsum(gaps, axis=1)], axis=1)
    cutpoints = numpyro.deterministic("cutpoints", edges + (middle - edges.mean(axis=1))[:, None])
    severity = numpyro.sample("severity", dist.Normal(0, 1.0).expand([raters]))
    slope = loading[d["item"]]
    if reliability:
        slope = slope * jnp.exp(numpyro.sample("reliability", dist.Normal(0, 0.5).expand([raters])))[d["rater"]]
    eta = slope * theta[d["unit"], d["time"]] - severity[d["rater"]]
    numpyro.sample("y", dist.OrderedLogistic(eta, cutpoints[d["item"]]), obs=y)


def run_plain(d: dict[str, Any], y: Any, *, warmup: int, draws: int, chains: int = 4, reliability: bool = False) -> Any:
    """Posterior draws by chain, from NumPyro's sampler as it comes."""
    import jax

    kernel = NUTS(lambda d, y: plain_model(d, y, reliability=reliability), target_accept_prob=0.85)
    run = MCMC(
        kernel,
        num_warmup=warmup,
        num_samples=draws,
        num_chains=chains,
        chain_method="parallel" if jax.local_device_count() >= chains else "sequential",
        progress_bar=False,
    )
    run.run(jax.random.PRNGKey(1), d, y)
    return run.get_samples(group_by_chain=True)
