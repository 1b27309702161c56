"""``--as-of`` through the real command."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.command import output
from tests.layer import citation, event_row, figure_row, write_layer

LATER = {"a": citation(date="2015-01-01")}
PAIR = {"participants": ["RUS", "CHN"], "citations": LATER}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Acts and figures of 2010 to 2014 that no page tells of before 2015, strong enough to change every level."""
    events = [
        event_row(id="pact", type="policy.mutual-defence", status="signed", date="2010-01-01", **PAIR),
        event_row(id="staff", type="command.planning-staff", status="in-force", date="2011", **PAIR),
        event_row(id="base", type="basing.permanent", status="held", date="2012", **PAIR),
        *(event_row(id=f"drill-{y}", title=f"Drill of {y}", date=f"{y}-06", **PAIR) for y in range(2010, 2015)),
    ]
    figures = [figure_row(id="share", date="2010/2014", best=99, direction="RUS>CHN", **PAIR)]
    return write_layer(tmp_path_factory.mktemp("layer"), events=events, figures=figures)


@pytest.mark.parametrize("day", ["2012-06-30", "2014-12-31"])
def test_what_was_told_later_changes_nothing(layer: Path, day: str) -> None:
    for command in ("assess", "events", "figures", "mechanisms"):
        plain = json.loads(output(command, "RUS", "CHN", "--as-of", day, "--format", "json"))
        with_it = json.loads(output(command, "RUS", "CHN", "--as-of", day, "--format", "json", "--record", layer))
        for rows in (plain, with_it):
            for row in rows if isinstance(rows, list) else [rows]:
                row.pop("record_version", None)  # tells which files were read
                for cell in (row, *row.get("areas", []), *row.get("overall", [])) if command == "assess" else ():
                    cell.pop(
                        "latent", None
                    )  # a fit ships for the bundled record alone; test_latent_route has its panel
        assert with_it == plain, command


def test_it_changes_much_once_it_is_told(layer: Path) -> None:
    found = {}
    for day in ("2014-12-31", "2015-01-01"):
        text = output("assess", "RUS", "CHN", "--as-of", day, "--format", "json", "--record", layer)
        areas = json.loads(text)["areas"]
        found[day] = {c["id"] for a in areas if a["year"] == int(day[:4]) for c in a["criteria"] if c["met"]}
    told = {"policy.4.obligation", "command.4.staff", "basing.5.permanent", "mtc.3.main"}
    assert told & found["2014-12-31"] <= {"mtc.3.main"}
    assert told <= found["2015-01-01"]


def test_no_printed_date_is_later_than_the_day() -> None:
    day = "2014-05-20"
    for command in ("events", "figures"):
        for row in csv.DictReader(io.StringIO(output(command, "RUS", "CHN", "--as-of", day, "--format", "csv"))):
            assert row["date_start"] <= day
            assert row["date_end"] <= day
            assert row["public_on"] <= day
    found = json.loads(output("assess", "RUS", "CHN", "--as-of", day, "--format", "json"))
    assert found["as_of"] == day
    assert max(a["year"] for a in found["areas"]) == 2014


def test_explain_shows_no_later_citation() -> None:
    day = "2013-06-30"
    found = json.loads(output("explain", "CHN-RUS:exercises:2013", "--as-of", day, "--format", "json"))
    assert found["on"] == day
    cited = [c for e in found["events"] for c in e["citations"]]
    assert cited
    assert all((c["accessed"] if c["date"] == "undated" else c["date"]) <= day for c in cited)


def test_a_day_before_anything_is_known_has_no_level() -> None:
    found = json.loads(output("assess", "RUS", "CHN", "--as-of", "1950", "--format", "json"))
    assert {a["level"] for a in found["areas"]} == {None}
    assert "not monitored" in output("assess", "RUS", "CHN", "--as-of", "1950")
