"""Table contracts: the columns of every row that other programs read, in order, and what a cell holds.

More columns may follow; none change meaning. Lists inside a cell are joined by ``;``; unknown is an empty cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from milcoop.domain.event import Event, Figure
from milcoop.domain.finding import Finding, FindingSet

Cell = str | int | float | None
TableRow = dict[str, Cell]

EVENT_COLUMNS = (
    "id", "family", "type", "date_start", "date_end", "date_precision", "status", "title", "participants", "direction",
    "place", "lat", "lon", "series", "ordinal", "quantities", "areas", "credibility", "n_citations", "source_urls",
    "public_on", "record_version",
    "observers", "mechanism", "chain", "fields", "note", "coding",
)  # fmt: skip
FIGURE_COLUMNS = (
    "id", "name", "direction", "date_start", "date_end", "date_precision", "low", "best", "high", "unit", "title",
    "n_citations", "source_urls", "public_on", "record_version",
    "note",
)  # fmt: skip
ASSESS_COLUMNS = (
    "dyad_id", "iso3_1", "iso3_2", "ccode1", "ccode2", "gwcode1", "gwcode2", "year", "area", "measure", "value",
    "lower", "upper", "n_events", "n_sources", "coverage", "as_of",
)  # fmt: skip
RERATE_COLUMNS = (
    "dyad_id", "area", "year", "level_before", "level_after", "coverage_before", "coverage_after", "lower_before",
    "upper_before", "lower_after", "upper_after", "flipped", "lost", "gained",
)  # fmt: skip
DECISIVE_COLUMNS = ("dyad_id", "id", "year", "area", "level_before", "level_after", "flipped")
MECHANISM_COLUMNS = (
    "id", "label", "native", "level", "rounds", "first", "last", "last_event", "years_held", "years_spanned",
    "regularity", "lapses", "events",
)  # fmt: skip
FINDING_COLUMNS = (
    "dyad_id", "command", "id", "label", "value", "low", "high", "unit", "coverage", "n_events", "events",
    "what_would_change_it", "note", "from", "to", "as_of", "record_version", "codebook_version",
)  # fmt: skip
SENSITIVITY_COLUMNS = (
    "dyad_id", "year", "kind", "variation", "area", "before", "after", "shift", "slope_before", "slope_after",
    "direction_before", "direction_after", "left_out", "record_version",
)  # fmt: skip
FORECAST_COLUMNS = (
    "model_id", "reference_date", "target", "horizon", "target_end_date", "location", "output_type", "output_type_id",
    "value",
    "scenario_id",
)  # fmt: skip
BACKTEST_COLUMNS = (
    "target", "method", "cases", "score", "log_score", "redrawn_score", "coverage_50", "coverage_80", "coverage_90",
    "difference_lower", "difference_upper", "shipped",
)  # fmt: skip
CASE_COLUMNS = (
    "location", "target", "reference_date", "horizon", "target_end_date", "method", "median", "lower", "upper",
    "outcome", "probability", "score", "log_score",
)  # fmt: skip
QUESTION_COLUMNS = (
    "question", "status", "method", "forecast", "outcome", "score", "persistence_score", "log_score", "record_version",
    "explain",
)  # fmt: skip


def event_row(
    event: Event, *, areas: tuple[str, ...], lat: float | None, lon: float | None, place: str, record_version: str
) -> TableRow:
    """One event as a row of ``EVENT_COLUMNS``."""
    fields = (f"{name}={','.join(v.value for v in values)}" for name, values in (event.fields or {}).items())
    return {
        "id": event.id,
        "family": event.family,
        "type": event.type,
        "date_start": str(event.when.start),
        "date_end": str(event.when.end) if event.when.end else None,
        "date_precision": event.when.precision,
        "status": event.status,
        "title": event.title,
        "participants": ";".join(event.participants),
        "direction": event.direction,
        "place": place,
        "lat": lat,
        "lon": lon,
        "series": event.series,
        "ordinal": ";".join(f"{who}:{number}" if who else str(number) for who, number in event.ordinals),
        "quantities": ";".join(map(str, event.quantities)),
        "areas": ";".join(areas),
        "credibility": event.credibility,
        "n_citations": len(event.citations),
        "source_urls": ";".join(c.url.replace(";", "%3B") for c in event.citations),
        "public_on": str(event.public_on),
        "record_version": record_version,
        "observers": ";".join(event.observers),
        "mechanism": event.mechanism,
        "chain": event.chain,
        "fields": ";".join(fields),
        "note": event.note,
        "coding": event.coding,
    }


def figure_row(figure: Figure, *, record_version: str) -> TableRow:
    """One figure as a row of ``FIGURE_COLUMNS``."""
    return {
        "id": figure.id,
        "name": figure.name,
        "direction": figure.direction,
        "date_start": str(figure.when.start),
        "date_end": str(figure.when.end) if figure.when.end else None,
        "date_precision": figure.when.precision,
        "low": figure.low,
        "best": figure.best,
        "high": figure.high,
        "unit": figure.unit,
        "title": figure.title,
        "n_citations": len(figure.citations),
        "source_urls": ";".join(c.url.replace(";", "%3B") for c in figure.citations),
        "public_on": str(figure.public_on),
        "record_version": record_version,
        "note": figure.note,
    }


def to_csv(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV text, cells that a spreadsheet would run as a formula neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral_cell(row.get(c)) for c in columns])
    return out.getvalue()


def neutral_cell(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula; empty for unknown; no ``.0`` on whole numbers."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def finding_row(finding: Finding, of: FindingSet) -> TableRow:
    """A finding as a row of the contract; its sensitivity stands in JSON alone."""
    f = finding
    return {
        "dyad_id": of.dyad.id,
        "command": of.command,
        "id": f.id,
        "label": f.label,
        **{
            k: round(v, 4) if isinstance(v, float) else v
            for k, v in (("value", f.value), ("low", f.low), ("high", f.high))
        },
        "unit": f.unit,
        "coverage": f.coverage,
        "n_events": len(f.events),
        "events": ";".join(f.events),
        "what_would_change_it": f.what_would_change_it,
        "note": f.note,
        "from": of.years.start,
        "to": of.years.stop - 1,
        "as_of": of.as_of.isoformat(),
        "record_version": of.record_version,
        "codebook_version": of.codebook_version,
    }
