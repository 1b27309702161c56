"""Make the estimates that ship with the package, from the bundled record; ``--check`` fails when they have drifted.

Run by ``make estimates`` and, with ``--check``, by ``make check``. The file is derived data: never edit it by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from milcoop.measure.estimates import to_json
from milcoop.workbench import open_workbench

TARGET = Path(__file__).parents[1] / "src" / "milcoop" / "measure" / "data" / "estimates.json"


def made() -> str:
    """Estimates of every searched pair as JSON text, one line a pair and area."""
    workbench = open_workbench()
    rule = workbench.codebook.uncertainty["uncertainty"]
    dyads = {}
    for dyad in workbench.searched_dyads():
        estimates = workbench.compute_estimates(dyad, None, rule.draws, rule.seed)
        dyads[dyad.id] = to_json(estimates)
    head = {
        "scale": workbench.scale(None).id,
        "record_version": workbench.record.version,
        "codebook_version": workbench.codebook.version,
        "draws": rule.draws,
        "seed": rule.seed,
        "dyads": dyads,
    }
    return json.dumps(head, indent=0, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or with ``--check`` compare."""
    text = made()
    if "--check" in sys.argv:
        if not TARGET.is_file() or TARGET.read_text("utf-8") != text:
            print(f"{TARGET}: is not what the record gives; run 'make estimates'", file=sys.stderr)
            return 1
        return 0
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, "utf-8")
    print(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
