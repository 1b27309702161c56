"""Charts of the ledger of gains: rolling balance, running totals, forces at the shared border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from milcoop.domain.gains import BalancePoint, Gains, Posture, RunningTotal
from milcoop.report.charts import CONFIG, WIDTH, inline

SIDE_COLOURS = ("#c2502d", "#0b4468")
"""First and second state of the dyad."""
KIND_COLOURS = {
    "agreement": "#8a6d3b", "demarcation": "#b8860b", "force-limit": "#5d8a4a", "inspection": "#4aa39b", "posture": "#6b7a3a",
}  # fmt: skip


def balance_chart(points: Sequence[BalancePoint], names: tuple[str, str]) -> dict[str, Any]:
    """Rolling balance of each coin with its interval; gaps where years were not searched."""
    rows = [
        {
            "coin": p.coin, "year": p.year, "balance": p.value, "low": p.low, "high": p.high,
            "ids": list(p.events), "run": _run(points, p),
        }
        for p in points
        if p.value is not None
    ]  # fmt: skip
    base = alt.Chart(inline(rows))
    y = alt.Y("balance:Q", title=None, scale=alt.Scale(domain=[-1, 1]), axis=alt.Axis(values=[-1, 0, 1]))
    band = base.mark_rule(size=4, opacity=0.35, color="#6aa3c2").encode(
        x=_years(rows), y=alt.Y("low:Q", scale=alt.Scale(domain=[-1, 1]), title=None), y2="high:Q"
    )
    line = base.mark_line(color="#0b4468", point=alt.OverlayMarkDef(size=20, filled=True, color="#0b4468")).encode(
        x=_years(rows), y=y, detail="run:N", tooltip=["coin:N", "year:Q", "balance:Q", "low:Q", "high:Q"]
    )
    zero = base.mark_rule(color="#999999", strokeDash=[3, 3]).encode(y=alt.datum(0))
    title = f"above nought {names[0]} gains more, below {names[1]}"
    return _facets((band + zero + line).properties(width=WIDTH // 3 - 40, height=120), rows, title)


def running_chart(totals: Sequence[RunningTotal], names: Mapping[str, str]) -> dict[str, Any]:
    """Net points since the window began, by coin and state."""
    rows = [
        {"coin": t.coin, "year": t.year, "state": names[t.state], "points": round(t.points, 3), "ids": list(t.events)}
        for t in totals
    ]
    lines = (
        alt.Chart(inline(rows))
        .mark_line(interpolate="step-after", point=alt.OverlayMarkDef(size=12, filled=True))
        .encode(
            x=_years(rows),
            y=alt.Y("points:Q", title=None),
            color=alt.Color(
                "state:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=list(SIDE_COLOURS)),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=["coin:N", "year:Q", "state:N", "points:Q"],
        )
        .properties(width=WIDTH // 3 - 40, height=120)
    )
    spec = _facets(lines, rows, "net points since the window began")
    spec["resolve"] = {"scale": {"y": "independent"}}
    return spec


def posture_chart(gains: Gains, names: Mapping[str, str]) -> dict[str, Any]:
    """Cited forces by state above the acts at the border by kind."""
    both = "both together"
    forces: list[dict[str, Any]] = [
        {
            "year": p.year, "state": names.get(p.state, both), "persons": _middle(p), "low": p.low, "high": p.high,
            "zone": p.zone or "not told", "title": p.title, "ids": [p.id],
        }
        for p in gains.posture
        if p.kind in ("forces", "beside", "ceiling")
    ]  # fmt: skip
    acts: list[dict[str, Any]] = [
        {"year": p.year, "kind": p.kind, "title": p.title, "ids": [p.id]} for p in gains.posture if not p.unit
    ]
    years = [r["year"] for r in (*forces, *acts)]
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years) - 1, max(years) + 1]),
        axis=alt.Axis(format="d", tickMinStep=1),
    )
    parts = []
    if forces:
        used = [n for n in (*names.values(), both) if any(r["state"] == n for r in forces)]
        colours = dict(zip((*names.values(), both), (*SIDE_COLOURS, "#777777"), strict=True))
        parts.append(
            alt.Chart(inline(forces))
            .mark_point(filled=True, size=60, cursor="pointer")
            .encode(
                x=x,
                y=alt.Y(
                    "persons:Q", title="persons", axis=alt.Axis(format="~s"), scale=alt.Scale(type="log", nice=True)
                ),
                color=alt.Color(
                    "state:N",
                    title=None,
                    scale=alt.Scale(domain=used, range=[colours[n] for n in used]),
                    legend=alt.Legend(orient="right"),
                ),
                tooltip=["year:Q", "state:N", "persons:Q", "zone:N", "title:N"],
            )
            .properties(width=WIDTH - 90, height=120)
        )
    if acts:
        used = [k for k in KIND_COLOURS if any(r["kind"] == k for r in acts)]
        parts.append(
            alt.Chart(inline(acts))
            .mark_tick(thickness=3, size=16, cursor="pointer")
            .encode(
                x=x,
                y=alt.Y("kind:N", title=None, sort=used),
                color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=used, range=[KIND_COLOURS[k] for k in used])),
                tooltip=["year:Q", "kind:N", "title:N"],
            )
            .properties(width=WIDTH - 90, height=22 * len(used))
        )  # fmt: skip
    spec: dict[str, Any] = (
        alt.vconcat(*parts, spacing=8).resolve_scale(x="shared", color="independent").to_dict()
    )  # fmt: skip
    spec["config"] = CONFIG
    return spec


def _facets(chart: Any, rows: Sequence[dict[str, Any]], title: str) -> dict[str, Any]:
    coins = list(dict.fromkeys(r["coin"] for r in rows))
    spec: dict[str, Any] = (
        chart.facet(column=alt.Column("coin:N", title=title, sort=coins, header=alt.Header(titleFontSize=11, titleFontWeight="normal")))
        .to_dict()
    )  # fmt: skip
    spec["config"] = CONFIG
    return spec


def _run(points: Sequence[BalancePoint], point: BalancePoint) -> str:
    """Name of the unbroken run of years that a point lies in, so that no line crosses a gap."""
    gaps = [p.year for p in points if p.coin == point.coin and p.value is None and p.year < point.year]
    return f"{point.coin} {max(gaps, default=0)}"


def _years(rows: Sequence[dict[str, Any]]) -> alt.X:
    years = [r["year"] for r in rows]
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years) - 0.5, max(years) + 0.5]),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=4, labelAngle=0),
    )


def _middle(p: Posture) -> float:
    given = [v for v in (p.low, p.high) if v is not None]
    return p.best if p.best is not None else sum(given) / len(given)
