"""``milcoop sensitivity``: what does a level hang on?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, emit_table, note


@click.command(
    "sensitivity",
    epilog="""\b
Examples:
  milcoop sensitivity RUS CHN                         what moves a level of the last year
  milcoop sensitivity RUS CHN --year 2021 --all
  milcoop sensitivity RUS CHN --format csv            every variation and area""",
)
@dyad_arguments
@click.option("--year", metavar="YEAR", type=int, help="Year of the levels; default: the last with one.")
@click.option("--all", "every", is_flag=True, help="Also variations that move nothing.")
@click.option(
    "--draws",
    type=click.IntRange(0),
    help="Redraws of each variation; 0 for the criteria alone; default: milcoop codebook checks.",
)
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    year: int | None,
    every: bool,
    draws: int | None,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Levels and directions after one thing at a time is left out or moved.

    Pages in one language, of state or party publishers, acts known from one page or from one party's agencies alone, each family of acts,
    each weight of the redraws halved and doubled, each threshold and window by one step (docs/checks.md). The table shows what
    moves a level, or the probability of one by a fifth; 'another seed' is what chance alone does.
    """
    from milcoop.domain.sensitivity import SEED
    from milcoop.domain.tables import SENSITIVITY_COLUMNS

    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    found = workbench.sensitivity(dyad, year, scale_id, draws)
    rows: list[dict[str, Any]] = list(workbench.sensitivity_rows(dyad, found))
    if format_ != "table":
        emit_rows(rows, SENSITIVITY_COLUMNS, format_)
        return
    least = workbench.codebook.checks["checks"].shown
    shown = [r for r in rows if every or r["before"] != r["after"] or (r["shift"] or 0) >= least]
    names = " and ".join(workbench.state_name(s) for s in dyad.states)
    click.echo(f"{names}, levels of {found.year} ({found.draws} redraws a variation; record {found.record_version})\n")
    emit_table([_row(r) for r in shown], list(_row(rows[0])))
    chance = max((r["shift"] or 0 for r in rows if r["kind"] == SEED), default=0)
    moved = sum(any(a.moved for a in v.areas) for v in found.variations)
    click.echo(
        f"\n{len(found.variations)} variations, of which {moved} move a level; another seed alone shifts a probability by {chance:.2f} at most"
    )
    note("Slopes are of the criteria's levels, up/flat/down of redraws. Methods: docs/checks.md")


def _row(r: dict[str, Any]) -> dict[str, str]:
    level = f"{r['before']:g} to {r['after']:g}" if r["before"] != r["after"] else f"{r['before']:g}"
    slopes = [f"{r[s]:+.2f}" for s in ("slope_before", "slope_after") if r[s] is not None]
    ways = [_percents(r[d]) for d in ("direction_before", "direction_after") if r[d]]
    return {
        "kind": r["kind"],
        "variation": r["variation"],
        "drops": str(r["left_out"] or ""),
        "area": r["area"],
        "level": level,
        "shift": f"{r['shift']:.2f}" if r["shift"] is not None else "",
        "slope a year": " to ".join(dict.fromkeys(slopes)),
        "up/flat/down %": " to ".join(dict.fromkeys(ways)),
    }


def _percents(shares: str) -> str:
    return "/".join(f"{100 * float(p):.0f}" for p in shares.split(";"))
