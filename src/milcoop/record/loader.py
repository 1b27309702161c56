"""Load the record: the bundled folder, with a user's folder layered over it row by row."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from milcoop.codebook.loader import Codebook
from milcoop.codebook.reading import Problem, RowsRead, read_rows
from milcoop.domain.dates import PartialDate
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure, Gap, Search, Withdrawal
from milcoop.errors import InvalidRecord
from milcoop.record.codes import check_codes
from milcoop.record.credibility import grade_credibility
from milcoop.record.rows import EventRow, FigureRow, GapRow, ManifestRow, Row, SearchRow, WithdrawnRow

FOLDERS: dict[str, type[Row]] = {
    "events": EventRow,
    "figures": FigureRow,
    "searches": SearchRow,
    "gaps": GapRow,
    "withdrawn": WithdrawnRow,
}


@dataclass(frozen=True)
class Record:
    """Cited events and figures with the log of searches, at one version and vintage."""

    events: tuple[Event, ...]
    figures: tuple[Figure, ...]
    searches: tuple[Search, ...]
    gaps: tuple[Gap, ...]
    withdrawn: tuple[Withdrawal, ...]
    version: str
    """Version of the bundled record, then ``+`` and the digest of all files read."""
    ends: date
    """Day up to which the record was searched, or the vintage's date when earlier."""
    as_of: date | None = None
    problems: tuple[Problem, ...] = ()

    def of_dyad(self, dyad: Dyad) -> tuple[Event, ...]:
        """Events in which both states of the dyad take part, by date."""
        return tuple(e for e in self.events if dyad.first in e.participants and dyad.second in e.participants)

    def figures_of_dyad(self, dyad: Dyad) -> tuple[Figure, ...]:
        """Figures about the dyad, by date."""
        return tuple(f for f in self.figures if dyad.first in f.participants and dyad.second in f.participants)

    def gaps_of_dyad(self, dyad: Dyad) -> tuple[Gap, ...]:
        """What was looked for and not found for the dyad, by first year."""
        return tuple(sorted((g for g in self.gaps if g.dyad == dyad.states), key=lambda g: (g.years[0], g.what)))

    def searches_of_dyad(self, dyad: Dyad) -> tuple[Search, ...]:
        """Logged queries for the dyad."""
        return tuple(s for s in self.searches if s.dyad == dyad.states)


def bundled_folder() -> Path:
    """Folder of the record that comes with the package."""
    return Path(str(files("milcoop.record"))) / "data"


def load_record(codebook: Codebook, layer: Path | None = None, *, strict: bool = True) -> Record:
    """Load the bundled record and, over it, the rows in ``layer``; a row with a known id replaces it.

    With ``strict`` the first problem raises InvalidRecord; without, problems are collected for validation.
    """
    if layer is not None and not layer.is_dir():
        raise InvalidRecord(
            f"found no folder at '{layer}', expected a record folder with events/, figures/ or searches/"
        )
    manifest_path = bundled_folder() / "record.yaml"
    manifest_read = read_rows(manifest_path, ManifestRow)
    problems = list(manifest_read.problems)
    if problems:
        raise InvalidRecord(str(problems[0]))
    manifest: ManifestRow = manifest_read.rows[0][1]
    digest = hashlib.sha256(codebook.rating_version.encode())
    kept: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    for read in [_read_bundled(), *([_read_folder(layer)] if layer else [])]:
        digest.update(read.digests)
        problems += read.problems
        for kind, rows in read.rows.items():
            kept[kind].update(rows)
        problems += _used_again(read.rows, kept["withdrawn"])
    if layer is not None:
        problems += _unknown_in(layer)
    if strict:
        if layer is not None:
            problems += _layer_codes(layer, kept, codebook)
        errors = [p for p in problems if p.severity == "error"]
        if errors:
            raise InvalidRecord(str(errors[0]))
    return _assemble(kept, codebook, manifest, f"{manifest.version}+{digest.hexdigest()[:8]}", tuple(problems))


@dataclass(frozen=True)
class _FolderRead:
    """Rows of one folder by kind and id, what was wrong with others, and the digests of its files."""

    rows: Mapping[str, Mapping[str, Any]]
    problems: Sequence[Problem]
    digests: bytes


@cache
def _read_bundled() -> _FolderRead:
    """The bundled folder, read once a process: its files do not change, and its rows are frozen."""
    return _read_folder(bundled_folder())


def _read_folder(folder: Path) -> _FolderRead:
    held: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    problems: list[Problem] = []
    digests = b""
    for kind, model in FOLDERS.items():
        for path in sorted([*(folder / kind).rglob("*.yaml"), *(folder / kind).rglob("*.yml")]):
            read = read_rows(path, model)
            digests += read.digest
            problems += [*read.problems, *_keep(path, read, held[kind])]
    return _FolderRead(held, problems, digests)


def record_from_rows(rows: Mapping[str, list[dict[str, Any]]], codebook: Codebook) -> Record:
    """A record of its own from rows by kind, for example those of a package. Raises InvalidRecord for a bad row."""
    manifest: ManifestRow = read_rows(bundled_folder() / "record.yaml", ManifestRow).rows[0][1]
    kept: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    for kind, items in rows.items():
        for item in items:
            try:
                row = FOLDERS[kind].model_validate(item)
            except ValidationError as error:
                raise InvalidRecord(f"{kind} {item.get('id')}: {error.errors()[0]['msg']}") from error
            kept[kind][item["id"]] = _noun(row, "")
    return _assemble(kept, codebook, manifest, manifest.version, ())


def _assemble(
    kept: Mapping[str, dict[str, Any]],
    codebook: Codebook,
    manifest: ManifestRow,
    version: str,
    problems: tuple[Problem, ...],
) -> Record:
    gone = kept["withdrawn"]
    events = sorted(
        (e for e in kept["events"].values() if e.id not in gone),
        key=lambda e: (e.when.first_day, e.when.last_day, e.id),
    )
    figures = sorted(
        (f for f in kept["figures"].values() if f.id not in gone), key=lambda f: (f.name, f.when.first_day, f.id)
    )
    return Record(
        events=tuple(
            e if e.credibility else dataclasses.replace(e, credibility=grade_credibility(e, codebook), graded=True)
            for e in events
        ),
        figures=tuple(figures),
        searches=tuple(kept["searches"].values()),
        gaps=tuple(kept["gaps"].values()),
        withdrawn=tuple(gone.values()),
        version=version,
        ends=PartialDate(manifest.searched_to).last_day,
        problems=problems,
    )


def _keep(path: Path, read: RowsRead, held: dict[str, Any]) -> list[Problem]:
    problems = []
    for index, row in read.rows:
        where = f"{path}#{index}"
        if row.id in held:
            first = _file_of(held[row.id])
            problems.append(Problem(str(path), stored_line(where), f"id '{row.id}' stands twice; first in {first}"))
        held[row.id] = _noun(row, where)
    return problems


def _used_again(held: Mapping[str, Mapping[str, Any]], withdrawn: Mapping[str, Any]) -> list[Problem]:
    """Rows of a folder under an id that is withdrawn there or in the folders below it."""
    return [
        Problem(_file_of(row), stored_line(row.where_stored), f"id '{row_id}' was withdrawn; an id is never used again")
        for kind in ("events", "figures")
        for row_id, row in held[kind].items()
        if row_id in withdrawn
    ]


def _file_of(row: Any) -> str:
    return str(row.where_stored.rpartition("#")[0])


def _layer_codes(layer: Path, kept: Mapping[str, dict[str, Any]], codebook: Codebook) -> list[Problem]:
    """Rows of a user's folder against the codebook; the bundled ones are checked before release."""
    problems = []
    for kind, rows in kept.items():
        for row in rows.values() if kind != "withdrawn" else ():
            path = Path(_file_of(row))
            if layer in path.parents:
                problems += [
                    Problem(str(path), stored_line(row.where_stored), f"{row.id}: {m}")
                    for m in check_codes(row, codebook)
                ]
    return problems


def _noun(row: Any, where: str) -> Event | Figure | Search | Gap | Withdrawal:
    """The frozen noun of a row."""
    if isinstance(row, EventRow):
        return row.to_event(where)
    if isinstance(row, FigureRow):
        return row.to_figure(where)
    if isinstance(row, SearchRow):
        return row.to_search(where)
    if isinstance(row, WithdrawnRow):
        return row.to_withdrawal(where)
    gap: GapRow = row
    return gap.to_gap(where)


def stored_line(where: str) -> int:
    """Line of a row from its ``file#index``."""
    from milcoop.codebook.reading import line_of

    path, _, index = where.rpartition("#")
    return line_of(Path(path).read_text("utf-8"), [int(index)])


def _unknown_in(layer: Path) -> list[Problem]:
    known = {*FOLDERS, "codebook", "datasets", "forecasts"}
    return [
        Problem(str(p), 1, f"unknown folder or file; expected {', '.join(sorted(known))}", "warning")
        for p in sorted(layer.iterdir())
        if p.name not in known and not p.name.startswith(".") and (p.is_dir() or p.suffix in (".yaml", ".yml"))
    ]
