"""``milcoop validate``: is the codebook sound, is the record sound?"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(
    "validate",
    epilog="""\b
Examples:
  milcoop validate
  milcoop validate --record my-record
  milcoop validate --warnings
  milcoop validate --completeness""",
)
@click.option("--record", metavar="DIR", type=click.Path(path_type=Path), help="Your folder over the bundled record.")
@click.option("--warnings", is_flag=True, help="Print warnings too.")
@click.option("--completeness", is_flag=True, help="Print what official numbers say is missing, and gaps by name.")
def command(record: Path | None, warnings: bool, completeness: bool) -> None:
    """Check codebook and record: schema, codes, dates, citations, duplicates, chains, orphans.

    Prints each problem with file and line. Exit code 1 when there is an error.
    """
    from milcoop.codebook.linter import lint_codebook
    from milcoop.codebook.loader import load_codebook
    from milcoop.record.loader import load_record
    from milcoop.record.validation import validate_record
    from milcoop.settings import read_settings

    layer = record or read_settings().record
    if completeness:
        print_completeness(layer)
        return
    codebook = load_codebook(layer / "codebook" if layer else None, strict=False)
    problems = lint_codebook(codebook)
    loaded = load_record(codebook, layer, strict=False)
    problems += validate_record(loaded, codebook)
    errors = [p for p in problems if p.severity == "error"]
    for problem in errors + ([p for p in problems if p.severity == "warning"] if warnings else []):
        click.echo(str(problem))
    n_warnings = len(problems) - len(errors)
    click.echo(
        f"{len(loaded.events)} events, {len(loaded.figures)} figures, {len(loaded.searches)} searches, "
        f"record {loaded.version}, codebook {codebook.version}: {len(errors)} errors, {n_warnings} warnings"
    )
    if errors:
        sys.exit(1)


def print_completeness(layer: Path | None) -> None:
    """Found and expected by numbered class, then gaps by name, for every pair that was searched."""
    from milcoop.cli.output import emit_table
    from milcoop.workbench import open_workbench

    workbench = open_workbench(layer)
    for dyad in workbench.searched_dyads():
        click.echo(f"{dyad.id}: classes with official numbers\n")
        rows = [
            {
                "class": n.class_id,
                "numbered by": n.by or "both",
                "period": f"{n.first_year}-{n.last_year}",
                "found": len(n.found),
                "expected": n.expected,
                "missing numbers": ", ".join(map(str, n.missing)),
            }
            for n in workbench.completeness(dyad)
        ]
        emit_table(rows, ["class", "numbered by", "period", "found", "expected", "missing numbers"])
        gaps = workbench.record.gaps_of_dyad(dyad)
        click.echo(f"\n{dyad.id}: looked for and not found ({len(gaps)})\n")
        emit_table(
            [{"years": f"{g.years[0]}-{g.years[-1]}", "families": ", ".join(g.families), "what": g.what} for g in gaps],
            ["years", "families", "what"],
        )
