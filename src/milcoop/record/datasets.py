"""Imported datasets of others: kept beside the ledger, one vintage each, never counted by criteria.

A dataset folder holds ``dataset.yaml`` (what it is, its vintage, what was left out and why) and ``events.jsonl`` or
``figures.jsonl``. It stands below ``datasets/`` in a record folder. Two vintages never mix, since a name has one folder.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ryaml
from pydantic import ValidationError

from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.errors import InvalidArgument, InvalidRecord
from milcoop.record.exchange.write import prepare_folder
from milcoop.record.importers.reading import Import
from milcoop.record.rows import EventRow, FigureRow

ROW_FILES = ("events.jsonl", "figures.jsonl")


@dataclass(frozen=True, slots=True)
class Dataset:
    """One imported dataset at one vintage."""

    name: str
    vintage: str
    """Day on which its publisher generated or released it, ISO 8601."""
    source: Mapping[str, Any]
    """Provenance: publisher, file, digest, rows read, used and left out."""
    folder: Path

    @property
    def version(self) -> str:
        """Name and vintage."""
        return f"{self.name} {self.vintage}"

    def rows(self, kind: str = "events") -> Iterator[dict[str, Any]]:
        """Rows of a kind (``events`` or ``figures``) as written, in the file's order."""
        path = self.folder / f"{kind}.jsonl"
        if not path.is_file():
            return
        with path.open(encoding="utf-8") as stream:
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

    def figures_of_dyad(self, dyad: Dyad) -> tuple[Figure, ...]:
        """Figures of either state alone or of both, by name and date."""
        pair = set(dyad.states)
        figures = [
            FigureRow.model_validate(row).to_figure(str(self.folder / "figures.jsonl"))
            for row in self.rows("figures")
            if pair.issuperset(row["participants"])
        ]
        return tuple(sorted(figures, key=lambda f: (f.name, f.when.first_day, f.id)))


def find_dataset(record_folder: Path | None, name: str) -> Dataset | None:
    """The dataset of this name in a record folder; None when it was not imported."""
    folder = record_folder / "datasets" / name if record_folder else None
    return open_dataset(folder) if folder and (folder / "dataset.yaml").is_file() else None


def named_dataset(record_folder: Path | None, name: str) -> Dataset:
    """The dataset of this name. Raises InvalidArgument with the names that were imported."""
    found = find_dataset(record_folder, name)
    if found is None:
        held = sorted(p.parent.name for p in record_folder.glob("datasets/*/dataset.yaml")) if record_folder else []
        raise InvalidArgument(
            f"found no dataset '{name}' in the record folder, expected "
            + (f"one of {', '.join(held)}" if held else "'milcoop import KIND FILE --record DIR' first")
        )
    return found


def find_imported_event(record_folder: Path | None, event_id: str) -> Event | None:
    """The event with this id in any dataset of a record folder; None when there is none."""
    for about in sorted(record_folder.glob("datasets/*/dataset.yaml")) if record_folder else ():
        path = about.parent / "events.jsonl"
        if path.is_file():
            with path.open(encoding="utf-8") as stream:
                for line in stream:
                    if event_id in line and (row := json.loads(line))["id"] == event_id:
                        return EventRow.model_validate(row).to_event(str(path))
    return None


def open_dataset(folder: Path) -> Dataset:
    """Open a dataset folder. Raises InvalidRecord when it is none."""
    try:
        about = ryaml.loads((folder / "dataset.yaml").read_text("utf-8"))
        return Dataset(about["name"], str(about["vintage"]), about, folder)
    except (OSError, KeyError, TypeError, ryaml.InvalidYamlError) as error:
        raise InvalidRecord(f"found no dataset in '{folder}', expected dataset.yaml and events.jsonl") from error


def write_dataset(record_folder: Path, file: Path, imported: Import, *, replace: bool) -> Dataset:
    """Write an import below a record folder row by row; one of another vintage is replaced only when asked.

    Raises InvalidRecord when another vintage is there, OutputError when the folder cannot be written.
    """
    report = imported.report
    folder = record_folder / "datasets" / report.name
    if (folder / "dataset.yaml").is_file() and not replace:
        held = open_dataset(folder)
        if held.vintage != report.vintage:
            raise InvalidRecord(
                f"found {held.name} of {held.vintage} in '{folder}', expected the same vintage as the file "
                f"({report.vintage}); import into another folder and compare with 'milcoop diff', or pass --replace"
            )
    prepare_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".import-") as made:
        counts: Counter[str] = Counter()
        with (
            (Path(made) / "events.jsonl").open("w", encoding="utf-8") as events,
            (Path(made) / "figures.jsonl").open("w", encoding="utf-8") as figures,
        ):
            streams = {"events": events, "figures": figures}
            for kind, row in imported.rows:
                counts[kind] += 1
                streams[kind].write(json.dumps(row, ensure_ascii=False) + "\n")
        about = {
            "name": report.name,
            "vintage": report.vintage,
            "title": report.title,
            "publisher": report.publisher,
            "url": report.url,
            "licence": report.licence,
            "file": file.name,
            "sha256": _sha256(file),
            "unit": report.unit,
            "read": report.read,
            "left_out": dict(report.left_out.most_common()),
            "joined": report.joined,
            "unknown_columns": report.unknown_columns,
            "events": counts["events"],
            "figures": counts["figures"],
        }
        (Path(made) / "dataset.yaml").write_text(ryaml.dumps(about), "utf-8")
        for name in ROW_FILES:
            (folder / name).unlink(missing_ok=True)
        for name in (*(n for n in ROW_FILES if counts[n.partition(".")[0]]), "dataset.yaml"):
            (Path(made) / name).replace(folder / name)
    return open_dataset(folder)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
