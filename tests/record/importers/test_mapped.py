"""Anyone's table by a mapping file: CSV, Excel, Frictionless package; words, states, dates, and what is refused."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.command import output, refusal, run

MAPPING = """
kind: events
columns:
  id: ID
  title: Name
  type: {column: Kind, values: {naval drill: exercise.naval, talks: consultation.ministers}}
  participants: {column: States, split: ";"}
  date: {column: Start, format: "%d.%m.%Y"}
  date_end: {column: End, format: "%d.%m.%Y"}
  fields.domain: {column: Domain, values: {at sea: sea}}
  quantities.ships_CHN.best: Ships
  citations.a.url: Link
constants:
  status: held
  coding: "person, J. Doe, 2026-11-22"
  quantities.ships_CHN.unit: ship
  citations.a.publisher: Interfax
  citations.a.title: Report
  citations.a.date: unknown
  citations.a.language: ru
  citations.a.accessed: "2026-11-22"
ignore: [Remarks]
"""
HEADER = ["ID", "Name", "Kind", "States", "Start", "End", "Domain", "Ships", "Link", "Remarks", "Mood"]
ROWS = [
    ["drill-1", "A drill", "naval drill", "Россия; 中国", "12.09.2019", "14.09.2019", "at sea", "4", "https://x.org/1", "r", ""],
    ["drill-2", "A drill", "naval drill", "Russia;Narnia", "12.09.2019", "", "", "", "https://x.org/2", "", ""],
    ["drill-3", "A drill", "land drill", "Russia;China", "12.09.2019", "", "", "", "https://x.org/3", "", ""],
    ["drill-4", "A drill", "naval drill", "Russia;China", "2019-09-12", "", "", "", "https://x.org/4", "", ""],
    ["drill-5", "A drill", "naval drill", "Russia;China", "12.09.2019", "", "", "many", "https://x.org/5", "", ""],
    ["drill-1", "Again", "naval drill", "Russia;China", "12.10.2019", "", "", "", "https://x.org/6", "", ""],
    ["talks-1", "Talks", "talks", "Russia;China", "01.10.2019", "", "", "", "https://x.org/7", "", ""],
]  # fmt: skip


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The mapping as a file."""
    path = tmp_path / "m.yaml"
    path.write_text(MAPPING, "utf-8")
    return path


def test_csv(tmp_path: Path, mapping: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(",".join(row) for row in [HEADER, *ROWS]), "utf-8")
    done = run("import", "table", path, "--mapping", mapping, "--record", tmp_path / "r")
    assert done.returncode == 1
    assert done.stdout.startswith("7 rows read, 2 events written")
    for reason in (
        "unknown column 'Mood'", "row 3: 'Narnia' in 'States' is no state", "row 4: 'land drill' in 'Kind' is not in the mapping",
        "row 5: '2019-09-12' in 'Start' is no date of the form %d.%m.%Y", "row 6: quantities.0.best", "row 7: id 'drill-1' is there twice",
    ):  # fmt: skip
        assert reason in done.stderr
    assert "Remarks" not in done.stderr
    text = output("explain", "drill-1", "--record", tmp_path / "r")
    assert "2019-09-12" in text
    assert "2019-09-14" in text
    assert "CHN" in output(
        "events",
        "RUS",
        "CHN",
        "--from",
        "2019-09-12",
        "--to",
        "2019-09-14",
        "--record",
        tmp_path / "r",
        "--format",
        "csv",
    )


def test_excel_with_real_dates_and_numbers(tmp_path: Path, mapping: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Drills")
    sheet.append(["a heading of the table"])
    sheet.append(HEADER)
    sheet.append([*ROWS[0][:4], datetime(2019, 9, 12), datetime(2019, 9, 14), "at sea", 4.0, *ROWS[0][8:]])
    path = tmp_path / "mine.xlsx"
    book.save(path)
    mapping.write_text(MAPPING + "table: Drills\nheader: 2\n", "utf-8")
    output("import", "table", path, "--mapping", mapping, "--record", tmp_path / "r")
    assert "ships_CHN=/4/ ship" in output(
        "events",
        "RUS",
        "CHN",
        "--record",
        tmp_path / "r",
        "--from",
        "2019-09-12",
        "--to",
        "2019-09-14",
        "--format",
        "csv",
    )
    mapping.write_text(MAPPING + "table: Drill\nheader: 2\n", "utf-8")
    assert "nearest: Drills" in refusal("import", "table", path, "--mapping", mapping, "--record", tmp_path / "r")


def test_a_resource_of_a_frictionless_package(tmp_path: Path, mapping: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "drills.csv").write_text(
        "\n".join("|".join(row) for row in [HEADER, ROWS[0]]), encoding="cp1251", errors="replace"
    )
    (tmp_path / "p" / "datapackage.json").write_text(
        '{"name": "p", "resources": [{"name": "drills", "type": "table", "path": "drills.csv", "encoding": "cp1251",'
        ' "dialect": {"csv": {"delimiter": "|"}}, "schema": {"fields": ['
        + ", ".join(f'{{"name": "{c}", "type": "any"}}' for c in HEADER)
        + "]}}]}",
        "utf-8",
    )
    mapping.write_text(MAPPING.replace('split: ";"', 'split: ";", values: {Россия: RUS, "??": CHN}'), "utf-8")
    done = output("import", "package", tmp_path / "p", "--mapping", mapping, "--record", tmp_path / "r")
    assert done.startswith("1 rows read, 1 events written")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: event\ncolumns: {}", "kind"),
        ("kind: events", "columns: Field required"),
        ("kind: events\ncolumns: {id: Id}\n", "found no column 'Id'; nearest: ID"),
        ("kind: events\ncolums: {id: ID}\n", "colum"),
        ("{", "is no YAML"),
    ],
)
def test_a_mapping_that_cannot_be_used(tmp_path: Path, mapping: Path, text: str, message: str) -> None:
    mapping.write_text(text, "utf-8")
    path = tmp_path / "mine.csv"
    path.write_text(",".join(HEADER) + "\n", "utf-8")
    assert message in refusal("import", "table", path, "--mapping", mapping, "--record", tmp_path / "r")


def test_a_table_needs_a_mapping(tmp_path: Path) -> None:
    assert "found no --mapping" in refusal("import", "table", tmp_path / "x.csv", "--record", tmp_path / "r")
