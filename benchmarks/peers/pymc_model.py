"""The model of ../plain_model.py in PyMC."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def pymc_model(d: dict[str, Any]) -> pm.Model:
    """Random walk not centred, cutpoints as sums of positive steps, raters with known spreads."""
    units, times, items, raters, cuts = d["units"], d["times"], d["items"], d["raters"], d["cuts"]
    with pm.Model() as model:
        step = pm.HalfNormal("step", 0.5)
        start = pm.Normal("start", 0, 1, shape=units)
        moves = pm.Normal("moves", 0, 1, shape=(units, times - 1))
        walk = pt.concatenate([pt.zeros((units, 1)), pt.cumsum(step * moves, axis=1)], axis=1)
        theta = pm.Deterministic("theta", start[:, None] + walk)
        loading = pm.LogNormal("loading", 0, 0.5, shape=items)
        cut_mean = pm.Normal("cut_mean", 0, 2)
        middle = pm.Normal("middle", cut_mean, 1.0, shape=items)
        gaps = pm.LogNormal("gaps", np.log(1.3), 0.7, shape=(items, cuts - 1))
        edges = pt.concatenate([pt.zeros((items, 1)), pt.cumsum(gaps, axis=1)], axis=1)
        cutpoints = pm.Deterministic("cutpoints", edges + (middle - edges.mean(axis=1))[:, None])
        severity = pm.Normal("severity", 0, 1.0, shape=raters)
        eta = loading[d["item"]] * theta[d["unit"], d["time"]] - severity[d["rater"]]
        pm.OrderedLogistic("y", eta=eta, cutpoints=cutpoints[d["item"]], compute_p=False, observed=d["y"])
    return model
