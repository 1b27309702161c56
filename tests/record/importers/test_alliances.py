"""Correlates of War and ATOP: from members to pairs, spells, obligations, and the published totals where the files are."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from milcoop.record.importers.kinds import open_import
from milcoop.workbench import Workbench
from tests.command import refusal
from tests.record.importers.taking import taken

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
COW = (
    "version4id,ccode,state_name,all_st_day,all_st_month,all_st_year,all_end_day,all_end_month,all_end_year,ss_type,"
    "mem_st_day,mem_st_month,mem_st_year,mem_end_day,mem_end_month,mem_end_year,left_censor,right_censor,defense,"
    "neutrality,nonaggression,entente,version\n"
)
ATOP_HEAD = (
    "atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,phase,defense,offense,neutral,nonagg,consul,milcon,milaid,"
    "intcom,subord,organ1,organ2,base,contrib,version\n"
)


def member(alliance: int, code: int, begin: str, end: str, pledges: str, version: str = "4.1") -> str:
    """A row of Correlates of War's file: dates as day,month,year; pledges as four digits."""
    return f"{alliance},{code},State,,,,,,,,{begin},{end},0,0,{','.join(pledges)},{version}\n"


def cow(folder: Path, *rows: str) -> Path:
    path = folder / "alliances.csv"
    path.write_text(COW + "".join(rows), "utf-8")
    return path


def contiguity(folder: Path) -> Path:
    """One good spell, one of an unknown type, one broken row."""
    path = folder / "contdir.csv"
    path.write_text(
        "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n"
        "365710,365,RUS,710,CHN,1,186010,201612,,3.2\n2365,2,USA,365,RUS,9,195901,201612,,3.2\n1,2\n",
        "utf-8",
    )
    return path


def test_members_whose_spells_overlap_are_bound_for_the_overlap(tmp_path: Path, workbench: Workbench) -> None:
    path = cow(
        tmp_path,
        member(1, 365, "14,2,1950", "14,2,1980", "1000"),
        member(1, 710, "1,3,1955", ",,", "1000"),
        member(1, 200, "1,1,1981", ",,", "1000"),
        member(1, 9999, "1,1,1955", ",,", "1000"),
        member(1, 2, "1,1,1955", ",,", "1000", "5.0"),
        member(1, 2, ",,", ",,", "1000"),
    )
    report, rows = taken(open_import("cow", path, workbench.codebook))
    assert report.read == 6
    assert report.left_out == {
        "no state in the codebook: COW 9999 State": 1, "version 5.0 among rows of 4.1": 1, "no year of entry at line 7": 1,
    }  # fmt: skip
    assert [(r["participants"], r["date"], r["fields"].get("in_force_to"), r["type"]) for r in rows] == [
        (["CHN", "RUS"], "1955-03-01", "1980-02-14", "policy.mutual-defence"),
        (["CHN", "GBR"], "1981-01-01", None, "policy.mutual-defence"),
    ]
    assert [r["status"] for r in rows] == ["ended", "in-force"]


def test_what_only_one_side_owes_has_a_direction(tmp_path: Path, workbench: Workbench) -> None:
    path = cow(tmp_path, member(7, 2, "1,1,1960", ",,", "1001"), member(7, 740, "1,1,1960", ",,", "0001"))
    _, rows = taken(open_import("cow", path, workbench.codebook))
    assert [(r["direction"], r["fields"]["obligations"]) for r in rows] == [
        ("both", ["consultation-in-crisis"]), ("USA>JPN", ["mutual-defence"]),
    ]  # fmt: skip


def test_phases_that_touch_do_not_bind_twice(tmp_path: Path, workbench: Workbench) -> None:
    path = tmp_path / "atop5_1m.csv"
    spells = ("1996,4,26,2001,6,15,1", "2001,6,15,0,0,0,2")
    path.write_text(
        ATOP_HEAD + "".join(f"4810,{code},{s},0,0,0,1,1,1,0,0,0,0,0,0,0,5.1\n" for s in spells for code in (365, 710)),
        "utf-8",
    )
    _, rows = taken(open_import("atop", path, workbench.codebook))
    assert [(r["date"], r["fields"].get("in_force_to"), r["note"]) for r in rows] == [
        ("1996-04-26", "2001-06-15", "ATOP codes: milcon 1"), ("2001-06-15", None, "ATOP codes: milcon 1"),
    ]  # fmt: skip


def test_contiguity_and_system(tmp_path: Path, workbench: Workbench) -> None:
    report, rows = taken(open_import("cow", contiguity(tmp_path), workbench.codebook))
    assert [(r["participants"], r["date"], r["best"]) for r in rows] == [(["CHN", "RUS"], "1860-10/2016-12", 1.0)]
    assert report.left_out == {
        "spell '195901-201612' of type '9' at line 3": 1, "line 4 has 2 fields, expected 10": 1,
    }  # fmt: skip
    system = tmp_path / "system.csv"
    system.write_text("stateabb,ccode,year,version\nUSA,2,1990,2016\nGMY,255,1942,2016\nGMY,255,1990,2016\n", "utf-8")
    report, rows = taken(open_import("cow", system, workbench.codebook))
    assert [r["id"] for r in rows] == ["cow-state-usa-2-1990", "cow-state-deu-255-1990"]
    assert report.left_out.total() == 1


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(COW.replace("entente", "entent"), "utf-8")
    assert "column 'entente' is missing; nearest: entent" in refusal("import", "cow", path, "--record", tmp_path / "r")


def directed_years(rows: Iterable[dict[str, Any]], last: int) -> dict[tuple[str, str, int], set[str]]:
    """(who owes, to whom, year) -> obligations."""
    found: dict[tuple[str, str, int], set[str]] = {}
    for row in rows:
        a, b = row["participants"]
        first, end = int(row["date"][:4]), int(row["fields"].get("in_force_to", str(last))[:4])
        for year in range(first, min(end, last) + 1):
            for who, whom in ((a, b), (b, a)):
                if row["direction"] in ("both", f"{who}>{whom}"):
                    found.setdefault((who, whom, year), set()).update(row["fields"]["obligations"])
    return found


@pytest.mark.shared_data
@pytest.mark.skipif(not (DATA / "atop_5_1").is_dir(), reason=f"needs ATOP 5.1 in {DATA}")
def test_atop_agrees_with_the_published_dyad_years(workbench: Workbench) -> None:
    folder = DATA / "atop_5_1"
    report, rows = taken(open_import("atop", folder / "atop5_1m.csv", workbench.codebook))
    assert report.read == 2510
    assert len({r["id"] for r in rows}) == len(rows)
    ours = directed_years(rows, 2018)
    codes = {
        (c.cow, year): s.iso3
        for s in workbench.codebook.actors.values()
        for c in s.codes
        for year in range(max(c.from_, 1900), min(c.to or 2018, 2018) + 1)
    }
    words = {"atop_defense": "mutual-defence", "atop_offense": "offence", "atop_neutral": "neutrality",
             "atop_nonagg": "non-aggression", "atop_consul": "consultation-in-crisis"}  # fmt: skip
    n = there = same = 0
    with gzip.open(folder / "peacesciencer_atop_alliance_directed_dyad_year.csv.gz", "rt") as stream:
        for row in csv.DictReader(stream):
            year = int(row["year"])
            pair = [codes.get((int(row[c]), year)) for c in ("ccode1", "ccode2")]
            if year < 1950 or None in pair:
                continue
            n += 1
            theirs = {word for column, word in words.items() if row[column] == "1"}
            held = ours.get((str(pair[0]), str(pair[1]), year))
            there += held is not None
            same += held == theirs
    assert n > 200_000
    assert there / n > 0.999
    assert same / n > 0.99


@pytest.mark.shared_data
@pytest.mark.skipif(not (DATA / "cow_raw").is_dir(), reason=f"needs Correlates of War's files in {DATA}")
def test_correlates_of_war(workbench: Workbench) -> None:
    report, rows = taken(open_import("cow", DATA / "cow_raw" / "alliance_v4.1_by_member.csv", workbench.codebook))
    assert report.read == 1221
    spells = [(r["date"], r["fields"].get("in_force_to")) for r in rows if r["participants"] == ["CHN", "RUS"]]
    assert ("1950-02-14", "1980-02-14") in spells
    assert ("1996-04-27", None) in spells
    report, rows = taken(open_import("cow", DATA / "cow_raw" / "contdir.csv", workbench.codebook))
    assert report.read == 847
    assert [r["date"] for r in rows if r["participants"] == ["CHN", "RUS"]] == ["1860-10/2016-12"]
