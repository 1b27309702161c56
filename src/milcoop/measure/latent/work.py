"""What all parts of the density share: arrays of one evaluation, and the bent logarithm on which scales are sampled."""

from __future__ import annotations

import numpy as np

from milcoop.measure.latent.answers import answer_work
from milcoop.measure.latent.design import Floats, Structure
from milcoop.measure.latent.paths import path_work


class Work:
    """Arrays that one evaluation fills, for so many chains."""

    def __init__(self, m: Structure, chains: int) -> None:
        places = len(m.place_share)
        self.paths = path_work(int(m.node_at[-1]), len(m.parent), places, chains)
        self.answers = answer_work(m, self.paths.v, self.paths.g_v)
        self.log_abar = np.zeros((places, chains))
        """Typical loading of each place, reliabilities left aside."""
        self.gap = np.zeros((len(m.cut_parameter), chains))
        """What each cutpoint lies above the one before it; the lowest itself."""
        self.severity_mean = np.zeros(chains)
        self.reliability_mean = np.zeros(chains)


def bent(y: Floats) -> Floats:
    """Log of a scale over its prior's, from its sampled parameter.

    Rises as log y above and falls as -y²/2 below, so that a half-normal scale is nearly normal in ``y`` on both sides: sampled
    as a logarithm it would have a long tail towards nought, in which chains get stuck.
    """
    found: Floats = 0.25 * y * (np.sqrt(4.0 + y * y) - y) + np.arcsinh(0.5 * y)
    return found


def bent_slope(y: Floats) -> Floats:
    """Derivative of ``bent``; that of its logarithm is -1 / sqrt(4 + y²)."""
    half = 0.5 * (np.sqrt(4.0 + y * y) + np.abs(y))
    found: Floats = np.where(y > 0, 1.0 / half, half)
    return found
