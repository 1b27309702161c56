"""Row contracts: what other programs read (design.md, "Commands")."""

import csv
import io
import json
import re
from typing import Any

import pytest

from milcoop.domain.assessment import Assessment
from tests.command import Once, output
from tests.layer import citation, event_row, write_layer

EVENTS = (
    "id,family,type,date_start,date_end,date_precision,status,title,participants,direction,place,lat,lon,series,ordinal,"
    "quantities,areas,credibility,n_citations,source_urls,public_on,record_version"
)
FIGURES = (
    "id,name,direction,date_start,date_end,date_precision,low,best,high,unit,title,n_citations,source_urls,public_on,"
    "record_version"
)
ASSESS = (
    "dyad_id,iso3_1,iso3_2,ccode1,ccode2,gwcode1,gwcode2,year,area,measure,value,lower,upper,n_events,n_sources,coverage,"
    "as_of"
)
DATE = {"day": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}"}
ANY_DATE = re.compile("|".join(DATE.values()))
NUMBER = r"(?:-?\d+(?:\.\d+)?)?"
QUANTITY = re.compile(rf"[A-Za-z0-9_.-]+=({NUMBER})/({NUMBER})/({NUMBER}) \S.*")
Rows = list[dict[str, str]]


def read(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def events(once: Once) -> str:
    return once("events", "RUS", "CHN", "--format", "csv")


@pytest.fixture(scope="module")
def assess_json(once: Once) -> dict[str, object]:
    return json.loads(once("assess", "RUS", "CHN", "--format", "json"))


@pytest.fixture(scope="module")
def figures(once: Once) -> str:
    return once("figures", "RUS", "CHN", "--format", "csv")


def test_first_columns_in_order(events: str, figures: str) -> None:
    assessed = output("assess", "RUS", "CHN", "--from", "2020", "--format", "csv")
    for text, columns in ((events, EVENTS), (figures, FIGURES), (assessed, ASSESS)):
        header = text.splitlines()[0]
        assert header == columns or header.startswith(columns + ",")


def test_columns_are_there_without_rows() -> None:
    assert output("events", "ISL", "FJI", "--format", "csv").startswith(EVENTS)
    assert json.loads(output("events", "ISL", "FJI", "--format", "json")) == []
    assert output("figures", "ISL", "FJI", "--format", "csv").startswith(FIGURES)


def test_cells_of_events(events: str) -> None:
    rows = read(events)
    assert len(rows) >= 200
    assert len({r["id"] for r in rows}) == len(rows)
    for row in rows:
        states = row["participants"].split(";")
        assert {"CHN", "RUS"} <= set(states)
        assert states == sorted(states)
        assert all(re.fullmatch("[A-Z]{3}", s) for s in states)
        assert row["direction"] == "both" or re.fullmatch("[A-Z]{3}>[A-Z]{3}", row["direction"])
        if row["direction"] != "both":
            assert set(row["direction"].split(">")) <= set(states)
        assert row["type"].split(".")[0] == row["family"]
        assert ANY_DATE.fullmatch(row["date_start"])
        assert row["date_end"] == "" or ANY_DATE.fullmatch(row["date_end"])
        coarser = min((row["date_start"], row["date_end"] or row["date_start"]), key=len)
        assert re.fullmatch(DATE[row["date_precision"]], coarser)
        assert ANY_DATE.fullmatch(row["public_on"])
        urls = row["source_urls"].split(";")
        assert len(urls) == int(row["n_citations"]) > 0
        assert all(re.match(r"https?://", u) for u in urls)
        assert row["credibility"] in set("123456")
        assert bool(row["lat"]) == bool(row["lon"])
        assert not row["lat"] or (-90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180)


def test_quantities_are_name_low_best_high_unit(events: str) -> None:
    seen = [q for row in read(events) for q in row["quantities"].split(";") if q]
    assert len(seen) > 50
    for text in seen:
        found = QUANTITY.fullmatch(text)
        assert found, text
        known = [float(v) for v in found.groups() if v]
        assert known, text
        assert known == sorted(known), text


def test_rows_are_in_order_of_date(events: str) -> None:
    starts = [r["date_start"][:4] for r in read(events)]
    assert starts == sorted(starts)


def test_cells_of_figures(figures: str) -> None:
    rows = read(figures)
    assert rows
    for row in rows:
        known = [float(row[k]) for k in ("low", "best", "high") if row[k]]
        assert known, row["id"]
        assert known == sorted(known), row["id"]
        assert row["unit"]
        assert ANY_DATE.fullmatch(row["date_start"])
        assert int(row["n_citations"]) == len(row["source_urls"].split(";")) > 0


def test_assess_json_has_the_keys_of_the_contract(assess_json: dict[str, object]) -> None:
    top = ["dyad", "as_of", "scale", "record_version", "overall", "areas"]
    assert list(assess_json)[: len(top)] == top
    assert assess_json["dyad"] == ["CHN", "RUS"]
    assert set(assess_json["scale"]) >= {"id", "version"}  # type: ignore[call-overload]
    overall = ["year", "level", "probabilities", "interval", "stage"]
    area = [
        "area",
        "year",
        "level",
        "label",
        "probabilities",
        "interval",
        "coverage",
        "variants_kept",
        "criteria",
        "events",
    ]
    for row in assess_json["overall"]:  # type: ignore[attr-defined]
        assert list(row)[: len(overall)] == overall
        _probable(row)
    for row in assess_json["areas"]:  # type: ignore[attr-defined]
        assert list(row)[: len(area)] == area
        _probable(row)
        for criterion in row["criteria"]:
            assert list(criterion)[:3] == ["id", "met", "events"]


def _probable(row: dict[str, Any]) -> None:
    """Probabilities and interval where there is a level, and only there."""
    assert (row["probabilities"] is None) == (row["interval"] is None) == (row["level"] is None)
    if row["level"] is not None:
        low, high = row["interval"]
        assert 0 <= low <= high <= 5
        assert abs(sum(row["probabilities"].values()) - 1) < 0.01


def test_assess_json_and_csv_say_what_the_program_found(
    assess_json: dict[str, object], assessment: Assessment, once: Once
) -> None:
    levels = {(r.area, r.year): r.level for r in assessment.ratings}
    assert {(r["area"], r["year"]): r["level"] for r in assess_json["areas"]} == levels  # type: ignore[attr-defined]
    rows = read(once("assess", "RUS", "CHN", "--format", "csv"))
    told = {(r["area"], int(r["year"])): r["value"] for r in rows if r["measure"] == "level" and r["area"] != "overall"}
    assert told == {key: "" if level is None else str(level) for key, level in levels.items()}
    wholes = {int(r["year"]): r["value"] for r in rows if r["area"] == "overall"}
    assert wholes == {o.year: "" if o.level is None else f"{o.level:g}" for o in assessment.overall}


def test_cells_of_the_assess_frame(once: Once) -> None:
    rows = read(once("assess", "RUS", "CHN", "--format", "csv"))
    for row in rows:
        assert (row["dyad_id"], row["iso3_1"], row["iso3_2"]) == ("CHN-RUS", "CHN", "RUS")
        assert (row["ccode1"], row["ccode2"], row["gwcode1"], row["gwcode2"]) == ("710", "365", "710", "365")
        assert row["measure"] in ("level", "variants_kept_share")
        has_level = row["measure"] == "level" and row["value"] != ""
        assert (row["lower"] != "") == (row["upper"] != "") == has_level
        assert not has_level or float(row["lower"]) <= float(row["upper"])
        assert re.fullmatch(DATE["day"], row["as_of"])
        assert int(row["n_events"]) >= 0
        assert row["value"] == "" or float(row["value"]) >= 0
    keys = [(r["year"], r["area"], r["measure"]) for r in rows]
    assert len(set(keys)) == len(keys)


def test_codes_follow_the_year() -> None:
    rows = read(output("assess", "DEU", "POL", "--from", "1985", "--to", "1995", "--format", "csv"))
    codes = {r["year"]: r["ccode1"] for r in rows}
    assert (codes["1985"], codes["1995"]) == ("260", "255")


def test_json_csv_jsonl_and_geojson_tell_the_same(events: str) -> None:
    ids = [r["id"] for r in read(events)]
    assert [r["id"] for r in json.loads(output("events", "RUS", "CHN", "--format", "json"))] == ids
    lines = output("events", "RUS", "CHN", "--format", "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    collection = json.loads(output("events", "RUS", "CHN", "--format", "geojson"))
    assert collection["type"] == "FeatureCollection"
    assert [f["id"] for f in collection["features"]] == ids
    placed = [f for f in collection["features"] if f["geometry"]]
    assert len(placed) > 100
    for feature in placed:
        lon, lat = feature["geometry"]["coordinates"]
        assert (lon, lat) == (feature["properties"]["lon"], feature["properties"]["lat"])


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(tmp_path_factory: pytest.TempPathFactory) -> None:
    titles = ['=HYPERLINK("http://e.example")', "+1", "-1", "@SUM(A1)", "\tx"]
    rows = [
        event_row(id=f"e{i}", title=t, note=t, citations={"a": citation(publisher=t, title=t)})
        for i, t in enumerate(titles)
    ]
    layer = write_layer(tmp_path_factory.mktemp("layer"), events=rows)
    told = read(output("events", "BRA", "ARG", "--record", layer, "--format", "csv"))
    for row in told:
        assert all(cell[:1] not in ("=", "+", "@", "\t", "\r") for cell in row.values())
        assert row["title"].startswith("'")
    assert {r["title"][1:] for r in told} == set(titles)


def test_filters_of_events(events: str) -> None:
    rows = read(events)

    def ids(*options: str) -> list[str]:
        return [r["id"] for r in read(output("events", "RUS", "CHN", "--format", "csv", *options))]

    assert ids("--family", "exercise") == [r["id"] for r in rows if r["family"] == "exercise"]
    assert ids("--type", "operation.air-patrol") == [r["id"] for r in rows if r["type"] == "operation.air-patrol"]
    assert ids("--area", "command") == [r["id"] for r in rows if "command" in r["areas"].split(";")]
    span = [r["id"] for r in rows if (r["date_end"] or r["date_start"]) >= "2014" and r["date_start"][:4] <= "2015"]
    assert ids("--from", "2014", "--to", "2015") == span
    rule = ids("--rule", "exercises.4.several")
    assert 0 < len(rule) < len(ids("--area", "exercises"))
    assert set(rule) <= {r["id"] for r in rows if r["family"] in ("exercise", "operation")}


def test_nothing_but_rows_goes_to_standard_output(once: Once) -> None:
    assert (
        once("mechanisms", "RUS", "CHN", "--format", "csv").splitlines()[0].startswith("id,label,native,level,rounds")
    )


def test_levels_with_unsearched_years_in_their_window_are_partly_monitored() -> None:
    rows = list(csv.DictReader(io.StringIO(output("assess", "KOR", "USA", "--format", "csv"))))
    coverage = {(r["area"], r["year"]): r["coverage"] for r in rows if r["measure"] == "level"}
    assert {coverage["exercises", str(y)] for y in (2011, 2012, 2013, 2014, 2020, 2021, 2022, 2023)} == {"partly"}
    assert coverage["exercises", "2015"] == coverage["exercises", "2024"] == "monitored"
    assert coverage["command", "2020"] == "monitored", "the top rung is met: no search could raise it"
