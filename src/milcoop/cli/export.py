"""``milcoop export``: the record as a data package, a dyad-year panel, references or PLOVER records."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import open_from, record_options

KINDS = ("package", "panel", "references", "plover")


@click.command(
    "export",
    epilog="""\b
Examples:
  milcoop export package out/record                         Frictionless package; imports again
  milcoop export package out/then --as-of 2014-12-31        the record as known on a date
  milcoop export panel out --dyad RUS CHN                   directed dyad-years with COW and GW codes
  milcoop export references out                             CSL-JSON and BibTeX
  milcoop export plover out                                 PLOVER records as JSON lines, lossy""",
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--dyad", nargs=2, multiple=True, metavar="STATE STATE", help="For panel: only these pairs; default: all searched."
)
@click.option("--scale", "scale_id", metavar="ID", help="For panel: scale to rate on; default: staged-7.")
@record_options
def command(
    kind: str,
    folder: Path,
    dyad: tuple[tuple[str, str], ...],
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
) -> None:
    """Write the record, or levels made from it, into a folder.

    The panel is directed: each pair and year stands twice, so that it merges one-to-one into a directed dyad-year scaffold
    by ccode1, ccode2 and year.
    """
    workbench = open_from(record, as_of)
    dyads = [workbench.dyad(a, b) for a, b in dyad] or None
    for path in workbench.export(kind, folder, dyads=dyads, scale_id=scale_id):
        click.echo(str(path))
