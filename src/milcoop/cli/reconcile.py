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
  milcoop reconcile RUS CHN --format csv > totals.csv
  milcoop reconcile RUS CHN --register --record my-record""",
)
@dyad_arguments
@click.option(
    "--id", "total_id", metavar="ID", help="One published total, with the events that explain the difference."
)
@click.option("--register", is_flag=True, help="Our transfers against an imported SIPRI register, deal by deal.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    total_id: str | None,
    register: bool,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Set published totals beside our count under each one's rule, as stated; no rule is bent to hit a number.

    Outside: our exercises and operations of the period that the rule leaves out. Gaps: what we looked for and lack.
    """
    from milcoop.errors import InvalidArgument, nearest
    from milcoop.settings import read_settings

    workbench = open_from(record, as_of)
    if register:
        _register(workbench, workbench.dyad(state_a, state_b), record or read_settings().record, format_)
        return
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


DEAL_COLUMNS = (
    "id",
    "direction",
    "ordered",
    "item",
    "units_ordered",
    "units_delivered",
    "tiv_delivered",
    "ours",
    "note",
)


def _register(workbench: Any, dyad: Any, record: Path | None, format_: str) -> None:
    """Both ledgers, the register's deals first, then ours that no deal matches."""
    from milcoop.errors import InvalidArgument
    from milcoop.findings.register import amount_of
    from milcoop.record.importers.sipri_register import NAME

    found, dataset = workbench.register(dyad, record, NAME)
    if found is None:
        raise InvalidArgument(
            f"found no {NAME} in the record folder, expected 'milcoop import sipri FILE --record DIR' first"
        )
    rows = [
        {
            "id": m.deal.id,
            "direction": m.deal.direction,
            "ordered": str(m.deal.when),
            "item": m.deal.values("item")[0],
            **{n: amount_of(m.deal, n) for n in ("units_ordered", "units_delivered", "tiv_delivered")},
            "ours": ";".join(m.ours),
            "note": m.deal.note,
        }
        for m in found.deals
    ]
    emit_rows(rows, DEAL_COLUMNS, format_, shown=DEAL_COLUMNS[:-1])
    if format_ != "table":
        return
    click.echo(f"\nOurs that no deal of the register matches: {len(found.only_ours)}")
    for event_id in found.only_ours:
        event = workbench.events_by_id[event_id]
        click.echo(f"- {event.when} {event.title} ({event.direction}) [{event_id}]")
    for direction in sorted({m.deal.direction for m in found.deals}):
        deals = [m.deal for m in found.deals if m.deal.direction == direction]
        tiv = sum(amount_of(d, "tiv_delivered") for d in deals)
        matched = sum(bool(m.ours) for m in found.deals if m.deal.direction == direction)
        note(
            f"{direction}: {len(deals)} deals, {tiv:,.2f} million TIV delivered, {matched} with events of ours ({dataset.name} of {dataset.vintage})"
        )


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
