"""../plain_model.py by NumPyro's sampler as it comes; in the project's environment."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import jax
import numpyro
from exchange import Found, answer
from numpyro.infer import MCMC, NUTS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plain_model import plain_model


def run(panel: dict[str, Any], warmup: int, draws: int, chains: int) -> Found:
    """Compile and sample; sample once more with the same code for the second clock."""
    numpyro.set_host_device_count(chains)
    answers = panel["y"]
    began = time.perf_counter()
    sampler = MCMC(
        NUTS(plain_model),
        num_warmup=warmup,
        num_samples=draws,
        num_chains=chains,
        chain_method="parallel",
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(1), panel, answers, extra_fields=("diverging",))
    found = jax.block_until_ready(sampler.get_samples(group_by_chain=True))
    cold = time.perf_counter() - began
    divergences = float(sampler.get_extra_fields()["diverging"].sum())
    began, used = time.perf_counter(), time.process_time()
    sampler.run(jax.random.PRNGKey(2), panel, answers, extra_fields=("diverging",))
    jax.block_until_ready(sampler.get_samples())
    return Found(found, cold, time.perf_counter() - began, divergences, time.process_time() - used)


if __name__ == "__main__":
    answer(f"NumPyro {numpyro.__version__}", run)
