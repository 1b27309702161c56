"""PyMC's model sampled by nutpie as it comes."""

from __future__ import annotations

import time
from typing import Any

import nutpie
import pymc as pm
from exchange import STATES, Found, answer
from pymc_model import pymc_model


def run(panel: dict[str, Any], warmup: int, draws: int, chains: int) -> Found:
    """Compile and sample."""
    began = time.perf_counter()
    compiled = nutpie.compile_pymc_model(pymc_model(panel))
    built = time.perf_counter()
    trace = nutpie.sample(
        compiled, draws=draws, tune=warmup, chains=chains, seed=1, save_warmup=False, progress_bar=False
    )
    ended = time.perf_counter()
    found = {k: trace.posterior[k].to_numpy() for k in STATES}
    return Found(found, ended - began, ended - built, float(trace.sample_stats["diverging"].sum()))


if __name__ == "__main__":
    answer(f"PyMC {pm.__version__} with nutpie {nutpie.__version__}", run)
