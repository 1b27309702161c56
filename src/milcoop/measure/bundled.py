"""Estimates that ship with the package as derived data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from milcoop.domain.estimate import Estimates, Growth, LevelEstimate
from milcoop.domain.latent import LatentEstimates, LatentFit

ROUTE = "monte carlo"
OVERALL = "overall"
LATENT = "latent model"
BUNDLED_LATENT = files("milcoop.measure") / "data" / "latent"
"""One file for each fit: ``record.json`` for the whole record, else the day of the vintage."""
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
    return Estimates(
        ROUTE, scale, record_version, codebook_version, held["draws"], held["seed"], found["detection"], _cells(found)
    )


def read_bundled_latent(
    dyad: str, scale: str, record_version: str, codebook_version: str, as_of: date | None = None
) -> LatentEstimates | None:
    """What the shipped fit of the latent model says of a pair, under the same conditions."""
    path = BUNDLED_LATENT / f"{as_of.isoformat() if as_of else 'record'}.json"
    if not path.is_file():
        return None
    held = json.loads(path.read_text("utf-8"))
    made_of = (held["scale"], held["record_version"], held["codebook_version"])
    if made_of != (scale, record_version, codebook_version) or dyad not in held["pairs"]:
        return None
    found, about = held["pairs"][dyad], held["fit"]
    versions = record_version, codebook_version
    estimates = Estimates(LATENT, scale, *versions, found["draws"], about["seed"], found["detection"], _cells(found))
    growth = tuple(_growth(g) for g in found["growth"])
    reasons, notes = tuple(about.pop("reasons")), tuple(about.pop("notes"))
    return LatentEstimates(LatentFit(**about, reasons=reasons, notes=notes), estimates, growth)


def _growth(row: Mapping[str, Any]) -> Growth:
    shares: dict[str, Any] = {k: tuple(row[k]) for k in ("against_pair", "against_areas")}
    return Growth(**{**row, **shares})


def _cells(found: Mapping[str, Any]) -> dict[tuple[str, int], LevelEstimate]:
    return {
        (area, int(year)): LevelEstimate(area, int(year), {float(v): p for v, p in shares.items()})
        for area, years in found["areas"].items()
        for year, shares in years.items()
    }
