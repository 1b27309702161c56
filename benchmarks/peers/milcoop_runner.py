"""milcoop's sampler; in the project's environment."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
from exchange import Found, answer

import milcoop
from milcoop.measure.latent.design import Design
from milcoop.measure.latent.fit import Draws, translate
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.sampler import Sampler

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from samplers import bench_spec


def run(panel: dict[str, Any], warmup: int, draws: int, chains: int) -> Found:
    """Compile and sample; sample once more with the same code for the second clock."""
    names = {"unit": "u{:03d}", "time": "{}", "item": "i{}", "rater": "r{}"}
    table = pd.DataFrame({k: [f.format(v) for v in panel[k]] for k, f in names.items()})
    table = table.rename(columns={"time": "year"}).assign(value=panel["y"].astype(str))
    spec = bench_spec()
    read = make_panel(table, spec)

    def once(seed: int) -> tuple[Draws, float]:
        began = time.perf_counter()
        design = Design(read, spec)
        found = translate(design, Sampler(design, chains, warmup, seed).draw(draws))
        return found, time.perf_counter() - began

    found, cold = once(1)
    used = time.process_time()
    _, warm = once(2)
    used = time.process_time() - used
    cutpoints = found.cutpoint.reshape(chains, draws, panel["items"], panel["cuts"])
    parts = {"theta": found.state, "loading": found.loading, "cutpoints": cutpoints, "severity": found.severity}
    return Found(parts, cold, warm, found.divergences, used)


if __name__ == "__main__":
    answer(f"milcoop {milcoop.__version__}", run)
