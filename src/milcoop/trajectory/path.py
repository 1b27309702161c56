"""The path of a dyad: direction by area from redraws, breaks in yearly acts, with reporting volume beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.loader import Codebook
from milcoop.codebook.trajectory_rule import TrajectoryRule
from milcoop.domain.assessment import Assessment
from milcoop.domain.path import Direction, Path, YearlyActs
from milcoop.trajectory.breaks import SHORTEST, find_breaks
from milcoop.trajectory.direction import find_direction
from milcoop.trajectory.strands import find_strands

OVERALL = "overall"
Floats = NDArray[np.float64]


def find_path(
    assessment: Assessment,
    levels: Mapping[str, Floats],
    codebook: Codebook,
    rule: TrajectoryRule,
    first: int,
    last: int,
    seed: int,
) -> Path:
    """Path over a window. ``levels`` are redraws by area, draws by the assessment's years."""
    directions, left_out = find_directions(assessment, levels, rule, first, last)
    draws = len(next(iter(levels.values())))
    series = tuple(
        _acts(assessment, area.id, codebook, rule) for area in assessment.scale.areas if _span(assessment, area.id)
    )
    strands = find_strands(assessment, rule.strands, codebook, range(first, last + 1), seed)
    return Path(first, last, assessment.record_version, draws, seed, directions, left_out, series, strands)


def find_directions(
    assessment: Assessment, levels: Mapping[str, Floats], rule: TrajectoryRule, first: int, last: int
) -> tuple[tuple[Direction, ...], dict[str, str]]:
    """Directions over a window, the whole's first, and why areas (or the whole) have none."""
    start, years = assessment.years[0], range(first, last + 1)
    paths: dict[str, Floats] = {}
    left_out: dict[str, str] = {}
    for area in assessment.scale.areas:
        ratings = [r for r in assessment.ratings if r.area == area.id and r.year in years]
        without = [r.year for r in ratings if r.level is None]
        if without or len(ratings) < len(years):
            left_out[area.id] = f"no level in {len(without) or len(years) - len(ratings)} of {len(years)} years"
        else:
            paths[area.id] = levels[area.id][:, first - start : last - start + 1]
    whole = None
    if len(paths) >= assessment.scale.overall.at_least_areas:
        whole = np.median(list(paths.values()), axis=0)
    top = len(assessment.scale.levels) - 1
    directions: list[Direction] = []
    if whole is not None:
        directions.append(find_direction(OVERALL, years, whole, None, rule.regions, rule.main, top))
    else:
        left_out[OVERALL] = f"fewer than {assessment.scale.overall.at_least_areas} areas have a level throughout"
    directions += [find_direction(a, years, p, whole, rule.regions, rule.main, top) for a, p in paths.items()]
    return tuple(directions), left_out


def _span(assessment: Assessment, area: str) -> range | None:
    """The last unbroken run of years in which the area has a level; None when it is too short for a break."""
    years = {r.year for r in assessment.ratings if r.area == area and r.level is not None}
    if not years:
        return None
    first = last = max(years)
    while first - 1 in years:
        first -= 1
    return range(first, last + 1) if last - first + 1 >= 2 * SHORTEST else None


def _acts(assessment: Assessment, area: str, codebook: Codebook, rule: TrajectoryRule) -> YearlyActs:
    span = _span(assessment, area) or range(0)
    acts: Counter[int] = Counter()
    pages: Counter[int] = Counter()
    for event in assessment.events:
        if event.status in assessment.scale.realised and area in codebook.areas_of(event.type, event.values):
            acts[event.when.start.year] += 1
            pages[event.when.start.year] += len(event.citations)
    counts, told = {y: acts[y] for y in span}, {y: pages[y] for y in span}
    return follow_acts(area, counts, told, rule.priors)


def follow_acts(
    area: str, counts: Mapping[int, int], pages: Mapping[int, int], priors: Mapping[str, float]
) -> YearlyActs:
    """Breaks in yearly acts, in the pages that tell of them, and in the pages an act beyond the first."""
    more = {y: pages[y] - counts[y] for y in counts}
    breaks = find_breaks(counts, priors), find_breaks(pages, priors), find_breaks(more, priors, counts)
    return YearlyActs(area, counts, pages, *breaks)
