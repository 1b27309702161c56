"""The report's charts as Vega-Lite specifications. Every mark carries the ids of its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from milcoop.codebook.entries import Family, Place
from milcoop.codebook.outlines import read_outlines
from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates
from milcoop.domain.event import Event
from milcoop.trajectory.series import YearCount

FONT = "Noto Sans, Noto Sans CJK SC, sans-serif"
LEVEL_COLOURS = ("#f1efe8", "#d3e3ea", "#a5c8d8", "#6aa2bd", "#2f7499", "#0b4468")
NOT_MONITORED_COLOUR = "#ffffff"
FAMILY_COLOURS = {
    "exercise": "#0b4468", "operation": "#c2502d", "consultation": "#6aa2bd", "agreement": "#8a6d3b",
    "confidence": "#5d8a4a", "transfer": "#b8860b", "technology": "#7b5aa6", "education": "#4aa39b",
    "command": "#222222", "basing": "#d98f5c", "policy": "#a33b5e", "statement": "#9a9a9a", "posture": "#6b7a3a",
    "friction": "#c04a8a",
}  # fmt: skip
WIDTH = 620
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "gridColor": "#e6e6e6"},
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"},
    "view": {"stroke": None},
    "header": {"labelFontSize": 11},
}


def inline(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as inline data; the page's filter finds them by their ``ids``."""
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def finish(chart: Any, **size: Any) -> dict[str, Any]:
    """The chart as a specification with the report's look; ``size`` are properties such as width and height."""
    spec: dict[str, Any] = chart.properties(**size).to_dict()
    spec["config"] = CONFIG
    return spec


def _year_axis(years: Sequence[int], **more: Any) -> alt.X:
    marked = [y for y in years if y % 5 == 0]
    return alt.X("year:O", title=None, axis=alt.Axis(values=marked, labelAngle=0, **more))


def level_heatmap(assessment: Assessment) -> dict[str, Any]:
    """Level by area and year as coloured cells; white is not monitored, a dot marks partly monitored."""
    labels = [a.label.en for a in assessment.scale.areas]
    top = len(assessment.scale.levels) - 1
    rows = [
        {
            "area": assessment.scale.area(r.area).label.en,
            "id": r.area,
            "year": r.year,
            "level": r.level,
            "label": r.label,
            "coverage": r.coverage,
            "ids": [r.id],
            "events": len(r.events),
        }
        for r in assessment.ratings
    ]
    base = alt.Chart(inline(rows)).encode(
        x=_year_axis(assessment.years),
        y=alt.Y("area:N", sort=labels, title=None, axis=alt.Axis(labelLimit=330)),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1, cursor="pointer").encode(
        color=alt.condition(
            "isValid(datum.level)",
            alt.Color(
                "level:O",
                title="Level",
                scale=alt.Scale(domain=list(range(top + 1)), range=list(LEVEL_COLOURS[: top + 1])),
            ),
            alt.value(NOT_MONITORED_COLOUR),
        ),
        tooltip=[
            alt.Tooltip("area:N"),
            alt.Tooltip("year:O"),
            alt.Tooltip("level:O"),
            alt.Tooltip("label:N", title="meaning"),
            alt.Tooltip("coverage:N"),
            alt.Tooltip("events:Q", title="deciding events"),
        ],
    )
    dots = (
        base.transform_filter("datum.coverage == 'partly'")
        .mark_point(filled=True, size=7, color="#555555", opacity=0.8)
        .encode()
    )
    return finish(cells + dots, width=WIDTH, height=27 * len(labels))


def level_lines(assessment: Assessment) -> dict[str, Any]:
    """Each area as small multiples against the whole."""
    whole = {o.year: o.level for o in assessment.overall}
    rows: list[dict[str, Any]] = []
    for r in assessment.ratings:
        area = assessment.scale.area(r.area).label.en
        rows.append({"area": area, "year": r.year, "level": r.level, "what": "area", "ids": [r.id]})
        rows.append({"area": area, "year": r.year, "level": whole.get(r.year), "what": "whole", "ids": [r.id]})
    top = len(assessment.scale.levels) - 1
    chart = (
        alt.Chart(inline(rows))
        .mark_line(interpolate="step-after", point=alt.OverlayMarkDef(size=9, filled=True))
        .encode(
            x=_year_axis([y for y in assessment.years if y % 10 == 0]),
            y=alt.Y("level:Q", title=None, scale=alt.Scale(domain=[0, top]), axis=alt.Axis(tickCount=top, format="d")),
            color=alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=["area", "whole"], range=["#0b4468", "#c2502d"]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["area:N", "year:O", "what:N", "level:Q"],
            facet=alt.Facet("area:N", columns=2, title=None, sort=[a.label.en for a in assessment.scale.areas]),
        )
    )
    return finish(chart, width=WIDTH // 2 - 45, height=78)


def area_chart(
    assessment: Assessment, area_id: str, events: Sequence[Event], family_order: Sequence[str], estimates: Estimates
) -> dict[str, Any]:
    """One area: level and its 80 percent interval over time above the acts that are evidence for it, by family."""
    years = assessment.years
    ratings = [r for r in assessment.ratings if r.area == area_id]
    top = len(assessment.scale.levels) - 1
    level_rows = [{"year": r.year, "level": r.level, "coverage": r.coverage, "ids": [r.id]} for r in ratings]
    bands = [(r, cell.interval(80)) for r in ratings if (cell := estimates.cells.get((area_id, r.year)))]
    band_rows = [{"year": r.year, "low": low, "high": high, "ids": [r.id]} for r, (low, high) in bands]
    line = (
        alt.Chart(inline(level_rows))
        .mark_line(interpolate="step-after", color="#0b4468", point=alt.OverlayMarkDef(size=22, filled=True))
        .encode(
            x=_year_axis(years, labels=False),
            y=alt.Y(
                "level:Q", title="level", scale=alt.Scale(domain=[0, top]), axis=alt.Axis(tickCount=top, format="d")
            ),
            tooltip=["year:O", "level:Q", "coverage:N"],
        )
    )
    band = (
        alt.Chart(inline(band_rows))
        .mark_rule(size=9, opacity=0.3, color="#6aa3c2")
        .encode(x=_year_axis(years, labels=False), y=alt.Y("low:Q"), y2="high:Q", tooltip=["year:O", "low:Q", "high:Q"])
    )
    level = (band + line).properties(width=WIDTH, height=95)
    bars = _stacked(_count_rows(events, years, family_order), years, family_order).properties(width=WIDTH, height=95)
    return finish(alt.vconcat(level, bars, spacing=6).resolve_scale(x="shared"))


def _count_rows(events: Iterable[Event], years: Sequence[int], families: Sequence[str]) -> list[dict[str, Any]]:
    ids: dict[tuple[str, int], list[str]] = {}
    for event in events:
        if event.family in families:
            ids.setdefault((event.family, event.when.start.year), []).append(event.id)
    rows = [{"family": f, "year": y, "n": len(i), "ids": i} for (f, y), i in ids.items() if y in set(years)]
    present = {r["year"] for r in rows}
    rows += [{"family": families[0], "year": y, "n": 0, "ids": []} for y in years if y not in present]
    return rows


def _stacked(rows: list[dict[str, Any]], years: Sequence[int], families: Sequence[str]) -> Any:
    used = [f for f in families if any(r["family"] == f and r["n"] for r in rows)] or list(families)
    return (
        alt.Chart(inline(rows))
        .mark_bar(cursor="pointer")
        .encode(
            x=_year_axis(years),
            y=alt.Y("n:Q", title="acts begun", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "family:N",
                title=None,
                scale=alt.Scale(domain=used, range=[FAMILY_COLOURS.get(f, "#777777") for f in used]),
                legend=alt.Legend(orient="bottom", columns=7),
            ),
            tooltip=["year:O", "family:N", alt.Tooltip("n:Q", title="acts")],
        )
    )


def family_counts(counts: Sequence[YearCount], years: Sequence[int], families: Mapping[str, Family]) -> dict[str, Any]:
    """Acts on record by family and year."""
    order = [f for f in FAMILY_COLOURS if f in families] + [f for f in families if f not in FAMILY_COLOURS]
    rows = [{"family": c.family, "year": c.year, "n": c.n, "ids": list(c.events)} for c in counts if c.n]
    return finish(_stacked(rows, years, order), width=WIDTH, height=230)


def place_map(events: Iterable[Event], places: Mapping[str, Place], centre: tuple[float, float]) -> dict[str, Any]:
    """Where exercises, operations and uses of bases took place; one circle a place, its area the number of acts.

    ``centre`` is (lon, lat) of the projection's centre, so that no outline is cut at the antimeridian near it.
    """
    found: dict[str, list[Event]] = {}
    for event in events:
        if event.place in places:
            found.setdefault(str(event.place), []).append(event)
    rows = [
        {
            "place": f"{places[p].label} {places[p].native}".strip(),
            "lat": places[p].lat,
            "lon": places[p].lon,
            "n": len(here),
            "family": max({e.family for e in here}, key=lambda f: (sum(e.family == f for e in here), f)),
            "ids": [e.id for e in here],
        }
        for p, here in found.items()
    ]
    projection = {"type": "equalEarth", "rotate": [-centre[0], 0, 0]}
    land = read_outlines()
    outlines = alt.Chart(
        alt.InlineData(values=land, format={"type": "topojson", "feature": "countries"})
    ).mark_geoshape(fill="#eeeae0", stroke="#ffffff", strokeWidth=0.5)
    used = [f for f in FAMILY_COLOURS if any(r["family"] == f for r in rows)]
    points = (
        alt.Chart(inline(rows))
        .mark_circle(opacity=0.75, stroke="#ffffff", strokeWidth=0.6, cursor="pointer")
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("n:Q", title="acts", scale=alt.Scale(range=[30, 480]), legend=alt.Legend(orient="bottom")),
            color=alt.Color(
                "family:N",
                title=None,
                scale=alt.Scale(domain=used, range=[FAMILY_COLOURS[f] for f in used]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=["place:N", "family:N", alt.Tooltip("n:Q", title="acts")],
        )
    )
    spec = finish(outlines + points, width=WIDTH, height=340)
    spec["projection"] = projection
    return spec


def quality_bars(
    quality: Mapping[str, Mapping[str, Sequence[str]]], order: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Share of exercises and operations by coded quality, the unknown shown as such."""
    rows = []
    for name, values in quality.items():
        for rank, value in enumerate([*order[name], "unknown"]):
            ids = values.get(value, ())
            kind = {0: "first", 1: "second", 2: "third"}.get(rank, "third") if value != "unknown" else "unknown"
            if ids:
                rows.append(
                    {
                        "field": name.replace("_", " "),
                        "value": value,
                        "rank": kind,
                        "n": len(ids),
                        "ids": list(ids),
                        "o": rank,
                    }
                )
    chart = (
        alt.Chart(inline(rows))
        .mark_bar(cursor="pointer", stroke="#ffffff")
        .encode(
            y=alt.Y("field:N", title=None, sort=[n.replace("_", " ") for n in quality]),
            x=alt.X("n:Q", stack="normalize", title="share of exercises and operations", axis=alt.Axis(format="%")),
            order=alt.Order("o:Q"),
            color=alt.Color(
                "rank:N",
                legend=None,
                scale=alt.Scale(
                    domain=["first", "second", "third", "unknown"], range=["#0b4468", "#6aa2bd", "#c9b458", "#e9e6df"]
                ),
            ),
            tooltip=["field:N", "value:N", alt.Tooltip("n:Q", title="acts")],
        )
    )
    return finish(chart, width=WIDTH - 60, height=26 * max(1, len(quality)))
