"""``milcoop reconcile``: why respected trackers disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_rows, emit_table, note

COLUMNS = ("id", "publisher", "period", "theirs", "ours", "difference", "outside", "events", "events_outside", "gaps", "stated", "note", "url")  # fmt: skip
SHOWN = ("id", "publisher", "period", "theirs", "ours", "difference", "outside")


@click.command(
    "reconcile",
    epilog="""\b
Examples:
  milcoop reconcile RUS CHN
  milcoop reconcile RUS CHN --id ndu-2022
  milcoop reconcile RUS CHN --format csv > totals.csv""",
)
@dyad_arguments
@click.option(
    "--id", "total_id", metavar="ID", help="One published total, with the events that explain the difference."
)
@record_options
@format_option()
def command(
    state_a: str, state_b: str, total_id: str | None, record: Path | None, as_of: str | None, format_: str
) -> None:
    """Set published totals beside our count under each one's rule, as stated; no rule is bent to hit a number.

    Outside: our exercises and operations of the period that the rule leaves out. Gaps: what we looked for and lack.
    """
    from milcoop.errors import InvalidArgument, nearest

    workbench = open_from(record, as_of)
    found = workbench.reconcile(workbench.dyad(state_a, state_b))
    if total_id is not None:
        known = [f.total.id for f in found]
        if total_id not in known:
            raise InvalidArgument(
                f"found total '{total_id}', expected one of {', '.join(known) or 'none'}{nearest(total_id, known)}"
            )
        found = tuple(f for f in found if f.total.id == total_id)
    emit_rows([_row(f) for f in found], COLUMNS, format_, shown=SHOWN)
    if format_ == "table" and total_id is not None:
        _explain(workbench, found[0])
    elif format_ == "table":
        note(f"{len(found)} published totals. Open one: milcoop reconcile {state_a} {state_b} --id ID")


def _row(found: Any) -> dict[str, Any]:
    total = found.total
    theirs = [v for v in (total.best, total.low) if v is not None]
    return {
        "id": total.id,
        "publisher": total.publisher,
        "period": total.period,
        "theirs": f"{theirs[0]:g}{' or more' if total.high is None else ''}" if theirs else None,
        "ours": len(found.ours),
        "difference": found.difference,
        "outside": sum(map(len, found.outside.values())),
        "events": ";".join(found.ours),
        "events_outside": ";".join(f"{reason}: {' '.join(ids)}" for reason, ids in found.outside.items()),
        "gaps": ";".join(found.gaps),
        "stated": total.stated,
        "note": total.note,
        "url": total.citation.url,
    }


def _explain(workbench: Any, found: Any) -> None:
    click.echo(f"\nRule as stated: {found.total.stated} {found.total.note}\n{found.total.citation.url}\n")

    def listed(ids: tuple[str, ...]) -> list[dict[str, Any]]:
        events = [workbench.events_by_id[i] for i in ids]
        return [{"date": str(e.when), "type": e.type, "title": e.title, "id": e.id} for e in events]

    click.echo(f"Ours under the rule: {len(found.ours)}")
    emit_table(listed(found.ours), ["date", "type", "title", "id"])
    for reason, ids in found.outside.items():
        click.echo(f"\nOurs outside the rule, {reason}: {len(ids)}")
        emit_table(listed(ids), ["date", "type", "title", "id"])
    if found.gaps:
        click.echo("\nLooked for and not found in the period:")
        for gap in found.gaps:
            click.echo(f"- {gap}")
