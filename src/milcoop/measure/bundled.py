"""Estimates that ship with the package as derived data."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

from milcoop.domain.estimate import Estimates, LevelEstimate

ROUTE = "monte carlo"
OVERALL = "overall"
BUNDLED = files("milcoop.measure") / "data" / "estimates.json"


def read_bundled(
    dyad: str, scale: str, record_version: str, codebook_version: str, as_of: date | None = None
) -> Estimates | None:
    """Estimates that came with the package, when they were made from this very record, codebook, scale and vintage."""
    if not BUNDLED.is_file():
        return None
    held = json.loads(BUNDLED.read_text("utf-8"))
    made_of = (held["scale"], held["record_version"], held["codebook_version"])
    by_dyad = held["vintages"].get(as_of.isoformat(), {}) if as_of else held["dyads"]
    if made_of != (scale, record_version, codebook_version) or dyad not in by_dyad:
        return None
    found = by_dyad[dyad]
    cells = {
        (area, int(year)): LevelEstimate(area, int(year), {float(v): p for v, p in shares.items()})
        for area, years in found["areas"].items()
        for year, shares in years.items()
    }
    return Estimates(
        ROUTE, scale, record_version, codebook_version, held["draws"], held["seed"], found["detection"], cells
    )
