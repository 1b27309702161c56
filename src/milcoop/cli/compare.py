"""``milcoop compare``: pairs of states on one scale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, emit_table, note

if TYPE_CHECKING:
    from milcoop.domain.assessment import Assessment


@click.command(
    "compare",
    epilog="""\b
Examples:
  milcoop compare RUS CHN --with USA JPN
  milcoop compare RUS CHN --with USA JPN --with CHN PAK --year 2015
  milcoop compare RUS CHN --with USA KOR --format csv        the tidy frame of assess, pairs below each other""",
)
@dyad_arguments
@click.option(
    "--with",
    "others",
    nargs=2,
    multiple=True,
    required=True,
    metavar="STATE STATE",
    help="A pair to set beside; repeatable.",
)
@click.option(
    "--year", metavar="YEAR", type=int, help="Year; default: the last in which every pair has an overall level."
)
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    others: tuple[tuple[str, str], ...],
    year: int | None,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Set the levels of several pairs beside each other, with the interval of each.

    Pairs differ in how much was searched: the queries behind each stand in the last row. A lower level may be a page not found.
    """
    from milcoop.domain.tables import ASSESS_COLUMNS
    from milcoop.errors import InvalidArgument

    workbench = open_from(record, as_of)
    dyads = list(dict.fromkeys(workbench.dyad(*pair) for pair in ((state_a, state_b), *others)))
    if len(dyads) < 2:
        raise InvalidArgument(f"found the pair {dyads[0].id} twice, expected another one after --with")
    if year is None:
        wholes = [
            {o.year for o in workbench.assess(d, scale_id=scale_id).overall if o.level is not None} for d in dyads
        ]
        common = set.intersection(*wholes)
        if not common:
            raise InvalidArgument("found no year in which every pair has an overall level; give one with --year")
        year = max(common)
    found = [workbench.assess(d, from_year=year, to_year=year, scale_id=scale_id) for d in dyads]
    if format_ != "table":
        emit_rows([row for f in found for row in workbench.assess_rows(f)], ASSESS_COLUMNS, format_)
        return
    click.echo(
        f"Levels on {found[0].ratings[0].on} ({found[0].scale.title}); in brackets four in five redraws of the evidence\n"
    )
    rows = [
        {"area": area.id, **{f.dyad.id: _cell(workbench, f, area.id) for f in found}} for area in found[0].scale.areas
    ]
    rows.append({"area": "overall", **{f.dyad.id: _cell(workbench, f, "overall") for f in found}})
    counts = {f.dyad.id: str(sum(year in s.years for s in workbench.record.searches_of_dyad(f.dyad))) for f in found}
    rows.append({"area": "queries", **counts})
    emit_table(rows, list(rows[0]))
    note("\nOpen a level: milcoop explain " + found[0].ratings[0].id)


def _cell(workbench: Any, found: Assessment, area: str) -> str:
    """``3 (3-4)``, or why there is no level."""
    year = found.years[0]
    if area == "overall":
        level, why = found.overall[0].level, "-"
    else:
        rating = found.of_year(year)[area]
        level, why = rating.level, rating.coverage
    if level is None:
        return why
    cell = workbench.estimates(found).cells.get((area, year))
    if cell is None:
        return f"{level:g}"
    low, high = cell.interval(80)
    return f"{level:g} ({low:g}-{high:g})" if low != high else f"{level:g} ({low:g})"
