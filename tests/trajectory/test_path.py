"""Direction and breaks: by hand, on made-up series with known answers, and the command."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from milcoop.domain.path import smallest_step
from milcoop.trajectory.breaks import find_breaks
from milcoop.trajectory.direction import find_direction, slope_of
from milcoop.workbench import Workbench
from tests.command import output, refusal, refused

PRIORS = {"none": 0.5, "trend": 0.2, "one break": 0.2, "two breaks": 0.1}
Draw = Callable[[np.random.Generator], NDArray[np.int64]]


def test_slope_by_hand() -> None:
    paths = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [3.0, 1.0, 2.0]])
    assert slope_of(paths).tolist() == [1.0, 0.0, -0.5]


def test_shares_of_draws_that_rise_stay_and_fall() -> None:
    paths = np.array([[1, 1.1, 1.2], [1, 1, 1], [1, 1.3, 1.6], [2, 1, 0]], dtype=float)
    found = find_direction("a", range(2001, 2004), paths, np.ones((4, 3)), (0.05, 0.1, 0.2), 0.1, 5)
    assert found.probabilities[0.05] == (0.5, 0.25, 0.25)
    assert found.probabilities[0.2] == (0.25, 0.5, 0.25)
    assert found.against_whole == found.probabilities[0.1]
    assert found.at == ""


@pytest.mark.parametrize(("level", "at"), [(0.0, "floor"), (5.0, "ceiling"), (3.0, "")])
def test_the_ends_of_the_scale_are_named(level: float, at: str) -> None:
    found = find_direction("a", range(2001, 2004), np.full((3, 3), level), None, (0.1,), 0.1, 5)
    assert (found.at, found.probabilities[0.1], found.against_whole) == (at, (0.0, 1.0, 0.0), None)


def share_with_break(draw: Draw, n: int = 200) -> float:
    rng = np.random.default_rng(11)
    found = [find_breaks(dict(enumerate(draw(rng).tolist(), 2000)), PRIORS).likeliest for _ in range(n)]
    return sum(year is not None for year in found) / n


@pytest.mark.parametrize("rate", [0.5, 3, 8])
def test_a_series_without_a_break_has_none(rate: float) -> None:
    assert share_with_break(lambda rng: rng.poisson(rate, 30)) <= 0.1


def test_noisy_counts_are_no_break() -> None:
    assert share_with_break(lambda rng: rng.poisson(rng.gamma(4, 1, 30))) <= 0.1


def test_a_step_is_found_in_its_year() -> None:
    rng = np.random.default_rng(5)
    years = []
    for _ in range(50):
        counts = [*rng.poisson(2, 15).tolist(), *rng.poisson(8, 15).tolist()]
        years.append(find_breaks(dict(enumerate(counts, 2000)), PRIORS).likeliest)
    assert sum(y is not None and abs(y - 2015) <= 1 for y in years) >= 45


def test_two_steps_are_two_breaks() -> None:
    counts = [1, 2, 1, 1, 2, 1, 2, 1, 12, 11, 13, 12, 12, 11, 13, 12, 1, 1, 2, 1, 2, 1, 1, 2]
    found = find_breaks(dict(enumerate(counts, 2000)), PRIORS)
    assert found.forms["two breaks"] > 0.9
    assert {y for y, p in found.years.items() if p > 0.5} == {2008, 2016}


def test_steady_growth_is_a_trend() -> None:
    counts = [1, 1, 2, 1, 2, 2, 3, 2, 3, 4, 3, 5, 4, 6, 6, 7, 8, 8, 10, 11, 12, 14, 15, 17, 19, 21, 23, 26, 29, 32]
    forms = find_breaks(dict(enumerate(counts, 1990)), PRIORS).forms
    assert forms["trend"] == max(forms.values())
    assert sum(forms.values()) == pytest.approx(1)


def test_a_rate_for_each_unit_of_exposure() -> None:
    """Pages an act: twice the pages from twice the acts is no break; from the same acts it is one, in its year."""
    acts = {y: 3 if y < 2010 else 9 for y in range(1995, 2025)}
    assert find_breaks({y: 2 * n for y, n in acts.items()}, PRIORS, acts).likeliest is None
    assert find_breaks({y: n * (1 if y < 2010 else 4) for y, n in acts.items()}, PRIORS, acts).likeliest == 2010
    counts = dict(enumerate([3, 2, 4, 3, 2, 8, 9, 7, 8, 9], 2000))
    assert find_breaks(counts, PRIORS, dict.fromkeys(counts, 1.0)) == find_breaks(counts, PRIORS)


@pytest.mark.parametrize("years", [3, 7, 10])
def test_the_least_slope_of_whole_levels(years: int) -> None:
    assert slope_of(np.array([[0.0] * (years - 1) + [1.0]]))[0] == pytest.approx(smallest_step(years))


def test_too_short_a_series() -> None:
    with pytest.raises(ValueError, match="found 5 years, expected at least 6"):
        find_breaks(dict.fromkeys(range(2000, 2005), 1), PRIORS)


def test_the_command(workbench: Workbench) -> None:
    found = json.loads(
        output("trajectory", "CHN", "RUS", "--from", "2010", "--to", "2021", "--year", "2008", "--format", "json")
    )
    assert found["window"] == [2010, 2021]
    assert "2008" in found["named"]
    areas = {d["area"]: d for d in found["directions"]}
    assert set(areas) | set(found["left_out"]) == {"overall", *(a.id for a in workbench.scale(None).areas)}
    for direction in areas.values():
        for shares in direction["probabilities"].values():
            assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    for series in found["acts"]:
        assert sum(series["forms"].values()) == pytest.approx(1, abs=1e-3)
        assert set(series["years"]) <= set(series["counts"])
    assert found == json.loads(
        output("trajectory", "RUS", "CHN", "--from", "2010", "--to", "2021", "--year", "2008", "--format", "json")
    )


def test_windows_that_cannot_be(tmp_path: Path) -> None:
    assert "expected three years or more within 1989 to 2026" in refusal("trajectory", "RUS", "CHN", "--from", "2025")
    assert "expected the later year second" in refused("trajectory", "RUS", "CHN", "--from", "2020", "--to", "2010")
    assert "has no log of searches" in refused("trajectory", "USA", "FRA")


def test_a_window_with_unsearched_years_has_no_direction() -> None:
    text = output("trajectory", "USA", "KOR", "--from", "2013", "--to", "2022")
    assert "exercises: no direction, no level in 4 of 10 years" in text


def test_what_came_out_later_changes_nothing(tmp_path: Path) -> None:
    """A vintage does not see an event that was published after it."""
    from tests.layer import citation, event_row, write_layer

    late = event_row(
        id="late", participants=["CHN", "RUS"], date="2012-03-03", fields={"command": "combined"},
        citations={"a": citation(date="2019-01-01")},
    )  # fmt: skip
    write_layer(tmp_path, events=[late])
    arguments = ("assess", "RUS", "CHN", "--as-of", "2015-12-31", "--format", "json")
    plain, layered = (json.loads(output(*arguments, *extra)) for extra in ((), ("--record", tmp_path)))
    for part in ("areas", "overall"):
        for cell in (*plain[part], *layered[part]):
            cell.pop("latent")  # a fit ships for the bundled record alone
        assert plain[part] == layered[part]
