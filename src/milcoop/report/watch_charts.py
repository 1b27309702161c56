"""The map of what is watched: regions by status, and the acts that set their indicators off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import altair as alt

from milcoop.report.charts import CONFIG, WIDTH

STATUS_COLOURS = {
    "seen": "#c2502d", "overdue": "#8a6d3b", "cannot tell": "#d9a441", "quiet": "#6aa2bd", "not monitored": "#b9b9b9",
    "expired": "#dddddd",
}  # fmt: skip
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
    """Regions filled by status under circles for acts; turned so that no region is cut by the map's edge."""
    land = json.loads((files("milcoop.report") / "assets" / "countries-110m.json").read_text("utf-8"))
    outlines = alt.Chart(
        alt.InlineData(values=land, format={"type": "topojson", "feature": "countries"})
    ).mark_geoshape(fill="#eeeae0", stroke="#ffffff", strokeWidth=0.4)
    used = [s for s in STATUS_COLOURS if any(r.status == s for r in regions)]
    areas = (
        alt.Chart(_data([_feature(r) for r in regions]))
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
    labels = (
        alt.Chart(
            _data(
                [{"place": r.label, "lon": x, "lat": y, "ids": list(r.ids)} for r in regions for x, y in [_middle(r)]]
            )
        )
        .mark_text(fontSize=8.5, color="#333333")
        .encode(longitude="lon:Q", latitude="lat:Q", text="place:N")
    )
    layers = outlines + areas + labels
    if places:
        rows = [
            {"place": p.label, "lat": p.lat, "lon": p.lon, "when": p.when, "n": len(p.ids), "ids": list(p.ids)}
            for p in places
        ]
        shown = {w: c for w, c in WHEN_COLOURS.items() if any(p.when == w for p in places)}
        layers += (
            alt.Chart(_data(rows))
            .mark_circle(opacity=0.9, stroke="#333333", strokeWidth=0.7, cursor="pointer")
            .encode(
                longitude="lon:Q",
                latitude="lat:Q",
                size=alt.Size(
                    "n:Q",
                    title="Acts",
                    scale=alt.Scale(range=[26, 260]),
                    legend=alt.Legend(orient="bottom", tickCount=3, format="d"),
                ),
                color=alt.Color("when:N", title="Act", scale=_scale(shown), legend=alt.Legend(orient="bottom")),
                tooltip=["place:N", "when:N", alt.Tooltip("n:Q", title="acts")],
            )
        )
    spec: dict[str, Any] = (
        layers.resolve_scale(color="independent", fill="independent").properties(width=WIDTH, height=340).to_dict()
    )
    spec["config"] = CONFIG
    spec["projection"] = {"type": "equalEarth", "rotate": [-_centre(regions), 0, 0]}
    return spec


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


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


def _unrolled(region: WatchedRegion) -> list[float]:
    """Longitudes of the edge that run on past the antimeridian."""
    out = [region.outline[0][0]]
    for x, _ in region.outline[1:]:
        out.append(out[-1] + (x - out[-1] + 180) % 360 - 180)
    return out


def _middle(region: WatchedRegion) -> tuple[float, float]:
    """Where a region's name stands: the middle of its box, or near the pole where it goes round it."""
    x, y = _unrolled(region), [lat for _, lat in region.outline]
    if max(x) - min(x) > 300:
        return 90.0, 78.0
    return ((min(x) + max(x)) / 2 + 180) % 360 - 180, (min(y) + max(y)) / 2


def _centre(regions: Sequence[WatchedRegion]) -> float:
    """Longitude opposite the middle of the widest stretch without a region."""
    spans = sorted((min(x) % 360, max(x) - min(x)) for x in map(_unrolled, regions) if max(x) - min(x) < 300)
    if not spans:
        return 0.0
    reach, gaps = spans[0][0] + spans[0][1], []
    for start, width in [*spans[1:], (spans[0][0] + 360, 0.0)]:
        gaps.append((start - reach, (start + reach) / 2))
        reach = max(reach, start + width)
    return (max(gaps)[1] + 180) % 360
