"""``milcoop import``: files of others into a record folder of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from milcoop.cli.output import note

KINDS = ("package",)
SHOWN = 20


@click.command(
    "import",
    epilog="""\b
Examples:
  milcoop import package out/record --record my-record      a package made by 'milcoop export package'""",
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--record", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Record folder to write to."
)
def command(kind: str, file: Path, record: Path) -> None:
    """Write rows of a file into a record folder, and report every row that could not be used; exit 1 when there is one."""
    from milcoop.record.exchange.folder import write_rows
    from milcoop.record.exchange.package import read_package

    paths, rejected = write_rows(record, file.resolve().name, read_package(file))
    for path in paths:
        click.echo(str(path))
    for line in rejected[:SHOWN]:
        note(f"not used: {line}")
    if len(rejected) > SHOWN:
        note(f"... and {len(rejected) - SHOWN} more")
    if rejected:
        sys.exit(1)
