"""Rows as files of other programs: JSON lines, GeoJSON, Parquet, Stata, Excel."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from milcoop.domain.tables import TableRow, neutral_cell, to_csv
from milcoop.record.exchange.write import write_files


def to_jsonl(rows: Sequence[TableRow]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def to_geojson(rows: Sequence[TableRow]) -> str:
    """A GeoJSON collection; a row without a place has a null geometry."""
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if row["lat"] is not None else None,
            "properties": row,
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def write_rows_file(rows: Sequence[TableRow], columns: Sequence[str], format_: str, path: Path) -> Path:
    """Write rows to one file in a format of the commands; returns the path. Raises OutputError."""
    text = {"jsonl": to_jsonl, "geojson": to_geojson}
    if format_ in text:
        data = text[format_](rows).encode()
    elif format_ == "json":
        data = (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()
    elif format_ in ("parquet", "dta", "xlsx"):
        data = _binary(rows, columns, format_)
    else:
        data = to_csv(rows, columns).encode()
    write_files(path.parent, {path.name: data})
    return path


def _binary(rows: Sequence[TableRow], columns: Sequence[str], format_: str) -> bytes:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(columns))
    out = io.BytesIO()
    if format_ == "parquet":
        frame.to_parquet(out, index=False)
    elif format_ == "xlsx":
        frame.map(neutral_cell).to_excel(out, index=False, sheet_name="rows")
    else:
        _stata(frame).to_stata(out, write_index=False, version=118, convert_strl=_long(frame))
    return out.getvalue()


def _stata(frame: Any) -> Any:
    """Stata has no missing text: unknown is the empty string."""
    text = [c for c in frame.columns if not _numeric(frame[c])]
    return frame.assign(**{c: frame[c].map(lambda v: "" if v is None or v != v else str(v)) for c in text})


def _numeric(column: Any) -> bool:
    return str(column.dtype).startswith(("int", "float"))


def _long(frame: Any) -> list[str]:
    """Columns whose text is too long for Stata's fixed strings."""
    return [
        c
        for c in frame.columns
        if not _numeric(frame[c]) and frame[c].astype(str).str.encode("utf-8").str.len().max() > 2000
    ]
