"""SIPRI's TIV tables and military expenditure workbook: traps, what is left out, and the real files where they are at hand."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from milcoop.domain.dyad import make_dyad
from milcoop.errors import InvalidRecord
from milcoop.record.datasets import open_dataset
from milcoop.record.importers.kinds import open_import
from milcoop.record.importers.sipri_milex import read_milex
from milcoop.workbench import Workbench
from tests.command import output, refusal
from tests.record.importers.taking import taken

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "sipri"
TABLE = (
    "Volume of transfers of major arms\n\nData generated: 13 Oct 2024 12:33:29 PM\n\n"
    "Recipient,1989,1990,1989-1990,Percentage\nChina,0 ,12,12,3%\nUkraine Rebels*,1,,1,0.0%\nIndia,x,7,7,1%\n"
    "Total world import,1,19,20,100%\n"
)


def milex(folder: Path, saved: bool = True) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Share of GDP"
    for row in (["Military expenditure"], ["Country", "Notes", 2021, 2022], [], ["East Asia"],
                ["China", "", 0.0174, 0.016], ["Korea, North", "", "...", "xxx"], ["Narnia", "", 0.1, None],
                ["Japan", "", "?", 0.011]):  # fmt: skip
        sheet.append(row)
    sheet["C5"].font = Font(color="FF0000FF")
    sheet["D5"].font = Font(color="FFFF0000")
    book.create_sheet("Footnotes")
    path = folder / "milex.xlsx"
    book.save(path)
    return path


def test_tiv_table(tmp_path: Path, workbench: Workbench) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, "utf-8")
    report, rows = taken(open_import("sipri", path, workbench.codebook))
    assert (report.name, report.vintage, report.read) == ("sipri-tiv-imports", "2024-10-13", 4)
    assert report.left_out == {
        "no state in the codebook: Ukraine Rebels*": 1, "row of totals": 1, "'x' for 1989 at line 8 is no number": 1,
    }  # fmt: skip
    assert report.unknown_columns == []
    assert [(r["participants"], r["date"], r.get("best"), r.get("low"), r.get("high")) for r in rows] == [
        (["CHN"], "1989", None, 0.0, 0.5), (["CHN"], "1990", 12.0, None, None), (["IND"], "1990", 7.0, None, None),
    ]  # fmt: skip


def test_milex(tmp_path: Path, workbench: Workbench) -> None:
    report, rows = taken(read_milex(milex(tmp_path), workbench.codebook, "2024-04-22"))
    assert report.left_out == {
        "no state in the codebook: Narnia": 1, "'?' for Japan 2021 in 'Share of GDP' is no number": 1,
    }  # fmt: skip
    assert report.unknown_columns == ["sheet Footnotes"]
    assert [(r["participants"][0], r["date"], r["best"], r["note"]) for r in rows] == [
        ("CHN", "2021", 1.74, "SIPRI's estimate"), ("CHN", "2022", 1.6, "highly uncertain"), ("JPN", "2022", 1.1, ""),
    ]  # fmt: skip
    assert rows[0]["citations"]["a"]["date"] == "2024-04-22"


def test_figures_of_a_dataset_are_shown_by_name(tmp_path: Path) -> None:
    output("import", "milex", milex(tmp_path), "--record", tmp_path / "r", "--vintage", "2024-04-22")
    text = output("figures", "CHN", "JPN", "--dataset", "sipri-milex", "--record", tmp_path / "r", "--format", "csv")
    assert len(text.splitlines()) == 4
    assert "sipri-milex 2024-04-22" in text
    said = refusal("figures", "CHN", "JPN", "--dataset", "milex", "--record", tmp_path / "r")
    assert "expected one of sipri-milex" in said


@pytest.mark.parametrize("kind", ["sipri", "milex", "cow", "atop"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_files_of_another_kind_are_refused_in_one_line(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert str(path) in refusal("import", kind, path, "--record", tmp_path / "r")
    assert not list((tmp_path / "r").rglob("*.jsonl")) if (tmp_path / "r").exists() else True


def test_a_file_that_is_not_there(tmp_path: Path, workbench: Workbench) -> None:
    with pytest.raises(InvalidRecord, match="cannot read"):
        read_milex(tmp_path / "none.xlsx", workbench.codebook)


@pytest.mark.shared_data
@pytest.mark.skipif(not REAL.is_dir(), reason=f"needs SIPRI's files in {REAL}")
def test_the_real_files(tmp_path: Path) -> None:
    for kind, name in (("sipri", "import-export-values_1950-2024.csv"), ("milex", "SIPRI-Milex-data-1948-2023.xlsx")):
        output("import", kind, REAL / name, "--record", tmp_path)
    tiv = open_dataset(tmp_path / "datasets" / "sipri-tiv-imports").figures_of_dyad(make_dyad("CHN", "RUS"))
    assert {f.when.first_day.year: f.best for f in tiv if f.participants == ("CHN",)}[2005] == 3478
    spent = open_dataset(tmp_path / "datasets" / "sipri-milex").figures_of_dyad(make_dyad("CHN", "RUS"))
    share = {
        (f.participants[0], f.when.first_day.year): f.best
        for f in spent
        if f.name == "military_expenditure_share_of_gdp"
    }
    assert round(share["RUS", 2023] or 0, 3) == 5.864
    assert ("RUS", 1990) not in share or share["RUS", 1990] != 0
