"""SIPRI's TIV tables: volume of major arms imported or exported by each state and year, as the web export writes them.

An empty cell means that no delivery was identified: no figure. ``0`` means more than nothing and less than half a million:
a figure from 0 to 0.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord
from milcoop.record.importers.reading import Import, ImportReport, States, citation, find_header, lines_of
from milcoop.record.importers.sipri_register import LICENCE, PUBLISHER, vintage_of

URL = "https://armstransfers.sipri.org/ArmsTransfer/ImportExport"
KINDS = {"Recipient": ("imports", "arms_imports_tiv"), "Exports by": ("exports", "arms_exports_tiv")}
SUMS = ("Percentage", "Sum total years", "Percentage of total")


def read_tiv_table(path: Path, codebook: Codebook, first: str) -> Import:
    """Read a table whose header begins with ``first`` (a key of KINDS). Raises InvalidRecord when it has no years."""
    lines = lines_of(path)
    preamble, header = find_header(path, lines, (first,), (), "SIPRI's TIV table as CSV")
    years = {i: name for i, name in enumerate(header) if name.isdigit() and len(name) == 4}
    if not years:
        raise InvalidRecord(f"{path}: the row '{first},...' has no years, expected one column a year")
    kind, name = KINDS[first]
    report = ImportReport(
        f"sipri-tiv-{kind}", f"Arms Transfers Database, TIV of arms {kind} by state", PUBLISHER, URL, LICENCE,
        vintage_of(path, preamble), "states",
    )  # fmt: skip
    spans = {f"{a}-{b}" for a in years.values() for b in years.values()}
    report.unknown_columns = [
        c for i, c in enumerate(header[1:], 1) if c and i not in years and c not in {*SUMS, *spans}
    ]
    return Import(report, _figures(lines, years, name, report, codebook))


def _figures(
    lines: Iterator[tuple[int, list[str]]], years: dict[int, str], name: str, report: ImportReport, codebook: Codebook
) -> Iterator[tuple[str, dict[str, Any]]]:
    states = States(codebook, codebook.crosswalks["sipri"])
    for line, cells in lines:
        if not any(c.strip() for c in cells):
            continue
        report.read += 1
        theirs = cells[0].strip()
        state = states.by_name(theirs)
        if state is None:
            total = theirs.casefold().startswith("total")
            report.leave_out("row of totals" if total else f"no state in the codebook: {theirs}")
            continue
        for i, year in years.items():
            text = cells[i].strip() if i < len(cells) else ""
            try:
                value = float(text) if text else None
            except ValueError:
                report.leave_out(f"'{text}' for {year} at line {line} is no number")
                continue
            if value is not None:
                yield (
                    "figures",
                    {
                        "id": f"{name.replace('_', '-')}-{theirs.casefold().replace(' ', '-')}-{year}".replace("'", ""),
                        "name": name,
                        "participants": [state],
                        "date": year,
                        **({"best": value} if value else {"low": 0.0, "high": 0.5}),
                        "unit": "million TIV",
                        "title": f"Volume of major arms {report.name.rpartition('-')[2]} of {theirs}, {year}",
                        "citations": citation(report, report.vintage),
                    },
                )
