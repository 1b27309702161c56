"""Charts of forecasts: fans of levels and counts, and the calibration of a backtest."""

from __future__ import annotations

from typing import Any

import altair as alt

from milcoop.domain.forecast import Backtest, Forecast, TargetForecast
from milcoop.report.charts import CONFIG, WIDTH, inline

BANDS = (95, 80, 50)
"""Percent of the probability inside each band of a fan, widest first."""
BAND_COLOURS = ("#e3edf2", "#b9d3e0", "#7fb0c8")
PAST_YEARS = 12
"""Years of the past in a fan. The years' field is ``when``: the page's filter by ``year`` ends with the record."""


def fan_chart(forecast: Forecast, kind: str, columns: int = 2) -> dict[str, Any]:
    """Small multiples: the past as a line, the future as bands of the middle 50, 80 and 95 percent and a median."""
    targets = [t for t in forecast.targets if t.kind == kind]
    rows = [row for t in targets for row in _rows(t, forecast)]
    years = sorted({r["when"] for r in rows})
    x = alt.X(
        "when:Q",
        title=None,
        scale=alt.Scale(domain=[years[0] - 0.5, years[-1] + 0.5]),
        axis=alt.Axis(format="d", tickMinStep=1, labelAngle=0, tickCount=6),
    )
    y: dict[str, Any] = {"title": None, "axis": alt.Axis(tickMinStep=1, tickCount=5, format="~g")}
    if kind == "level":
        y["scale"] = alt.Scale(domain=[0, max(targets[0].by_horizon[1].values)])
    base = alt.Chart()
    bands = (
        base.transform_filter("datum.what == 'band'")
        .mark_bar(size=13, cursor="pointer")
        .encode(
            x=x,
            y=alt.Y("low:Q", **y),
            y2="high:Q",
            color=alt.Color(
                "band:N",
                title="middle",
                sort=[f"{b} %" for b in BANDS],
                scale=alt.Scale(domain=[f"{b} %" for b in BANDS], range=list(BAND_COLOURS)),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["target:N", "when:Q", "band:N", "low:Q", "high:Q"],
        )
    )
    past = (
        base.transform_filter("datum.what == 'past'")
        .mark_line(
            color="#0b4468",
            interpolate="step-after" if kind == "level" else "linear",
            point=alt.OverlayMarkDef(size=14, filled=True, color="#0b4468"),
        )
        .encode(x=x, y=alt.Y("value:Q", **y), tooltip=["target:N", "when:Q", "value:Q"])
    )
    median = (
        base.transform_filter("datum.what == 'median'")
        .mark_tick(color="#c2502d", thickness=2, size=13, orient="horizontal")
        .encode(x=x, y=alt.Y("value:Q", **y), tooltip=["target:N", "when:Q", "value:Q"])
    )
    chart = alt.layer(bands, past, median, data=inline(rows)).properties(width=WIDTH // columns - 45, height=84)
    faceted = chart.facet(
        facet=alt.Facet("target:N", title=None, sort=[t.label for t in targets]), columns=columns
    ).resolve_scale(y="shared" if kind == "level" else "independent")
    if len(targets) % columns:
        faceted = faceted.resolve_axis(x="independent")  # else an axis stands under the empty place
    spec: dict[str, Any] = faceted.to_dict()
    spec["config"] = CONFIG
    return spec


def _rows(t: TargetForecast, forecast: Forecast) -> list[dict[str, Any]]:
    end, ids = forecast.reference_date.year, list(t.ids)
    past = {y: v for y, v in (t.past or {}).items() if y > end - PAST_YEARS}
    rows: list[dict[str, Any]] = [
        {"target": t.label, "when": y, "what": "past", "value": v, "ids": ids} for y, v in past.items()
    ]
    for h, d in t.by_horizon.items():
        year = forecast.end_of(h).year
        for b in BANDS:
            low, high = d.interval(b)
            pad = 0.06 * d.step if low == high else 0.0
            rows.append(
                {
                    "target": t.label,
                    "when": year,
                    "what": "band",
                    "band": f"{b} %",
                    "low": low - pad,
                    "high": high + pad,
                    "ids": ids,
                }
            )
        rows.append({"target": t.label, "when": year, "what": "median", "value": d.median, "ids": ids})
    return rows


def calibration_chart(found: Backtest) -> dict[str, Any]:
    """Share of statements that came true against their probability, and the probability integral transform."""
    rows = [
        {"kind": f"{b.kind}s", "said": b.mean_probability, "came": b.came_true, "n": b.statements}
        for b in found.calibration
    ]
    line = (
        alt.Chart(inline([{"said": 0, "came": 0}, {"said": 1, "came": 1}]))
        .mark_line(color="#999999", strokeDash=[4, 3])
        .encode(x="said:Q", y="came:Q")
    )
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=["levels", "counts"], range=["#0b4468", "#c2502d"]))
    dots = (
        alt.Chart(inline(rows))
        .mark_line(point=alt.OverlayMarkDef(size=50, filled=True))
        .encode(
            x=alt.X("said:Q", title="probability of 'at most k'", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("came:Q", title="share that came true", scale=alt.Scale(domain=[0, 1])),
            color=colour,
            tooltip=["kind:N", "said:Q", "came:Q", "n:Q"],
        )
    )
    bars = [
        {"kind": f"{kind}s", "tenth": i / 10 + 0.05, "share": v}
        for kind, pit in found.pit.items()
        for i, v in enumerate(pit)
    ]
    pit = (
        alt.Chart(inline(bars))
        .mark_bar()
        .encode(
            x=alt.X(
                "tenth:Q", title="probability integral transform", bin=alt.Bin(step=0.1), scale=alt.Scale(domain=[0, 1])
            ),
            y=alt.Y("share:Q", title="share (even: 0.1)"),
            color=alt.Color("kind:N"),
            row=alt.Row("kind:N", title=None, sort=["levels", "counts"]),
        )
        .properties(width=260, height=110)
    )
    spec: dict[str, Any] = alt.hconcat((line + dots).properties(width=280, height=280), pit).to_dict()
    spec["config"] = {**CONFIG, "background": "#ffffff"}
    return spec
