"""Which importer reads a file: by kind, and within a kind by the file's header."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidRecord
from milcoop.record.importers.atop import read_atop
from milcoop.record.importers.cow import read_cow_alliances, read_cow_contiguity, read_cow_system
from milcoop.record.importers.reading import Import, lines_of
from milcoop.record.importers.sipri_milex import read_milex
from milcoop.record.importers.sipri_register import read_register
from milcoop.record.importers.sipri_tables import KINDS, read_tiv_table

COW: dict[str, Callable[[Path, Codebook, str], Import]] = {
    "version4id": read_cow_alliances,
    "stateabb": read_cow_system,
    "dyad": read_cow_contiguity,
}
"""First column -> importer."""
PREAMBLE = 40
"""Lines among which a header is looked for."""


def open_import(kind: str, path: Path, codebook: Codebook, vintage: str | None = None) -> Import:
    """An import of a kind (``sipri``, ``milex``, ``cow`` or ``atop``). Raises InvalidRecord when the file is another thing."""
    today = datetime.now(UTC).date().isoformat()
    if kind == "milex":
        return read_milex(path, codebook, vintage)
    if kind == "atop":
        return read_atop(path, codebook, today)
    if kind == "sipri":
        first, second = _header(path, KINDS)
        is_table = bool(first) and second != "Supplier"
        return read_tiv_table(path, codebook, first) if is_table else read_register(path, codebook)
    column, _ = _header(path, COW)
    if not column:
        raise InvalidRecord(
            f"{path}:1: no row begins with one of {', '.join(COW)}; expected alliances by member, state system by year or "
            "direct contiguity of Correlates of War as CSV"
        )
    return COW[column](path, codebook, today)


def _header(path: Path, first: Container[str]) -> tuple[str, str]:
    """First two cells of the first line that begins with one of ``first``; empty when there is none."""
    for _, cells in islice(lines_of(path), PREAMBLE):
        if cells and cells[0].strip() in first:
            return cells[0].strip(), cells[1].strip() if len(cells) > 1 else ""
    return "", ""
