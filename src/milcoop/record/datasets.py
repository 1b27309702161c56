"""Imported datasets of others: kept beside the ledger, one vintage each, never counted by criteria.

A dataset folder holds ``dataset.yaml`` (what it is, its vintage, what was left out and why) and ``events.jsonl``. It stands
below ``datasets/`` in a record folder. Two vintages never mix, since a name has one folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ryaml
from pydantic import ValidationError

from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.errors import InvalidRecord
from milcoop.record.exchange.write import write_files
from milcoop.record.rows import EventRow


@dataclass(frozen=True, slots=True)
class Dataset:
    """One imported dataset at one vintage."""

    name: str
    vintage: str
    """Day on which its publisher generated or released it, ISO 8601."""
    source: Mapping[str, Any]
    """Provenance: publisher, file, digest, rows read, used and left out."""
    folder: Path

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows as written, in the file's order."""
        with (self.folder / "events.jsonl").open(encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)

    def of_dyad(self, dyad: Dyad) -> tuple[Event, ...]:
        """Events between two states, by date."""
        wanted = list(dyad.states)
        events = []
        for row in self.rows():
            if row["participants"] == wanted:
                try:
                    events.append(EventRow.model_validate(row).to_event(str(self.folder / "events.jsonl")))
                except ValidationError as error:
                    raise InvalidRecord(f"{self.folder / 'events.jsonl'}: {row.get('id')}: {error}") from error
        return tuple(sorted(events, key=lambda e: (e.when.first_day, e.id)))


def find_dataset(record_folder: Path | None, name: str) -> Dataset | None:
    """The dataset of this name in a record folder; None when it was not imported."""
    folder = record_folder / "datasets" / name if record_folder else None
    return open_dataset(folder) if folder and (folder / "dataset.yaml").is_file() else None


def open_dataset(folder: Path) -> Dataset:
    """Open a dataset folder. Raises InvalidRecord when it is none."""
    try:
        about = ryaml.loads((folder / "dataset.yaml").read_text("utf-8"))
        return Dataset(about["name"], str(about["vintage"]), about, folder)
    except (OSError, KeyError, TypeError, ryaml.InvalidYamlError) as error:
        raise InvalidRecord(f"found no dataset in '{folder}', expected dataset.yaml and events.jsonl") from error


def write_dataset(
    record_folder: Path, about: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], *, replace: bool
) -> Dataset:
    """Write a dataset below a record folder; a folder with another vintage is replaced only when asked.

    Raises InvalidRecord when another vintage is there, OutputError when the folder cannot be written.
    """
    folder = record_folder / "datasets" / str(about["name"])
    if (folder / "dataset.yaml").is_file() and not replace:
        held = open_dataset(folder)
        if held.vintage != about["vintage"]:
            raise InvalidRecord(
                f"found {held.name} of {held.vintage} in '{folder}', expected the same vintage as the file "
                f"({about['vintage']}); import into another folder and compare with 'milcoop diff', or pass --replace"
            )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    write_files(folder, {"events.jsonl": lines.encode(), "dataset.yaml": ryaml.dumps(dict(about)).encode()})
    return open_dataset(folder)
