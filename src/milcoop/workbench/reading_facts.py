"""Numbers of an assessment that lines of evidence read: levels now, and whether they rise."""

from __future__ import annotations

from collections.abc import Iterable

from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates
from milcoop.domain.path import Direction
from milcoop.domain.rating import MONITORED, NOT_MONITORED
from milcoop.domain.readings import Fact

OVERALL = "overall"
PERCENT = 80
"""Percent of the estimate that the interval of a level holds."""


def level_facts(assessment: Assessment, estimates: Estimates | None, year: int) -> dict[str, Fact]:
    """``level.AREA`` and ``level.overall`` at a year's end, with the middle 80 percent of their estimates."""
    facts = {}
    for area, rating in assessment.of_year(year).items():
        value = None if rating.level is None else float(rating.level)
        facts[f"level.{area}"] = _level(value, rating.coverage, rating.events, estimates, area, year)
    whole = next((o.level for o in assessment.overall if o.year == year), None)
    coverage = NOT_MONITORED if whole is None else MONITORED
    facts["level.overall"] = _level(whole, coverage, (), estimates, OVERALL, year)
    return facts


def _level(
    value: float | None, coverage: str, events: tuple[str, ...], estimates: Estimates | None, area: str, year: int
) -> Fact:
    cell = estimates.cells.get((area, year)) if estimates is not None else None
    if value is None:
        return Fact(None, None, None, coverage, events)
    low, high = (value, value) if cell is None else cell.interval(PERCENT)
    return Fact(value, min(low, value), max(high, value), coverage, events)


def direction_facts(
    assessment: Assessment, directions: Iterable[Direction], left_out: Iterable[str], region: float
) -> dict[str, Fact]:
    """``direction.AREA.expansion``: probability that an area's level rose over a window, beyond the region of equivalence."""
    why = "not rated in every year of the window"
    facts = {f"direction.{area}.expansion": Fact(None, None, None, NOT_MONITORED, (), why) for area in left_out}
    for d in directions:
        name = f"direction.{d.area}.expansion"
        if d.at == "ceiling":
            facts[name] = Fact(None, None, None, MONITORED, (), "at the scale's ceiling: it cannot rise")
            continue
        ends = (assessment.of_year(y).get(d.area) for y in (d.first, d.last))
        events = tuple(dict.fromkeys(e for r in ends if r is not None for e in r.events))
        rises = d.probabilities[region][0]
        facts[name] = Fact(rises, rises, rises, MONITORED, events)
    return facts
