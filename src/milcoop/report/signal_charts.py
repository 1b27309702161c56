"""Charts of message against substance: both scores by act, complexity against frequency, words against deeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from milcoop.domain.signals import JOINT, PARALLEL, UNKNOWN, Signals
from milcoop.report.charts import WIDTH, finish, inline

JOINT_COLOURS = {JOINT: "#0b4468", PARALLEL: "#c2502d", UNKNOWN: "#b9b3a4"}
WORDS_COLOURS = {"words": "#c2502d", "deeds": "#0b4468"}


def score_scatter(found: Signals, titles: Mapping[str, str]) -> dict[str, Any]:
    """Every act by message (across) and operational score (up), with thin lines over what is not known of the latter."""
    rows = [
        {
            "title": titles[a.id],
            "year": a.year,
            "operational": a.operational.value,
            "message": a.message.value,
            "low": a.operational.low,
            "high": a.operational.high,
            "joint": a.joint,
            "ids": [a.id],
        }
        for a in found.acts
        if a.operational.value is not None and a.message.value is not None
    ]
    base = alt.Chart(inline(rows))
    axis = alt.Axis(format=".1f", tickCount=6)
    x = alt.X("message:Q", title="message score", scale=alt.Scale(domain=[0, 1]), axis=axis)
    spans = base.mark_rule(color="#777777", opacity=0.16, strokeWidth=1).encode(
        x=x, y=alt.Y("low:Q", title="operational score", scale=alt.Scale(domain=[0, 1]), axis=axis), y2="high:Q"
    )
    points = base.mark_circle(size=55, opacity=0.85, stroke="#ffffff", strokeWidth=0.5, cursor="pointer").encode(
        x=x,
        y=alt.Y("operational:Q", title="operational score"),
        color=alt.Color(
            "joint:N",
            title=None,
            scale=alt.Scale(domain=list(JOINT_COLOURS), range=list(JOINT_COLOURS.values())),
            legend=alt.Legend(orient="top"),
        ),
        tooltip=[
            "title:N", "year:Q", alt.Tooltip("operational:Q", format=".2f"), alt.Tooltip("message:Q", format=".2f"),
            alt.Tooltip("low:Q", format=".2f"), alt.Tooltip("high:Q", format=".2f"), "joint:N",
        ],
    )  # fmt: skip
    return finish(spans + points, width=WIDTH - 120, height=300)


def frequency_chart(found: Signals) -> dict[str, Any]:
    """Acts a year by how joint they were, above the mean number of services taking part."""
    joint = {a.id: a.joint for a in found.acts}
    years = [y.year for y in found.years]
    counts = [
        {"year": y.year, "joint": kind, "n": len(ids), "ids": ids}
        for y in found.years
        for kind in JOINT_COLOURS
        if (ids := [i for i in y.acts if joint[i] == kind])
    ]
    services = [
        {"year": y.year, "services": y.services, "acts": len(y.services_known), "ids": list(y.services_known)}
        for y in found.years
        if y.services is not None
    ]
    bars = (
        alt.Chart(inline(counts))
        .mark_bar(cursor="pointer", size=10)
        .encode(
            x=_years(years, labels=False),
            y=alt.Y("n:Q", title="acts", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "joint:N",
                title=None,
                scale=alt.Scale(domain=list(JOINT_COLOURS), range=list(JOINT_COLOURS.values())),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["year:Q", "joint:N", alt.Tooltip("n:Q", title="acts")],
        )
        .properties(width=WIDTH, height=110)
    )
    line = (
        alt.Chart(inline(services))
        .mark_line(color="#5d8a4a", point=alt.OverlayMarkDef(size=30, filled=True, color="#5d8a4a"), cursor="pointer")
        .encode(
            x=_years(years),
            y=alt.Y("services:Q", title="services an act", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4)),
            tooltip=["year:Q", alt.Tooltip("services:Q", format=".2f"), alt.Tooltip("acts:Q", title="acts told")],
        )
        .properties(width=WIDTH, height=90)
    )
    return finish(alt.vconcat(bars, line, spacing=4))


def words_chart(found: Signals) -> dict[str, Any]:
    """Standardised words and deeds by year, with a line over the gap between them."""
    shown = [y.year for y in found.years if y.words_standard is not None and y.deeds_standard is not None]
    rows, gaps = [], []
    for y in found.years:
        if not shown[0] <= y.year <= shown[-1]:
            continue
        told = y.year in shown  # a year that was not searched breaks the lines
        for what, value, ids in (
            ("words", y.words_standard, y.word_events),
            ("deeds", y.deeds_standard, y.deed_events),
        ):
            rows.append(
                {"year": y.year, "what": what, "value": value if told else None, "ids": list(ids) if told else []}
            )
        if told:
            both = [*y.word_events, *y.deed_events]
            gaps.append({"year": y.year, "words": y.words_standard, "deeds": y.deeds_standard, "ids": both})
    years = list(range(shown[0], shown[-1] + 1))
    value_axis = alt.Y("value:Q", title="standard deviations")
    bars = (
        alt.Chart(inline(gaps))
        .mark_rule(size=7, opacity=0.35, color="#b9b3a4", cursor="pointer")
        .encode(x=_years(years), y=alt.Y("words:Q", title="standard deviations"), y2="deeds:Q", tooltip=["year:Q", "words:Q", "deeds:Q"])
    )  # fmt: skip
    lines = (
        alt.Chart(inline(rows))
        .mark_line(point=alt.OverlayMarkDef(size=30, filled=True), cursor="pointer")
        .encode(
            x=_years(years),
            y=value_axis,
            color=alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=list(WORDS_COLOURS), range=list(WORDS_COLOURS.values())),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["year:Q", "what:N", alt.Tooltip("value:Q", format=".2f")],
        )
    )
    return finish(bars + lines, width=WIDTH, height=170)


def _years(years: list[int], labels: bool = True) -> alt.X:
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[years[0] - 0.5, years[-1] + 0.5], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, labelAngle=0, grid=False, labels=labels),
    )
