"""Did an area grow faster than the whole: a probability from draws of the trait (docs/measurement.md, route 2).

Slopes are compared in levels a year, where the region of equivalence has a meaning; the trait has none that holds for every area,
since each area's items and loadings stretch it in their own way. To compare with the pair's overall depth, that depth is read on
the area's own ladder, so that a steep ladder alone does not make an area look fast.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from milcoop.domain.estimate import Growth
from milcoop.measure.level_map import LevelMap, TraitPath

Floats = NDArray[np.float64]


def compare_growth(
    dyad: str, level_map: LevelMap, paths: Mapping[str, TraitPath], years: range, region: float
) -> tuple[Growth, ...]:
    """Growth of every area of a pair whose path covers the window.

    ``paths`` holds the draws of units (``dyad:area``) and of the pair itself (``dyad``), draw by draw from one posterior;
    ``region`` is the half width, levels a year, within which slopes are the same.
    """
    pair = paths[dyad]
    units = {a: paths[f"{dyad}:{a}"] for a in level_map.areas if f"{dyad}:{a}" in paths}
    units = {a: p for a, p in units.items() if _covers(p, years) and _covers(pair, years)}
    levels = {a: _slope(_window(p, level_map.expected(a, p), years)) for a, p in units.items()}
    found = []
    for area, path in units.items():
        whole = _slope(_window(pair, level_map.expected(area, pair), years))
        trait = _slope(_window(path, path.draws, years)) - _slope(_window(pair, pair.draws, years))
        others = np.mean(list(levels.values()), axis=0)
        found.append(
            Growth(
                area,
                years[0],
                years[-1],
                float(np.median(levels[area])),
                _shares(levels[area] - whole, region),
                _shares(levels[area] - others, region),
                float((trait > 0).mean()),
            )
        )
    return tuple(found)


def _covers(path: TraitPath, years: range) -> bool:
    return years[0] in path.years and years[-1] in path.years


def _window(path: TraitPath, values: Floats, years: range) -> Floats:
    return values[:, years[0] - path.first : years[-1] - path.first + 1]


def _slope(values: Floats) -> Floats:
    """Least-squares slope of each row, per year."""
    t = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    found: Floats = values @ t / (t @ t)
    return found


def _shares(difference: Floats, region: float) -> tuple[float, float, float]:
    faster, slower = float((difference > region).mean()), float((difference < -region).mean())
    return faster, 1 - faster - slower, slower
