"""SIPRI's military expenditure workbook: one sheet a measure, one row a state, one column a year.

SIPRI marks its own estimates blue and highly uncertain values red; both go into the figure's note. ``...`` is unknown and
``xxx`` no such state: neither is a figure.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils.exceptions import InvalidFileException

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord
from milcoop.record.importers.reading import Import, ImportReport, States, citation, digest
from milcoop.record.importers.sipri_register import LICENCE, PUBLISHER

URL = "https://www.sipri.org/databases/milex"
MEASURES = (
    ("Constant", "military_expenditure_constant", "USD million at {sheet}", 1.0),
    ("Current US$", "military_expenditure_current", "USD million", 1.0),
    ("Share of GDP", "military_expenditure_share_of_gdp", "percent", 100.0),
    ("Per capita", "military_expenditure_per_capita", "USD", 1.0),
    ("Share of Govt", "military_expenditure_share_of_government", "percent", 100.0),
    ("Local currency financial", "military_expenditure_local_financial_year", "million of local currency", 1.0),
    ("Local currency calendar", "military_expenditure_local", "million of local currency", 1.0),
)
"""(beginning of the sheet's name, figure, unit, factor to the unit)"""
NO_VALUE = {"...", ". .", "..", "xxx", ""}
MARKS = {"0000FF": "SIPRI's estimate", "FF0000": "highly uncertain"}


def read_milex(path: Path, codebook: Codebook, vintage: str | None = None) -> Import:
    """Read a workbook. Its vintage is the day on which SIPRI saved it, unless given. Raises InvalidRecord."""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except OSError as error:
        raise InvalidRecord(f"cannot read '{path}': {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        raise InvalidRecord(f"'{path}' is no Excel workbook: {error}") from error
    sheets = [(s, m) for s in book.sheetnames for m in MEASURES if s.startswith(m[0])]
    if not sheets:
        raise InvalidRecord(
            f"{path}: no sheet is named like '{MEASURES[0][0]} (2022) US$'; expected SIPRI's Milex workbook"
        )
    saved = book.properties.modified
    if vintage is None and saved is None:
        raise InvalidRecord(f"{path}: the workbook does not say when it was saved; give its day with --vintage")
    report = ImportReport(
        "sipri-milex", "Military Expenditure Database", PUBLISHER, URL, LICENCE,
        vintage or saved.date().isoformat(), "rows of states",
    )  # fmt: skip
    for sheet in book.sheetnames:
        if not any(sheet == s for s, _ in sheets):
            report.unknown_columns.append(f"sheet {sheet}")
    return Import(report, _figures(path, book, sheets, report, codebook))


def _figures(
    path: Path, book: Any, sheets: list[tuple[str, Any]], report: ImportReport, codebook: Codebook
) -> Iterator[tuple[str, dict[str, Any]]]:
    states = States(codebook, codebook.crosswalks["sipri"])
    for sheet, (_, name, unit, factor) in sheets:
        years: dict[int, int] = {}
        for cells in book[sheet].iter_rows():
            theirs = str(cells[0].value or "").strip()
            if theirs == "Country":
                years = {i: c.value for i, c in enumerate(cells) if isinstance(c.value, int)}
                continue
            given = {y: cells[i] for i, y in years.items() if i < len(cells) and cells[i].value is not None}
            if not given or not theirs:
                continue
            report.read += 1
            state = states.by_name(theirs)
            if state is None:
                report.leave_out(f"no state in the codebook: {theirs}")
                continue
            for year, cell in given.items():
                if isinstance(cell.value, str):
                    if cell.value.strip() not in NO_VALUE:
                        report.leave_out(f"'{cell.value}' for {theirs} {year} in '{sheet}' is no number")
                    continue
                yield (
                    "figures",
                    {
                        "id": f"{name.replace('_', '-')}-{state.casefold()}-{year}-{digest(theirs)[:4]}",
                        "name": name,
                        "participants": [state],
                        "date": str(year),
                        "best": round(cell.value * factor, 6),
                        "unit": unit.format(
                            sheet=sheet.removeprefix("Constant ").strip("()").replace(") US$", " prices")
                        ),
                        "title": f"Military expenditure of {theirs}, {year}",
                        "note": MARKS.get(_colour(cell), ""),
                        "citations": citation(report, report.vintage if len(report.vintage) == 10 else str(year)),
                    },
                )
        if not years:
            raise InvalidRecord(f"{path}: sheet '{sheet}' has no row that begins with 'Country'")


def _colour(cell: Any) -> str:
    """RGB of a cell's font, six hexadecimal digits; empty for the default."""
    colour = cell.font.color if cell.font else None
    if colour is None:
        return ""
    rgb = COLOR_INDEX[colour.indexed] if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX) else colour.rgb
    return rgb[-6:] if isinstance(rgb, str) else ""
