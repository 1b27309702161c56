"""``milcoop report``: the assessment on paper and as an offline page."""

from __future__ import annotations

from pathlib import Path

import click

from milcoop.cli.options import dyad_arguments, open_from, record_options
from milcoop.cli.output import progress_line

KINDS = ("full", "summary", "quicklook")
FORMATS = ("html", "pdf", "md")


@click.command(
    "report",
    epilog="""\b
Examples:
  milcoop report RUS CHN --out out/RUS-CHN
  milcoop report RUS CHN --out out --kind quicklook --format pdf
  milcoop report RUS CHN --out out --format html,pdf,md --as-of 2022-11-30""",
)
@dyad_arguments
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder to write to.")
@click.option("--kind", type=click.Choice(KINDS), default="full", show_default=True, help="How much.")
@click.option("--format", "formats", metavar="LIST", default="html,pdf", show_default=True, help="Of html, pdf, md.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@record_options
def command(
    state_a: str,
    state_b: str,
    out: Path,
    kind: str,
    formats: str,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
) -> None:
    """Write a report on two states. Every figure in it opens its events, every event its sources.

    The HTML is one offline file. References are written beside as CSL-JSON and BibTeX.
    """
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.write import check_folder
    from milcoop.report.fonts import fonts_folder
    from milcoop.settings import read_settings

    wanted = [f.strip() for f in formats.split(",") if f.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise InvalidArgument(f"found format '{name}', expected of {', '.join(FORMATS)}")
    if not wanted:
        raise InvalidArgument(f"found no format, expected of {', '.join(FORMATS)}")
    fonts = read_settings().fonts
    check_folder(out)
    if "pdf" in wanted:
        fonts_folder(fonts)
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    workbench.scale(scale_id)
    show = progress_line("milcoop report", 3 + len(wanted))
    show("rating")
    paths = workbench.report(dyad, out=out, kind=kind, formats=wanted, scale_id=scale_id, fonts=fonts, progress=show)
    show("")
    for path in paths:
        click.echo(str(path))
