"""``milcoop measure``: the measurement model on anyone's panel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.options import format_option
from milcoop.cli.output import emit_json, emit_rows, emit_table, note

if TYPE_CHECKING:
    from milcoop.domain.measurement import Measurement

SHOWN = 40


@click.command(
    "measure",
    epilog="""\b
Examples:
  milcoop measure --spec justices.yaml --data votes.csv --out fit
  milcoop measure --spec depth.yaml --data treaties.csv --format csv > estimates.csv
  milcoop measure --spec depth.yaml --data treaties.csv --draws 2000 --seed 7

\b
A specification (all keys in docs/measure.md):
  id: texts
  unit: sentence          # column of the thing measured
  group: text             # column of what it belongs to
  rater: coder
  value: position         # column of the answer""",
)
@click.option(
    "--spec", "spec_path", required=True, metavar="FILE", type=click.Path(path_type=Path), help="Specification (YAML)."
)
@click.option(
    "--data",
    "data_path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Answers (CSV, may be .gz).",
)
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for estimates.csv and measurement.json."
)
@click.option(
    "--draws", metavar="N", type=click.IntRange(50), help="Draws a chain; default: the specification's (600)."
)
@click.option(
    "--warmup", metavar="N", type=click.IntRange(50), help="Warm-up a chain; default: the specification's (300)."
)
@click.option("--seed", metavar="N", type=int, help="Seed; default: the specification's.")
@format_option()
def command(
    spec_path: Path,
    data_path: Path,
    out: Path | None,
    draws: int | None,
    warmup: int | None,
    seed: int | None,
    format_: str,
) -> None:
    """Measure a hidden trait of units, over time or not, from what items and raters say of them.

    Items may be binary, ordered, counts or continuous; several raters may differ in severity and reliability; the trait may be
    static, walk in time or be nested in groups. An estimate that fails a gate (R-hat, effective sample size, divergences,
    posterior predictive checks) is printed as not established, with the reason; exit code 1. Needs the extra 'model'.
    """
    from milcoop.workbench.measuring import COLUMNS, measure_file, quantity_rows, read_spec

    spec = read_spec(spec_path)
    changed = {"draws": draws, "warmup": warmup, "seed": seed}
    sampler = spec.sampler.model_copy(update={k: v for k, v in changed.items() if v is not None})
    found = measure_file(spec.model_copy(update={"sampler": sampler}), data_path, out, note)
    if format_ == "json":
        emit_json(_as_json(found, quantity_rows(found)))
    elif format_ == "csv":
        emit_rows(quantity_rows(found), COLUMNS, "csv")
    else:
        _print_table(found)
    if out is not None:
        note(f"wrote {out / 'estimates.csv'} and {out / 'measurement.json'}")
    sys.exit(0 if found.established else 1)


def _as_json(found: Measurement, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": found.id,
        "established": found.established,
        "reasons": list(found.reasons),
        "version": found.version,
        "spec_hash": found.spec_hash,
        "data_hash": found.data_hash,
        "seed": found.seed,
        "answers": found.answers,
        "rhat": round(found.rhat, 4),
        "ess": round(found.ess),
        "divergences": found.divergences,
        "checks": found.checks,
        "notes": list(found.notes),
        "quantities": rows,
    }


def _print_table(found: Measurement) -> None:
    click.echo(
        f"{found.id}: {found.answers} answers; spec {found.spec_hash}, data {found.data_hash}, seed {found.seed}, "
        f"{found.seconds:.0f} s\n"
        f"R-hat at most {found.rhat:.3f}, bulk effective sample size at least {found.ess:.0f}, "
        f"{found.divergences} divergent, {len(found.misfits)} of {found.checks} checks failed\n"
    )
    click.echo("Established: every gate passed\n" if found.established else "NOT ESTABLISHED:")
    for reason in found.reasons[:10]:
        click.echo(f"  {reason}")
    if len(found.reasons) > 10:
        click.echo(f"  and {len(found.reasons) - 10} more (--format json)")
    for text in found.notes:
        click.echo(f"Note: {text}")
    of = "group" if any(q.of == "group" for q in found.quantities) else "state"
    last = {q.name: q for q in found.quantities if q.of == of}
    rows = [
        {
            of if of == "group" else "unit": q.name,
            **({"at": q.at} if q.at is not None else {}),
            "estimate": f"{q.mean:+.2f}",
            "80 %": f"{q.quantiles[0.1]:+.2f} to {q.quantiles[0.9]:+.2f}",
            "95 %": f"{q.quantiles[0.025]:+.2f} to {q.quantiles[0.975]:+.2f}",
        }
        for q in sorted(last.values(), key=lambda q: -q.mean)
    ]
    click.echo("")
    emit_table(rows[:SHOWN], list(rows[0]))
    if len(rows) > SHOWN:
        click.echo(f"and {len(rows) - SHOWN} more")
    note("\nAll estimates: --format csv or --out DIR. Method: docs/measure.md")
