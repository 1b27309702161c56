"""Ratings by several raters in a CSV file: one row a unit, rater and value."""

from __future__ import annotations

from pathlib import Path

from milcoop.errors import InvalidRecord, nearest
from milcoop.record.importers.reading import lines_of


def read_ratings(path: Path, unit: str, rater: str, value: str) -> dict[str, dict[str, str]]:
    """Unit -> rater -> value, from the three columns named; an empty value is a missing rating.

    Raises InvalidRecord with file and line when there is no such file or column, a rating stands twice or a row is cut off.
    """
    if not path.is_file():
        raise InvalidRecord(f"found no file at '{path}', expected a CSV file with {unit}, {rater}, {value}")
    lines = lines_of(path)
    header = next((cells for _, cells in lines), None)
    if header is None:
        raise InvalidRecord(f"{path}:1: the file is empty, expected a header with {unit}, {rater}, {value}")
    header = [h.strip() for h in header]
    for column in (unit, rater, value):
        if column not in header:
            hint = nearest(column, header) or f"; columns: {', '.join(header[:8])}"
            raise InvalidRecord(f"{path}:1: found no column '{column}'{hint}")
    places = [header.index(c) for c in (unit, rater, value)]
    found: dict[str, dict[str, str]] = {}
    for line, cells in lines:
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(header):
            raise InvalidRecord(f"{path}:{line}: found {len(cells)} cells, expected {len(header)}")
        of, by, said = (cells[p].strip() for p in places)
        if not of or not by:
            raise InvalidRecord(f"{path}:{line}: found no {rater if of else unit}, expected one in every row")
        row = found.setdefault(of, {})
        if not said:
            continue
        if by in row:
            raise InvalidRecord(
                f"{path}:{line}: found a second rating of '{of}' by '{by}', expected one of each unit by each rater"
            )
        row[by] = said
    if not any(found.values()):
        raise InvalidRecord(f"{path}:1: no rating below its header, expected rows of {unit}, {rater}, {value}")
    return found
