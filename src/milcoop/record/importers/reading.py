"""What importers share: the report of one import, safe reading of text, states by the codes and names of others.

An importer gives an :class:`Import`: a report, and rows that are read while they are consumed, so that no file has to fit
into memory. The report is complete when the last row was taken.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from milcoop.codebook.entries import Crosswalk
from milcoop.codebook.loader import Codebook
from milcoop.codebook.states import find_state
from milcoop.errors import InvalidArgument, InvalidRecord, nearest

CHUNK = 1 << 20


@dataclass
class ImportReport:
    """Provenance of an import, what was read, and every row that could not be used, by reason."""

    name: str
    """Name of the dataset, one for each publisher's product."""
    title: str
    publisher: str
    url: str
    licence: str
    vintage: str
    """Day or version that the publisher gives this state of the data."""
    unit: str = "rows"
    """What one line of the file is, in the plural."""
    read: int = 0
    used: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> number of units not used."""
    joined: list[str] = field(default_factory=list)
    """Records that were broken over two lines."""
    unknown_columns: list[str] = field(default_factory=list)

    @classmethod
    def of_own_file(cls, name: str) -> ImportReport:
        """Report of a user's own file, which has no publisher and no vintage."""
        return cls(name, name, "", "", "", "")

    def leave_out(self, reason: str) -> None:
        """Count a unit that cannot be used."""
        self.left_out[reason] += 1


@dataclass(frozen=True, slots=True)
class Import:
    """A file being imported. ``rows`` gives ("events" or "figures", row) once."""

    report: ImportReport
    rows: Iterator[tuple[str, dict[str, Any]]]


def digest(*parts: str) -> str:
    """Ten hexadecimal digits that stay the same for the same parts."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:10]


def citation(report: ImportReport, accessed: str) -> dict[str, Any]:
    """The citations of an imported row: the dataset at its vintage."""
    dated = len(report.vintage) == 10
    return {
        "a": {
            "url": report.url,
            "publisher": report.publisher,
            "title": f"{report.title}, {'of ' if dated else 'version '}{report.vintage}",
            "date": report.vintage if dated else "unknown",
            "language": "en",
            "accessed": accessed,
        }
    }


def encoding_of(path: Path) -> str:
    """``utf-8-sig`` where the whole file is UTF-8, else ``cp1252``. Raises InvalidRecord when it cannot be read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                if b"\0" in chunk:
                    raise InvalidRecord(f"found a binary file in '{path}', expected text in columns (CSV)")
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except OSError as error:
        raise InvalidRecord(f"cannot read '{path}': {error.strerror or error}") from error
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def lines_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line where the record ends, cells) of a CSV file, read as it is consumed. Raises InvalidRecord."""
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as stream:
        reader = csv.reader(stream)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise InvalidRecord(f"{path}:{reader.line_num}: {error}") from error


def find_header(
    path: Path, lines: Iterable[tuple[int, list[str]]], first: Sequence[str], needed: Sequence[str], what: str
) -> tuple[list[list[str]], list[str]]:
    """(preamble, header) of a file, leaving ``lines`` after the header.

    The header is the first line that begins with the cells ``first``. Raises InvalidRecord when there is none or when one
    of the columns ``needed`` is missing.
    """
    preamble: list[list[str]] = []
    for line, cells in lines:
        header = [c.strip().strip('"') for c in cells]
        if header[: len(first)] == list(first):
            for column in needed:
                if column not in header:
                    raise InvalidRecord(f"{path}:{line}: column '{column}' is missing{nearest(column, header)}")
            return preamble, header
        preamble.append(cells)
    raise InvalidRecord(f"{path}:1: no row begins with '{','.join(first)}'; expected {what}")


def with_first_value(
    path: Path, lines: Iterator[tuple[int, list[str]]], header: list[str], column: str
) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Value of a column in the first record, and all records. Raises InvalidRecord when there is none."""
    first = next(lines, None)
    value = dict(zip(header, first[1], strict=False)).get(column, "").strip() if first else ""
    if first is None or not value:
        raise InvalidRecord(f"{path}: found no {column} in the first row, expected one; a vintage is needed")
    return value, chain([first], lines)


def records_of(
    lines: Iterator[tuple[int, list[str]]], header: list[str], report: ImportReport
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column, stripped); counts what was read and reports records of another width."""
    for line, cells in lines:
        if not any(c.strip() for c in cells):
            continue
        report.read += 1
        if len(cells) == len(header):
            yield line, dict(zip(header, (c.strip() for c in cells), strict=True))
        else:
            report.leave_out(f"line {line} has {len(cells)} fields, expected {len(header)}")


class States:
    """States by the names and codes of others, looked up once each. None for what the codebook does not have."""

    def __init__(self, codebook: Codebook, crosswalk: Crosswalk | None = None) -> None:
        self._codebook = codebook
        self._crosswalk = crosswalk.states if crosswalk else {}
        self._names: dict[str, str | None] = {}
        self._cow: dict[int, list[tuple[int, int | None, str]]] = defaultdict(list)
        for state in codebook.actors.values():
            for code in state.codes:
                self._cow[code.cow].append((code.from_, code.to, state.iso3))

    def by_name(self, name: str) -> str | None:
        """ISO3 of a state by the crosswalk, else by any name of the codebook."""
        if name not in self._names:
            try:
                self._names[name] = self._crosswalk.get(name) or find_state(self._codebook, name)
            except InvalidArgument:
                self._names[name] = None
        return self._names[name]

    def by_cow(self, code: str, first: int, last: int | None = None) -> str | None:
        """ISO3 of the state that a COW number means in a span of years; ``last`` None is a span of one year."""
        if not code.isdigit():
            return None
        until = first if last is None else last
        for begin, end, iso3 in self._cow.get(int(code), []):
            if begin <= until and (end is None or first <= end):
                return iso3
        return None
