"""How a program of the comparison reads its panel and hands back its draws. Needs NumPy only.

Each program is run as ``python <name>_runner.py panel.npz draws.npz warmup draws chains`` and clocks itself: libraries are imported
before the clock starts, the panel is in memory.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

STATES = ("theta", "loading", "cutpoints", "severity")
"""What is handed back, by chain and draw: (units, times), (items,), (items, cuts), (raters,)."""


class Found(NamedTuple):
    """What a program hands back."""

    draws: dict[str, Any]
    cold: float
    """Wall seconds with compilation."""
    warm: float
    """Wall seconds with the compiled code at hand."""
    divergences: float
    again: float = 0.0
    """CPU seconds of a second run made only to learn ``warm``."""


def answer(program: str, run: Callable[[dict[str, Any], int, int, int], Found]) -> None:
    """Read the command line, run the program, write its draws and its clock."""
    warnings.simplefilter("ignore")
    source, target, *lengths = sys.argv[1:]
    with np.load(source) as file:
        panel: dict[str, Any] = {k: v if v.ndim else int(v) for k, v in file.items()}
    before = os.getloadavg()[0]
    found = run(panel, *map(int, lengths))
    np.savez(
        target,
        **{k: np.asarray(found.draws[k], dtype=float) for k in STATES},
        program=program,
        cold=found.cold,
        warm=found.warm,
        divergences=found.divergences,
        again=found.again,
        load=[before, os.getloadavg()[0]],
    )
