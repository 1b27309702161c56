"""``milcoop questions``: forecasts frozen before the day, with what came of them."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

import click

from milcoop.cli.options import format_option, open_from
from milcoop.cli.output import emit_rows, note


@click.command(
    "questions",
    epilog="""\b
Examples:
  milcoop questions --record my-record
  milcoop questions --record my-record --format csv
  milcoop forecast RUS CHN --freeze --record my-record        how a question comes into the log""",
)
@click.option(
    "--record",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Record folder that holds the question log [MILCOOP_RECORD].",
)
@format_option()
def command(record: Path | None, format_: str) -> int:
    """Resolve frozen forecasts from the record, score them, and show the track record.

    A question is resolved when the record reaches its day and the target is monitored. One that was edited after it was frozen
    is named, not scored, and the exit code is 1. Backtests never enter.
    """
    from milcoop.domain.question import BROKEN, RESOLVED
    from milcoop.domain.tables import QUESTION_COLUMNS
    from milcoop.errors import InvalidArgument
    from milcoop.settings import read_settings

    folder = record or read_settings().record
    if folder is None:
        raise InvalidArgument("found no record folder, expected --record DIR with the question log in forecasts/")
    found = open_from(folder).questions(folder)
    rows = []
    for r, _ in found:
        low, high = r.question.forecast.interval(80)
        rows.append(
            {
                "question": r.question.id,
                "status": r.status,
                "method": r.question.method,
                "forecast": f"{r.question.forecast.median:g} ({low:g}-{high:g})",
                "outcome": r.outcome,
                "score": _rounded(r.score),
                "persistence_score": _rounded(r.persistence_score),
                "log_score": _rounded(r.log_score),
                "record_version": r.question.record_version,
                "explain": ";".join(r.ids),
            }
        )
    emit_rows(rows, QUESTION_COLUMNS, format_, shown=QUESTION_COLUMNS[:8])
    broken = [line for r, line in found if r.status == BROKEN or not line.follows]
    for line in broken:
        what = "was edited after it was frozen" if not line.holds else "does not follow the line it was sealed on"
        note(f"{line.where}: {line.question.id} {what}")
    if format_ == "table":
        scored = [r for r, _ in found if r.status == RESOLVED and r.score is not None]
        click.echo(f"\nTrack record: {len(found)} frozen, {len(scored)} resolved.")
        for kind, unit in (("level", "levels"), ("count", "acts")):
            group = [r for r in scored if r.question.target.startswith(kind)]
            if group:
                ours, theirs = (
                    fmean(getattr(r, name) or 0.0 for r in group) for name in ("score", "persistence_score")
                )
                click.echo(
                    f"{kind}s: mean score {ours:.3f} {unit}, persistence {theirs:.3f}, over {len(group)} questions"
                )
    return 1 if broken else 0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
