"""Does the Monte Carlo route recover a level that is known? Made-up pairs of which only a part is found.

The route sees what was found, and its intervals are set against the level that the criteria give to everything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from milcoop.checks.worlds import (
    BURN_IN,
    YEARS,
    World,
    levels_by_criteria,
    make_pair,
    only_its_area,
    redraw_pair,
)
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale

PERCENT = (50, 80, 90, 95)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recovery:
    """How the route did over many pairs of one world, in years with a score."""

    world: World
    years: int
    found_right: float
    """Share of years in which the level of what was found is the true one."""
    bias_found: float
    """Mean of the level found less the true level."""
    bias_median: float
    """Mean of the median over redraws less the true level."""
    covered: dict[int, float]
    """Percent -> share of years whose interval holds the true level; more than promised where whole levels make it wider."""
    calibrated: dict[int, float]
    """Percent -> the same with the ends of the interval inside a level counted in proportion: what it promises, when calibrated."""


def check_recovery(world: World, codebook: Codebook, scale: Scale, pairs: int, draws: int, seed: int) -> Recovery:
    """Simulate pairs of a world and score the route on them. Errors of coding and moved rules are off: nothing is miscoded here."""
    rule = codebook.uncertainty["uncertainty"].model_copy(
        update={"coding_wrong": 0, "coding_checked": 10**9, "rules_moved": 0.0}
    )
    scored, scale = YEARS[BURN_IN:], only_its_area(scale)
    true, found, drawn = [], [], []
    for k in range(pairs):
        pair = make_pair(world, np.random.default_rng([seed, k]))
        true.append(levels_by_criteria(pair.acts, scale, scored))
        found.append(levels_by_criteria(pair.found, scale, scored))
        drawn.append(np.sort(redraw_pair(pair, codebook, scale, rule, scored, draws, seed + k), axis=0))
    truth, level, redraws = np.array(true), np.array(found), np.array(drawn)
    covered = {}
    for percent in PERCENT:
        tail = int(draws * (100 - percent) / 200)
        inside = (redraws[:, tail] <= truth) & (truth <= redraws[:, draws - 1 - tail])
        covered[percent] = float(inside.mean())
    below, upto = ((redraws < truth[:, None]).mean(axis=1), (redraws <= truth[:, None]).mean(axis=1))
    return Recovery(
        world,
        truth.size,
        float((level == truth).mean()),
        float((level - truth).mean()),
        float((np.median(redraws, axis=1) - truth).mean()),
        covered,
        {p: share_inside(below, upto, p) for p in PERCENT},
    )


def share_inside(below: Floats, upto: Floats, percent: float) -> float:
    """Mean share of the true outcome's probability that lies in the central ``percent``.

    ``below`` and ``upto`` are the probabilities of less than the outcome and of at most the outcome. For whole numbers this is what
    coverage is for continuous ones (Czado, Gneiting and Held 2009, Biometrics 65); an outcome without probability counts as outside.
    """
    low, width = 0.5 - percent / 200, upto - below
    inside = np.clip(np.minimum(upto, 1 - low) - np.maximum(below, low), 0, None)
    return float(np.where(width > 0, inside / np.maximum(width, 1e-12), 0.0).mean())
