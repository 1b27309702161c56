"""``milcoop mechanisms``: who talks to whom, how regularly, and where it lapsed."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, note

SHOWN = ("id", "level", "rounds", "first", "last", "regularity", "lapses")


@click.command(
    "mechanisms",
    epilog="""\b
Examples:
  milcoop mechanisms RUS CHN
  milcoop mechanisms RUS CHN --as-of 2019-12-31
  milcoop mechanisms RUS CHN --format json""",
)
@dyad_arguments
@record_options
@format_option()
def command(state_a: str, state_b: str, record: Path | None, as_of: str | None, format_: str) -> None:
    """List standing mechanisms of consultation with their rounds on record.

    Regularity is the share of years from the first to the last round that have a round. A lapse is a run of two or more
    years without one on record, up to the record's end; it may be a gap in the sources.
    """
    from milcoop.domain.tables import MECHANISM_COLUMNS

    workbench = open_from(record, as_of)
    rows = [
        {
            "id": f.mechanism.id,
            "label": f.mechanism.label.en,
            "native": f"{f.mechanism.label.ru} / {f.mechanism.label.zh}",
            "level": f.mechanism.level,
            "rounds": len(f.rounds),
            "first": str(f.rounds[0].when.start),
            "last": str(f.rounds[-1].when.start),
            "last_event": f.rounds[-1].id,
            "years_held": f.years_held,
            "years_spanned": f.years_spanned,
            "regularity": round(f.regularity, 3),
            "lapses": ";".join(str(a) if a == b else f"{a}-{b}" for a, b in f.lapses),
            "events": ";".join(e.id for e in f.rounds),
        }
        for f in workbench.mechanisms(workbench.dyad(state_a, state_b))
    ]
    emit_rows(rows, MECHANISM_COLUMNS, format_, shown=SHOWN)
    if format_ == "table":
        note("Rounds are those on record; one found by no search is missing here.")
