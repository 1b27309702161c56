"""Panels made up from the model, with their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from milcoop.measure.latent.spec import ItemSpec, MeasureSpec, SamplerSpec

Floats = NDArray[np.float64]
SHORT = SamplerSpec(chains=8, warmup=200, draws=300)


@dataclass
class Made:
    """A table of answers as text, its specification, the states behind it (units, times)."""

    table: pd.DataFrame
    spec: MeasureSpec
    states: Floats


def walking(
    units: int = 10,
    times: int = 12,
    raters: int = 3,
    items: int = 3,
    seed: int = 1,
    *,
    jump: float = 0.0,
    lazy: bool = False,
    doubled: bool = False,
) -> Made:
    """Ordered items and one count, several raters. ``jump`` moves one unit halfway; a lazy rater says 2 always; a count doubles halfway."""
    rng = np.random.default_rng(seed)
    start = rng.standard_normal(units)
    steps = 0.2 * rng.standard_normal((units, times))
    states = start[:, None] + np.cumsum(steps, axis=1) - steps[:, :1]
    states[0, times // 2 :] += jump
    loadings, severities = np.exp(rng.normal(0.2, 0.25, items)), rng.normal(0, 0.5, raters)
    middle = rng.normal(0, 0.6)
    cuts = middle + rng.normal(0, 0.5, items)[:, None] + np.array([-1.5, -0.4, 0.6, 1.6])
    rows = []
    for i in range(units):
        for t in range(times):
            for j in range(items):
                for r in range(raters):
                    eta = loadings[j] * states[i, t] - severities[r]
                    y = int((eta + rng.logistic() > cuts[j]).sum())
                    if lazy and r == 0:
                        y = 2
                    rows.append((f"u{i}", 2000 + t, f"i{j}", f"r{r}", y))
            rate = np.exp(1.5 + 0.6 * states[i, t]) * (2 if doubled and t >= times // 2 else 1)
            rows.append((f"u{i}", 2000 + t, "acts", "r0", rng.poisson(rng.gamma(10) * rate / 10)))
    table = pd.DataFrame(rows, columns=["unit", "year", "item", "rater", "value"]).astype(str)
    spec = MeasureSpec(
        id="made",
        unit="unit",
        time="year",
        item="item",
        value="value",
        rater="rater",
        reliability=False,
        dynamics="random-walk",
        items={"acts": ItemSpec(kind="count")},
        sampler=SHORT,
    )
    return Made(table, spec, states)
