"""SIPRI trade register, as the web export writes it: a preamble, a header, one row a deal.

Known traps, each met in real exports: text that is not UTF-8; three columns without a name that hold the ``?`` of
uncertainty; records broken over two lines inside a field; years of delivery joined by ``;``; trailing spaces; suppliers
that no longer exist. SIPRI's trend-indicator value (TIV) measures volume, not price.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from milcoop.codebook.entries import Crosswalk
from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord
from milcoop.record.deals import REGISTER_NAME
from milcoop.record.importers.reading import Import, ImportReport, States, citation, digest, find_header, lines_of

NAME = REGISTER_NAME
COLUMNS = (
    "Recipient", "Supplier", "Year of order", "Number ordered", "Weapon designation", "Weapon description",
    "Number delivered", "Year(s) of delivery", "status", "Comments", "SIPRI TIV per unit", "SIPRI TIV for total order",
    "SIPRI TIV of delivered weapons",
)  # fmt: skip
URL = "https://armstransfers.sipri.org/ArmsTransfer/TransferRegister"
PUBLISHER = "SIPRI"
LICENCE = "Copyright SIPRI; free for non-commercial use with citation; not for redistribution as a whole"


def read_register(path: Path, codebook: Codebook) -> Import:
    """Read a register. Raises InvalidRecord when the file is not one."""
    lines = lines_of(path)
    preamble, header = find_header(path, lines, ("Recipient", "Supplier"), COLUMNS, "SIPRI's trade register as CSV")
    report = ImportReport(
        NAME, "Arms Transfers Database, trade register", PUBLISHER, URL, LICENCE, vintage_of(path, preamble), "deals"
    )
    report.unknown_columns = [c for c in header if c and c not in COLUMNS]
    return Import(report, _deals(lines, header, report, codebook))


def vintage_of(path: Path, preamble: list[list[str]]) -> str:
    """Day on which SIPRI's site generated an export, from its preamble. Raises InvalidRecord."""
    text = " ".join(",".join(row) for row in preamble)
    match = re.search(r"Data generated:\s*(\d{1,2} \w+ \d{4})", text)
    if match is not None:
        for format_ in ("%d %b %Y", "%d %B %Y"):
            with suppress(ValueError):
                return datetime.strptime(match.group(1), format_).date().isoformat()
    raise InvalidRecord(f"{path}:1: the preamble has no 'Data generated: <day month year>'; a vintage is needed")


def _deals(
    lines: Iterator[tuple[int, list[str]]], header: list[str], report: ImportReport, codebook: Codebook
) -> Iterator[tuple[str, dict[str, Any]]]:
    crosswalk = codebook.crosswalks["sipri"]
    states = States(codebook, crosswalk)
    seen: Counter[str] = Counter()
    for line, cells in _records(lines, len(header), report):
        report.read += 1
        deal = {c: cells[header.index(c)].strip() for c in COLUMNS}
        giver, receiver = (states.by_name(deal[c]) for c in ("Supplier", "Recipient"))
        if giver is None or receiver is None:
            report.leave_out(f"no state in the codebook: {deal['Supplier'] if giver is None else deal['Recipient']}")
        elif giver == receiver:
            report.leave_out("supplier and recipient are one state")
        elif not re.fullmatch(r"\d{4}", deal["Year of order"]):
            report.leave_out(f"year of order '{deal['Year of order']}' at line {line}")
        else:
            yield "events", _row(deal, giver, receiver, cells, header, report, crosswalk, seen)


def _records(
    lines: Iterator[tuple[int, list[str]]], width: int, report: ImportReport
) -> Iterator[tuple[int, list[str]]]:
    """Rows of full width; a short row is joined with the next when both make one, else reported."""
    held: tuple[int, list[str]] | None = None
    for line, cells in lines:
        if held is not None:
            first, begun = held
            held = None
            if len(begun) + len(cells) == width + 1 and not cells[0].strip():
                joined = [*begun[:-1], f"{begun[-1]} {cells[0]}", *cells[1:]]
                report.joined.append(
                    f"lines {first} and {line}: {' '.join(begun[:3])} {begun[6] if len(begun) > 6 else ''}"
                )
                yield first, joined
                continue
            _short(first, begun, width, report)
        if len(cells) >= width:
            yield line, cells
        elif any(c.strip() for c in cells):
            held = line, cells
    if held is not None:
        _short(*held, width, report)


def _short(line: int, cells: list[str], width: int, report: ImportReport) -> None:
    report.read += 1
    report.leave_out(f"line {line} has {len(cells)} fields, expected {width}")


def _row(
    deal: Mapping[str, str],
    giver: str,
    receiver: str,
    cells: list[str],
    header: list[str],
    report: ImportReport,
    crosswalk: Crosswalk,
    seen: Counter[str],
) -> dict[str, Any]:
    identity = "|".join(deal[c] for c in ("Recipient", "Supplier", "Year of order", "Weapon designation"))
    seen[identity] += 1
    key = digest(identity, str(seen[identity]))
    delivered = _number(deal["Number delivered"])
    flags = [
        label
        for column, label in (
            ("Year of order", "year of order"),
            ("Number ordered", "number ordered"),
            ("Number delivered", "number delivered"),
        )
        if cells[header.index(column) + 1].strip() == "?" and header[header.index(column) + 1] == ""
    ]
    note = [deal["Comments"]] if deal["Comments"] else []
    if deal["Year(s) of delivery"]:
        note.append(f"Delivered {deal['Year(s) of delivery']}")
    if flags:
        note.append(f"Uncertain: {', '.join(flags)}")
    amounts = (
        ("units_ordered", deal["Number ordered"], "item"),
        ("units_delivered", deal["Number delivered"], "item"),
        ("tiv_ordered", deal["SIPRI TIV for total order"], "million TIV"),
        ("tiv_delivered", deal["SIPRI TIV of delivered weapons"], "million TIV"),
    )
    condition = {"New": "new", "Second hand": "used"}.get(deal["status"])
    fields = {
        "item": f"{deal['Weapon designation']} ({deal['Weapon description']})",
        "category": next((word for pattern, word in crosswalk.words if pattern in deal["Weapon description"]), "other"),
    }
    years = re.findall(r"\d{4}", deal["Year(s) of delivery"])
    return {
        "id": f"sipri-{key}",
        "type": "transfer.contract",
        "title": f"{deal['Weapon designation']} from {deal['Supplier']} to {deal['Recipient']}, ordered {deal['Year of order']}",
        "participants": sorted((giver, receiver)),
        "date": deal["Year of order"],
        "status": "delivered" if delivered else "signed",
        "history": [{"status": "delivered", "date": years[-1]}] if delivered and years else [],
        "direction": f"{giver}>{receiver}",
        "fields": fields | ({"new_or_used": condition} if condition else {}),
        "quantities": [
            {"name": name, "best": value, "unit": unit}
            for name, text, unit in amounts
            if (value := _number(text)) is not None
        ],
        "note": ". ".join(note),
        "coding": f"import: {NAME} of {report.vintage}",
        "citations": citation(report, report.vintage),
    }


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "")) if text else None
    except ValueError:
        return None
