"""Whether a run of the sampler can be believed: R-hat and effective sample size, rank-normalised (Vehtari et al. 2021)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from numpyro.diagnostics import effective_sample_size, gelman_rubin
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]


def _split(x: Floats) -> Floats:
    half = x.shape[1] // 2
    return np.concatenate([x[:, :half], x[:, -half:]])


def _normal_scores(x: Floats) -> Floats:
    chains, draws = x.shape[:2]
    ranks = rankdata(x.reshape(chains * draws, -1), axis=0)
    scores: Floats = norm.ppf((ranks - 0.375) / (chains * draws + 0.25)).reshape(x.shape)
    return scores


def bulk_ess(x: Floats) -> Floats:
    """Bulk effective sample size of each quantity; ``x`` has shape (chains, draws, quantities)."""
    found: Floats = effective_sample_size(_normal_scores(_split(x)))
    return found


def rank_rhat(x: Floats) -> Floats:
    """The larger of rank-normalised split R-hat and its folded form, by quantity."""
    split = _split(x)
    folded = np.abs(split - np.median(split.reshape(-1, split.shape[2]), axis=0))
    found: Floats = np.maximum(gelman_rubin(_normal_scores(split)), gelman_rubin(_normal_scores(folded)))
    return found
