"""Before and after: events left out, added and replaced; rules moved; decisive events against leaving each out by brute force."""

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from milcoop.codebook.overrides import apply_settings
from milcoop.errors import InvalidArgument
from milcoop.workbench import Workbench
from tests.command import output, refusal, refused
from tests.layer import event_row, search_row, write_layer

FAMILIES = ["exercise", "operation"]


def drills(folder: Path, *years: int) -> Path:
    """Argentina and Brazil with one exercise in each of these years, searched from 2001 to 2010."""
    rows = [event_row(id=f"d{y}", title=f"Drill {y}", date=f"{y}-06-01") for y in years]
    searches = [search_row(i, lang, families=FAMILIES, years="2001/2010") for i, lang in enumerate(("en", "pt", "es"))]
    return write_layer(folder, events=rows, searches=searches)


def cells(*arguments: str | Path) -> dict[tuple[str, int], dict[str, Any]]:
    found = json.loads(output("rerate", "ARG", "BRA", *arguments, "--format", "json"))
    return {(c["area"], c["year"]): c for c in found["cells"]}


def test_an_event_left_out(tmp_path: Path) -> None:
    """Yearly in four of five years, 2006 to 2009: without 2008 the third rung fails in 2009 and 2010 alone."""
    folder = drills(tmp_path, 2006, 2007, 2008, 2009)
    found = cells("--record", folder, "--drop", "d2008")
    moved = {
        key: (c["before"]["level"], c["after"]["level"])
        for key, c in found.items()
        if c["before"]["level"] != c["after"]["level"]
    }
    assert moved == {("exercises", 2009): (3, 2), ("exercises", 2010): (3, 2)}
    (flip,) = found["exercises", 2009]["flipped"]
    assert (flip["criterion"], flip["met"], flip["lost"], flip["gained"]) == (
        "exercises.3.yearly",
        False,
        ["d2008"],
        [],
    )
    assert flip["value"] == {"before": 4, "after": 3}
    assert flip["why"] == "value 4 to 3; needs 4; lost d2008"
    text = output("rerate", "ARG", "BRA", "--record", folder, "--drop", "d2008")
    assert "exercises  2009-2010  3       2      -exercises.3.yearly" in text


def test_all_shows_cells_that_did_not_change(tmp_path: Path) -> None:
    folder = drills(tmp_path, 2006, 2007)
    few, every = (cells("--record", folder, "--drop", "d2006", *more) for more in ((), ("--all",)))
    assert few.keys() < every.keys()
    assert {y for a, y in every if a == "overall"} == set(range(2001, 2011))


def test_what_changes_nothing_says_so(tmp_path: Path) -> None:
    folder = drills(tmp_path, 2006, 2007, 2008, 2009, 2010)
    assert "Nothing changes." in output("rerate", "ARG", "BRA", "--record", folder, "--set", "mtc.3.main.at_least=35")
    text = output("rerate", "ARG", "BRA", "--record", folder, "--set", "uncertainty.rules_moved=0")
    assert "add --intervals" in text


def test_an_event_added_and_one_replaced(tmp_path: Path) -> None:
    folder = drills(tmp_path / "record", 2006, 2007, 2008)
    file = tmp_path / "mine.yaml"
    file.write_text(
        yaml.safe_dump(
            [
                event_row(id="d2009", title="Drill 2009", date="2009-06-01"),
                event_row(id="d2006", title="Called off", date="2006-06-01", status="cancelled"),
            ]
        )
    )
    arguments = ("rerate", "ARG", "BRA", "--record", folder, "--add", file)
    found = json.loads(output(*arguments, "--format", "json"))
    assert (found["added"], found["replaced"]) == (["d2009"], ["d2006"])
    changed = {(c["area"], c["year"]): (c["before"]["level"], c["after"]["level"]) for c in found["cells"]}
    assert changed["exercises", 2006] == (1, 0)
    rows = list(csv.DictReader(io.StringIO(output(*arguments, "--format", "csv"))))
    assert {(r["area"], int(r["year"])) for r in rows} == set(changed)
    assert {r["lower_before"] for r in rows} == {""}


def test_the_change_equals_a_record_that_has_it(tmp_path: Path) -> None:
    """Levels after --drop and --add are those of a folder that holds just that."""
    less = drills(tmp_path / "less", 2006, 2008, 2009)
    more = drills(tmp_path / "more", 2006, 2007, 2008)
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump([event_row(id="d2009", title="Drill 2009", date="2009-06-01")]))
    after = cells("--record", more, "--drop", "d2007", "--add", file, "--all")
    found = json.loads(output("assess", "ARG", "BRA", "--record", less, "--format", "json"))
    assert {(r["area"], r["year"]): r["level"] for r in found["areas"]} == {
        key: c["after"]["level"] for key, c in after.items() if key[0] != "overall"
    }


def test_intervals_before_and_after(tmp_path: Path) -> None:
    folder = drills(tmp_path, 2006, 2007, 2008)
    found = cells("--record", folder, "--drop", "d2008", "--intervals")
    cell = found["exercises", 2008]
    for side in ("before", "after"):
        assert sum(cell[side]["probabilities"].values()) == pytest.approx(1, abs=1e-3)
        assert len(cell[side]["interval"]) == 2
    assert cell["before"]["probabilities"] != cell["after"]["probabilities"]


def test_chance_differences_of_redraws_are_no_change() -> None:
    """Leaving out one naval exercise moves nothing in the policy of the pair."""
    arguments = ("rerate", "RUS", "CHN", "--drop", "joint-sea-2012", "--intervals", "--from", "2012", "--to", "2015")
    few, every = (json.loads(output(*arguments, *more, "--format", "json")) for more in ((), ("--all",)))
    assert {c["area"] for c in few["cells"]} >= {"command"}
    assert "policy" not in {c["area"] for c in few["cells"]}
    assert "policy" in {c["area"] for c in every["cells"]}


def test_rules_that_are_set(workbench: Workbench) -> None:
    scale = workbench.scale(None)
    book = apply_settings(
        workbench.codebook, scale,
        ["exercises.3.yearly.at_least=5", "exercises.3.yearly.window=7", "scale.max_parties=9", "scale.stage_level=2",
         "coverage.queries_at_least=1", "uncertainty.rules_moved=0.25"],
    )  # fmt: skip
    changed = book.scale(scale.id)
    criterion = changed.criteria()["exercises.3.yearly"]
    assert (criterion.at_least, criterion.window) == (5, 7)
    assert (changed.max_parties, changed.overall.stage_level) == (9, 2)
    assert book.coverage["monitored"].queries_at_least == 1
    assert book.uncertainty["uncertainty"].rules_moved == 0.25
    assert scale.criteria()["exercises.3.yearly"].at_least == 4
    same = {i for i, c in changed.criteria().items() if c == scale.criteria()[i]}
    assert same == set(scale.criteria()) - {"exercises.3.yearly"}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("exercises.3.yearly.at_least=many", "found 'many' for exercises.3.yearly.at_least, expected a number"),
        ("exercises.3.yearly.at_least=nan", "expected a number from 0"),
        ("exercises.3.yearli.at_least=4", "nearest: exercises.3.yearly"),
        ("exercises.3.yearly.least=4", "expected one of at_least, window, per_year, years_each, step"),
        ("exercises.3.yearly.window=2.5", "valid integer"),
        ("exercises.3.yearly.window=0", "expected a number above 0"),
        ("command.4.staff.window=5", "found key of command.4.staff 'window', expected one of at_least"),
        ("uncertainty.weight=4", "found key 'weight', expected one of"),
        ("yearly", "expected CRITERION.KEY=NUMBER"),
    ],
)
def test_settings_that_cannot_be(workbench: Workbench, setting: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said.replace(".", r"\.").replace("(", r"\(")):
        apply_settings(workbench.codebook, workbench.scale(None), [setting])


def test_refusals(tmp_path: Path, workbench: Workbench) -> None:
    assert "found nothing to change" in refusal("rerate", "RUS", "CHN")
    assert "nearest: joint-sea-2012" in refused("rerate", "RUS", "CHN", "--drop", "joint-see-2012")
    other = next(e.id for e in workbench.record.events if set(e.participants) == {"JPN", "USA"})
    assert f"found '{other}' of JPN, USA, expected an event or figure of CHN-RUS" in refused(
        "rerate", "RUS", "CHN", "--drop", other
    )
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump([event_row()]))
    assert "planted: is of ARG, BRA, expected CHN and RUS among them" in refused("rerate", "RUS", "CHN", "--add", file)
    file.write_text(yaml.safe_dump([event_row(participants=["CHN", "RUS"], type="exercise.navel")]))
    assert "nearest: exercise.naval" in refused("rerate", "RUS", "CHN", "--add", file)
    file.write_text(yaml.safe_dump([event_row(participants=["CHN", "RUS"], coulour="red")]))
    assert "mine.yaml:" in refused("rerate", "RUS", "CHN", "--add", file)
    assert "cannot be read" in refused("rerate", "RUS", "CHN", "--add", tmp_path / "none.yaml")
    assert "found year 1950, in which CHN-RUS has no level" in refused(
        "rerate", "RUS", "CHN", "--decisive", "--year", "1950"
    )
    assert "--year without --decisive" in refused("rerate", "RUS", "CHN", "--drop", "joint-sea-2012", "--year", "2012")


@pytest.mark.parametrize(("pair", "year"), [(("RUS", "CHN"), 2015), (("RUS", "BLR"), 2024), (("USA", "KOR"), 2015)])
def test_decisive_events_are_those_of_leaving_each_out(workbench: Workbench, pair: tuple[str, str], year: int) -> None:
    dyad = workbench.dyad(*pair)
    before = workbench.assess(dyad, from_year=year, to_year=year)
    expected = {}
    tried = {*(i for r in before.ratings for i in r.events), *(e.id for e in before.events if e.family == "command")}
    for row_id in tried:
        record = dataclasses.replace(
            workbench.record,
            events=tuple(e for e in workbench.record.events if e.id != row_id),
            figures=tuple(f for f in workbench.record.figures if f.id != row_id),
        )
        after = Workbench(workbench.codebook, record).assess(dyad, from_year=year, to_year=year)
        areas = {
            (b.area, b.level, a.level) for b, a in zip(before.ratings, after.ratings, strict=True) if b.level != a.level
        }
        if areas:
            expected[row_id] = areas, after.overall[0].level
    found = {d.id: (set(d.areas), d.overall[1]) for d in workbench.decisive(dyad, year)}
    assert found == expected


def test_no_single_event_decides(tmp_path: Path) -> None:
    folder = drills(tmp_path, *range(2001, 2011))
    text = output("rerate", "ARG", "BRA", "--record", folder, "--decisive", "--year", "2010")
    assert "No single event or figure decides a level of ARG-BRA in 2010" in text


def test_a_later_page_changes_no_vintage(tmp_path: Path) -> None:
    """An added event that only later pages show is not in the vintage."""
    folder = drills(tmp_path / "record", 2006, 2007, 2008)
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump([event_row(id="d2009", title="Drill 2009", date="2009-06-01")]))  # page of 2010-06
    arguments = ("rerate", "ARG", "BRA", "--record", folder, "--add", file, "--as-of")
    assert "Nothing changes." in output(*arguments, "2009-12-31")
    assert "Nothing changes." not in output(*arguments, "2010-12-31")
