"""``milcoop events``: the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import (
    dataset_option,
    date_bound,
    dyad_arguments,
    format_option,
    open_dataset,
    open_from,
    record_options,
)
from milcoop.cli.output import emit_rows, note

BINARY = ("parquet", "dta", "xlsx")
SHOWN = ("date_start", "type", "title", "status", "n_citations", "id")


@click.command(
    "events",
    epilog="""\b
Examples:
  milcoop events RUS CHN
  milcoop events RUS CHN --family exercise --from 2018
  milcoop events RUS CHN --area basing --format csv > basing.csv
  milcoop events RUS CHN --rule exercises.3.yearly
  milcoop events RUS CHN --format geojson > events.geojson
  milcoop events RUS CHN --format parquet --out events.parquet
  milcoop events RUS CHN --dataset cow-alliances --record my-record""",
)
@dyad_arguments
@click.option("--family", metavar="ID", help="Only this family, e.g. exercise.")
@click.option("--type", "type_", metavar="ID", help="Only this type, e.g. operation.air-patrol.")
@click.option("--area", metavar="ID", help="Only evidence for this area of the scale.")
@click.option("--from", "from_", metavar="DATE", help="Not over before this date.")
@click.option("--to", "to", metavar="DATE", help="Not begun after this date.")
@click.option("--rule", metavar="ID", help="Only events that this criterion selects, e.g. exercises.3.yearly.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale of --area and --rule; default: staged-7.")
@dataset_option
@record_options
@format_option("jsonl", "geojson", *BINARY)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="File to write; needed for parquet, dta, xlsx."
)
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
    dataset: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
    out: Path | None,
) -> None:
    """List the cited events in which both states took part. One event is one act, whatever the number of reports."""
    from milcoop.domain.tables import EVENT_COLUMNS
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.files import to_geojson, to_jsonl, write_rows_file
    from milcoop.workbench import EventFilter

    if format_ in BINARY and out is None:
        raise InvalidArgument(f"found --format {format_} without --out FILE, expected a file to write to")
    first, last = date_bound(from_, "--from", last=False), date_bound(to, "--to", last=True)
    workbench = open_from(record, as_of)
    wanted = EventFilter(family=family, type=type_, area=area, from_=first, to=last, rule=rule)
    held = open_dataset(record, dataset)
    rows = workbench.event_rows(workbench.events(workbench.dyad(state_a, state_b), wanted, scale_id, held), held)
    if format_ in BINARY or out is not None:
        assert out is not None  # checked above for binary formats
        click.echo(str(write_rows_file(rows, EVENT_COLUMNS, format_, out)))
    elif format_ == "jsonl":
        click.echo(to_jsonl(rows), nl=False)
    elif format_ == "geojson":
        click.echo(to_geojson(rows))
    else:
        emit_rows(rows, EVENT_COLUMNS, format_, shown=SHOWN)
        if format_ == "table":
            note(
                f"{len(rows)} events. Open one: milcoop explain ID"
                if held is None
                else f"{len(rows)} rows of {held.version}"
            )
