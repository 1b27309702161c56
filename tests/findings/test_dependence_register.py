"""Dependence from an imported register: shares both ways, concentration, substitutes, vintages, and the real file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from milcoop.domain.dependence import Deal
from milcoop.errors import InvalidRecord
from milcoop.findings.dependence.shares import Volumes, placed
from milcoop.record.datasets import find_dataset
from milcoop.record.deals import REGISTER_NAME, read_register_of
from milcoop.workbench import open_workbench
from tests.command import output
from tests.findings.test_dependence import ends, finding, share
from tests.layer import write_layer
from tests.record.importers.test_sipri_register import register

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "sipri"
DEALS = (
    "Argentina,Brazil,2008,,4,,Tucano,trainer aircraft,4,,2009; 2010,New,Delivered late,10,40,40\n"
    "Argentina,France,2008,,2,,Mirage,fighter aircraft,2,,2010,New,,10,20,20\n"
    "Argentina,France,2008,,2,,Exocet,anti-ship missile,2,,2010,New,,20,40,40\n"
    "Argentina,Brazil,2007,,1,,Radar-1,air search radar,1,,2010,New,,20,20,20\n"
    "Chile,Brazil,2007,,1,,Radar-1,air search radar,1,,2008,New,,60,60,60\n"
    "Chile,Brazil,2010,,9,,Radar-2,air search radar,0,,,New,,60,600,0\n"
    "Argentina,Brazil,2001,,1,,Old-1,frigate,1,,2001,New,,900,900,900\n"
    "Brazil,Germany,2001,,1,,Sub-1,submarine,1,,2001,New,,100,100,100\n"
)


def imported(folder: Path, day: str = "13 Mar 2011") -> Path:
    write_layer(folder, figures=[share("cited", "BRA>ARG", "2006/2010", low=40, best=None, high=55)])
    output("import", "sipri", register(folder.parent, day, DEALS), "--record", folder)
    return folder


def test_shares_both_ways_by_volume(tmp_path: Path) -> None:
    workbench = open_workbench(imported(tmp_path / "mine"))
    found = workbench.dependence(workbench.dyad("BRA", "ARG"), 2000, 2012)
    # 2006-2010: to ARG 60 of 120 from BRA, whatever the placing; BRA sold 60 to ARG and 60 to CHL
    arms = finding(found, "arms.BRA>ARG")
    assert ends(arms) == (0.5, 0.4, 0.55)
    assert len(arms.events) == 3
    assert "sipri-trade-register of 2011-03-13, deliveries 2006 to 2010" in arms.note
    assert ends(finding(found, "sales.BRA>ARG")) == (0.5, 0.5, 0.5)
    assert ends(finding(found, "arms.ARG>BRA")) == (0.0, 0.0, 0.0)  # nobody delivered to BRA in these years
    assert {d.id for d in found.deals} <= {e for f in found.found.findings for e in f.events}
    assert finding(found, "arms.BRA>ARG").sensitivity[0].rule == "dependence.window-years.value"
    # 2004-2010 holds no other deal; 2008-2010 neither
    assert [m.value for m in arms.sensitivity] == [0.5, 0.5]


def test_placing_moves_a_deal_that_straddles_the_window(tmp_path: Path) -> None:
    workbench = open_workbench(imported(tmp_path / "mine"))
    found = workbench.dependence(workbench.dyad("BRA", "ARG"), 2000, 2009)
    # 2005-2009: half of the Tucanos by even spread, two thirds if falling, a third if rising; nothing from others
    assert ends(finding(found, "arms.BRA>ARG")) == (1.0, 1.0, 1.0)
    # sales: 20 of 80, 26.7 of 86.7 if falling, 13.3 of 73.3 if rising
    assert ends(finding(found, "sales.BRA>ARG")) == (0.25, round(13.3333 / 73.3333, 4), round(26.6667 / 86.6667, 4))


def test_concentration_and_substitutes(tmp_path: Path) -> None:
    workbench = open_workbench(imported(tmp_path / "mine"))
    found = workbench.dependence(workbench.dyad("BRA", "ARG"), 2000, 2012)
    suppliers = finding(found, "concentration.ARG")
    assert ends(suppliers) == (0.5, 0.5, 0.5)
    assert len(suppliers.events) == 4
    assert suppliers.note.startswith("high; 2 suppliers")
    assert ends(finding(found, "concentration.BRA.buyers")) == (0.5, 0.5, 0.5)
    assert ends(finding(found, "concentration.BRA")) == (None, None, None)
    rivals = finding(found, "substitutes.BRA>ARG")
    # aircraft: France gave 20 of 60, a rival; radar: nobody else; so 40 of 60
    assert ends(rivals) == (0.6667, 0.6667, 0.6667)
    assert "aircraft: FRA; radar: nobody else" in rivals.note


def test_a_register_younger_than_the_vintage_is_not_read(tmp_path: Path) -> None:
    folder = imported(tmp_path / "mine")
    workbench = open_workbench(folder, "2011-03-12")
    found = workbench.dependence(workbench.dyad("BRA", "ARG"), 2000, 2012)
    assert finding(found, "arms.BRA>ARG").events == ("cited",)
    assert "younger than the vintage" in finding(found, "arms.BRA>ARG").note
    assert found.source.startswith("sipri-trade-register 2011-03-13 is younger")
    on_the_day = open_workbench(folder, "2011-03-13")
    assert len(finding(on_the_day.dependence(on_the_day.dyad("BRA", "ARG"), 2000, 2012), "arms.BRA>ARG").events) == 3


def test_years_of_delivery_are_read_from_the_note(tmp_path: Path) -> None:
    workbench = open_workbench(imported(tmp_path / "mine"))
    dataset = find_dataset(workbench.layer, REGISTER_NAME)
    assert dataset is not None
    found = read_register_of(dataset, workbench.dyad("BRA", "ARG"))
    assert [(d.tiv, d.years) for d in found.deals] == [
        (40, (2009, 2010)), (20, (2010,)), (40, (2010,)), (20, (2010,)), (60, (2008,)), (900, (2001,)), (100, (2001,)),
    ]  # fmt: skip
    assert (found.last_year, found.undated, len(found.of_pair)) == (2010, 0, 3)
    (dataset.folder / "events.jsonl").write_text('{"direction": "BRA>ARG"}\n', "utf-8")
    with pytest.raises(InvalidRecord, match=r"events\.jsonl:1: found no deal"):
        read_register_of(dataset, workbench.dyad("BRA", "ARG"))


def test_placings_keep_the_volume() -> None:
    deal = Deal("d", "BRA", "ARG", "ship", 60, (2001, 2003, 2004))
    assert list(placed(deal, "even")) == [(2001, 20), (2003, 20), (2004, 20)]
    assert list(placed(deal, "falling")) == [(2001, 30), (2003, 20), (2004, 10)]
    assert list(placed(deal, "rising")) == [(2001, 10), (2003, 20), (2004, 30)]


def test_json_names_the_deals(tmp_path: Path) -> None:
    folder = imported(tmp_path / "mine")
    asked = ("dependence", "BRA", "ARG", "--from", "2000", "--to", "2012", "--record", folder)
    rows = {f["id"]: f for f in json.loads(output(*asked, "--format", "json"))["findings"]}
    (one, *_) = [e for e in rows["dependence.arms.BRA>ARG"]["events"] if e.startswith("sipri-")]
    assert "Tucano" in output("explain", one, "--record", folder)
    assert one in output("events", "BRA", "ARG", "--dataset", REGISTER_NAME, "--record", folder, "--format", "csv")


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="SIPRI's files are not beside this checkout")
def test_the_real_register_against_the_real_tables(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    output("import", "sipri", SHARED / "trade-register_generated-2025-03-13.csv", "--record", tmp_path / "mine")
    workbench = open_workbench(tmp_path / "mine")
    off = []
    for pair in (("RUS", "CHN"), ("USA", "KOR"), ("IND", "PAK"), ("FRA", "DEU")):
        dyad = workbench.dyad(*pair)
        dataset = find_dataset(workbench.layer, REGISTER_NAME)
        assert dataset is not None
        volumes = Volumes(read_register_of(dataset, dyad))
        for state in dyad.states:
            for name, key in (("", (None, state, None)), ("_1950-2024", (state, None, None))):
                table = _table(SHARED / f"import-export-values_1950-2024{name}.csv", workbench.state_name(state))
                for start in range(1990, 2020, 5):
                    years = range(start, start + 5)
                    theirs = sum(table.get(y, 0.0) for y in years)
                    if theirs >= 500:
                        off.append(abs(volumes.total("even", key, years) - theirs) / theirs)
    off.sort()
    assert len(off) > 50
    assert off[len(off) // 2] < 0.04
    assert off[int(0.9 * len(off))] < 0.13
    found = workbench.dependence(workbench.dyad("IND", "RUS"))
    arms = finding(found, "arms.RUS>IND")
    assert arms.low is not None and arms.high is not None
    assert arms.low <= 0.36 <= arms.high  # SIPRI's own share for 2020-2024 in its fact sheet of March 2025
    assert finding(found, "sales.RUS>IND").value == pytest.approx(0.38, abs=0.03)


def _table(path: Path, state: str) -> dict[int, float]:
    """Volumes of a state by year in one of SIPRI's tables."""
    rows = list(csv.reader(path.read_text("cp1252").splitlines()))
    header = next(r for r in rows if r and r[0] in ("Recipient", "Exports by"))
    row = next(r for r in rows if r and r[0] == state)
    return {int(y): float(c) for y, c in zip(header, row, strict=False) if len(y) == 4 and y.isdigit() and c.strip()}
