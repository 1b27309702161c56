"""A tiny record folder, written into a test's own directory and layered over the bundled record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CODING = "machine, 2026-11-22, written by a test"


def citation(**more: Any) -> dict[str, Any]:
    """A citation row of a publisher that the codebook does not know."""
    row = {
        "url": "https://example.org/page",
        "publisher": "Example",
        "title": "A page",
        "date": "2010-06-01",
        "language": "en",
        "accessed": "2026-11-22",
    }
    return row | more


def event_row(**more: Any) -> dict[str, Any]:
    """A valid naval exercise of Brazil and Argentina in June 2010, with what ``more`` changes; None drops a key."""
    row: dict[str, Any] = {
        "id": "planted",
        "type": "exercise.naval",
        "title": "Planted exercise",
        "participants": ["BRA", "ARG"],
        "date": "2010-06-01",
        "status": "held",
        "coding": CODING,
        "citations": {"a": citation()},
    }
    return {k: v for k, v in (row | more).items() if v is not None}


def figure_row(**more: Any) -> dict[str, Any]:
    """A valid figure of Brazil and Argentina in 2010, with what ``more`` changes; None drops a key."""
    row: dict[str, Any] = {
        "id": "planted-figure",
        "name": "share_of_arms_imports",
        "participants": ["BRA", "ARG"],
        "direction": "BRA>ARG",
        "date": "2010",
        "best": 40,
        "unit": "percent",
        "title": "Planted share",
        "citations": {"a": citation()},
    }
    return {k: v for k, v in (row | more).items() if v is not None}


def search_row(n: int, language: str = "en", **more: Any) -> dict[str, Any]:
    """One logged query for Brazil and Argentina, 2006 to 2010."""
    row: dict[str, Any] = {
        "id": f"planted-search-{n}",
        "dyad": ["BRA", "ARG"],
        "families": ["exercise", "operation"],
        "years": "2006/2010",
        "language": language,
        "query": "planted query",
        "on": "2026-11-22",
        "came_back": "8 pages, 1 used",
    }
    return row | more


def write_layer(
    folder: Path,
    *,
    events: list[dict[str, Any]] | None = None,
    figures: list[dict[str, Any]] | None = None,
    searches: list[dict[str, Any]] | None = None,
    codebook: dict[str, Any] | None = None,
    raw: dict[str, str | bytes] | None = None,
) -> Path:
    """Write rows as YAML into ``folder``; ``codebook`` and ``raw`` map a path to an entry or to the text itself."""
    files: dict[str, Any] = {f"codebook/{path}": rows for path, rows in (codebook or {}).items()}
    for kind, rows in (("events", events), ("figures", figures), ("searches", searches)):
        if rows is not None:
            files[f"{kind}/planted.yaml"] = rows
    folder.mkdir(parents=True, exist_ok=True)
    for path, rows in files.items():
        _write(folder / path, yaml.safe_dump(rows, allow_unicode=True, sort_keys=False).encode())
    for path, text in (raw or {}).items():
        _write(folder / path, text if isinstance(text, bytes) else text.encode())
    return folder


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
