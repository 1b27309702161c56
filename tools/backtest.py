"""Make the choice of forecasting methods that ships with the package, from the bundled record; ``--check`` fails when it has drifted.

Run by ``make estimates`` and, with ``--check``, by ``make check``. The file is derived data: never edit it by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from milcoop.trajectory.forecasting.choice import choice_to_json
from milcoop.workbench import open_workbench

TARGET = Path(__file__).parents[1] / "src" / "milcoop" / "trajectory" / "data" / "chosen.json"


def made() -> str:
    """The choice by day and the scores behind it."""
    workbench = open_workbench()
    found = workbench.backtest(workbench.continuous_dyads())
    return json.dumps(choice_to_json(found), indent=1, ensure_ascii=False) + "\n"


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
