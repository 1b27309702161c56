"""The latent model on anyone's panel, from files to files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milcoop.codebook.reading import read_rows
from milcoop.domain.measurement import SHARES, Measurement, Quantity
from milcoop.domain.tables import to_csv
from milcoop.errors import InvalidArgument, MissingExtra
from milcoop.record.exchange.write import check_folder, write_files

if TYPE_CHECKING:
    from milcoop.measure.latent.spec import MeasureSpec

COLUMNS = ("of", "name", "at", "mean", "sd", *(f"q{100 * s:g}" for s in SHARES), "rhat", "ess", "established")


def read_spec(path: Path) -> MeasureSpec:
    """Read a specification. Raises InvalidArgument with file, line and the nearest valid key."""
    from milcoop.measure.latent.spec import MeasureSpec

    if not path.is_file():
        raise InvalidArgument(f"--spec: no file {path}")
    read = read_rows(path, MeasureSpec)
    if read.problems:
        raise InvalidArgument("; ".join(map(str, read.problems)))
    if len(read.rows) != 1:
        raise InvalidArgument(f"--spec: {path} holds {len(read.rows)} specifications, expected one mapping")
    spec: MeasureSpec = read.rows[0][1]
    return spec


def measure_file(
    spec: MeasureSpec, data: Path, out: Path | None, progress: Callable[[str], None] = lambda step: None
) -> Measurement:
    """Fit a specification to a CSV file; with ``out``, save estimates, specification and diagnostics there.

    Raises InvalidArgument for data that do not fit the specification, MissingExtra without the extra ``model``.
    """
    from milcoop.measure.latent.panel import make_panel, read_table

    if out is not None:
        check_folder(out)
    panel = make_panel(read_table(data, spec), spec)
    try:
        from milcoop.measure.latent.fit import measure
    except ModuleNotFoundError as error:
        raise MissingExtra(f"the latent model needs {error.name}: pip install 'milcoop[model]'") from None
    progress(
        f"{len(panel.value)} answers, {len(panel.units)} units, {len(panel.items)} items, {len(panel.raters)} raters"
    )
    found = measure(panel, spec, progress)
    if out is not None:
        write_files(out, result_files(found, spec))
    return found


def result_files(found: Measurement, spec: MeasureSpec) -> dict[str, bytes]:
    """``estimates.csv`` and ``measurement.json``."""
    whole = {
        "established": found.established,
        **{k: v for k, v in asdict(found).items() if k != "quantities"},
        "rhat": found.rhat,
        "ess": found.ess,
        "spec": spec.model_dump(),
    }
    return {
        "estimates.csv": to_csv(quantity_rows(found), COLUMNS).encode(),
        "measurement.json": (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode(),
    }


def quantity_rows(found: Measurement) -> list[dict[str, Any]]:
    """All quantities as tidy rows."""
    return [_row(q, found.established) for q in found.quantities]


def _row(q: Quantity, established: bool) -> dict[str, Any]:
    quantiles = {f"q{100 * s:g}": round(v, 5) for s, v in q.quantiles.items()}
    return {
        "of": q.of,
        "name": q.name,
        "at": q.at,
        "mean": round(q.mean, 5),
        "sd": round(q.sd, 5),
        **quantiles,
        "rhat": round(q.rhat, 4),
        "ess": round(q.ess),
        "established": established,
    }
