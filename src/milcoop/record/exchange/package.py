"""A Frictionless data package of the record: CSV tables with a schema each, licence, readme, references; and back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord, nearest
from milcoop.record.exchange.tables import TABLES, Table, record_tables, rows_of_tables
from milcoop.record.loader import Record
from milcoop.record.references import collect_references, to_bibtex, to_csl

KEYS: Mapping[str, tuple[str, str] | None] = {
    "events": None,
    "figures": None,
    "searches": None,
    "gaps": None,
    "withdrawn": None,
    "ordinals": ("event", "events"),
    "statuses": ("event", "events"),
    "fields": ("event", "events"),
    "quantities": ("event", "events"),
    "citations": None,
}
"""Foreign key of each table: (column, table); tables without one have ``id`` as primary key, citations (row, key)."""

NUMBERS = {"low": "number", "best": "number", "high": "number", "number": "integer", "credibility": "integer"}

README = """# Record of military cooperation between states

Version {version}, as of {as_of}. {n_events} events, {n_figures} figures, {n_searches} logged searches.

One row of `events.csv` is one act. `citations.csv` holds the pages behind each event and figure (`row` is its id), `fields.csv`,
`quantities.csv`, `statuses.csv` and `ordinals.csv` what is coded of it. Lists in a cell are joined by `;`; an empty cell is unknown.
`searches.csv` says what was searched, `gaps.csv` what was looked for and not found, `withdrawn.csv` what was taken back and why.

Licence: CC BY 4.0 (`LICENSE`). To cite: `CITATION.cff`. `milcoop import package DIR --record FOLDER` reads the package back, identifiers and all.
"""

LICENCE = """The record of military cooperation between states is licensed under the Creative Commons Attribution 4.0 International
licence (CC BY 4.0): https://creativecommons.org/licenses/by/4.0/legalcode

The pages it cites belong to their publishers. The record holds their addresses, titles and dates and no text of theirs.
"""

CITATION = """cff-version: 1.2.0
message: "If you use this record, please cite it with its version."
type: dataset
title: "milcoop record of military cooperation between states"
authors:
  - name: "The milcoop authors"
version: "{version}"
date-released: "{as_of}"
license: CC-BY-4.0
"""


def package_files(record: Record, codebook: Codebook) -> dict[str, bytes]:
    """File name -> content of the whole package."""
    tables = record_tables(record)
    files = {f"{name}.csv": _csv(rows, TABLES[name]) for name, rows in tables.items()}
    as_of = (record.as_of or record.ends).isoformat()
    readme = README.format(
        version=record.version,
        as_of=as_of,
        n_events=len(record.events),
        n_figures=len(record.figures),
        n_searches=len(record.searches),
    )
    descriptor = {
        "name": "milcoop-record",
        "title": "Record of military cooperation between states",
        "version": record.version,
        "created": f"{as_of}T00:00:00Z",
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
        ],
        "resources": [_resource(name) for name in TABLES],
    }
    files["datapackage.json"] = _json(descriptor)
    files["README.md"] = readme.encode()
    files["LICENSE"] = LICENCE.encode()
    files["CITATION.cff"] = CITATION.format(version=record.version, as_of=as_of).encode()
    return files | reference_files(record, codebook)


def reference_files(record: Record, codebook: Codebook) -> dict[str, bytes]:
    """Every page that the record cites, as CSL-JSON and BibTeX."""
    references = collect_references([*record.events, *record.figures], codebook)
    return {"references.json": _json(to_csl(references)), "references.bib": to_bibtex(references).encode()}


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: Table, columns: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _resource(name: str) -> dict[str, Any]:
    fields = [{"name": c, "type": NUMBERS.get(c, "string")} for c in TABLES[name]]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    key = KEYS[name]
    if key is not None:
        schema["foreignKeys"] = [{"fields": key[0], "reference": {"resource": key[1], "fields": "id"}}]
    elif name == "citations":
        schema["primaryKey"] = ["row", "key"]
    else:
        schema["primaryKey"] = "id"
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def read_package(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows by kind from a package folder. Raises InvalidRecord for a missing table or an unknown column."""
    if not (folder / "datapackage.json").is_file():
        raise InvalidRecord(
            f"found no datapackage.json in '{folder}', expected a package made by 'milcoop export package'"
        )
    tables: dict[str, Table] = {}
    for name, columns in TABLES.items():
        path = folder / f"{name}.csv"
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.DictReader(stream)
                for column in reader.fieldnames or ():
                    if column not in columns:
                        raise InvalidRecord(f"{path}:1: unknown column '{column}'{nearest(column, columns)}")
                missing = [c for c in columns if c not in (reader.fieldnames or ())]
                if missing:
                    raise InvalidRecord(f"{path}:1: column '{missing[0]}' is missing")
                tables[name] = list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InvalidRecord(f"{path}: cannot be read: {error}") from error
    return rows_of_tables(tables)
