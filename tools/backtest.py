"""Make the choice of forecasting methods that ships with the package, from the bundled record; ``--check`` fails when it has drifted.

Run by ``make estimates`` and, with ``--check``, by ``make check``. The file is derived data: never edit it by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from derived import write_or_check

from milcoop.trajectory.forecasting.choice import choice_to_json
from milcoop.workbench import open_workbench

TARGET = Path(__file__).parents[1] / "src" / "milcoop" / "trajectory" / "data" / "chosen.json"


def made() -> str:
    """The choice by day and the scores behind it."""
    workbench = open_workbench()
    found = workbench.backtest(workbench.continuous_dyads())
    return json.dumps(choice_to_json(found), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, made()))
