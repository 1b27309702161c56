"""Correlates of War: alliances by member, membership of the state system by year, direct contiguity.

Alliances become events that bind a pair; membership and contiguity become figures over their spell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from milcoop.codebook.loader import Codebook
from milcoop.record.importers.alliances import Membership, bonds, date_of
from milcoop.record.importers.reading import (
    Import,
    ImportReport,
    States,
    citation,
    find_header,
    lines_of,
    records_of,
    with_first_value,
)

PUBLISHER = "Correlates of War"
LICENCE = "Free for research with citation; see correlatesofwar.org"
PLEDGES = {
    "defense": "mutual-defence", "neutrality": "neutrality", "nonaggression": "non-aggression", "entente": "consultation-in-crisis",
}  # fmt: skip
CONTIGUITY = {
    "1": "land or river border", "2": "up to 12 miles of water", "3": "up to 24 miles of water", "4": "up to 150 miles of water",
    "5": "up to 400 miles of water",
}  # fmt: skip
ALLIANCES = ("version4id", "ccode", "state_name", "mem_st_day", "mem_st_month", "mem_st_year", "mem_end_day",
             "mem_end_month", "mem_end_year", *PLEDGES, "version")  # fmt: skip
ALSO = ("all_st_day", "all_st_month", "all_st_year", "all_end_day", "all_end_month", "all_end_year", "ss_type",
        "left_censor", "right_censor", "notes", "dyad", "statelab", "statehab")  # fmt: skip
"""Columns that are known and not needed."""

Rows = Iterator[tuple[int, dict[str, str]]]


def read_cow_alliances(path: Path, codebook: Codebook, accessed: str) -> Import:
    """Formal alliances by member (v4.1). Raises InvalidRecord when the file is not that."""
    return _import(
        path, codebook, ("version4id",), ALLIANCES, "cow-alliances", "Formal Alliances",
        "https://correlatesofwar.org/data-sets/formal-alliances/", "memberships", accessed, _alliances,
    )  # fmt: skip


def read_cow_system(path: Path, codebook: Codebook, accessed: str) -> Import:
    """State system membership by year. Raises InvalidRecord when the file is not that."""
    return _import(
        path, codebook, ("stateabb", "ccode", "year"), ("stateabb", "ccode", "year", "version"), "cow-states",
        "State System Membership", "https://correlatesofwar.org/data-sets/state-system-membership/", "state-years",
        accessed, _system,
    )  # fmt: skip


def read_cow_contiguity(path: Path, codebook: Codebook, accessed: str) -> Import:
    """Direct contiguity by spell. Raises InvalidRecord when the file is not that."""
    return _import(
        path, codebook, ("dyad", "statelno"), ("statelno", "statehno", "conttype", "begin", "end", "version"),
        "cow-contiguity", "Direct Contiguity", "https://correlatesofwar.org/data-sets/direct-contiguity/", "spells",
        accessed, _contiguity,
    )  # fmt: skip


def _import(
    path: Path, codebook: Codebook, first: tuple[str, ...], needed: tuple[str, ...], name: str, title: str, url: str,
    unit: str, accessed: str, rows: Callable[[Rows, ImportReport, States, str], Iterator[tuple[str, dict[str, Any]]]],
) -> Import:  # fmt: skip
    lines = lines_of(path)
    _, header = find_header(path, lines, first, needed, f"the {title} file of Correlates of War as CSV")
    version, lines = with_first_value(path, lines, header, "version")
    report = ImportReport(name, title, PUBLISHER, url, LICENCE, version, unit)
    report.unknown_columns = [c for c in header if c and c not in {*needed, *ALSO}]

    def usable() -> Rows:
        for line, row in records_of(lines, header, report):
            if row["version"] == version:
                yield line, row
            else:
                report.leave_out(f"version {row['version']} among rows of {version}")

    return Import(report, rows(usable(), report, States(codebook), accessed))


def _alliances(rows: Rows, report: ImportReport, states: States, accessed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    members: dict[str, list[Membership]] = defaultdict(list)
    for line, row in rows:
        if not row["mem_st_year"].isdigit():
            report.leave_out(f"no year of entry at line {line}")
            continue
        begin = date_of(row["mem_st_year"], row["mem_st_month"], row["mem_st_day"])
        ended = row["mem_end_year"]
        end = date_of(ended, row["mem_end_month"], row["mem_end_day"]) if ended.isdigit() else None
        owes = frozenset(word for column, word in PLEDGES.items() if row[column] == "1")
        members[row["version4id"]].append(
            Membership(row["version4id"], row["ccode"], row["state_name"], begin, end, owes)
        )
    yield from bonds(members, report, states, accessed)


def _system(rows: Rows, report: ImportReport, states: States, accessed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for line, row in rows:
        if not row["year"].isdigit():
            report.leave_out(f"year '{row['year']}' at line {line}")
            continue
        state = states.by_cow(row["ccode"], int(row["year"]))
        if state is None:
            report.leave_out(f"no state in the codebook for these years: COW {row['ccode']} {row['stateabb']}")
            continue
        yield (
            "figures",
            {
                "id": f"cow-state-{state}-{row['ccode']}-{row['year']}".casefold(),
                "name": "in_state_system",
                "participants": [state],
                "date": row["year"],
                "best": 1.0,
                "unit": "member",
                "title": f"{row['stateabb']} (COW {row['ccode']}) is a member of the state system in {row['year']}",
                "citations": citation(report, accessed),
            },
        )


def _contiguity(
    rows: Rows, report: ImportReport, states: States, accessed: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for line, row in rows:
        begin, end = (f"{row[c][:4]}-{row[c][4:6]}" for c in ("begin", "end"))
        if not (row["begin"].isdigit() and row["end"].isdigit()) or row["conttype"] not in CONTIGUITY:
            report.leave_out(f"spell '{row['begin']}-{row['end']}' of type '{row['conttype']}' at line {line}")
            continue
        pair = [states.by_cow(row[c], int(begin[:4]), int(end[:4])) for c in ("statelno", "statehno")]
        if None in pair:
            number = row["statelno" if pair[0] is None else "statehno"]
            report.leave_out(f"no state in the codebook: COW {number}")
            continue
        a, b = sorted(str(p) for p in pair)
        yield (
            "figures",
            {
                "id": f"cow-contiguity-{a}-{b}-{begin}".casefold(),
                "name": "contiguity",
                "participants": [a, b],
                "date": f"{begin}/{end}",
                "best": float(row["conttype"]),
                "unit": "type",
                "title": f"{a} and {b}: {CONTIGUITY[row['conttype']]}",
                "note": row.get("notes", ""),
                "citations": citation(report, accessed),
            },
        )
