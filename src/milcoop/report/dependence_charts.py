"""Charts of dependence: shares both ways over time, and what passes by class and giver."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import altair as alt

from milcoop.domain.dependence import Block, Net, SourceShare
from milcoop.report.charts import CONFIG, WIDTH, inline

SIDE_COLOURS = ("#0b4468", "#c2502d")
CLASS_COLOURS = ("#5d8a4a", "#4aa39b", "#d0a85c", "#0b4468", "#b0698c", "#7d6bb0")
UNKNOWN_COLOUR = "#cfcbc0"


def share_chart(
    told: Sequence[SourceShare], nets: Sequence[Net], parts: Mapping[str, str], sides: Mapping[str, str],
    part_of: Mapping[str, str], known: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """Small multiples, one a part: each source as a bar over its years, its interval as a thin line.

    ``parts`` are ids and titles of the parts shown, ``sides`` who depends, by ISO3, ``part_of`` the part of each measure;
    ids outside ``known`` are left out of the marks.
    """
    rows = [
        _row(parts[part_of[r.measure]], sides[r.dependent], r.start.year, r.end.year, r, known)
        for r in told
        if part_of[r.measure] in parts and r.dependent in sides
    ]
    rows += _register_rows(nets, parts, sides, known)
    shown = [title for title in parts.values() if any(r["part"] == title for r in rows)]
    wide = WIDTH - 60 if len(shown) == 1 else WIDTH // 2 - 45
    first, last = min(r["start"] for r in rows), max(r["end"] for r in rows)
    time: dict[str, Any] = {
        "title": None,
        "scale": alt.Scale(domain=[first - 0.5, last + 1], zero=False, nice=False),
        "axis": alt.Axis(format="d", tickMinStep=1, tickCount=7, labelAngle=0),
    }
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=4))
    colour = alt.Color(
        "who:N",
        title=None,
        scale=alt.Scale(domain=list(sides.values()), range=list(SIDE_COLOURS)),
        legend=alt.Legend(orient="top", labelLimit=400),
    )
    tip = [
        alt.Tooltip("who:N"), alt.Tooltip("start:Q", title="from"), alt.Tooltip("end:Q", title="to"),
        alt.Tooltip("value:Q", format=".0%"), alt.Tooltip("low:Q", format=".0%"), alt.Tooltip("high:Q", format=".0%"),
        alt.Tooltip("source:N"),
    ]  # fmt: skip
    base = alt.Chart()
    spans = base.mark_rule(size=3.5, opacity=0.9, cursor="pointer").encode(x=alt.X("start:Q", **time), x2="stop:Q", y=y, color=colour, tooltip=tip)  # fmt: skip
    ranges = base.mark_rule(size=1, opacity=0.6).encode(
        x=alt.X("middle:Q", **time), y=alt.Y("low:Q", title=None), y2="high:Q", color=colour
    )
    layers = alt.layer(ranges, spans, data=inline(rows)).properties(width=wide, height=120)
    chart = layers.facet(facet=alt.Facet("part:N", title=None, sort=shown), columns=2).resolve_axis(x="independent")
    spec: dict[str, Any] = chart.to_dict()
    spec["config"] = CONFIG
    return spec


def _row(part: str, who: str, start: int, end: int, share: SourceShare, known: Collection[str]) -> dict[str, Any]:
    return {
        "part": part, "who": who, "start": start, "end": end, "stop": end + 0.9, "middle": (start + end + 0.9) / 2,
        "value": share.best, "low": share.low, "high": share.high, "source": share.source,
        "ids": [i for i in share.ids if i in known],
    }  # fmt: skip


def _register_rows(
    nets: Sequence[Net], parts: Mapping[str, str], sides: Mapping[str, str], known: Collection[str]
) -> list[dict[str, Any]]:
    """A register's share of the window that ends in each year, as far as it is whole."""
    rows = []
    for net in nets:
        for balance in net.parts:
            for share in (balance.first, balance.second):
                for r in share.same if share and balance.part in parts else ():
                    if r.register and r.end.year == net.year:
                        rows.append(_row(parts[balance.part], sides[r.dependent], net.year, net.year, r, known))
    return rows


def flow_chart(blocks: Sequence[Block], classes: Mapping[str, str], sides: tuple[str, str]) -> dict[str, Any]:
    """Left, shares of classes among the acts of each block; right, acts given by each side."""
    order = {**classes, "": "unknown"}
    by_class = [
        {"years": _years(b), "class": order[c], "n": len(ids), "ids": list(ids), "o": i}
        for b in blocks
        for i, (c, ids) in enumerate([*b.by_class.items(), ("", b.unknown)])
        if ids
    ]
    by_side = [
        {"years": _years(b), "side": side, "n": len(ids), "ids": list(ids)}
        for b in blocks
        for side, ids in zip(sides, (b.first_gave, b.second_gave), strict=True)
    ]
    years = [_years(b) for b in blocks]
    used = [label for label in order.values() if any(r["class"] == label for r in by_class)]
    colours = dict(zip(order.values(), (*CLASS_COLOURS[: len(classes)], UNKNOWN_COLOUR), strict=False))
    x = alt.X("years:N", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(labelAngle=-40))
    left = (
        alt.Chart(inline(by_class), title="Share of acts by class")
        .mark_bar(cursor="pointer")
        .encode(
            x=x,
            y=alt.Y("n:Q", title=None, stack="normalize", axis=alt.Axis(format="%", tickCount=4)),
            order=alt.Order("o:Q"),
            color=alt.Color(
                "class:N",
                title=None,
                scale=alt.Scale(domain=used, range=[colours.get(u, UNKNOWN_COLOUR) for u in used]),
                legend=alt.Legend(orient="bottom", columns=2, labelLimit=250),
            ),
            tooltip=["years:N", "class:N", alt.Tooltip("n:Q", title="acts")],
        )
    )
    right = (
        alt.Chart(inline(by_side), title="Acts given")
        .mark_bar(cursor="pointer")
        .encode(
            x=x,
            xOffset=alt.XOffset("side:N", sort=list(sides)),
            y=alt.Y("n:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "side:N",
                title=None,
                scale=alt.Scale(domain=list(sides), range=list(SIDE_COLOURS)),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=["years:N", "side:N", alt.Tooltip("n:Q", title="acts given")],
        )
    )
    half = {"width": WIDTH // 2 - 45, "height": 130}
    both = alt.hconcat(left.properties(**half), right.properties(**half)).resolve_scale(color="independent")
    spec: dict[str, Any] = both.to_dict()
    spec["config"] = CONFIG
    return spec


def _years(block: Block) -> str:
    first, last = block.years[0], block.years[-1]
    return str(first) if first == last else f"{first}-{last}"
