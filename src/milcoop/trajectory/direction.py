"""Direction: did a level rise, stay or fall over a window, as probabilities over redraws of the evidence.

Each redraw is a whole path. Its slope is the least-squares line through the levels of the window's years. An equivalence
region fixed beforehand says what counts as no change.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.path import Direction

Floats = NDArray[np.float64]


def find_direction(
    area: str, years: range, paths: Floats, whole: Floats | None, regions: tuple[float, ...], main: float, top: int
) -> Direction:
    """Direction of ``paths`` (draws by years). ``main`` is the region used against the whole; ``top`` the scale's end."""
    slopes = slope_of(paths)
    shares = {half: _shares(slopes, half) for half in regions}
    low, high = np.quantile(slopes, [0.1, 0.9])
    at = "floor" if not paths.any() else "ceiling" if (paths == top).all() else ""
    against = None if whole is None else _shares(slopes - slope_of(whole), main)
    return Direction(
        area, years[0], years[-1], float(np.median(slopes)), (float(low), float(high)), shares, at, against
    )


def slope_of(paths: Floats) -> Floats:
    """Least-squares slope of each row, per column step."""
    t = np.arange(paths.shape[1]) - (paths.shape[1] - 1) / 2
    found: Floats = paths @ t / (t @ t)
    return found


def _shares(slopes: Floats, half: float) -> tuple[float, float, float]:
    up, down = float((slopes > half).mean()), float((slopes < -half).mean())
    return up, 1 - up - down, down
