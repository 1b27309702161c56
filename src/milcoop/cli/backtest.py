"""``milcoop backtest``: how well would these forecasts have done?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.forecast import choice_sentence
from milcoop.cli.options import date_bound, format_option, open_from
from milcoop.cli.output import emit_json, emit_rows, emit_table, note, progress_line

if TYPE_CHECKING:
    from milcoop.domain.dyad import Dyad
    from milcoop.domain.forecast import Backtest, Case, Forecast
    from milcoop.workbench import Workbench


@click.command(
    "backtest",
    epilog="""\b
Examples:
  milcoop backtest --origin 2022-11-30 RUS CHN        the forecast of one vintage beside what came
  milcoop backtest RUS CHN --out out                  all declared origins; calibration as SVG and JSON
  milcoop backtest --format json                      every continuously monitored pair""",
)
@click.argument("states", nargs=-1, metavar="[STATE STATE]")
@click.option("--origin", metavar="DATE", help="One vintage of your own instead of the declared origins.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for calibration.svg and backtest.json."
)
@click.option(
    "--record",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of your own, layered over the bundled record [MILCOOP_RECORD].",
)
@format_option()
def command(states: tuple[str, ...], origin: str | None, out: Path | None, record: Path | None, format_: str) -> None:
    """Score forecasts made from vintages of the record against what the whole record holds now.

    Targets and origins are declared in the codebook. All methods are scored alike: ranked probability score for levels, CRPS
    for counts, log score, coverage of intervals. Each forecast knows only what citations of its day show; the rules were
    written later, so this is pseudo-prospective and enters no track record. A minute or so for the declared origins.
    """
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.write import check_folder

    if len(states) not in (0, 2):
        raise InvalidArgument(
            f"found {len(states)} state, expected two or none"
            if len(states) == 1
            else f"found {len(states)} states, expected two or none"
        )
    day = date_bound(origin, "--origin", last=True)
    if out is not None:
        check_folder(out)
    if out is not None and day is not None:
        raise InvalidArgument("found --out with --origin, expected --out with the declared origins")
    workbench = open_from(record)
    continuous = workbench.continuous_dyads()
    dyads = [workbench.dyad(*states)] if states else continuous
    for dyad in dyads:
        if dyad not in continuous:
            years = workbench.forecast_rule.backtest.monitored_years
            raise InvalidArgument(
                f"found {dyad.id}, expected a pair monitored in each of its last {years} years: "
                + (", ".join(d.id for d in continuous) or "there is none")
            )
    if day is not None:
        _one_origin(workbench, dyads, day, format_)
        return
    rule = workbench.forecast_rule.backtest
    show = progress_line("milcoop backtest", len({*rule.origins, *rule.asked}) + 1)
    found = workbench.backtest(dyads, show)
    show("")
    if out is not None:
        for path in workbench.write_backtest(found, out):
            note(str(path))
    _all_origins(workbench, found, format_)


def _all_origins(workbench: Workbench, found: Backtest, format_: str) -> None:
    from milcoop.domain.tables import BACKTEST_COLUMNS

    if format_ == "json":
        emit_json(workbench.backtest_json(found))
        return
    rows = workbench.backtest_rows(found)
    if format_ == "csv":
        emit_rows(rows, BACKTEST_COLUMNS, format_)
        return
    click.echo(
        f"{len(found.origins)} origins, {found.origins[0]} to {found.origins[-1]}, real-time vintages; record {found.record_version}; "
        f"pairs: {', '.join(found.dyads)}\n"
    )
    shown = [{**r, "shipped": "yes" if r["shipped"] else ""} for r in rows]
    emit_table(shown, [c for c in BACKTEST_COLUMNS if found.claim or not c.startswith("difference")])
    if not found.claim:
        fewest = workbench.forecast_rule.backtest.fewest_dyads
        click.echo(
            f"\n{len(found.dyads)} continuously monitored, fewer than {fewest}: these scores describe one history. No skill is claimed."
        )
    click.echo(
        "\nCalibration of what the rule of choice would have shipped: of statements 'at most k' with a probability in the bin, share that came true\n"
    )
    emit_table(
        [
            {
                "kind": b.kind,
                "probability": f"{b.low:.1f}-{b.high:.1f}",
                "statements": b.statements,
                "said": round(b.mean_probability, 3),
                "came true": round(b.came_true, 3),
            }
            for b in found.calibration
        ],
        ["kind", "probability", "statements", "said", "came true"],
    )
    note(
        "\nscore: ranked probability score in levels, CRPS in acts; 0 is perfect. 'chosen': the rule of choice with what it knew at each origin. docs/forecast.md"
    )


def _one_origin(workbench: Workbench, dyads: Sequence[Dyad], day: date, format_: str) -> None:
    from milcoop.domain.tables import CASE_COLUMNS
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.hubverse import hubverse_rows

    found = [(*workbench.backtest_at(d, day), d) for d in dyads]
    rows = [row for _, cases, _ in found for row in workbench.case_rows(cases)]
    if not rows:
        years = workbench.forecast_rule.history
        raise InvalidArgument(
            f"found --origin {day}, expected a day with {years} monitored years before it and an ended one after it"
        )
    if format_ == "csv":
        emit_rows(rows, CASE_COLUMNS, format_)
        return
    if format_ == "json":
        emit_json(
            {
                "origin": day.isoformat(),
                "label": "pseudo-prospective",
                "record_version": workbench.record.version,
                "forecasts": [r for f, _, _ in found for r in hubverse_rows(f, workbench.forecast_rule.quantiles)],
                "scores": rows,
                "means": [m for _, cases, _ in found for m in _means(cases)],
            }
        )
        return
    for forecast, cases, dyad in found:
        _print_origin(workbench, forecast, cases, dyad, rows)


def _print_origin(
    workbench: Workbench, forecast: Forecast, cases: Sequence[Case], dyad: Dyad, rows: Sequence[dict[str, Any]]
) -> None:
    names = " and ".join(workbench.state_name(s) for s in dyad.states)
    last = max((c.ends for c in cases), default=forecast.reference_date)
    click.echo(
        f"{names}: pseudo-prospective forecast from the vintage {forecast.reference_date}, scored on outcomes to {last}; "
        f"record {workbench.record.version}\n{choice_sentence(workbench, forecast)}\n"
    )
    shown = [r for r in rows if r["method"] == "chosen" and r["location"] == dyad.id]
    methods = {t.target: t.method for t in forecast.targets}
    emit_table(
        [
            {
                "target": str(r["target"]).partition(":")[2],
                "year": str(r["target_end_date"])[:4],
                "forecast (80 %)": f"{r['median']:g} ({r['lower']:g}-{r['upper']:g})",
                "came": f"{r['outcome']:g}",
                "inside": "yes" if r["lower"] <= r["outcome"] <= r["upper"] else "no",
                "its probability": f"{r['probability']:.2f}",
                "score": f"{r['score']:.3f}",
                "method": methods[str(r["target"])],
            }
            for r in shown
        ],
        ["target", "year", "forecast (80 %)", "came", "inside", "its probability", "score", "method"],
    )
    click.echo("\nMean score by method (levels: ranked probability score; counts: CRPS; smaller is better)\n")
    means = _means(cases)
    emit_table(means, list(means[0]) if means else ["kind"])


def _means(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Mean scores over the targets of a kind, and the share inside the 80 percent interval."""
    from statistics import fmean

    from milcoop.trajectory.forecasting.scores import is_covered, log_score, ranked_score

    rows = []
    for kind in ("level", "count"):
        groups: dict[str, list[Case]] = {}
        for c in cases:
            if c.target.startswith(kind):
                groups.setdefault(c.method, []).append(c)
        found = [
            {
                "kind": kind,
                "method": method,
                "cases": len(group),
                "score": round(fmean(ranked_score(c.forecast, c.outcome) for c in group), 3),
                "log_score": round(fmean(log_score(c.forecast, c.outcome) for c in group), 3),
                "inside_80": round(fmean(is_covered(c.forecast, c.outcome, 80) for c in group), 3),
            }
            for method, group in groups.items()
        ]
        rows += sorted(found, key=lambda r: r["score"])
    return rows
