"""Rows as files of other programs, and the panel in a scaffold of directed dyad-years."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from milcoop.domain.tables import EVENT_COLUMNS
from milcoop.workbench import Workbench
from tests.command import output, refusal

READERS = {"parquet": pd.read_parquet, "dta": pd.read_stata, "xlsx": pd.read_excel}


@pytest.mark.parametrize("kind", READERS)
def test_other_programs_read_the_same_rows(kind: str, tmp_path: Path, workbench: Workbench) -> None:
    path = tmp_path / f"events.{kind}"
    assert output("events", "RUS", "CHN", "--format", kind, "--out", path).strip() == str(path)
    frame = READERS[kind](path)
    events = workbench.events(workbench.dyad("RUS", "CHN"))
    assert list(frame.columns) == list(EVENT_COLUMNS)
    assert list(frame.id) == [e.id for e in events]
    assert list(frame.title) == [e.title for e in events]
    placed = workbench.codebook.places[next(e.place for e in events if e.place)]
    assert placed.lat in set(frame.lat.dropna())


def test_a_file_is_asked_for(tmp_path: Path) -> None:
    assert "without --out FILE" in refusal("events", "RUS", "CHN", "--format", "parquet")


def test_geojson_and_lines(tmp_path: Path) -> None:
    features = json.loads(output("events", "RUS", "CHN", "--type", "operation.air-patrol", "--format", "geojson"))[
        "features"
    ]
    lines = output("events", "RUS", "CHN", "--type", "operation.air-patrol", "--format", "jsonl").splitlines()
    assert [f["id"] for f in features] == [json.loads(line)["id"] for line in lines] != []
    assert all(-180 <= f["geometry"]["coordinates"][0] <= 180 for f in features if f["geometry"])


def test_the_panel_merges_one_to_one(tmp_path: Path) -> None:
    output("export", "panel", tmp_path, "--dyad", "RUS", "CHN")
    panel = pd.read_csv(tmp_path / "dyad-years.csv")
    codes = (2, 200, 365, 710)
    scaffold = pd.DataFrame(
        [(a, b, y) for a in codes for b in codes if a != b for y in range(1985, 2027)],
        columns=["ccode1", "ccode2", "year"],
    )
    merged = scaffold.merge(panel, on=["ccode1", "ccode2", "year"], how="left", validate="one_to_one")
    assert len(merged) == len(scaffold)
    both = merged.dropna(subset=["exercises"]).pivot(index="year", columns="ccode1", values="exercises")
    assert (both[365] == both[710]).all()
    assert len(both) == 38


def test_no_cell_of_a_spreadsheet_is_a_formula(tmp_path: Path) -> None:
    from tests.layer import event_row, write_layer

    write_layer(tmp_path, events=[event_row(title="=HYPERLINK(1)", note="@x")])
    row = next(csv.DictReader(output("events", "BRA", "ARG", "--format", "csv", "--record", tmp_path).splitlines()))
    assert row["title"] == "'=HYPERLINK(1)"
    path = tmp_path / "e.xlsx"
    output("events", "BRA", "ARG", "--format", "xlsx", "--out", path, "--record", tmp_path)
    assert pd.read_excel(path).title[0] == "'=HYPERLINK(1)"
