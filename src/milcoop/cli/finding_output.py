"""What the commands of findings share: the window's options, and how findings are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from milcoop.cli.output import emit_json, emit_rows

if TYPE_CHECKING:
    from milcoop.domain.finding import Finding, FindingSet

Command = TypeVar("Command", bound=Callable[..., Any])

SHOWN = ("id", "label", "value", "low", "high", "unit", "coverage", "n_events")


def window_options(command: Command) -> Command:
    """``--from Y`` and ``--to Y``: first and last year of the window."""
    command = click.option("--to", "to_year", type=int, metavar="YEAR", help="Last year of the window.")(command)
    return click.option(
        "--from", "from_year", type=int, metavar="YEAR", help="First year of the window (default: first year searched)."
    )(command)


def emit_findings(found: FindingSet, format_: str) -> None:
    """Findings as a table, as rows (FINDING_COLUMNS) or as the JSON contract of docs/findings.md."""
    if format_ == "json":
        emit_json(found.as_json())
        return
    from milcoop.domain.tables import FINDING_COLUMNS, finding_row

    rows = [finding_row(f, found) for f in found.findings]
    emit_rows(rows, FINDING_COLUMNS, format_, shown=SHOWN)


def say(finding: Finding, shown: str, note: str | None = None) -> None:
    """A finding on a line, each remark of its note (or of ``note``) on one of its own below."""
    click.echo(f"{finding.label}: {shown}")
    for remark in (finding.note if note is None else note).split("; "):
        if remark:
            click.echo(f"    {remark}")
