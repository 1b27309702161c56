"""Anyone's table by a mapping file: CSV, an Excel sheet, or a resource of a Frictionless package.

The mapping says which column gives which key of an event or figure, how its words read in ours, and what holds for every
row. What it does not name is reported; a word that it does not translate rejects the row. Nothing is guessed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import openpyxl
import ryaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord, nearest
from milcoop.record.codes import check_codes
from milcoop.record.importers.reading import ImportReport, States, lines_of
from milcoop.record.rows import EventRow, FigureRow

STATE_KEYS = ("participants", "observers")


class Column(BaseModel):
    """Where a key's value comes from and how it reads."""

    model_config = ConfigDict(extra="forbid")

    column: str
    values: dict[str, Any] | None = None
    """Their word -> ours; a word that is not here rejects the row."""
    split: str | None = None
    """Separator of a list in one cell."""
    format: str | None = None
    """``strptime`` format of a date; its precision is that of the format."""


class TableMapping(BaseModel):
    """A mapping file."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["events", "figures"]
    table: str | None = None
    """Excel sheet or resource of a package; the first when left out."""
    header: int = Field(default=1, ge=1)
    """Row of the column names."""
    columns: dict[str, str | Column]
    constants: dict[str, Any] = {}
    ignore: tuple[str, ...] = ()
    """Columns that are known and not wanted."""


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping file. Raises InvalidRecord with what is wrong."""
    try:
        return TableMapping.model_validate(ryaml.loads(path.read_text("utf-8")))
    except OSError as error:
        raise InvalidRecord(f"cannot read '{path}': {error.strerror or error}") from error
    except (ryaml.InvalidYamlError, UnicodeDecodeError) as error:
        raise InvalidRecord(f"'{path}' is no YAML: {str(error).splitlines()[0]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidRecord(
            f"{path}: {where or 'the file'}: {first['msg']}{nearest(where, TableMapping.model_fields)}"
        ) from error


def read_mapped(path: Path, mapping: TableMapping, codebook: Codebook) -> tuple[list[dict[str, Any]], ImportReport]:
    """Rows that hold against schema and codebook, and the report with a reason for each that does not.

    Raises InvalidRecord when the file cannot be read or lacks a column that the mapping names.
    """
    report = ImportReport.of_own_file(path.name)
    spec = {key: Column(column=c) if isinstance(c, str) else c for key, c in mapping.columns.items()}
    header, records = _table(path, mapping)
    for column in spec.values():
        if column.column not in header:
            raise InvalidRecord(f"{path}: found no column '{column.column}'{nearest(column.column, header)}")
    report.unknown_columns = [c for c in header if c and c not in {s.column for s in spec.values()} | {*mapping.ignore}]
    model = EventRow if mapping.kind == "events" else FigureRow
    states = States(codebook)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for line, cells in records:
        report.read += 1
        try:
            row = _row(cells, spec, mapping.constants, states)
            checked = model.model_validate(row)
            noun = checked.to_event("") if isinstance(checked, EventRow) else checked.to_figure("")
            problem = next(check_codes(noun, codebook), None)
            if row["id"] in seen:
                problem = f"id '{row['id']}' is there twice"
        except ValidationError as error:
            first = error.errors()[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        except ValueError as error:
            problem = str(error)
        if problem:
            report.leave_out(f"row {line}: {problem}")
            continue
        seen.add(row["id"])
        rows.append(row)
    report.used = len(rows)
    return rows, report


def _row(
    cells: Mapping[str, Any], spec: Mapping[str, Column], constants: Mapping[str, Any], states: States
) -> dict[str, Any]:
    """A row in the record's form. Raises ValueError for a word or date that the mapping does not read."""
    flat: dict[str, Any] = dict(constants)
    for key, column in spec.items():
        value = _value(key, cells.get(column.column), column, states)
        if value not in (None, "", []):
            flat[key] = value
    if "date_end" in flat:
        flat["date"] = f"{flat.get('date', '')}/{flat.pop('date_end')}"
    row: dict[str, Any] = {}
    for key, value in flat.items():
        *path, last = key.split(".")
        place = row
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    if "quantities" in row:
        row["quantities"] = [
            {"name": name} | amount for name, amount in row["quantities"].items() if {"low", "best", "high"} & {*amount}
        ]
    return row


def _value(key: str, cell: Any, column: Column, states: States) -> Any:
    if cell is None or str(cell).strip() == "":
        return None
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if column.format:
        try:
            found = datetime.strptime(text, column.format)
        except ValueError:
            raise ValueError(f"'{text}' in '{column.column}' is no date of the form {column.format}") from None
        return found.strftime(_precision(column.format))
    words = [w.strip() for w in text.split(column.split) if w.strip()] if column.split else [text]
    read = [_word(key, word, column, states) for word in words]
    listed = column.split is not None or key in STATE_KEYS
    return read if listed else read[0]


def _precision(format_: str) -> str:
    """What of a date a ``strptime`` format reads: day, month or year."""
    if any(part in format_ for part in ("%d", "%j", "%x")):
        return "%Y-%m-%d"
    return "%Y-%m" if any(part in format_ for part in ("%m", "%b", "%B")) else "%Y"


def _word(key: str, word: str, column: Column, states: States) -> Any:
    if column.values is not None:
        if word not in column.values:
            raise ValueError(f"'{word}' in '{column.column}' is not in the mapping{nearest(word, column.values)}")
        return column.values[word]
    if key in STATE_KEYS:
        state = states.by_name(word)
        if state is None:
            raise ValueError(f"'{word}' in '{column.column}' is no state of the codebook")
        return state
    return word


def _table(path: Path, mapping: TableMapping) -> tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]:
    """(columns, (row number, cells by column)) of a file by its kind."""
    if path.is_dir() or path.name == "datapackage.json":
        return _resource(path / "datapackage.json" if path.is_dir() else path, mapping.table)
    if path.suffix.casefold() in (".xlsx", ".xlsm"):
        return _sheet(path, mapping)
    lines = lines_of(path)
    for _ in range(mapping.header - 1):
        next(lines, None)
    first = next(lines, None)
    if first is None:
        raise InvalidRecord(f"{path}: found no row {mapping.header}, expected column names")
    header = [c.strip() for c in first[1]]
    return header, ((n, dict(zip(header, cells, strict=False))) for n, cells in lines if any(c.strip() for c in cells))


def _sheet(path: Path, mapping: TableMapping) -> tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InvalidRecord(f"cannot read '{path}': {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InvalidRecord(f"'{path}' is no Excel workbook: {error}") from error
    name = mapping.table or book.sheetnames[0]
    if name not in book.sheetnames:
        raise InvalidRecord(f"{path}: found no sheet '{name}'{nearest(name, book.sheetnames)}")
    rows = book[name].iter_rows(min_row=mapping.header, values_only=True)
    header = [str(c).strip() if c is not None else "" for c in next(rows, ())]
    if not any(header):
        raise InvalidRecord(f"{path}: sheet '{name}' has no row {mapping.header}, expected column names")
    numbered = enumerate(rows, mapping.header + 1)
    return header, (
        (n, dict(zip(header, cells, strict=False))) for n, cells in numbered if any(c is not None for c in cells)
    )


def _resource(path: Path, name: str | None) -> tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]:
    try:
        from frictionless import FrictionlessException, Package
    except ImportError as error:
        raise InvalidRecord(
            "a Frictionless package of others needs the extra: pip install 'milcoop[packages]'"
        ) from error
    try:
        package = Package(str(path))
        names = [r.name for r in package.resources]
        wanted = name or (names[0] if names else "")
        if wanted not in names:
            raise InvalidRecord(f"{path}: found no resource '{wanted}'{nearest(wanted, names)}")
        resource = package.get_table_resource(wanted)
        resource.infer()
        header = list(resource.schema.field_names)
        for name in header:
            resource.schema.set_field_type(name, "string")  # the record's own schema checks what is read
        rows = [(row.row_number, dict(row)) for row in resource.read_rows()]
    except FrictionlessException as error:
        raise InvalidRecord(f"'{path}' is no Frictionless package: {error.error.message}") from error
    return header, iter(rows)
