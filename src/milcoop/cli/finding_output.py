"""What the commands of findings share: the window's options, and how findings are printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_json, emit_rows

if TYPE_CHECKING:
    from milcoop.domain.finding import Finding, FindingSet
    from milcoop.workbench import Workbench

Command = TypeVar("Command", bound=Callable[..., Any])

SHOWN = ("id", "label", "value", "low", "high", "unit", "coverage", "n_events")


def window_options(command: Command) -> Command:
    """``--from Y`` and ``--to Y``: first and last year of the window."""
    command = click.option("--to", "to_year", type=int, metavar="YEAR", help="Last year of the window.")(command)
    return click.option(
        "--from", "from_year", type=int, metavar="YEAR", help="First year of the window (default: first year searched)."
    )(command)


def finding_command(find: str) -> Callable[[Callable[[Any, Workbench], None]], Callable[..., None]]:
    """A command on a pair and a window from a function that prints the table form of what ``Workbench.<find>`` finds.

    JSON and CSV are the same for all findings; the docstring of the function is the command's help.
    """

    def wrap(show: Callable[[Any, Workbench], None]) -> Callable[..., None]:
        @wraps(show)
        def command(
            state_a: str,
            state_b: str,
            from_year: int | None,
            to_year: int | None,
            record: Path | None,
            as_of: str | None,
            format_: str,
        ) -> None:
            workbench = open_from(record, as_of)
            result = getattr(workbench, find)(workbench.dyad(state_a, state_b), from_year, to_year)
            if format_ == "table":
                show(result, workbench)
            else:
                emit_findings(result.found, format_)

        return dyad_arguments(window_options(record_options(format_option()(command))))

    return wrap


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
