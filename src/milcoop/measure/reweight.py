"""What the latent model says after an edit: draws of the shipped fit weighed by how well they foretell the answers that changed.

Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25): the posterior after an edit is the one before
it times the ratio of the likelihoods of the answers that changed. Where the ratios are too uneven (k-hat), a new fit is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from arviz_stats.base import array
from numpy.typing import NDArray

from milcoop.codebook.loader import Codebook
from milcoop.domain.estimate import Estimates
from milcoop.domain.rerating import Reweighting
from milcoop.measure.level_map import LevelCell, draw_levels, find_level_cells, fit_level_map, to_estimates
from milcoop.measure.record_panel import Answer, PairEvidence, answer_pair
from milcoop.measure.saved import SavedDraws

Floats = NDArray[np.float64]
SMOOTHING: Any = array.array_stats


def reweigh(
    saved: SavedDraws,
    dyad: str,
    before: PairEvidence,
    after: Sequence[PairEvidence],
    codebooks: tuple[Codebook, Codebook],
) -> tuple[Estimates, Estimates, Reweighting]:
    """Estimates of a pair before and after an edit, and how far the weights can be trusted.

    ``after`` are all pairs that the edit touches, the pair asked for among them; ``codebooks`` those before and after.
    """
    old, new = codebooks
    answers = {pair.assessment.dyad.id: answer_pair(pair, new) for pair in after}
    shares, said = weigh_draws(saved, answers)
    even = np.full(saved.draws, 1 / saved.draws)
    then = [c for c in saved.cells if c.unit.partition(":")[0] not in answers]
    then += [c for pair in after for c in find_level_cells(pair, new.latent["latent"].levels.trailing)]
    (now,) = (pair for pair in after if pair.assessment.dyad.id == dyad)
    return _estimates(saved, even, saved.cells, before, old), _estimates(saved, shares, then, now, new), said


def weigh_draws(saved: SavedDraws, answers: Mapping[str, Sequence[Answer]]) -> tuple[Floats, Reweighting]:
    """Weights of the draws, summing to one, given all answers that some pairs have after an edit.

    Changed answers that the fit has no item or year for weigh nothing and are counted as left out.
    """
    old = Counter(_told(a) for a in saved.answers if a.dyad in answers)
    new = Counter(_told(a) for told in answers.values() for a in told)
    came, gone = list((new - old).elements()), list((old - new).elements())
    changed = len(came) + len(gone)
    left_out = sum(not saved.holds(a) for a in (*came, *gone))
    held = [[a for a in part if saved.holds(a)] for part in (came, gone)]
    ratio = saved.log_likelihood(held[0]) - saved.log_likelihood(held[1])
    if changed == left_out:
        return np.full(saved.draws, 1 / saved.draws), Reweighting(changed, left_out, None, float(saved.draws))
    log_weights, k_hat = SMOOTHING.psislw(-ratio)  # takes log likelihoods of what is left out, so their negative
    shares: Floats = np.exp(log_weights - log_weights.max())
    shares /= shares.sum()
    return shares, Reweighting(changed, left_out, float(k_hat), float(1 / (shares**2).sum()))


def _told(answer: Answer) -> Answer:
    """The answer alone, to the digits in which the panel is read."""
    return replace(answer, exposure=float(f"{answer.exposure:.6g}"), events=())


def _estimates(
    saved: SavedDraws, shares: Floats, cells: Sequence[LevelCell], pair: PairEvidence, codebook: Codebook
) -> Estimates:
    scale, rule = pair.assessment.scale, codebook.latent["latent"].levels
    level_map = fit_level_map(cells, saved.paths, [a.id for a in scale.areas], len(scale.levels) - 1, rule, shares)
    levels = draw_levels(level_map, pair.assessment, saved.paths)
    return to_estimates(pair.assessment, codebook, level_map.seed, levels, shares)
