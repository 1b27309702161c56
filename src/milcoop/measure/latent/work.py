"""What all parts of the density share: arrays of one evaluation, and the bent logarithm on which scales are sampled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from milcoop.measure.latent.answers import AnswerWork, answer_work
from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.design import Floats, Structure
from milcoop.measure.latent.paths import PathWork, path_work


class Work(NamedTuple):
    """Arrays that one evaluation fills."""

    paths: PathWork
    answers: AnswerWork
    log_abar: Floats
    """Typical loading of each place, reliabilities left aside, (places, chains)."""
    severity_mean: Floats
    reliability_mean: Floats


def make_work(m: Structure, chains: int) -> Work:
    """Empty arrays for so many chains."""
    nodes, items = int(m.node_at[-1]), len(m.form)
    places = len(m.place_share)
    empty = [np.zeros((places, chains)), np.zeros(chains), np.zeros(chains)]
    answers = answer_work(nodes, items, int(m.cut_at[-1]), m.raters, places, chains)
    return Work(path_work(nodes, len(m.parent), places, chains), answers, *empty)


@compiled
def bent(y: float) -> float:
    """Log of a scale over its prior's, from its sampled parameter.

    Rises as log y above and falls as -y²/2 below, so that a half-normal scale is nearly normal in ``y`` on both sides: sampled
    as a logarithm it would have a long tail towards nought, in which chains get stuck.
    """
    root = np.sqrt(4.0 + y * y)
    return float(0.5 * (0.5 * y * root - 0.5 * y * y) + np.arcsinh(0.5 * y))


@compiled
def bent_slope(y: float) -> float:
    """Derivative of ``bent``; that of its logarithm is -1 / sqrt(4 + y²)."""
    return float(2.0 / (np.sqrt(4.0 + y * y) + y) if y > 0 else 0.5 * (np.sqrt(4.0 + y * y) - y))
