"""``milcoop validate``: is the codebook sound, is the record sound?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from milcoop.findings.completeness import FamilyCount, LanguageMix, SearchCount
    from milcoop.record.expected import Numbered, Rhythm

MAIN_LANGUAGES = ("en", "ru", "zh", "ja", "ko", "fa")


@click.command(
    "validate",
    epilog="""\b
Examples:
  milcoop validate
  milcoop validate --record my-record
  milcoop validate --warnings
  milcoop validate --completeness
  milcoop validate --completeness --dyad RUS CHN""",
)
@click.option("--record", metavar="DIR", type=click.Path(path_type=Path), help="Your folder over the bundled record.")
@click.option("--warnings", is_flag=True, help="Print warnings too.")
@click.option(
    "--completeness",
    is_flag=True,
    help="Print found and expected by class, sources by year and language, gaps by name.",
)
@click.option(
    "--dyad",
    nargs=2,
    multiple=True,
    metavar="STATE STATE",
    help="For --completeness: only these pairs; default: all searched.",
)
def command(record: Path | None, warnings: bool, completeness: bool, dyad: tuple[tuple[str, str], ...]) -> None:
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
        print_completeness(layer, dyad)
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


def print_completeness(layer: Path | None, pairs: Sequence[tuple[str, str]]) -> None:
    """Found and expected by class and period, sources by year and language, gaps by name; for the pairs asked or all."""
    from milcoop.cli.output import emit_table
    from milcoop.workbench import open_workbench

    workbench = open_workbench(layer)
    for dyad in [workbench.dyad(a, b) for a, b in pairs] or workbench.searched_dyads():
        found = workbench.completeness(dyad)
        gaps = workbench.record.gaps_of_dyad(dyad)
        for heading, rows in (
            ("classes with official numbers", [_numbered(n) for n in found.numbered]),
            ("classes with an announced rhythm, searched years only", [_rhythm(r) for r in found.rhythms]),
            ("all classes (no published set where neither table above has one)", [_family(f) for f in found.families]),
            ("queries of the search protocol that cover a period", [_searches(s) for s in found.searches]),
            ("cited pages by year and language", [_languages(s) for s in found.languages]),
            (
                f"looked for and not found ({len(gaps)})",
                [
                    {"years": f"{g.years[0]}-{g.years[-1]}", "families": ", ".join(g.families), "what": g.what}
                    for g in gaps
                ],
            ),
        ):
            click.echo(f"\n{dyad.id}: {heading}\n")
            if rows:
                emit_table(rows, list(rows[0]))
            else:
                click.echo("none")


def _numbered(n: Numbered) -> dict[str, str | int]:
    missing = [
        (f"{a}" if a == b else f"{a}-{b}") + (f" ({before}-{after})" if before else f" (to {after})")
        for a, b, before, after in n.missing_between
    ]
    return {
        "class": n.class_id,
        "numbered by": n.by or "both",
        "period": f"{min(n.years.values())}-{max(n.years.values())}",
        "found": len(n.found),
        "expected": n.expected,
        "missing numbers (between years)": ", ".join(missing),
    }


def _rhythm(r: Rhythm) -> dict[str, str | int]:
    return {
        "class": r.class_id,
        "rhythm": "yearly" if r.every == 1 else f"every {r.every} years",
        "period": f"{r.period[0]}-{r.period[1]}",
        "found": len(r.found),
        "expected": r.expected,
        "years without": ", ".join(map(str, r.missing)) if len(r.found) < r.expected else "",
    }


def _family(f: FamilyCount) -> dict[str, str | int]:
    return {
        "family": f.family,
        "period": f"{f.period[0]}-{f.period[1]}",
        "events": f.events,
        "on one page": f.one_page,
        "gaps by name": f.gaps,
    }


def _searches(s: SearchCount) -> dict[str, str | int]:
    return {"family": s.family, "period": f"{s.period[0]}-{s.period[1]}", **_by_language(s.languages)}


def _languages(s: LanguageMix) -> dict[str, str | int]:
    return {"year": s.year, "events": s.events, **_by_language(s.languages)}


def _by_language(counts: Mapping[str, int]) -> dict[str, str | int]:
    others = {k: n for k, n in counts.items() if k not in MAIN_LANGUAGES}
    shown = {language: counts.get(language, 0) for language in MAIN_LANGUAGES}
    return {**shown, "other": ", ".join(f"{k} {n}" for k, n in sorted(others.items()))}
