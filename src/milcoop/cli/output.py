"""Write rows to the terminal or to a pipe: rich tables for people, plain text, JSON and CSV for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

WHOLE = frozenset({"id", "type", "date_start", "date", "explain", "level", "period"})
"""Columns of the table form that stay on one line, so that a cell can be copied."""

FORMATS = ("table", "json", "csv")


def emit_rows(
    rows: Sequence[dict[str, Any]], columns: Sequence[str], format_: str, *, shown: Sequence[str] = ()
) -> None:
    """Print rows. ``shown`` are the columns of the table form; JSON and CSV always carry all ``columns``."""
    if format_ == "json":
        emit_json(rows)
    elif format_ == "csv":
        from milcoop.domain.tables import to_csv

        click.echo(to_csv(rows, columns), nl=False)
    else:
        emit_table(rows, shown or columns)


def emit_json(data: Any) -> None:
    """Print JSON with stable key order as given, Unicode kept."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def emit_table(rows: Sequence[dict[str, Any]], columns: Sequence[str], title: str = "") -> None:
    """A rich table on a terminal, aligned plain columns when piped."""
    from rich.console import Console
    from rich.table import Table

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 400, highlight=False, markup=False, soft_wrap=not terminal)
    if not rows:
        console.print("(no rows)")
        return
    table = Table(title=title or None, box=None if not terminal else _box(), pad_edge=False, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in WHOLE)
    for row in rows:
        table.add_row(*(_shown(row.get(c)) for c in columns))
    if terminal:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        click.echo(line.rstrip())


def _box() -> Any:
    from rich import box

    return box.SIMPLE_HEAD


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value)


def note(text: str) -> None:
    """A remark for the person at the terminal, on stderr so that pipes stay clean."""
    click.echo(text, err=True)


def progress_line(name: str, steps: int) -> Callable[[str], None]:
    """A progress line on stderr: a bar on a terminal, one line a step elsewhere; an empty step clears it."""
    done = 0

    def show(step: str) -> None:
        nonlocal done
        if sys.stderr.isatty():
            bar = "█" * (20 * done // steps) + "░" * (20 - 20 * done // steps)
            click.echo(f"\r{bar} {step:<30}" if step else f"\r{' ' * 52}\r", err=True, nl=False)
        elif step:
            click.echo(f"{name}: {step}", err=True)
        done = min(done + 1, steps)

    return show
