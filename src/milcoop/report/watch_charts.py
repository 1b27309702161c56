"""The map of what is watched: regions by status, and the acts that set their indicators off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, degrees, hypot, radians, sin
from operator import mul
from typing import Any

import altair as alt

from milcoop.codebook.outlines import read_outlines
from milcoop.report.charts import CONFIG, WIDTH, inline

STATUS_COLOURS = {
    "seen": "#c2502d", "overdue": "#8a6d3b", "cannot tell": "#d9a441", "quiet": "#6aa2bd", "not monitored": "#b9b9b9",
    "expired": "#dddddd",
}  # fmt: skip
MARGIN = 6.0
"""Degrees of the globe around the outermost region."""
WHEN_COLOURS = {"in the window": "#7a1f0a", "undecided": "#ffffff", "earlier": "#5b7f95"}


@dataclass(frozen=True, slots=True)
class WatchedRegion:
    """A region with its edge, (longitude, latitude), the status of its indicator and the acts there."""

    label: str
    status: str
    outline: Sequence[tuple[float, float]]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchedPlace:
    """A place with acts that set an indicator off: in the window, undecided, or earlier."""

    label: str
    lat: float
    lon: float
    when: str
    ids: tuple[str, ...]


def watch_map(regions: Sequence[WatchedRegion], places: Sequence[WatchedPlace]) -> dict[str, Any]:
    """Regions filled by status under circles for acts, on the part of the globe that holds all of them."""
    land = read_outlines()
    outlines = alt.Chart(
        alt.InlineData(values=land, format={"type": "topojson", "feature": "countries"})
    ).mark_geoshape(fill="#eeeae0", stroke="#ffffff", strokeWidth=0.4)
    used = [s for s in STATUS_COLOURS if any(r.status == s for r in regions)]
    areas = (
        alt.Chart(inline([_feature(r) for r in regions]))
        .mark_geoshape(fillOpacity=0.34, strokeWidth=1, cursor="pointer")
        .encode(
            fill=alt.Fill(
                "status:N",
                title="Region",
                scale=_scale({s: STATUS_COLOURS[s] for s in used}),
                legend=alt.Legend(orient="bottom", symbolType="square"),
            ),
            stroke=alt.Stroke("status:N", scale=_scale({s: STATUS_COLOURS[s] for s in used}), legend=None),
            tooltip=[alt.Tooltip("place:N", title="region"), alt.Tooltip("status:N")],
        )
    )
    names = [
        {"place": r.label.partition(" (")[0], "lon": x, "lat": y, "ids": list(r.ids)}
        for r in regions
        for y, x in [_middle(r)]
    ]
    halo, labels = (
        alt.Chart(inline(names))
        .mark_text(fontSize=9, fontWeight="bold", **more)
        .encode(longitude="lon:Q", latitude="lat:Q", text="place:N")
        for more in ({"stroke": "#ffffff", "strokeWidth": 2.5, "opacity": 0.8}, {"color": "#222222"})
    )
    globe = alt.Chart(alt.sphere()).mark_geoshape(fill="#f5f9fb", stroke="#dddddd")
    layers = globe + outlines + areas
    if places:
        rows = [
            {"place": p.label, "lat": p.lat, "lon": p.lon, "when": p.when, "n": len(p.ids), "ids": list(p.ids)}
            for p in places
        ]
        shown = {w: c for w, c in WHEN_COLOURS.items() if any(p.when == w for p in places)}
        layers += (
            alt.Chart(inline(rows))
            .mark_circle(opacity=0.9, stroke="#333333", strokeWidth=0.7, cursor="pointer")
            .encode(
                longitude="lon:Q",
                latitude="lat:Q",
                size=alt.Size(
                    "n:Q",
                    title="Acts",
                    scale=alt.Scale(range=[26, 260]),
                    legend=alt.Legend(orient="bottom", tickMinStep=1, format="d", values=[1, 3, 6]),
                ),
                color=alt.Color("when:N", title="Act", scale=_scale(shown), legend=alt.Legend(orient="bottom")),
                tooltip=["place:N", "when:N", alt.Tooltip("n:Q", title="acts")],
            )
        )
    layers = (layers + halo + labels).resolve_scale(color="independent", fill="independent")
    spec: dict[str, Any] = layers.properties(width=WIDTH, height=460).to_dict()
    (lat, lon), reach = _view(regions)
    spec["config"] = CONFIG
    spec["projection"] = {"type": "azimuthalEqualArea", "rotate": [-lon, -lat, 0], "clipAngle": reach}
    return spec


def _scale(colours: Mapping[str, str]) -> alt.Scale:
    return alt.Scale(domain=list(colours), range=list(colours.values()))


def _feature(region: WatchedRegion) -> dict[str, Any]:
    """A GeoJSON feature, its ring clockwise as map drawing on the sphere has it."""
    return {
        "type": "Feature",
        "place": region.label,
        "status": region.status,
        "ids": list(region.ids),
        "geometry": {"type": "Polygon", "coordinates": [[[round(x, 3), round(y, 3)] for x, y in region.outline]]},
    }


def _middle(region: WatchedRegion) -> tuple[float, float]:
    """(latitude, longitude) of the mean of the edge on the sphere, where the region's name stands."""
    return _mean([_vector(y, x) for x, y in region.outline])


def _view(regions: Sequence[WatchedRegion]) -> tuple[tuple[float, float], float]:
    """Centre of a map that holds all regions, and the angle from it to the map's edge."""
    centre = _mean([_vector(*_middle(r)) for r in regions])
    edge = [_vector(y, x) for r in regions for x, y in r.outline]
    nearest = min(sum(map(mul, _vector(*centre), point)) for point in edge)
    return centre, min(170.0, degrees(acos(max(-1.0, min(1.0, nearest)))) + MARGIN)


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    p, x = radians(lat), radians(lon)
    return cos(p) * cos(x), cos(p) * sin(x), sin(p)


def _mean(vectors: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    x, y, z = (sum(part) for part in zip(*vectors, strict=True))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))
