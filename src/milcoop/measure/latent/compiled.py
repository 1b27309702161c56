"""Compilation of the density: one place for its options. All arrays have chains as their last axis, so that loops over it vectorise."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config as compiler
from numba.core.compiler import Compiler

Function = TypeVar("Function", bound=Callable[..., object])
RELAXED = {"contract", "reassoc", "nsz", "arcp"}
"""Liberties with rounding; what is not a number stays so."""
OPTIONS: dict[str, Any] = {"fastmath": RELAXED, "error_model": "numpy"}


def _folder() -> str | None:
    """Where machine code is kept for later processes; None where nothing can be written.

    Its name holds a hash of the sources: the compiler's own check sees a changed file, not one that a changed file calls.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()[:16]
    python = f"{sys.implementation.cache_tag}-numba-{numba.__version__}"
    folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "milcoop" / f"{digest}-{python}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder) if os.access(folder, os.W_OK) else None


FOLDER = _folder()
settings: Any = compiler  # its fields are set as it loads


class Apart(Compiler):
    """Takes the arrays handed to a function for disjoint, else loops over few chains do not vectorise: hand none over twice."""

    def define_pipelines(self) -> Any:
        """As ever, with that promise."""
        self.state.flags.noalias = True
        pipelines: Any = super().define_pipelines
        return pipelines()


def compiled(function: Function) -> Function:
    """Compile to machine code at first use."""
    before = settings.CACHE_DIR
    settings.CACHE_DIR = FOLDER or before  # read when the decorator runs; other packages keep theirs
    try:
        made: Function = numba.njit(cache=FOLDER is not None, pipeline_class=Apart, **OPTIONS)(function)
    finally:
        settings.CACHE_DIR = before
    return made


def part(function: Function) -> Function:
    """Compile as a piece of each compiled function that calls it, never for itself: machine code is made once."""
    made: Function = numba.njit(inline="always", **OPTIONS)(function)
    return made
