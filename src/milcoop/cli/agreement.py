"""``milcoop agreement``: how far do raters of the same units agree?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from milcoop.cli.output import emit_json, emit_table


@click.command(
    "agreement",
    epilog="""\b
Examples:
  milcoop agreement ratings.csv
  milcoop agreement ratings.csv --metric nominal --draws 5000
  milcoop agreement codings.csv --unit item --rater coder --value grade --order low,middle,high --format json""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", default="unit", show_default=True, metavar="COLUMN", help="Column of what was rated.")
@click.option("--rater", default="rater", show_default=True, metavar="COLUMN", help="Column of who rated.")
@click.option(
    "--value", default="value", show_default=True, metavar="COLUMN", help="Column of the rating; empty: none."
)
@click.option(
    "--metric",
    type=click.Choice(["nominal", "ordinal", "interval"]),
    default="ordinal",
    show_default=True,
    help="How far two values are apart: not equal, in ranks, in units.",
)
@click.option("--order", metavar="A,B,C", help="Values from low to high, where they are words.")
@click.option("--draws", type=click.IntRange(0), default=1000, show_default=True, help="Resamplings of units.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the resampling.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(
    file: Path,
    unit: str,
    rater: str,
    value: str,
    metric: str,
    order: str | None,
    draws: int,
    seed: int,
    format_: str,
) -> None:
    """Krippendorff's alpha of the ratings in a CSV FILE, with percent agreement beside.

    One row a unit, rater and value; a unit need not be rated by everybody. Alpha is 1 for full agreement, 0 for that of chance. Where
    ratings never vary it is undefined, and only percent agreement speaks. Intervals hold 95 percent over resampled units.
    """
    from milcoop.workbench.agreement import agreement_of_file

    wanted = [v.strip() for v in order.split(",")] if order else []
    found = agreement_of_file(file, (unit, rater, value), metric, wanted, draws, seed)
    if format_ == "json":
        emit_json(_as_json(found))
        return
    click.echo(
        f"{found.ratings} ratings of {found.units} units by {found.raters} raters, metric {found.metric}"
        + (f"; left out, with fewer than two ratings: {found.left_out}" if found.left_out else "")
        + "\n"
    )
    alpha = f"{found.alpha:.3f}" if found.alpha is not None else f"undefined: {found.why}"
    rows = [
        {"measure": "Krippendorff's alpha", "value": alpha, "95 %": _ends(found.interval, 3)},
        {"measure": "percent agreement", "value": f"{100 * (found.percent or 0):.1f}", "95 %": _ends(found.percent_interval, 1, 100)},
    ]  # fmt: skip
    emit_table(rows, list(rows[0]))
    if found.alpha is not None and found.undefined:
        so = "" if found.interval else ", too many for an interval"
        click.echo(
            f"\nAlpha is undefined in {found.undefined} of {found.draws} resamplings, where ratings never vary{so}."
        )


def _ends(interval: tuple[float, float] | None, digits: int, by: float = 1) -> str:
    return " to ".join(f"{by * v:.{digits}f}" for v in interval) if interval else ""


def _as_json(found: Any) -> dict[str, Any]:
    def rounded(interval: tuple[float, float] | None) -> list[float] | None:
        return [round(v, 6) for v in interval] if interval else None

    return {
        "metric": found.metric,
        "units": found.units,
        "units_left_out": found.left_out,
        "raters": found.raters,
        "ratings": found.ratings,
        "values": list(found.values),
        "alpha": round(found.alpha, 6) if found.alpha is not None else None,
        "why": found.why or None,
        "interval": rounded(found.interval),
        "percent_agreement": round(found.percent, 6) if found.percent is not None else None,
        "percent_interval": rounded(found.percent_interval),
        "draws": found.draws,
        "draws_undefined": found.undefined,
        "seed": found.seed,
    }
