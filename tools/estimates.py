"""Make the estimates that ship with the package, from the bundled record; ``--check`` fails when they have drifted.

Run by ``make estimates`` and, with ``--check``, by ``make check``. The file is derived data: never edit it by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from derived import write_or_check

from milcoop.measure.estimates import to_json
from milcoop.workbench import open_workbench

TARGET = Path(__file__).parents[1] / "src" / "milcoop" / "measure" / "data" / "estimates.json"

YEAR_ENDS = 15
"""Year-ends before the record's last year for which real-time estimates ship."""
MORE_VINTAGES = ("2022-11-30",)
MONITORED_YEARS = 20
"""Years that a pair must have been searched for; the windows of reference dyads are too short for a path."""


def made() -> str:
    """Estimates of every searched pair: retrospective, and real-time for pairs that are monitored without a gap for long."""
    workbench = open_workbench()
    rule = workbench.codebook.uncertainty["uncertainty"]
    dyads = {}
    for dyad in workbench.searched_dyads():
        estimates = workbench.compute_estimates(dyad, None, rule.draws, rule.seed)
        dyads[dyad.id] = to_json(estimates)
    long_searched = [d for d in workbench.searched_dyads() if len(workbench.assess(d).searched) >= MONITORED_YEARS]
    vintages: dict[str, dict[str, object]] = {}
    last = workbench.record.ends.year
    for day in sorted({*(f"{year}-12-31" for year in range(last - YEAR_ENDS, last)), *MORE_VINTAGES}):
        then = open_workbench(None, day)
        vintages[day] = {
            dyad.id: to_json(then.compute_estimates(dyad, None, rule.draws, rule.seed)) for dyad in long_searched
        }
    head = {
        "scale": workbench.scale(None).id,
        "record_version": workbench.record.version,
        "codebook_version": workbench.codebook.rating_version,
        "draws": rule.draws,
        "seed": rule.seed,
        "dyads": dyads,
        "vintages": vintages,
    }
    return json.dumps(head, indent=0, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, made()))
