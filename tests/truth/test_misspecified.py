"""Truths that the methods do not assume: a check must name what is wrong."""

import dataclasses

import numpy as np
import pytest

from milcoop.checks.misspecification import Misspecified, check_misspecified, middle_year
from milcoop.checks.worlds import YEARS, World
from milcoop.domain.assessment import Assessment
from milcoop.domain.event import Citation
from milcoop.domain.path import ACTS_CHANGED, BOTH_CHANGED, REPORTING_CHANGED
from milcoop.measure.criteria import CriteriaRating
from milcoop.measure.estimates import redraw_levels
from milcoop.trajectory.path import follow_acts
from milcoop.workbench import Workbench

N, HALF = len(YEARS), len(YEARS) // 2
ONCE, DOUBLED = [1.0] * N, [1.0] * HALF + [2.0] * (N - HALF)


def score(workbench: Workbench, rates: list[float], telling: list[float]) -> Misspecified:
    return check_misspecified(World(rates, 0.47, 0.37, telling), workbench.codebook, workbench.scale(None), 30, 100, 5)


def test_a_jump_is_named_and_dated(workbench: Workbench) -> None:
    found = score(workbench, [1.0] * HALF + [5.0] * (N - HALF), ONCE)
    assert found.readings.get(ACTS_CHANGED, 0) >= 0.75
    assert found.near >= 0.7
    assert found.rise_median == pytest.approx(found.rise_true, abs=0.2)


def test_doubled_reporting_is_named_and_hardly_lifts_levels(workbench: Workbench) -> None:
    plain, doubled = score(workbench, [3.0] * N, ONCE), score(workbench, [3.0] * N, DOUBLED)
    assert plain.rise_true == doubled.rise_true
    assert plain.readings.get("", 0) >= 0.7
    assert doubled.readings.get(REPORTING_CHANGED, 0) >= 0.65
    assert doubled.readings.get(REPORTING_CHANGED, 0) + doubled.readings.get(BOTH_CHANGED, 0) >= 0.8
    # what was found rises with reporting; the redraws take part of that back
    assert doubled.rise_median - plain.rise_median < doubled.rise_found - plain.rise_found


@pytest.mark.parametrize("pages", [2, 4])
def test_the_same_acts_told_twice_are_the_same_level(workbench: Workbench, pages: int) -> None:
    """Each found act gets twice its pages on its own list: acts, and so levels, stay; the reading names reporting."""
    acts = {y: 3 + y % 2 for y in YEARS}
    told = {y: n * (pages if y < middle_year() else 2 * pages) for y, n in acts.items()}
    series = follow_acts("exercises", acts, told, workbench.codebook.trajectory["trajectory"].priors)
    assert series.acts.likeliest is None
    assert series.reading == REPORTING_CHANGED
    assert series.telling.likeliest is not None
    assert abs(series.telling.likeliest - middle_year()) <= 1


def test_more_acts_told_alike_are_no_change_of_reporting(workbench: Workbench) -> None:
    acts = {y: 2 if y < middle_year() else 8 for y in YEARS}
    told = {y: 3 * n for y, n in acts.items()}
    series = follow_acts("exercises", acts, told, workbench.codebook.trajectory["trajectory"].priors)
    assert series.reading == ACTS_CHANGED
    assert series.reporting.likeliest == middle_year()


def test_twice_the_pages_on_the_record_move_no_level(workbench: Workbench, assessment: Assessment) -> None:
    """Every act of the record told by twice as many pages from 2008 on: criteria and redraws stay to the digit."""
    events = tuple(
        dataclasses.replace(e, citations=(*e.citations, *(_again(c) for c in e.citations)))
        if e.when.start.year >= 2008
        else e
        for e in assessment.events
    )
    doubled = dataclasses.replace(assessment, events=events)
    plain, told = (redraw_levels(a, workbench.codebook, 50, 3) for a in (assessment, doubled))
    assert all(np.array_equal(plain[a], told[a]) for a in plain)
    rater = CriteriaRating(
        assessment.dyad,
        events,
        assessment.figures,
        assessment.scale,
        workbench.coverage(assessment.dyad),
        assessment.as_of,
    )
    assert [r.level for r in rater.rate(assessment.years)] == [r.level for r in assessment.ratings]


def _again(citation: Citation) -> Citation:
    return dataclasses.replace(citation, key=f"{citation.key}-again", url=f"{citation.url}?again")
