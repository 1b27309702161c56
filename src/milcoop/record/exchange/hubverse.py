"""Forecasts as rows of the hubverse model-output format (https://docs.hubverse.io): pmf for levels, quantiles for counts."""

from __future__ import annotations

from collections.abc import Sequence

from milcoop.domain.forecast import Forecast, TargetForecast
from milcoop.domain.tables import TableRow

NOT_USED = "NA"
"""``output_type_id`` of a mean or median."""


def hubverse_rows(forecast: Forecast, quantiles: Sequence[float]) -> list[TableRow]:
    """One row a target, horizon and value (levels) or quantile, mean and median (counts)."""
    rows: list[TableRow] = []
    for t in forecast.targets:
        for h, d in t.by_horizon.items():
            head: TableRow = {
                "model_id": model_id(t),
                "reference_date": forecast.reference_date.isoformat(),
                "target": t.target,
                "horizon": h,
                "target_end_date": forecast.end_of(h).isoformat(),
                "location": forecast.dyad,
            }
            values: list[tuple[str, str, float]] = []
            if t.kind == "level":
                values += [("pmf", f"{v:g}", p) for v, p in zip(d.values, d.rounded(), strict=True)]
            else:
                values += [("quantile", f"{q:g}", d.quantile(q)) for q in quantiles]
                values += [("median", NOT_USED, d.median), ("mean", NOT_USED, round(d.mean, 4))]
            for kind, which, value in values:
                more: TableRow = {"output_type": kind, "output_type_id": which, "value": value}
                rows.append({**head, **more, "scenario_id": forecast.scenario})
    return rows


def model_id(target: TargetForecast) -> str:
    """Team and model as the hubverse joins them; a model's own name has no hyphen."""
    return f"milcoop-{target.method.replace('-', '_')}"
