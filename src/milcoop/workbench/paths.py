"""Paths that levels took in the past: growth, plateau or decline over the years after each year's end, for every pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from milcoop.codebook.scale import Area
from milcoop.codebook.watch_rule import WatchRule
from milcoop.domain.rating import MONITORED
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating


def find_paths(
    rater: Callable[[], CriteriaRating],
    coverage: Coverage,
    areas: Sequence[Area],
    rule: WatchRule,
    region: float,
    ends: date,
) -> dict[int, str]:
    """Year -> path of the mean level of the areas monitored throughout, from that year's end on.

    ``region`` is the half width in levels a year within which a path is a plateau. A year whose later years have not
    all ended, or with too few areas, has none. The rater is asked for only where there is such a year.
    """
    last = ends.year - (ends < date(ends.year, 12, 31))
    held_in: dict[int, list[Area]] = {}
    for year in (y for y in coverage.years if y + rule.ahead_years <= last):
        span = range(year - rule.memory_years + 1, year + rule.ahead_years + 1)
        held = [a for a in areas if all(coverage.of_area(a, y) == MONITORED for y in span)]
        if len(held) >= rule.areas_at_least:
            held_in[year] = held
    if not held_in:
        return {}
    level, ahead = rater().level_at, rule.ahead_years
    slopes = {
        y: sum(level(a, y + ahead) - level(a, y) for a in held) / len(held) / ahead for y, held in held_in.items()
    }
    return {y: "growth" if s > region else "decline" if s < -region else "plateau" for y, s in slopes.items()}
