"""SIPRI's trade register: traps of the export, what is left out, vintages, and the real file where it is at hand."""

from pathlib import Path

import pytest

from milcoop.domain.dyad import make_dyad
from milcoop.errors import InvalidRecord
from milcoop.findings.register import amount_of
from milcoop.record.datasets import open_dataset
from milcoop.record.importers.sipri_register import read_register
from milcoop.workbench import Workbench
from tests.command import Once, output, refusal, run
from tests.record.importers.taking import taken

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "sipri" / "trade-register_generated-2025-03-13.csv"
PREAMBLE = "Transfers of major conventional arms\n\nSource: SIPRI Arms Transfers Database (c) SIPRI.\nData generated: {} 10:02:49 AM\n"
HEADER = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n"
)
DEALS = (
    "China,Russia,1995,?,24,,Su-27SK ,FGA aircraft,24,,1996; 1997,New,Café deal,30,720,720\n"
    "China,Soviet Union,1990,,4,?,Il-76M,transport aircraft,0,,,Second hand,,10,40,0\n"
    "Freedonia,Russia,2001,,1,,X-1,tank,1,,2001,New,,1,1,1\n"
    "China,Russia,2004,,13,,BTR-3,APC,13,,2010; 2012,New,Broken over\n,0.25,3.25,3.25\n"
)


def register(folder: Path, day: str = "13 Mar 2025", deals: str = DEALS, encoding: str = "cp1252") -> Path:
    path = folder / f"register-{day.replace(' ', '-')}.csv"
    path.write_bytes((PREAMBLE.format(day) + HEADER + deals).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_traps(tmp_path: Path, workbench: Workbench, encoding: str) -> None:
    report, rows = taken(read_register(register(tmp_path, encoding=encoding), workbench.codebook))
    assert (report.read, len(rows), report.vintage) == (4, 3, "2025-03-13")
    assert report.left_out == {"no state in the codebook: Freedonia": 1}
    assert [j.split(":")[0] for j in report.joined] == ["lines 9 and 10"]
    first, second, third = rows
    assert first["participants"] == ["CHN", "RUS"]
    assert first["direction"] == second["direction"] == "RUS>CHN"
    assert first["note"] == "Café deal. Delivered 1996; 1997. Uncertain: year of order"
    assert first["fields"] == {"item": "Su-27SK (FGA aircraft)", "category": "aircraft", "new_or_used": "new"}
    assert (first["status"], second["status"]) == ("delivered", "signed")
    assert first["history"] == [{"status": "delivered", "date": "1997"}]
    assert third["note"].startswith("Broken over")
    assert {q["name"]: q["best"] for q in third["quantities"]} == {
        "units_ordered": 13, "units_delivered": 13, "tiv_ordered": 3.25, "tiv_delivered": 3.25,
    }  # fmt: skip


def test_ids_stay_the_same_in_another_vintage(tmp_path: Path, workbench: Workbench) -> None:
    newer = register(tmp_path, "14 Mar 2026", DEALS.replace(",720,720", ",720,690"))
    old, new = (taken(read_register(path, workbench.codebook))[1] for path in (register(tmp_path), newer))
    assert [r["id"] for r in old] == [r["id"] for r in new]
    assert old[0] != new[0]


def test_a_record_that_cannot_be_joined_is_named(tmp_path: Path, workbench: Workbench) -> None:
    path = register(tmp_path, deals="China,Russia,2004,,13\n" + DEALS + "China,Russia,2005,,1\n")
    report, rows = taken(read_register(path, workbench.codebook))
    assert (report.read, len(rows)) == (6, 3)
    assert {r for r in report.left_out if "fields" in r} == {
        "line 6 has 5 fields, expected 16", "line 12 has 5 fields, expected 16",
    }  # fmt: skip


@pytest.mark.parametrize("day", ["02 Jan 2026", "2 January 2026"])
def test_months_short_or_long(tmp_path: Path, workbench: Workbench, day: str) -> None:
    assert read_register(register(tmp_path, day), workbench.codebook).report.vintage == "2026-01-02"


def test_two_vintages_never_mix(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    assert "4 deals read, 3 events written, 1 left out, vintage 2025-03-13" in output(
        "import", "sipri", register(tmp_path), "--record", folder
    )
    newer = register(tmp_path, "14 Mar 2026", DEALS.replace(",720,720", ",720,690"))
    assert "expected the same vintage as the file" in refusal("import", "sipri", newer, "--record", folder)
    output("import", "sipri", newer, "--record", tmp_path / "r2")
    text = output("diff", folder, tmp_path / "r2")
    assert text.startswith("corrected  event    sipri-")
    assert "720.0" in text
    assert "690.0" in text
    output("import", "sipri", newer, "--record", folder, "--replace")
    assert open_dataset(folder / "datasets" / "sipri-trade-register").vintage == "2026-03-14"


def test_a_dataset_counts_for_no_criterion(tmp_path: Path, once: Once) -> None:
    output("import", "sipri", register(tmp_path), "--record", tmp_path / "r")
    plain = once("assess", "RUS", "CHN", "--format", "csv")
    assert output("assess", "RUS", "CHN", "--format", "csv", "--record", tmp_path / "r") == plain


def test_deal_by_deal(tmp_path: Path) -> None:
    output("import", "sipri", register(tmp_path), "--record", tmp_path / "r")
    done = run("reconcile", "RUS", "CHN", "--register", "--record", tmp_path / "r")
    deal = next(line for line in done.stdout.splitlines() if "Su-27SK" in line)
    assert "su-27" in deal.partition("Su-27SK")[2]
    assert "RUS>CHN: 3 deals, 723.25 million TIV delivered" in done.stderr
    assert "expected 'milcoop import sipri" in refusal("reconcile", "RUS", "CHN", "--register", "--record", tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no row begins with 'Recipient,Supplier'"),
        (HEADER + DEALS, "the preamble has no 'Data generated"),
        (
            PREAMBLE.format("13 Mar 2025") + HEADER.replace("Number delivered", "Delivered") + DEALS,
            "column 'Number delivered' is missing",
        ),
    ],
)
def test_what_is_no_register(tmp_path: Path, workbench: Workbench, text: str, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRecord, match=message):
        read_register(path, workbench.codebook)


@pytest.mark.shared_data
@pytest.mark.skipif(not REAL.is_file(), reason=f"needs SIPRI's register at {REAL}")
def test_the_real_register(tmp_path: Path, workbench: Workbench) -> None:
    text = output("import", "sipri", REAL, "--record", tmp_path)
    assert text.startswith("29515 deals read, ")
    dataset = open_dataset(tmp_path / "datasets" / "sipri-trade-register")
    assert len(dataset.source["joined"]) == 4
    assert dataset.source["events"] + sum(dataset.source["left_out"].values()) == 29515
    deals = [d for d in dataset.of_dyad(make_dyad("RUS", "CHN")) if d.direction == "RUS>CHN"]
    assert len(deals) == 181
    assert round(sum(amount_of(d, "tiv_delivered") for d in deals), 2) == 71135.99
