"""Whether a run of the sampler can be believed: R-hat and effective sample size, rank-normalised (Vehtari et al. 2021)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from arviz_stats.base import array
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

Floats = NDArray[np.float64]
DIAGNOSTICS: Any = array.array_stats
BLOCK = 50
"""Quantities looked at together."""
AXES = {"chain_axis": 0, "draw_axis": 1}


def rhat_and_ess(x: Floats) -> tuple[Floats, Floats]:
    """Of each quantity the larger of rank-normalised split R-hat and its folded form, and the bulk effective sample size.

    ``x`` has shape (chains, draws, quantities). ArviZ computes both from ranks; here they are made once for both, a block of
    quantities at a time, in threads: sorting is most of the work and lets other threads run.
    """
    half = x.shape[1] // 2
    halves = x if x.shape[1] == 2 * half else np.concatenate([x[:, :half], x[:, -half:]], axis=1)
    blocks = np.array_split(halves, max(1, x.shape[2] // BLOCK), axis=2)
    with ThreadPoolExecutor() as pool:
        rhat, ess = zip(*pool.map(_diagnose, blocks), strict=True)
    return np.concatenate(rhat), np.concatenate(ess)


def _diagnose(x: Floats) -> tuple[Floats, Floats]:
    ranked, folded = _normal_scores(x), _normal_scores(np.abs(x - np.median(x, axis=(0, 1))))
    rhat = np.maximum(*(DIAGNOSTICS.rhat(z, method="split", **AXES) for z in (ranked, folded)))
    return rhat, DIAGNOSTICS.ess(ranked, method="mean", **AXES)


def _normal_scores(x: Floats) -> Floats:
    """What a standard normal would be at the ranks of each quantity among all draws (Blom)."""
    flat = x.reshape(-1, x.shape[2])
    scores: Floats = ndtri((rankdata(flat, axis=0) - 0.375) / (len(flat) + 0.25)).reshape(x.shape)
    return scores
