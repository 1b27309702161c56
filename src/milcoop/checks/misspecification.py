"""Truths that the methods do not assume: a jump, and reporting that doubles halfway. Does a check name what is wrong?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from milcoop.checks.worlds import (
    AREA,
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
from milcoop.trajectory.path import follow_acts


@dataclass(frozen=True, slots=True)
class Misspecified:
    """What the checks said of many pairs of one world, and how far levels moved after its middle year."""

    pairs: int
    readings: Mapping[str, float]
    """Reading of the yearly acts and pages (:attr:`milcoop.domain.path.YearlyActs.reading`) -> share of pairs."""
    near: float
    """Share of pairs with a break in acts within two years of the middle."""
    rise_true: float
    """Mean of the true level in the years after the middle less that before."""
    rise_found: float
    """The same for the level of what was found."""
    rise_median: float
    """The same for the median over redraws."""


def check_misspecified(
    world: World, codebook: Codebook, scale: Scale, pairs: int, draws: int, seed: int
) -> Misspecified:
    """Simulate pairs of a world whose rates or telling change in the middle year. Each world of one seed has the same draws."""
    rule, priors = codebook.uncertainty["uncertainty"], codebook.trajectory["trajectory"].priors
    scale, years = only_its_area(scale), YEARS[BURN_IN:]
    middle = middle_year()
    readings: Counter[str] = Counter()
    near, rises = 0, []
    for k in range(pairs):
        pair = make_pair(world, np.random.default_rng([seed, k]))
        counts = Counter(e.when.start.year for e in pair.found)
        pages: Counter[int] = Counter()
        for event in pair.found:
            pages[event.when.start.year] += len(event.citations)
        acts, told = {y: counts[y] for y in YEARS}, {y: pages[y] for y in YEARS}
        series = follow_acts(AREA, acts, told, priors)
        readings[series.reading] += 1
        year = series.acts.likeliest
        near += year is not None and abs(year - middle) <= 2
        median = np.median(redraw_pair(pair, codebook, scale, rule, years, draws, seed + k), axis=0)
        paths: list[Sequence[float]] = [levels_by_criteria(e, scale, years) for e in (pair.acts, pair.found)]
        paths.append(median.tolist())
        rises.append([_rise(path, years, middle) for path in paths])
    true, found, middle_draw = (float(v) for v in np.mean(rises, axis=0))
    shares = {name: n / pairs for name, n in readings.most_common()}
    return Misspecified(pairs, shares, near / pairs, true, found, middle_draw)


def middle_year() -> int:
    """Year in which the made-up change begins."""
    return YEARS[len(YEARS) // 2]


def _rise(path: Sequence[float], years: range, middle: int) -> float:
    """Mean level once the longest window lies after the middle year, less that before it."""
    before = fmean(v for v, y in zip(path, years, strict=True) if y < middle)
    return fmean(v for v, y in zip(path, years, strict=True) if y >= middle + 4) - before
