"""A folder of one's own, rated by the default scale through the whole program, against levels worked out by hand."""

from pathlib import Path

import pytest

from milcoop.domain.assessment import Assessment
from milcoop.workbench import open_workbench
from tests.layer import citation, event_row, search_row, write_layer


def drill(year: int, n: int = 0, **more: object) -> dict[str, object]:
    cite = {"a": citation(url=f"https://example.org/{year}-{n}", date=f"{year}-06-02")}
    title = f"Drill {'abcdefg'[n]} of {year}"
    return event_row(id=f"drill-{year}-{n}", date=f"{year}-06-0{n + 1}", citations=cite, title=title, **more)


SEARCHES = [search_row(i, lang) for i, lang in enumerate(("en", "es", "pt"), 1)]


def assess(folder: Path, events: list[dict[str, object]], searches: list[dict[str, object]]) -> Assessment:
    workbench = open_workbench(write_layer(folder, events=events, searches=searches))
    return workbench.assess(workbench.dyad("BRA", "ARG"), from_year=2005, to_year=2011)


@pytest.mark.parametrize(
    ("years", "level"),
    [((2006,), 1), ((2006, 2010), 2), ((2006, 2008, 2010), 2), ((2006, 2007, 2009, 2010), 3)],
)
def test_exercises_by_number_of_years(tmp_path: Path, years: tuple[int, ...], level: int) -> None:
    found = assess(tmp_path, [drill(y) for y in years], SEARCHES)
    assert found.of_year(2010)["exercises"].level == level
    assert found.of_year(2010)["exercises"].coverage == "monitored"


def test_exercises_at_rung_four_and_its_variants(tmp_path: Path) -> None:
    fields = [{"domain": "sea"}, {"domain": "air"}, {"domain": "sea"}]
    drills = [drill(y, n, fields=fields[n]) for y in (2006, 2008, 2010) for n in range(3)] + [drill(2009)]
    rating = assess(tmp_path, drills, SEARCHES).of_year(2010)["exercises"]
    assert rating.level == 4
    assert {c.id: c.value for c in rating.criteria} == {
        "exercises.1.one": 10,
        "exercises.2.series": 4,
        "exercises.3.yearly": 4,
        "exercises.4.several": 3,
        "exercises.4.domains": 2,
        "exercises.5.programme": 0,
        "exercises.5.domains": 2,
        "exercises.5.operations": 0,
    }


def test_unsearched_pair_has_no_level(tmp_path: Path) -> None:
    found = assess(tmp_path, [drill(y) for y in range(2005, 2011)], [])
    assert not found.monitored
    assert {(r.level, r.label, r.coverage) for r in found.ratings} == {(None, "not monitored", "not monitored")}
    assert {o.level for o in found.overall} == {None}
    assert len(found.events) == 6


def test_years_and_families_outside_the_searches_have_no_level(tmp_path: Path) -> None:
    found = assess(tmp_path, [drill(y) for y in range(2005, 2012)], SEARCHES)
    by_year = {year: found.of_year(year)["exercises"].level for year in range(2005, 2012)}
    assert by_year == {2005: None, 2006: 2, 2007: 2, 2008: 3, 2009: 3, 2010: 3, 2011: None}
    assert found.of_year(2010)["policy"].coverage == "not monitored"
    assert found.of_year(2010)["command"].coverage == "partly"
    assert {o.level for o in found.overall} == {None}


@pytest.mark.parametrize(
    ("languages", "coverage"),
    [
        (("en", "es", "pt"), "monitored"),
        (("en", "en", "es"), "monitored"),
        (("en", "en", "en"), "partly"),
        (("es", "es", "pt"), "partly"),
        (("en", "es"), "partly"),
        ((), "not monitored"),
    ],
)
def test_coverage_by_number_and_language_of_queries(tmp_path: Path, languages: tuple[str, ...], coverage: str) -> None:
    searches = [search_row(i, lang) for i, lang in enumerate(languages)]
    rating = assess(tmp_path, [drill(2010)], searches).of_year(2010)["exercises"]
    assert rating.coverage == coverage
    assert (rating.level is None) == (coverage == "not monitored")


def test_a_user_can_change_a_threshold(tmp_path: Path) -> None:
    """Rule of evidence 2: no hidden constants; a scale in one's own folder replaces the bundled one."""
    import yaml

    from milcoop.codebook.loader import bundled_folder

    own = yaml.safe_load((bundled_folder() / "scales" / "staged-7.yaml").read_text("utf-8"))
    exercises = next(a for a in own["areas"] if a["id"] == "exercises")
    exercises["rungs"][2]["criteria"][0]["at_least"] = 2
    write_layer(tmp_path, codebook={"scales/staged-7.yaml": own})
    found = assess(tmp_path, [drill(2006), drill(2010)], SEARCHES)
    assert found.of_year(2010)["exercises"].level == 3
