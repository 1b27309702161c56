"""``milcoop import``: files of others into a record folder of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from milcoop.cli.output import note

KINDS = ("package", "sipri")
SHOWN = 20


@click.command(
    "import",
    epilog="""\b
Examples:
  milcoop import package out/record --record my-record      a package made by 'milcoop export package'
  milcoop import sipri trade-register.csv --record my-record
  milcoop import sipri newer.csv --record my-record --replace""",
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--record", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Record folder to write to."
)
@click.option("--replace", is_flag=True, help="Replace a dataset of another vintage.")
def command(kind: str, file: Path, record: Path, replace: bool) -> None:
    """Read a file of others into a record folder of your own, and report every row that could not be used.

    A package becomes events, figures, searches and gaps of the folder. The SIPRI trade register becomes a dataset beside
    the ledger: it counts for no criterion, so that nothing is counted twice, and serves 'milcoop reconcile --register'.
    Two vintages never mix. Exit code 1 when a row of a package could not be used.
    """
    if kind == "sipri":
        _import_sipri(file, record, replace)
        return
    from milcoop.record.exchange.folder import write_rows
    from milcoop.record.exchange.package import read_package

    paths, rejected = write_rows(record, file.resolve().name, read_package(file))
    for path in paths:
        click.echo(str(path))
    _report(rejected)
    if rejected:
        sys.exit(1)


def _import_sipri(file: Path, record: Path, replace: bool) -> None:
    from milcoop.codebook.loader import load_codebook
    from milcoop.record.datasets import write_dataset
    from milcoop.record.importers.sipri_register import about_register, read_register

    found = read_register(file, load_codebook(record / "codebook" if record.is_dir() else None))
    dataset = write_dataset(record, about_register(file, found), found.rows, replace=replace)
    click.echo(f"{found.deals} deals read, {len(found.rows)} used, vintage {found.vintage}")
    click.echo(str(dataset.folder))
    _report([f"joined: {j}" for j in found.joined], "")
    _report([f"unknown column '{c}'" for c in found.unknown_columns])
    _report([f"{n} deals, {reason}" for reason, n in found.left_out.most_common()])


def _report(lines: list[str], lead: str = "not used: ") -> None:
    for line in lines[:SHOWN]:
        note(lead + line)
    if len(lines) > SHOWN:
        note(f"... and {len(lines) - SHOWN} more")
