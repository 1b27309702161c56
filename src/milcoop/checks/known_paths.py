"""Whole made-up pairs through detection, redraws and direction: is the slope of the true level found?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from milcoop.checks.power import likelier_than_not, true_answer
from milcoop.checks.worlds import YEARS, World, levels_by_criteria, make_pair, only_its_area, redraw_pair
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale
from milcoop.trajectory.direction import find_direction


@dataclass(frozen=True, slots=True)
class KnownWindow:
    """One window of one made-up pair: the slope of its true level, and the answer of the method."""

    first: int
    years: int
    slope: float
    """True slope, levels a year."""
    truth: str
    found: str
    """Answer with a probability above one half; empty where none has."""


def growing_world(before: float, after: float, start: int, grows: int, on_first: float, on_second: float) -> World:
    """Yearly acts that grow by a constant factor for some years from ``start`` and are flat before and after."""
    share = np.clip((np.array(YEARS) - start) / grows, 0, 1)
    return World([float(r) for r in before * (after / before) ** share], on_first, on_second)


def follow_pairs(
    worlds: Sequence[World],
    windows: Sequence[tuple[int, int]],
    codebook: Codebook,
    scale: Scale,
    pairs: int,
    draws: int,
    seed: int,
) -> list[tuple[KnownWindow, ...]]:
    """Answers for each window (first year, number of year-ends) of ``pairs`` pairs of each world, one tuple a pair.

    Redraws are those that users see: with errors of coding and moved rules.
    """
    rule, direction = codebook.uncertainty["uncertainty"], codebook.trajectory["trajectory"]
    scale, out = only_its_area(scale), []
    span = range(min(f for f, _ in windows), max(f + n for f, n in windows))
    for w, world in enumerate(worlds):
        for k in range(pairs):
            pair = make_pair(world, np.random.default_rng([seed, w, k]))
            truth = levels_by_criteria(pair.acts, scale, span)
            paths = redraw_pair(pair, codebook, scale, rule, span, draws, seed + k)
            found = []
            for first, n in windows:
                cut = slice(first - span.start, first - span.start + n)
                shares = find_direction(
                    scale.areas[0].id,
                    range(first, first + n),
                    paths[:, cut],
                    None,
                    direction.regions,
                    direction.main,
                    5,
                ).probabilities[direction.main]
                found.append(KnownWindow(first, n, *true_answer(truth[cut], direction.main), likelier_than_not(shares)))
            out.append(tuple(found))
    return out
