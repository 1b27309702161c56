"""``milcoop figures``: cited values that are no acts."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, note

SHOWN = ("name", "date_start", "date_end", "direction", "low", "best", "high", "unit", "title", "id")


@click.command(
    "figures",
    epilog="""\b
Examples:
  milcoop figures RUS CHN
  milcoop figures RUS CHN --name trade_total --format csv
  milcoop explain FIGURE-ID""",
)
@dyad_arguments
@click.option("--name", metavar="NAME", help="Only this kind of figure, e.g. trade_total.")
@record_options
@format_option()
def command(state_a: str, state_b: str, name: str | None, record: Path | None, as_of: str | None, format_: str) -> None:
    """List cited values about two states: shares, trade, force levels, counts published by others."""
    from milcoop.domain.tables import FIGURE_COLUMNS
    from milcoop.errors import InvalidArgument, nearest

    workbench = open_from(record, as_of)
    figures = workbench.record.figures_of_dyad(workbench.dyad(state_a, state_b))
    if name is not None:
        if name not in workbench.codebook.figures:
            known = sorted(workbench.codebook.figures)
            raise InvalidArgument(f"found figure '{name}', expected one of {', '.join(known)}{nearest(name, known)}")
        figures = tuple(f for f in figures if f.name == name)
    emit_rows(workbench.figure_rows(figures), FIGURE_COLUMNS, format_, shown=SHOWN)
    if format_ == "table":
        note(f"{len(figures)} figures. Open one: milcoop explain ID")
