"""ATOP 5.1 (Leeds and others): what members of alliances promised each other, from the member file.

The five pledges become obligations. The institutional codes (military contact, aid, command, bodies, bases, contributions)
stand in the note as ATOP's own numbers: their scales are ATOP's, and a number of theirs is not a value of ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from milcoop.codebook.loader import Codebook
from milcoop.record.importers.alliances import Membership, bonds, date_of
from milcoop.record.importers.reading import (
    Import,
    ImportReport,
    States,
    find_header,
    lines_of,
    records_of,
    with_first_value,
)

PLEDGES = {
    "defense": "mutual-defence", "offense": "offence", "neutral": "neutrality", "nonagg": "non-aggression",
    "consul": "consultation-in-crisis",
}  # fmt: skip
INSTITUTIONS = ("milcon", "milaid", "intcom", "subord", "organ1", "organ2", "base", "contrib")
NEEDED = (
    "atopid",
    "member",
    "yrent",
    "moent",
    "dayent",
    "yrexit",
    "moexit",
    "dayexit",
    *PLEDGES,
    *INSTITUTIONS,
    "version",
)


def read_atop(path: Path, codebook: Codebook, accessed: str) -> Import:
    """Read ``atop5_1m.csv``, one row for each member and phase. Raises InvalidRecord when the file is not that."""
    lines = lines_of(path)
    _, header = find_header(path, lines, ("atopid",), NEEDED, "ATOP's member file as CSV")
    version, lines = with_first_value(path, lines, header, "version")
    report = ImportReport(
        "atop-alliances", "Alliance Treaty Obligations and Provisions", "ATOP", "http://www.atopdata.org/data.html",
        "Free for academic use with citation", version, "phases of members",
    )  # fmt: skip
    return Import(report, _bonds(records_of(lines, header, report), report, States(codebook), accessed))


def _bonds(
    rows: Iterator[tuple[int, dict[str, str]]], report: ImportReport, states: States, accessed: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    members: dict[str, list[Membership]] = defaultdict(list)
    for line, row in rows:
        if not row["yrent"].isdigit():
            report.leave_out(f"no year of entry at line {line}")
            continue
        begin = date_of(row["yrent"], row["moent"], row["dayent"])
        ended = row["yrexit"]
        in_force = not ended.isdigit() or int(ended) == 0
        end = None if in_force else date_of(ended, row["moexit"], row["dayexit"])
        owes = frozenset(word for column, word in PLEDGES.items() if row[column] not in ("", "0", "-9"))
        codes = [f"{c} {row[c]}" for c in INSTITUTIONS if row[c] not in ("", "0")]
        note = f"ATOP codes: {', '.join(codes)}" if codes else ""
        members[row["atopid"]].append(Membership(row["atopid"], row["member"], "", begin, end, owes, note))
    yield from bonds(members, report, states, accessed)
