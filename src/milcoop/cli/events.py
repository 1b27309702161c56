"""``milcoop events``: the ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from milcoop.cli.options import date_bound, dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, note

SHOWN = ("date_start", "type", "title", "status", "direction", "n_citations", "id")


@click.command(
    "events",
    epilog="""\b
Examples:
  milcoop events RUS CHN
  milcoop events RUS CHN --family exercise --from 2018
  milcoop events RUS CHN --area basing --format csv > basing.csv
  milcoop events RUS CHN --rule exercises.3.yearly
  milcoop events RUS CHN --format geojson > events.geojson""",
)
@dyad_arguments
@click.option("--family", metavar="ID", help="Only this family, e.g. exercise.")
@click.option("--type", "type_", metavar="ID", help="Only this type, e.g. operation.air-patrol.")
@click.option("--area", metavar="ID", help="Only evidence for this area of the scale.")
@click.option("--from", "from_", metavar="DATE", help="Not over before this date.")
@click.option("--to", "to", metavar="DATE", help="Not begun after this date.")
@click.option("--rule", metavar="ID", help="Only events that this criterion selects, e.g. exercises.3.yearly.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale of --area and --rule; default: staged-7.")
@record_options
@format_option("jsonl", "geojson")
def command(
    state_a: str,
    state_b: str,
    family: str | None,
    type_: str | None,
    area: str | None,
    from_: str | None,
    to: str | None,
    rule: str | None,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """List the cited events in which both states took part. One event is one act, whatever the number of reports."""
    from milcoop.domain.tables import EVENT_COLUMNS
    from milcoop.workbench import EventFilter

    first, last = date_bound(from_, "--from", last=False), date_bound(to, "--to", last=True)
    workbench = open_from(record, as_of)
    wanted = EventFilter(family=family, type=type_, area=area, from_=first, to=last, rule=rule)
    rows = workbench.event_rows(workbench.events(workbench.dyad(state_a, state_b), wanted, scale_id))
    if format_ == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif format_ == "geojson":
        click.echo(json.dumps(to_geojson(rows), ensure_ascii=False, indent=1))
    else:
        emit_rows(rows, EVENT_COLUMNS, format_, shown=SHOWN)
        if format_ == "table":
            note(f"{len(rows)} events. Open one: milcoop explain ID")


def to_geojson(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as a GeoJSON collection; an event without a place has a null geometry."""
    features = []
    for row in rows:
        point = None
        if row["lat"] is not None:
            point = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
        features.append({"type": "Feature", "id": row["id"], "geometry": point, "properties": row})
    return {"type": "FeatureCollection", "features": features}
