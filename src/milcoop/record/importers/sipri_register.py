"""SIPRI trade register, as the web export writes it: a preamble, a header, one row a deal.

Known traps, each met in real exports: text that is not UTF-8; three columns without a name that hold the ``?`` of
uncertainty; records broken over two lines inside a field; years of delivery joined by ``;``; trailing spaces; suppliers
that no longer exist. SIPRI's trend-indicator value (TIV) measures volume, not price.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from milcoop.codebook.entries import Crosswalk
from milcoop.codebook.loader import Codebook
from milcoop.codebook.states import find_state
from milcoop.errors import InvalidArgument, InvalidRecord, nearest

NAME = "sipri-trade-register"
COLUMNS = (
    "Recipient", "Supplier", "Year of order", "Number ordered", "Weapon designation", "Weapon description",
    "Number delivered", "Year(s) of delivery", "status", "Comments", "SIPRI TIV per unit", "SIPRI TIV for total order",
    "SIPRI TIV of delivered weapons",
)  # fmt: skip
URL = "https://armstransfers.sipri.org/ArmsTransfer/TransferRegister"


@dataclass
class RegisterRead:
    """What came out of a register: rows for the dataset, and what was joined or left out."""

    vintage: str
    deals: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    """Records that were broken over two lines."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> number of deals not used."""
    unknown_columns: list[str] = field(default_factory=list)


def read_register(path: Path, codebook: Codebook) -> RegisterRead:
    """Read a register. Raises InvalidRecord when the file is not one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidRecord(f"cannot read '{path}': {error.strerror or error}") from error
    lines = list(csv.reader(io.StringIO(_text(raw), newline="")))
    start = next((i for i, row in enumerate(lines) if [c.strip() for c in row[:2]] == ["Recipient", "Supplier"]), None)
    if start is None:
        raise InvalidRecord(
            f"{path}:1: no row begins with 'Recipient,Supplier'; expected SIPRI's trade register as CSV"
        )
    header = [c.strip() for c in lines[start]]
    missing = [c for c in COLUMNS if c not in header]
    if missing:
        raise InvalidRecord(f"{path}:{start + 1}: column '{missing[0]}' is missing{nearest(missing[0], header)}")
    found = RegisterRead(vintage=_vintage(path, lines[:start]))
    found.unknown_columns = [c for c in header if c and c not in COLUMNS]
    crosswalk = codebook.crosswalks["sipri"]
    seen: Counter[str] = Counter()
    states: dict[str, str | None] = {}
    for line, cells in _records(lines[start + 1 :], len(header), start + 2, found):
        found.deals += 1
        deal = {c: cells[header.index(c)].strip() for c in COLUMNS}
        codes = []
        for name in (deal["Supplier"], deal["Recipient"]):
            if name not in states:
                states[name] = _state(name, codebook, crosswalk)
            codes.append(states[name])
            if states[name] is None:
                found.left_out[f"no state in the codebook: {name}"] += 1
                break
        if None in codes:
            continue
        giver, receiver = (str(c) for c in codes)
        if giver == receiver:
            found.left_out["supplier and recipient are one state"] += 1
            continue
        if not re.fullmatch(r"\d{4}", deal["Year of order"]):
            found.left_out[f"year of order '{deal['Year of order']}' at line {line}"] += 1
            continue
        found.rows.append(_row(deal, giver, receiver, cells, header, found.vintage, crosswalk, seen))
    return found


def about_register(path: Path, found: RegisterRead) -> dict[str, Any]:
    """Provenance of the dataset."""
    return {
        "name": NAME,
        "vintage": found.vintage,
        "title": "SIPRI Arms Transfers Database, trade register",
        "publisher": "Stockholm International Peace Research Institute",
        "url": URL,
        "licence": "Copyright SIPRI; free for non-commercial use with citation; not for redistribution as a whole",
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "deals_read": found.deals,
        "deals_used": len(found.rows),
        "records_joined": found.joined,
        "left_out": dict(found.left_out.most_common()),
        "unknown_columns": found.unknown_columns,
    }


def _text(raw: bytes) -> str:
    """Exports are cp1252; one that someone saved as UTF-8 is read as such."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _vintage(path: Path, preamble: list[list[str]]) -> str:
    text = " ".join(",".join(row) for row in preamble)
    match = re.search(r"Data generated:\s*(\d{1,2} \w{3} \d{4})", text)
    if match is None:
        raise InvalidRecord(f"{path}:1: the preamble has no 'Data generated: <day month year>'; a vintage is needed")
    return datetime.strptime(match.group(1), "%d %b %Y").date().isoformat()


def _records(
    lines: list[list[str]], width: int, first_line: int, found: RegisterRead
) -> Iterator[tuple[int, list[str]]]:
    """Rows of full width; a short row is joined with the next when both make one, else reported."""
    i = 0
    while i < len(lines):
        cells, line = lines[i], first_line + i
        i += 1
        if len(cells) >= width:
            yield line, cells
            continue
        if not any(c.strip() for c in cells):
            continue
        following = lines[i] if i < len(lines) else []
        if len(cells) + len(following) == width + 1 and not following[0].strip():
            joined = [*cells[:-1], f"{cells[-1]} {following[0]}", *following[1:]]
            found.joined.append(
                f"lines {line} and {line + 1}: {' '.join(cells[:3])} {cells[6] if len(cells) > 6 else ''}"
            )
            i += 1
            yield line, joined
        else:
            found.left_out[f"line {line} has {len(cells)} fields, expected {width}"] += 1


def _state(name: str, codebook: Codebook, crosswalk: Crosswalk) -> str | None:
    if name in crosswalk.states:
        return crosswalk.states[name]
    try:
        return find_state(codebook, name)
    except InvalidArgument:
        return None


def _row(
    deal: Mapping[str, str],
    giver: str,
    receiver: str,
    cells: list[str],
    header: list[str],
    vintage: str,
    crosswalk: Crosswalk,
    seen: Counter[str],
) -> dict[str, Any]:
    identity = "|".join(deal[c] for c in ("Recipient", "Supplier", "Year of order", "Weapon designation"))
    seen[identity] += 1
    key = hashlib.sha256(f"{identity}|{seen[identity]}".encode()).hexdigest()[:10]
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
        "coding": f"import: {NAME} of {vintage}",
        "citations": {
            "a": {
                "url": URL,
                "publisher": "SIPRI",
                "title": f"Arms Transfers Database, trade register generated {vintage}",
                "date": vintage,
                "language": "en",
                "accessed": vintage,
            }
        },
    }


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "")) if text else None
    except ValueError:
        return None
