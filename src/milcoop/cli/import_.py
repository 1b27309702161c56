"""``milcoop import``: files of others into a record folder of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from milcoop.cli.output import note

if TYPE_CHECKING:
    from milcoop.codebook.loader import Codebook
    from milcoop.record.importers.reading import ImportReport

KINDS = ("package", "table", "sipri", "milex", "cow", "atop")
DATASETS = KINDS[2:]
SHOWN = 20


@click.command(
    "import",
    epilog="""\b
Examples:
  milcoop import package out/record --record my-record      a package made by 'milcoop export package'
  milcoop import table drills.xlsx --mapping drills.yaml --record my-record
  milcoop import package others/datapackage.json --mapping theirs.yaml --record my-record
  milcoop import sipri trade-register.csv --record my-record
  milcoop import sipri newer.csv --record my-record --replace
  milcoop import milex SIPRI-Milex-data-1948-2023.xlsx --record my-record
  milcoop import cow alliance_v4.1_by_member.csv --record my-record
  milcoop import atop atop5_1m.csv --record my-record""",
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--record", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Record folder to write to."
)
@click.option(
    "--mapping", metavar="FILE", type=click.Path(path_type=Path), help="What their columns mean (docs/exchange.md)."
)
@click.option("--vintage", metavar="DATE", help="Day of the data, where a workbook does not say it.")
@click.option("--replace", is_flag=True, help="Replace a dataset of another vintage.")
def command(kind: str, file: Path, record: Path, mapping: Path | None, vintage: str | None, replace: bool) -> None:
    """Read a file of others into a record folder of your own, and report every row that could not be used.

    \b
    package  a package of milcoop's; with --mapping a resource of any Frictionless package
    table    a CSV file or Excel sheet by a mapping file
    sipri    SIPRI's trade register or a TIV table (raw CSV export)
    milex    SIPRI's military expenditure workbook
    cow      Correlates of War: alliances by member, state system by year, direct contiguity
    atop     ATOP 5.1, member file

    A package or table becomes rows of your folder. The others become a dataset beside the ledger: it counts for no criterion,
    so that nothing is counted twice; see it with 'milcoop events --dataset' and 'milcoop figures --dataset'. Two vintages
    never mix. Exit code 1 when a row of a package or table could not be used.
    """
    if kind in DATASETS:
        _import_dataset(kind, file, record, vintage, replace)
    elif mapping is not None or kind == "table":
        _import_table(file, mapping, record)
    else:
        _import_package(file, record)


def _import_dataset(kind: str, file: Path, record: Path, vintage: str | None, replace: bool) -> None:
    from milcoop.record.datasets import write_dataset
    from milcoop.record.importers.kinds import open_import

    imported = open_import(kind, file, _codebook(record), vintage)
    dataset = write_dataset(record, file, imported, replace=replace)
    about, report = dataset.source, imported.report
    made = ", ".join(f"{about[what]} {what}" for what in ("events", "figures") if about[what])
    left = report.left_out.total()
    click.echo(
        f"{report.read} {report.unit} read, {made or 'nothing'} written, {left} left out, vintage {report.vintage}"
    )
    click.echo(str(dataset.folder))
    _tell(report)


def _import_table(file: Path, mapping: Path | None, record: Path) -> None:
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.folder import write_rows
    from milcoop.record.importers.mapped import read_mapped, read_mapping

    if mapping is None:
        raise InvalidArgument("found no --mapping, expected a file that says what the columns mean (docs/exchange.md)")
    wanted = read_mapping(mapping)
    rows, report = read_mapped(file, wanted, _codebook(record))
    paths, rejected = write_rows(record, file.resolve().stem, {wanted.kind: rows})
    click.echo(f"{report.read} rows read, {len(rows)} {wanted.kind} written")
    for path in paths:
        click.echo(str(path))
    _tell(report)
    if report.left_out or rejected:
        sys.exit(1)


def _import_package(file: Path, record: Path) -> None:
    from milcoop.record.exchange.folder import write_rows
    from milcoop.record.exchange.package import read_package

    paths, rejected = write_rows(record, file.resolve().name, read_package(file))
    for path in paths:
        click.echo(str(path))
    _lines(rejected, "not used: ")
    if rejected:
        sys.exit(1)


def _codebook(record: Path) -> Codebook:
    from milcoop.codebook.loader import load_codebook

    return load_codebook(record / "codebook" if record.is_dir() else None)


def _tell(report: ImportReport) -> None:
    _lines([f"joined: {j}" for j in report.joined])
    _lines([f"not used: unknown column '{c}'" for c in report.unknown_columns])
    _lines([f"not used: {n} {report.unit}, {reason}" for reason, n in report.left_out.most_common()])


def _lines(lines: list[str], lead: str = "") -> None:
    for line in lines[:SHOWN]:
        note(lead + line)
    if len(lines) > SHOWN:
        note(f"... and {len(lines) - SHOWN} more")
