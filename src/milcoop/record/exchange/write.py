"""Write files safely: each to a temporary file beside its place, then renamed, so that nothing is left half-written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from milcoop.errors import OutputError


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files by name into a folder, made when missing; returns their paths. Raises OutputError."""
    prepare_folder(folder)
    paths = []
    for name, data in files.items():
        replace_file(folder / name, data)
        paths.append(folder / name)
    return paths


def check_folder(folder: Path) -> None:
    """Raise OutputError when a folder cannot be made or written; makes nothing."""
    existing = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    if not existing.is_dir():
        raise OutputError(f"cannot write to folder '{folder}': '{existing}' is not a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write to folder '{folder}': no permission to write in '{existing}'")


def prepare_folder(out: Path) -> list[Path]:
    """Make the output folder and check that it can be written; returns the folders that were made, deepest first."""
    missing = [p for p in (out, *out.parents) if not p.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"cannot write to folder '{out}': {error.strerror or error}") from error
    return missing


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the place, then rename over it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"cannot write '{path}': {error.strerror or error}") from error
