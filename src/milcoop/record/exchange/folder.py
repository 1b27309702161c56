"""Write rows into a user's record folder as YAML, checked as they will be when read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ryaml
from pydantic import ValidationError

from milcoop.errors import InvalidRecord
from milcoop.record.loader import FOLDERS


def write_rows(folder: Path, name: str, rows: Mapping[str, list[dict[str, Any]]]) -> tuple[list[Path], list[str]]:
    """Write ``<kind>/<name>.yaml`` for each kind with rows; returns the paths and what was wrong with rows left out.

    Raises InvalidRecord when the folder cannot be written.
    """
    paths: list[Path] = []
    rejected: list[str] = []
    for kind, items in rows.items():
        good = []
        for item in items:
            try:
                FOLDERS[kind].model_validate(item)
            except ValidationError as error:
                first = error.errors()[0]
                rejected.append(f"{kind} {item.get('id')}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
                continue
            good.append(item)
        if not good:
            continue
        path = folder / kind / f"{name}.yaml"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".tmp")
            temporary.write_text(ryaml.dumps(good), "utf-8")
            temporary.replace(path)
        except OSError as error:
            raise InvalidRecord(f"cannot write '{path}': {error.strerror or error}") from error
        paths.append(path)
    return paths, rejected
