"""Read a YAML file strictly: every wrong key or value is a problem with file, line and the nearest valid word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import ryaml
from pydantic import BaseModel, ValidationError

from milcoop.errors import nearest

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file of the codebook or the record."""

    file: str
    line: int
    message: str
    severity: str = "error"
    """``error`` stops work; ``warning`` is for a person to judge."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message}"


@dataclass(frozen=True, slots=True)
class RowsRead:
    """Valid rows of one file, each with its place in the file, and what was wrong with the others."""

    rows: list[tuple[int, Any]]
    """(index in the file, row)"""
    problems: list[Problem]
    digest: bytes


def read_rows(path: Path, model: type[Row]) -> RowsRead:
    """Read a file that holds one mapping or a list of mappings as rows of ``model``."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return RowsRead([], [Problem(str(path), 1, f"cannot be read as UTF-8 text: {error}")], b"")
    digest = hashlib.sha256(raw).digest()
    try:
        data = ryaml.loads(text)
    except ryaml.InvalidYamlError as error:
        return RowsRead([], [Problem(str(path), _line_in(str(error)), f"not valid YAML: {error}")], digest)
    if data is None:
        return RowsRead([], [], digest)
    items = data if isinstance(data, list) else [data]
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for index, item in enumerate(items):
        try:
            rows.append((index, model.model_validate(item)))
        except ValidationError as error:
            problems += _explain(path, text, index if isinstance(data, list) else None, item, model, error)
    return RowsRead(rows, problems, digest)


def _line_in(message: str) -> int:
    import re

    found = re.search(r"line (\d+)", message)
    return int(found.group(1)) if found else 1


def _explain(
    path: Path, text: str, index: int | None, item: Any, model: type[BaseModel], error: ValidationError
) -> list[Problem]:
    problems = []
    name = item.get("id") if isinstance(item, dict) else None
    for detail in _plain(error.errors()):
        where = detail["loc"]
        message = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            message = f"unknown key '{where[-1]}'{nearest(str(where[-1]), _valid_keys(model, where[:-1]))}"
        elif detail["type"] == "missing":
            message = f"key '{where[-1]}' is missing"
        elif where:
            message = f"{'.'.join(map(str, where))}: {message}"
        subject = f"{name}: " if name else ""
        path_in_file: Sequence[int | str] = where if index is None else (index, *where)
        problems.append(Problem(str(path), line_of(text, path_in_file), subject + message))
    return problems


def _plain(details: Iterable[Any]) -> list[dict[str, Any]]:
    """Errors without the marks of the alternatives tried; where a key is unknown, only that is said of its value."""
    cleaned = [
        {
            **d,
            "loc": tuple(
                s for s in d["loc"] if not (isinstance(s, str) and (s == "str" or "[" in s or s.endswith("Row")))
            ),
        }
        for d in details
    ]
    unknown = {d["loc"][:-1] for d in cleaned if d["type"] == "extra_forbidden"}
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for d in cleaned:
        if d["type"] != "extra_forbidden" and any(
            u[: len(d["loc"])] == d["loc"] or d["loc"][: len(u)] == u for u in unknown if u
        ):
            continue
        kept.setdefault((d["loc"], d["type"] == "extra_forbidden"), d)
    return list(kept.values())


def _valid_keys(model: Any, where: Sequence[int | str]) -> list[str]:
    """Keys valid at a place below ``model``; follows nested models, lists and mappings."""
    from typing import get_args

    current = model
    for step in where:
        candidates = [current, *get_args(current)]
        for arg in list(candidates):
            candidates += get_args(arg)
        models = [c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)]
        if not models:
            return []
        current = models[0]
        if isinstance(step, str) and step in current.model_fields:
            current = current.model_fields[step].annotation
    stack, models = [current], []
    while stack:
        item = stack.pop()
        if isinstance(item, type) and issubclass(item, BaseModel):
            models.append(item)
        stack += get_args(item)
    return [key for m in models for key in m.model_fields]


def line_of(text: str, path: Sequence[int | str]) -> int:
    """Line (from 1) of the node at ``path`` in YAML text; the nearest enclosing node when it is missing."""
    import yaml

    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    line = node.start_mark.line if node else 0
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
