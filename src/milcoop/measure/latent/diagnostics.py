"""Whether a run of the sampler can be believed: R-hat and effective sample size, rank-normalised (Vehtari et al. 2021)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from arviz_stats.base import array
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DIAGNOSTICS: Any = array.array_stats
BLOCK = 200
"""Quantities looked at together."""
AXES = {"chain_axis": 0, "draw_axis": 1}


def bulk_ess(x: Floats) -> Floats:
    """Bulk effective sample size of each quantity; ``x`` has shape (chains, draws, quantities)."""
    return _in_threads(lambda part: DIAGNOSTICS.ess(part, method="bulk", **AXES), x)


def rank_rhat(x: Floats) -> Floats:
    """The larger of rank-normalised split R-hat and its folded form, by quantity."""
    return _in_threads(lambda part: DIAGNOSTICS.rhat(part, method="rank", **AXES), x)


def _in_threads(diagnose: Callable[[Floats], Floats], x: Floats) -> Floats:
    """A diagnostic of each quantity, a block of quantities at a time: ranking is most of the work and lets other threads run."""
    blocks = np.array_split(x, max(1, x.shape[2] // BLOCK), axis=2)
    with ThreadPoolExecutor() as pool:
        return np.concatenate(list(pool.map(diagnose, blocks)))
