"""A package goes out and comes back the same, identifiers and all, and is a valid Frictionless package."""

import csv
import io
import json
from pathlib import Path

import pytest
from frictionless import Package

from milcoop.errors import InvalidRecord
from milcoop.record.exchange.diff import diff_records
from milcoop.record.exchange.package import read_package
from milcoop.record.loader import record_from_rows
from milcoop.record.vintage import record_as_of
from milcoop.workbench import Workbench
from tests.command import output, refusal, run


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    output("export", "package", folder)
    return folder


def test_it_comes_back_the_same(package: Path, workbench: Workbench) -> None:
    again = record_from_rows(read_package(package), workbench.codebook)
    assert len(again.events) == len(workbench.record.events) > 700
    assert diff_records(workbench.record, again) == ()


def test_import_into_a_folder_changes_nothing(package: Path, tmp_path: Path) -> None:
    output("import", "package", package, "--record", tmp_path)
    assert output("diff", "bundled", tmp_path) == ""
    csvs = [output("events", "RUS", "CHN", "--format", "csv", *extra) for extra in ((), ("--record", tmp_path))]
    rows = [list(csv.DictReader(io.StringIO(text))) for text in csvs]
    for row in (*rows[0], *rows[1]):
        del row["record_version"]
    assert rows[0] == rows[1]


def test_frictionless_finds_it_valid(package: Path) -> None:
    report = Package(str(package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "note"])[:5]
    assert {t.name for t in report.tasks} >= {"events", "citations", "figures"}


def test_a_vintage_goes_out_as_known_then(tmp_path: Path, workbench: Workbench) -> None:
    output("export", "package", tmp_path, "--as-of", "2014-12-31")
    again = record_from_rows(read_package(tmp_path), workbench.codebook)
    then = record_as_of(workbench.record, again.ends.replace(2014, 12, 31), workbench.codebook)
    assert {e.id for e in again.events} == {e.id for e in then.events}
    assert all(c.date is None or c.date.text <= "2014-12-31" for e in again.events for c in e.citations)


def test_licence_and_citation_stand_beside_it(package: Path, workbench: Workbench) -> None:
    assert "creativecommons.org/licenses/by/4.0" in (package / "LICENSE").read_text("utf-8")
    assert f'version: "{workbench.record.version}"' in (package / "CITATION.cff").read_text("utf-8")


def test_references_stand_beside_it(package: Path) -> None:
    items = json.loads((package / "references.json").read_text("utf-8"))
    assert len({i["id"] for i in items}) == len(items) > 1000
    assert (package / "references.bib").read_text("utf-8").count("@online{") == len(items)


def test_no_package_no_import(tmp_path: Path) -> None:
    assert "found no datapackage.json" in refusal("import", "package", tmp_path, "--record", tmp_path / "r")


def test_an_unknown_column_is_named(package: Path, tmp_path: Path) -> None:
    for path in package.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "events.csv").read_text("utf-8")
    (tmp_path / "events.csv").write_text(text.replace("participants", "participant", 1), "utf-8")
    with pytest.raises(InvalidRecord, match="unknown column 'participant'; nearest: participants"):
        read_package(tmp_path)


def test_a_bad_row_is_reported_and_the_rest_used(package: Path, tmp_path: Path) -> None:
    for path in package.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "events.csv").read_text("utf-8")
    (tmp_path / "events.csv").write_text(text.replace("2016-09-12/2016-09-19", "2016-13"), "utf-8")
    done = run("import", "package", tmp_path, "--record", tmp_path / "r")
    assert done.returncode == 1
    assert "not used: events joint-sea-2016: date" in done.stderr
    assert "joint-sea-2016" not in (tmp_path / "r" / "events" / f"{tmp_path.name}.yaml").read_text("utf-8")
