"""Regions on the globe: whether a point lies inside, how far from the edge, and the outline for a map.

A ring is unrolled so that each corner is at most 180 degrees of longitude from the one before; it may so run past the
antimeridian, and a point is tried a full turn to either side. Distances to an edge are taken on the plane that touches
the sphere at the point: good to a few percent within some hundred kilometres, which is where they decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from math import asin, atan2, ceil, cos, degrees, hypot, radians, sin, sqrt
from typing import Any

from milcoop.codebook.watch_rule import Circle, Point, Region

EARTH_KM = 6371.0
DEGREE_KM = EARTH_KM * radians(1)
STEP = 0.5
"""Longest piece of a great circle that is taken as straight, in degrees."""

INSIDE, OUTSIDE, UNDECIDED = "inside", "outside", "undecided"

Ring = list[tuple[float, float]]
"""(longitude, latitude), closed; longitudes run on past 180."""


class Shape:
    """A region ready for questions about points."""

    def __init__(self, region: Region) -> None:
        self.region = region

    def inside_km(self, lat: float, lon: float) -> float:
        """Distance of a point from the edge in km: positive inside, negative outside."""
        region = self.region
        if region.circle is not None:
            return region.circle.radius_km - great_circle_km((lat, lon), region.circle.centre)
        if region.north_of is not None:
            return (lat - region.north_of) * DEGREE_KM
        turns = [lon + turn for turn in (-360, 0, 360)]
        away = min(_to_ring_km(self.ring, lat, at) for at in turns)
        return away if any(_within(self.ring, lat, at) for at in turns) else -away

    def relation(self, corners: Sequence[Point]) -> str:
        """Where an area lies whose closed outline joins the corners straight: inside, outside, or in part in both."""
        area = _unrolled([*corners, corners[0]])
        if self.region.north_of is not None:
            lats = [lat for _, lat in area]
            return INSIDE if min(lats) >= self.region.north_of else OUTSIDE if max(lats) < self.region.north_of else UNDECIDED  # fmt: skip
        ring = _unrolled([(y, x) for x, y in _circle(self.region.circle)]) if self.region.circle else self.ring
        for turn in (-360.0, 0.0, 360.0):
            moved = [(x + turn, y) for x, y in area]
            if _meet(moved, ring):
                return UNDECIDED
            if _within(ring, moved[0][1], moved[0][0]):
                return INSIDE
            if _within(moved, ring[0][1], ring[0][0]):
                return UNDECIDED
        return OUTSIDE

    @cached_property
    def ring(self) -> Ring:
        """The closed ring of a polygon, great circles cut into short pieces."""
        corners = list(self.region.polygon)
        points = corners[:1]
        for here, there in pairwise([*corners, corners[0]]):
            steps = _great_circle(here, there) if self.region.edges == "great-circle" and here[0] != there[0] else []
            points += [*steps, there]
        return _unrolled(points)

    @cached_property
    def outline(self) -> Ring:
        """The edge for a map in steps of a degree, longitudes from -180 to 180, clockwise as seen from above."""
        region = self.region
        if region.circle is not None:
            return _circle(region.circle)
        if region.north_of is not None:
            return [(float(lon), region.north_of) for lon in range(180, -181, -1)]
        dense: Ring = [self.ring[0]]
        for (x, y), (u, v) in pairwise(self.ring):
            n = max(1, ceil(max(abs(u - x), abs(v - y))))
            dense += [(x + (u - x) * k / n, y + (v - y) * k / n) for k in range(1, n + 1)]
        area = sum(x * v - u * y for (x, y), (u, v) in pairwise(dense))
        return [((x + 180) % 360 - 180, y) for x, y in (dense if area < 0 else dense[::-1])]


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two points (latitude, longitude) on the sphere."""
    (p, x), (q, y) = ((radians(lat), radians(lon)) for lat, lon in (a, b))
    chord = sin((q - p) / 2) ** 2 + cos(p) * cos(q) * sin((y - x) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def _great_circle(a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
    """Points between two on their great circle, ends left out."""
    angle = great_circle_km(a, b) / EARTH_KM
    n = ceil(degrees(angle) / STEP)
    (ax, ay, az), (bx, by, bz) = _vector(a), _vector(b)
    out = []
    for k in range(1, n):
        f, g = sin(angle * (1 - k / n)) / sin(angle), sin(angle * k / n) / sin(angle)
        x, y, z = f * ax + g * bx, f * ay + g * by, f * az + g * bz
        out.append((degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))))
    return out


def _vector(point: tuple[float, float]) -> tuple[float, float, float]:
    lat, lon = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def _circle(circle: Circle) -> Ring:
    """Points of a circle on the sphere every five degrees of bearing, clockwise."""
    lat, lon = radians(circle.centre[0]), radians(circle.centre[1])
    r = circle.radius_km / EARTH_KM
    ring = []
    for bearing in range(0, 361, 5):
        b = radians(bearing)
        y = asin(sin(lat) * cos(r) + cos(lat) * sin(r) * cos(b))
        x = lon + atan2(sin(b) * sin(r) * cos(lat), cos(r) - sin(lat) * sin(y))
        ring.append(((degrees(x) + 180) % 360 - 180, degrees(y)))
    return ring


def _unrolled(points: Sequence[Point]) -> Ring:
    """Points (latitude, longitude) as (longitude, latitude), each at most 180 degrees of longitude from the last."""
    ring: Ring = [(points[0][1], points[0][0])]
    for lat, lon in points[1:]:
        ring.append((lon + 360 * round((ring[-1][0] - lon) / 360), lat))
    return ring


def _meet(one: Ring, other: Ring) -> bool:
    """Whether any piece of one ring touches a piece of the other."""
    import numpy as np

    a, b = (np.array(part)[:, None, :] for part in (one[:-1], one[1:]))
    c, d = (np.array(part)[None, :, :] for part in (other[:-1], other[1:]))

    def side(p: Any, q: Any, r: Any) -> Any:
        return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])  # fmt: skip

    near = (np.minimum(a, b) <= np.maximum(c, d)) & (np.minimum(c, d) <= np.maximum(a, b))
    across = (side(a, b, c) * side(a, b, d) <= 0) & (side(c, d, a) * side(c, d, b) <= 0)
    return bool((across & near.all(axis=-1)).any())


def _within(ring: Ring, lat: float, lon: float) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    inside = False
    for (x, y), (u, v) in pairwise(ring):
        if (y > lat) != (v > lat) and lon < x + (lat - y) * (u - x) / (v - y):
            inside = not inside
    return inside


def _to_ring_km(ring: Ring, lat: float, lon: float) -> float:
    """Distance to the nearest edge on the plane that touches the sphere at the point."""
    east = DEGREE_KM * cos(radians(lat))
    plane = [((x - lon) * east, (y - lat) * DEGREE_KM) for x, y in ring]
    return min(_to_piece(a, b) for a, b in pairwise(plane))


def _to_piece(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of the origin from the piece of a line."""
    (x, y), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    length = dx * dx + dy * dy
    k = min(1.0, max(0.0, -(x * dx + y * dy) / length)) if length else 0.0
    return hypot(x + k * dx, y + k * dy)
