"""Fit the latent model to the bundled record, and to its vintages, and write what ships; some minutes each.

Run by ``make latent`` after a change of record, codebook or measurement. ``--check`` compares versions only: a fit takes too long
for every change, and one that no longer belongs to the record is not shown. Fits that are there for these versions are kept; where
versions changed and everything that a fit reads did not, the fit is kept too and gets the new versions.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from estimates import MONITORED_YEARS, MORE_VINTAGES, YEAR_ENDS

from milcoop.measure.estimates import to_json
from milcoop.measure.latent_route import digest_evidence
from milcoop.measure.saved import write_draws
from milcoop.workbench import Workbench, open_workbench

TARGET = Path(__file__).parents[1] / "src" / "milcoop" / "measure" / "data" / "latent"

WHOLE = "record"
DRAWS = "draws.npz"


def fitted(day: str, wanted: set[str]) -> dict[str, Any]:
    """One fit in its form in the file; of a vintage only the pairs wanted. Draws of the whole record are written."""
    began = time.monotonic()
    workbench = at(day)
    route = workbench.fit_latent(
        progress=lambda step: print(f"  {time.monotonic() - began:5.0f} s  {step}", flush=True)
    )
    print(
        f"{day or 'all'}: {time.monotonic() - began:.0f} s; R-hat {route.fit.rhat:.3f}, ESS {route.fit.ess:.0f}; {route.fit.reasons}"
    )
    pairs = {
        dyad: {
            "draws": found.estimates.draws,
            **to_json(found.estimates),
            "growth": [asdict(g) for g in found.growth],
        }
        for dyad, found in route.pairs.items()
        if day == WHOLE or dyad in wanted
    }
    read = evidence(day)
    if day == WHOLE:
        write_draws(TARGET / DRAWS, route.saved, read)
    return {"evidence": read, "fit": asdict(route.fit), "pairs": pairs}


def at(day: str) -> Workbench:
    """The record whole or as it could be known on a day."""
    return open_workbench(None, None if day == WHOLE else day)


def evidence(day: str) -> str:
    """Digest of all that the fit of a day reads."""
    workbench = at(day)
    return digest_evidence(workbench.pair_evidence(), workbench.codebook)


def main() -> int:
    """Fit what is missing, or check that what ships belongs to the record."""
    workbench = open_workbench()
    head = {
        "scale": workbench.scale(None).id,
        "record_version": workbench.record.version,
        "codebook_version": workbench.codebook.rating_version,
    }
    last = workbench.record.ends.year
    days = [WHOLE, *sorted({*MORE_VINTAGES, *(f"{y}-12-31" for y in range(last - YEAR_ENDS, last))}, reverse=True)]
    missing = [day for day in days if not _belongs(TARGET / f"{day}.json", head)]
    if not (TARGET / DRAWS).is_file() and WHOLE not in missing:
        missing.append(WHOLE)
    if "--check" in sys.argv:
        if missing:
            print(
                f"{TARGET}: {', '.join(missing)} not made from this record and codebook; run 'make latent'",
                file=sys.stderr,
            )
        return int(bool(missing))
    long_searched = {d.id for d in workbench.searched_dyads() if len(workbench.assess(d).searched) >= MONITORED_YEARS}
    TARGET.mkdir(parents=True, exist_ok=True)
    for day in missing:
        path = TARGET / f"{day}.json"
        held = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        kept = held.get("evidence") == evidence(day) and (day != WHOLE or (TARGET / DRAWS).is_file())
        print(f"{day}: {'reads the same evidence, kept' if kept else 'to be fitted'}", flush=True)
        text = json.dumps(held | head if kept else head | fitted(day, long_searched), indent=0, ensure_ascii=False)
        part = TARGET.with_suffix(".part")
        part.write_text(text + "\n", "utf-8")
        part.replace(path)  # whole or not at all: a fit may be stopped at any time
    return 0


def _belongs(path: Path, head: dict[str, str]) -> bool:
    if not path.is_file():
        return False
    held = json.loads(path.read_text("utf-8"))
    return all(held.get(k) == v for k, v in head.items())


if __name__ == "__main__":
    sys.exit(main())
