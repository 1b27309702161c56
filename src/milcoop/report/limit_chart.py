"""The grid of tests of alliance by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from milcoop.domain.limit import AGAINST, CONTESTED, MET, NO_OCCASION, NOT_MET, PARTIAL, SILENT, Limits, Verdict
from milcoop.report.charts import CONFIG, WIDTH, inline

VERDICT_COLOURS = {
    MET: "#0b4468",
    PARTIAL: "#7fb0c8",
    CONTESTED: "#b9a7cf",
    NOT_MET: "#e8dcc6",
    AGAINST: "#c2502d",
    NO_OCCASION: "#f3f3f0",
}
ROW_HEIGHT = 21


def limit_grid(limits: Limits, names: Mapping[str, str]) -> dict[str, Any]:
    """Verdict by test and year, a row for each side where its conduct is judged; a dot where contested evidence decides.

    White is not monitored. ``names`` are the states' names by ISO3.
    """
    lines = list(_lines(limits, names))
    labels = [label for label, _ in lines]
    rows = [_row(label, v) for label, verdicts in lines for v in verdicts if v.word in VERDICT_COLOURS]
    years = list(limits.found.years)
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            "year:O",
            title=None,
            scale=alt.Scale(domain=years),
            axis=alt.Axis(values=[y for y in years if y % 5 == 0 or len(years) < 8], labelAngle=0),
        ),
        y=alt.Y("test:N", sort=labels, title=None, scale=alt.Scale(domain=labels), axis=alt.Axis(labelLimit=330)),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1, cursor="pointer").encode(
        color=alt.Color(
            "verdict:N",
            title=None,
            scale=alt.Scale(domain=list(VERDICT_COLOURS), range=list(VERDICT_COLOURS.values())),
            legend=alt.Legend(orient="bottom"),
        ),
        tooltip=[
            "test:N",
            "year:O",
            "verdict:N",
            "low:N",
            "high:N",
            alt.Tooltip("acts:Q", title="acts that bear on it"),
        ],
    )
    dots = base.transform_filter("datum.open").mark_point(filled=True, size=9, color="#222222", opacity=0.9).encode()
    spec: dict[str, Any] = (cells + dots).properties(width=WIDTH - 190, height=ROW_HEIGHT * len(labels)).to_dict()
    spec["config"] = CONFIG
    return spec


def _lines(limits: Limits, names: Mapping[str, str]) -> Iterable[tuple[str, Sequence[Verdict]]]:
    for test in limits.tests:
        if not test.by_state:
            yield test.label, test.verdicts
        for state, verdicts in test.by_state.items():
            if any(v.word not in SILENT for v in verdicts):
                yield f"{test.label}: {names[state]}", verdicts


def _row(label: str, verdict: Verdict) -> dict[str, Any]:
    ids = list(verdict.ids())
    return {
        "test": label,
        "year": verdict.year,
        "verdict": verdict.word,
        "low": verdict.low,
        "high": verdict.high,
        "open": verdict.open,
        "acts": len(ids),
        "ids": ids,
    }
