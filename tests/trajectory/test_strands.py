"""Strands: slopes by hand, coverage of the interval on made-up acts, and what the record cannot tell."""

import json

import numpy as np
import pytest

from milcoop.trajectory.strands import RESAMPLINGS, slope_of_counts, slope_of_values
from milcoop.workbench import Workbench
from tests.command import output

YEARS = range(2011, 2021)


def test_slope_of_counts_by_hand() -> None:
    when = np.array([2001, 2002, 2002, 2003, 2003, 2003], dtype=float)
    weights = np.array([[1, 1, 1, 1, 1, 1], [2, 1, 0, 0, 0, 0]], dtype=float)
    assert slope_of_counts(weights, when, range(2001, 2004)).tolist() == [1.0, -1.0]


def test_a_year_without_an_act_is_a_zero() -> None:
    assert slope_of_counts(np.ones((1, 2)), np.array([2001.0, 2001.0]), range(2001, 2004)).tolist() == [-1.0]


def test_slope_of_values_by_hand() -> None:
    when, values = np.array([2001.0, 2003.0, 2003.0]), np.array([1.0, 2.0, 4.0])
    weights = np.array([[1, 1, 1], [1, 2, 0], [0, 1, 1]], dtype=float)
    slopes = slope_of_values(weights, when, values)
    assert slopes[:2] == pytest.approx([1.0, 0.5])
    assert np.isnan(slopes[2])


def interval_holds(truth: float, rng: np.random.Generator, values: bool) -> bool:
    """Whether the interval of one made-up window holds the slope it was made with."""
    rates = 4.5 + (0 if values else truth) * (np.array(YEARS) - 2015.5)
    when = np.repeat(np.array(YEARS, dtype=float), rng.poisson(rates))
    weights = rng.poisson(1, (RESAMPLINGS, len(when))).astype(float)
    if values:
        slopes = slope_of_values(weights, when, 2 + truth * (when - 2015.5) + rng.normal(0, 1, len(when)))
    else:
        slopes = slope_of_counts(weights, when, YEARS)
    low, high = np.quantile(slopes, [0.1, 0.9])
    return bool(low <= truth <= high)


@pytest.mark.parametrize("values", [False, True])
def test_the_interval_holds_the_truth(values: bool) -> None:
    rng = np.random.default_rng(3)
    assert np.mean([interval_holds(0.3, rng, values) for _ in range(200)]) >= 0.7


def test_strands_of_the_record_rest_on_its_acts(workbench: Workbench) -> None:
    dyad = workbench.dyad("RUS", "CHN")
    strands = {s.id: s for s in workbench.path(dyad, 2012, 2021).strands}
    acts = {e.id: e for e in workbench.events(dyad)}
    frequency = strands["frequency"]
    assert sum(frequency.means.values()) == frequency.acts == len(frequency.events)
    for name, field in (("quality", "command"), ("geography", "distance_home_km"), ("complexity", "services")):
        known = {i for i in frequency.events if acts[i].values(field)}
        assert set(strands[name].events) == known
        assert strands[name].acts == frequency.acts


def test_too_few_acts_give_no_slope() -> None:
    found = json.loads(output("trajectory", "RUS", "CHN", "--from", "1993", "--to", "2003", "--format", "json"))
    by_id = {s["strand"]: s for s in found["strands"]}
    assert by_id["quality"]["slope"] is None
    assert "are needed" in by_id["quality"]["why"]


def test_a_year_that_has_not_ended_is_left_out() -> None:
    found = json.loads(output("trajectory", "RUS", "CHN", "--as-of", "2022-11-30", "--format", "json"))
    frequency = next(s for s in found["strands"] if s["strand"] == "frequency")
    assert max(map(int, frequency["means"])) == 2021
