"""``milcoop figures``: cited values that are no acts."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import dataset_option, dyad_arguments, format_option, open_dataset, open_from, record_options
from milcoop.cli.output import emit_rows, note

SHOWN = ("name", "date_start", "date_end", "direction", "low", "best", "high", "unit", "title", "id")


@click.command(
    "figures",
    epilog="""\b
Examples:
  milcoop figures RUS CHN
  milcoop figures RUS CHN --name trade_total --format csv
  milcoop figures RUS CHN --dataset cow-contiguity --record my-record
  milcoop explain FIGURE-ID""",
)
@dyad_arguments
@click.option("--name", metavar="NAME", help="Only this kind of figure, e.g. trade_total.")
@dataset_option
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    name: str | None,
    dataset: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """List cited values about two states: shares, trade, force levels, counts published by others."""
    from milcoop.domain.tables import FIGURE_COLUMNS
    from milcoop.errors import InvalidArgument, nearest

    workbench = open_from(record, as_of)
    dyad, held = workbench.dyad(state_a, state_b), open_dataset(record, dataset)
    figures = held.figures_of_dyad(dyad) if held else workbench.record.figures_of_dyad(dyad)
    if name is not None:
        if name not in workbench.codebook.figures:
            known = sorted(workbench.codebook.figures)
            raise InvalidArgument(f"found figure '{name}', expected one of {', '.join(known)}{nearest(name, known)}")
        figures = tuple(f for f in figures if f.name == name)
    emit_rows(workbench.figure_rows(figures, held), FIGURE_COLUMNS, format_, shown=SHOWN)
    if format_ == "table":
        note(
            f"{len(figures)} figures. Open one: milcoop explain ID"
            if held is None
            else f"{len(figures)} rows of {held.version}"
        )
