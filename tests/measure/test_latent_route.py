"""The shipped fits of the latent model: they belong to the record, say whether they may be believed, and are read as shipped."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from milcoop.domain.estimate import LevelEstimate
from milcoop.domain.latent import far_apart
from milcoop.measure.bundled import read_bundled_latent
from milcoop.workbench import Workbench, open_workbench
from tests.layer import citation, event_row, write_layer

FOLDER = files("milcoop.measure") / "data" / "latent"
HELD = {
    p.name.removesuffix(".json"): json.loads(p.read_text("utf-8")) for p in FOLDER.iterdir() if p.name.endswith(".json")
}


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return open_workbench()


def test_fits_belong_to_the_record_and_cover_the_vintages(workbench: Workbench) -> None:
    made_of = {(h["record_version"], h["codebook_version"]) for h in HELD.values()}
    assert made_of == {(workbench.record.version, workbench.codebook.rating_version)}
    ends = workbench.record.ends.year
    assert {f"{y}-12-31" for y in range(ends - 15, ends)} | {"2022-11-30", "record"} == set(HELD)


@pytest.mark.parametrize("day", HELD)
def test_a_fit_passes_its_gates_or_says_why_not(day: str) -> None:
    fit = HELD[day]["fit"]
    passed = fit["rhat"] <= 1.01 and fit["ess"] >= 400 and fit["divergences"] == 0
    assert passed or fit["reasons"]
    for pair in HELD[day]["pairs"].values():
        for years in pair["areas"].values():
            assert all(sum(shares.values()) == pytest.approx(1, abs=1e-3) for shares in years.values())
        for growth in pair["growth"]:
            assert sum(growth["against_areas"]) == pytest.approx(1)


def test_every_searched_pair_has_estimates_where_it_has_levels(workbench: Workbench) -> None:
    for dyad in workbench.searched_dyads():
        assessment = workbench.assess(dyad)
        found = workbench.latent(assessment)
        assert found is not None
        rated = {(r.area, r.year) for r in assessment.ratings if r.level is not None}
        assert {c for c in found.estimates.cells if c[0] != "overall"} <= rated


def test_another_record_or_date_has_no_fit(workbench: Workbench) -> None:
    dyad = workbench.searched_dyads()[0].id
    record, codebook = workbench.record.version, workbench.codebook.rating_version
    assert read_bundled_latent(dyad, "staged-7", record, codebook) is not None
    assert read_bundled_latent(dyad, "staged-7", "other", codebook) is None
    assert read_bundled_latent(dyad, "staged-7", record, codebook, workbench.record.ends.replace(day=1)) is None


def test_a_vintage_of_the_panel_knows_nothing_that_came_out_later(tmp_path: Path) -> None:
    day = "2012-12-31"
    late = event_row(
        id="late", participants=["CHN", "RUS"], date="2011-03-03", citations={"a": citation(date="2019-01-01")}
    )
    write_layer(tmp_path, events=[late])
    plain, layered = (open_workbench(layer, day).record_panel() for layer in (None, tmp_path))
    assert plain.answers == layered.answers
    later = open_workbench(tmp_path).record_panel().answers
    assert any("late" in a.events for a in later), "the planted act is one that the panel reads"


def test_routes_are_apart_when_medians_differ_by_more_than_a_level() -> None:
    def certain(level: float) -> LevelEstimate:
        return LevelEstimate("exercises", 2020, {level: 1.0})

    assert far_apart(certain(2), certain(4))
    assert not far_apart(certain(2), certain(3))
