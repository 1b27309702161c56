"""Whether a run of the sampler can be believed: R-hat and effective sample size, rank-normalised (Vehtari et al. 2021)."""

from __future__ import annotations

from typing import Any

import numpy as np
from arviz_stats.base import array
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DIAGNOSTICS: Any = array.array_stats
AXES = {"chain_axis": 0, "draw_axis": 1}


def bulk_ess(x: Floats) -> Floats:
    """Bulk effective sample size of each quantity; ``x`` has shape (chains, draws, quantities)."""
    found: Floats = DIAGNOSTICS.ess(x, method="bulk", **AXES)
    return found


def rank_rhat(x: Floats) -> Floats:
    """The larger of rank-normalised split R-hat and its folded form, by quantity."""
    found: Floats = DIAGNOSTICS.rhat(x, method="rank", **AXES)
    return found
