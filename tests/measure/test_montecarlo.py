"""Redraws of the evidence: nothing redrawn gives the criteria's levels; each source of uncertainty does what it says."""

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from milcoop.codebook.entries import UncertaintyRule
from milcoop.codebook.overrides import apply_settings
from milcoop.domain.estimate import LevelEstimate
from milcoop.measure.bundled import read_bundled
from milcoop.measure.counts import Floats
from milcoop.measure.detection import estimate_detection, missing_rounds
from milcoop.measure.montecarlo import Evidence, MonteCarlo
from milcoop.workbench import Workbench, open_workbench
from tests.command import Once, output
from tests.layer import citation, event_row, search_row, write_layer

FAMILIES = [
    "consultation",
    "agreement",
    "exercise",
    "operation",
    "command",
    "basing",
    "policy",
    "transfer",
    "technology",
    "education",
]


def layered(folder: Path, *events: dict[str, Any]) -> Workbench:
    """Argentina and Brazil with these events, everything searched from 2001 to 2010."""
    searches = [
        search_row(i, language, families=FAMILIES, years="2001/2010") for i, language in enumerate(("en", "pt", "es"))
    ]
    write_layer(folder, events=list(events), searches=searches)
    return open_workbench(folder)


def rule_of(workbench: Workbench, **more: Any) -> UncertaintyRule:
    return workbench.codebook.uncertainty["uncertainty"].model_copy(update=more)


def drawn(workbench: Workbench, area: str, *, draws: int = 400, detection: bool = True, **more: Any) -> Floats:
    """Levels of an area, draws by years 2001 to 2010."""
    found = workbench.assess(workbench.dyad("ARG", "BRA"))
    rule = rule_of(workbench, **more)
    lists = estimate_detection(found.events, found.searched, lambda e: (True, True), rule) if detection else ()
    evidence = Evidence(found.events, found.figures, lists, found.searched)
    levels = MonteCarlo(evidence, found.scale, workbench.codebook.fields, rule, found.as_of)
    return levels.levels(range(2001, 2011), draws, 1)[area]


SURE: dict[str, Any] = {"coding_wrong": 0, "coding_checked": 10**9, "rules_moved": 0.0}
"""No error of coding, no moved rule."""


@pytest.mark.parametrize("settings", [(), ("exercises.3.yearly.window=20", "exercises.3.yearly.at_least=6")])
def test_nothing_redrawn_gives_the_criteria(workbench: Workbench, settings: tuple[str, ...]) -> None:
    """For every searched pair, area and year, however long a window is."""
    workbench = Workbench(apply_settings(workbench.codebook, workbench.scale(None), settings), workbench.record)
    for dyad in workbench.searched_dyads():
        found = workbench.assess(dyad)
        years = range(found.years[0], found.years[-1] + 1)
        evidence = Evidence(found.events, found.figures, (), found.searched)
        engine = MonteCarlo(evidence, found.scale, workbench.codebook.fields, rule_of(workbench), found.as_of)
        levels = engine.levels(years, 2, 1, redraw=False)
        wrong = [
            r.id for r in found.ratings
            if r.level is not None and set(levels[r.area][:, r.year - years.start]) != {r.level}
        ]  # fmt: skip
        assert wrong == []


def test_the_same_seed_gives_the_same_bytes(once: Once) -> None:
    one, other = (once("assess", *pair, "--format", "json") for pair in (("RUS", "CHN"), ("CHN", "RUS")))
    assert one == other
    areas = json.loads(one)["areas"]
    cell = next(a for a in areas if (a["area"], a["year"]) == ("mtc", 2005))
    assert sum(cell["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    low, high = cell["interval"]
    assert low <= cell["median"] <= high
    assert cell["intervals"]["50"][0] >= cell["intervals"]["95"][0]


def test_a_missing_number_is_put_back_in_every_draw(tmp_path: Path) -> None:
    rounds = [
        event_row(id=f"r{n}", title=f"Round {n}", type="consultation.ministers", mechanism="defence-ministers", ordinal=n,
                  date=str(2000 + n), fields={"level": "minister"})
        for n in (1, 5)
    ]  # fmt: skip
    workbench = layered(tmp_path, *rounds)
    assert workbench.assess(workbench.dyad("ARG", "BRA")).of_year(2005)["consultation"].level == 2
    levels = drawn(workbench, "consultation", detection=False, **SURE)
    held = [
        (i, y) for _, i, span in missing_rounds(workbench.record.of_dyad(workbench.dyad("ARG", "BRA"))) for y in (span,)
    ]
    assert held == [(2, range(2001, 2006)), (3, range(2001, 2006)), (4, range(2001, 2006))]
    # three rounds over five years, two of them in the years of the known ones at worst: four of five years only if spread
    spread = float((levels[:, 4] >= 3).mean())
    assert 0.2 < spread < 0.7
    assert set(levels[:, 4]) <= {2, 3}


def test_an_edition_without_a_number_fills_a_missing_one(tmp_path: Path) -> None:
    rows = [("a", 1, "2001"), ("b", None, "2002"), ("c", 3, "2003")]
    workbench = layered(
        tmp_path, *(event_row(id=i, title=f"Edition {i}", series="joint-sea", ordinal=n, date=d) for i, n, d in rows)
    )
    assert missing_rounds(workbench.record.of_dyad(workbench.dyad("ARG", "BRA"))) == []


def test_a_pair_with_nothing_on_record_gets_nothing(tmp_path: Path) -> None:
    workbench = layered(tmp_path)
    assert not drawn(workbench, "exercises").any()
    assert not drawn(workbench, "consultation").any()


def test_nothing_is_put_in_that_the_pair_was_not_seen_to_do(tmp_path: Path) -> None:
    calls = [
        event_row(id=f"c{y}", type="basing.port-call", direction="ARG>BRA", date=f"{y}-05-05") for y in (2007, 2008)
    ]
    workbench = layered(tmp_path, *calls)
    assert drawn(workbench, "basing", prior_weight=1).max() == 1
    assert drawn(workbench, "exercises").max() == 0


def test_errors_of_coding_lower_a_level(tmp_path: Path) -> None:
    workbench = layered(
        tmp_path, event_row(type="basing.permanent", direction="ARG>BRA", date="2005", status="in-force")
    )
    levels = drawn(workbench, "basing", detection=False, coding_wrong=30, coding_checked=100, rules_moved=0.0)[:, 9]
    assert set(levels) == {0, 5}
    assert 0.2 < float((levels == 0).mean()) < 0.4


def test_conflicting_values_are_drawn(tmp_path: Path) -> None:
    fields = {"command": [{"value": "coordinated", "cite": ["a"]}, {"value": "combined", "cite": ["b"]}]}
    pages = {"a": citation(), "b": citation(url="https://example.com/other")}
    workbench = layered(tmp_path, event_row(fields=fields, citations=pages))
    levels = drawn(workbench, "command", detection=False, **SURE)[:, 9]
    assert set(levels) == {1, 2}
    assert 0.4 < float((levels == 2).mean()) < 0.6


def test_an_act_dated_to_a_span_happened_once(tmp_path: Path) -> None:
    talks = event_row(type="consultation.ministers", mechanism="defence-ministers", date="2004/2005")
    workbench = layered(tmp_path, talks)
    levels = drawn(workbench, "consultation", detection=False, **SURE)
    assert workbench.assess(workbench.dyad("ARG", "BRA")).of_year(2005)["consultation"].level == 2
    assert set(levels[:, 4]) == {1}


def test_moved_rules_move_levels(tmp_path: Path) -> None:
    drills = [event_row(id=f"d{y}", title=f"Drill {y}", date=f"{y}-06-01") for y in (2006, 2007, 2008)]
    workbench = layered(tmp_path, *drills)
    sure = drawn(workbench, "exercises", detection=False, **SURE)[:, 9]
    moved = drawn(workbench, "exercises", detection=False, **(SURE | {"rules_moved": 1.0}))[:, 9]
    assert set(sure) == {2}
    assert {2, 3} <= set(moved)


def test_fewer_events_on_both_lists_mean_more_missed(tmp_path: Path) -> None:
    drills = [event_row(id=f"d{y}", title=f"Drill {y}", date=f"{y}-06-01") for y in (2006, 2007, 2008)]
    workbench = layered(tmp_path, *drills)
    events, rule = workbench.record.of_dyad(workbench.dyad("ARG", "BRA")), rule_of(workbench)
    by_id = {"d2006": (True, False), "d2007": (True, True), "d2008": (True, True)}
    (poor,) = [d for d in estimate_detection(events, [2006], lambda e: by_id[e.id], rule) if d.period[0] == 2000]
    # first list 3, second 2, both 2: 1 - (1 - 2/2)(1 - 2/3) = 1 for the pair, and the same for its only family
    assert poor.mean == pytest.approx(1, abs=0.01)
    by_id = {"d2006": (True, False), "d2007": (True, True), "d2008": (False, True)}
    (half,) = estimate_detection(events, [2006], lambda e: by_id[e.id], rule)
    # first list 2, second 2, both 1: 1 - 1/2 * 1/2 = 0.75
    assert (half.first, half.second, half.both) == (2, 2, 1)
    assert half.mean == pytest.approx(0.75)


def test_quantiles_by_hand() -> None:
    cell = LevelEstimate("exercises", 2010, {2.0: 0.05, 3.0: 0.55, 4.0: 0.4})
    assert cell.median == 3
    assert cell.interval(50) == (3, 4)
    assert cell.interval(80) == (3, 4)
    assert cell.interval(95) == (2, 4)


def test_figures_between_low_and_high(tmp_path: Path, workbench: Workbench) -> None:
    found = workbench.assess(workbench.dyad("RUS", "CHN"))
    figure = next(f for f in found.figures if f.name == "share_of_arms_imports")
    wide = dataclasses.replace(figure, low=10.0, best=None, high=50.0)
    evidence = Evidence((), (wide,), (), found.searched)
    engine = MonteCarlo(evidence, found.scale, workbench.codebook.fields, rule_of(workbench, **SURE), found.as_of)
    levels = engine.levels(range(wide.when.start.year, wide.when.start.year + 1), 200, 1)
    assert np.all(levels["mtc"] == 0)


def test_the_bundled_estimates_fit_the_bundled_record(workbench: Workbench) -> None:
    for dyad in workbench.searched_dyads():
        held = read_bundled(dyad.id, "staged-7", workbench.record.version, workbench.codebook.rating_version)
        assert held is not None, "run 'make estimates'"
        found = workbench.assess(dyad)
        assert {(r.area, r.year) for r in found.ratings if r.level is not None} <= set(held.cells)
        assert all(sum(c.probabilities.values()) == pytest.approx(1, abs=0.01) for c in held.cells.values())


def test_the_bundled_estimates_are_what_the_code_gives(workbench: Workbench) -> None:
    dyad = workbench.dyad("PRK", "RUS")
    held = read_bundled(dyad.id, "staged-7", workbench.record.version, workbench.codebook.rating_version)
    assert held is not None
    made = workbench.compute_estimates(dyad, None, held.draws, held.seed)
    for key, cell in made.cells.items():
        assert held.cells[key].probabilities == pytest.approx(cell.probabilities, abs=1e-3)


def test_real_time_estimates_ship_for_year_ends(workbench: Workbench) -> None:
    for day in (
        *(date(y, 12, 31) for y in range(workbench.record.ends.year - 15, workbench.record.ends.year)),
        date(2022, 11, 30),
    ):
        held = read_bundled("CHN-RUS", "staged-7", workbench.record.version, workbench.codebook.rating_version, day)
        assert held is not None, f"run 'make estimates': no vintage {day}"
        assert max(year for _, year in held.cells) == day.year
    assert (
        read_bundled(
            "CHN-RUS", "staged-7", workbench.record.version, workbench.codebook.rating_version, date(2015, 6, 30)
        )
        is None
    )


def test_a_vintage_is_estimated_from_its_own_record(tmp_path: Path) -> None:
    found = json.loads(output("assess", "RUS", "CHN", "--as-of", "2005-06-30", "--format", "json"))
    assert found["estimates"]["route"] == "monte carlo"
    assert {a["year"] for a in found["areas"] if a["probabilities"]} <= set(range(1989, 2006))
