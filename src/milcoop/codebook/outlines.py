"""Outlines of states at 1:110 million (Natural Earth, public domain, as TopoJSON), and points along them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import ceil, hypot
from typing import Any

STEP = 0.5
"""Most degrees between two points of an outline."""

Point = tuple[float, float]
"""(longitude, latitude) in degrees."""


@cache
def read_outlines() -> Mapping[str, Any]:
    """The map as TopoJSON, read once a process."""
    path = files("milcoop.codebook") / "data" / "outlines" / "countries-110m.json"
    found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@cache
def outline_points() -> Mapping[str, tuple[Point, ...]]:
    """Name of a state on the map -> points along its coasts and borders, no two neighbours farther apart than STEP.

    Small islands are missing at this scale, and an outline is off by some tens of kilometres.
    """
    topology = read_outlines()
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [tuple(_dense(_decoded(arc, sx, sy, tx, ty))) for arc in topology["arcs"]]
    return {
        shape["properties"]["name"]: tuple(p for i in _indices(shape["arcs"]) for p in arcs[i if i >= 0 else ~i])
        for shape in topology["objects"]["countries"]["geometries"]
    }


def _decoded(arc: list[list[int]], sx: float, sy: float, tx: float, ty: float) -> Iterator[Point]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * sx + tx, y * sy + ty


def _dense(points: Iterator[Point]) -> Iterator[Point]:
    last: Point | None = None
    for point in points:
        if last is not None:
            gap = hypot(point[0] - last[0], point[1] - last[1])
            n = ceil(gap / STEP) if gap < 180 else 1  # a jump across the antimeridian is no line
            for k in range(1, n):
                yield last[0] + (point[0] - last[0]) * k / n, last[1] + (point[1] - last[1]) * k / n
        yield point
        last = point


def _indices(arcs: Any) -> Iterator[int]:
    if isinstance(arcs, int):
        yield arcs
    else:
        for inner in arcs:
            yield from _indices(inner)
