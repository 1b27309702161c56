"""The matrix of lines of evidence by readings, coloured by weight of evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from milcoop.domain.readings import Readings, SeenLine
from milcoop.report.charts import CONFIG, WIDTH, inline

AGAINST, NEITHER, FOR = "#c2502d", "#f4f1ea", "#0b4468"
ENDS = 4
"""Decibans at which the colours are full."""
LABELS = 235
"""Points that the labels of lines take."""
WRAPPED, LINE = 12, 11
"""Letters in a line of a column's label, and points from one such line to the next."""


def evidence_matrix(found: Readings, ids_of: Callable[[SeenLine], Sequence[str]]) -> dict[str, Any]:
    """Decibans of each known line (rows) for and against each account (columns); lines that tell apart stand first."""
    columns = ["\n".join(wrap(a.label, WRAPPED)) for a in found.accounts]
    groups = (("Lines that tell readings apart", found.diagnostic), ("Lines that say nothing", found.silent))
    parts: list[Any] = []
    for title, lines in groups:
        if lines:
            parts.append(_part(title, lines, found, columns, ids_of, labelled=not parts))
    spec: dict[str, Any] = alt.vconcat(*parts, spacing=8).resolve_scale(color="shared").to_dict()
    spec["config"] = CONFIG
    return spec


def _part(
    title: str,
    lines: Sequence[SeenLine],
    found: Readings,
    columns: Sequence[str],
    ids_of: Callable[[SeenLine], Sequence[str]],
    *,
    labelled: bool,
) -> Any:
    rows = [
        {
            "line": line.label,
            "seen": line.outcome_label,
            "account": column,
            "decibans": round(line.decibans[account.id], 1),
            "said": f"{line.decibans[account.id] + 0:+.1f}",
            "ids": list(ids_of(line)),
        }
        for line in lines
        for account, column in zip(found.accounts, columns, strict=True)
    ]
    above = LINE * max(c.count("\n") for c in columns) + 4  # a label of several lines grows downwards from its first
    axis = alt.Axis(
        orient="top",
        labelAngle=0,
        labelExpr="split(datum.label, '\\n')",
        labels=labelled,
        labelFontSize=10,
        labelLineHeight=LINE,
        labelPadding=above,
        ticks=False,
        domain=False,
    )
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("account:N", sort=list(columns), title=None, axis=axis),
        y=alt.Y(
            "line:N",
            sort=[x.label for x in lines],
            title=None,
            axis=alt.Axis(labelLimit=LABELS, minExtent=LABELS, maxExtent=LABELS),
        ),
    )
    cells = base.mark_rect(stroke="#ffffff", cursor="pointer").encode(
        color=alt.Color(
            "decibans:Q",
            title="decibans against and for",
            scale=alt.Scale(domain=[-ENDS, 0, ENDS], range=[AGAINST, NEITHER, FOR], clamp=True, interpolate="rgb"),
            legend=alt.Legend(orient="bottom", gradientLength=220),
        ),
        tooltip=["line:N", "seen:N", "account:N", "decibans:Q"],
    )
    numbers = base.mark_text(fontSize=9.5, cursor="pointer").encode(
        text="said:N",
        color=alt.condition(f"abs(datum.decibans) > {ENDS / 2}", alt.value("#ffffff"), alt.value("#333333")),
    )
    head = alt.Title(title, anchor="start", frame="bounds", fontSize=11, fontWeight="normal", color="#555555")
    return (cells + numbers).properties(width=WIDTH - LABELS, height=19 * len(lines), title=head)
