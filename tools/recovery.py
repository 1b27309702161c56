"""Print how well the Monte Carlo route recovers known levels: the table of docs/measurement.md. Takes about two minutes."""

from __future__ import annotations

import numpy as np

from milcoop.checks.recovery import PERCENT, check_recovery
from milcoop.checks.worlds import YEARS, World
from milcoop.workbench import open_workbench

WORLDS = {
    "2 acts a year": [2.0] * len(YEARS),
    "0.6 acts a year": [0.6] * len(YEARS),
    "growing from 0.3 to 5.5": [float(v) for v in 0.3 * np.exp(0.1 * np.arange(len(YEARS)))],
}
LISTS = ((0.7, 0.6), (0.5, 0.5), (0.3, 0.3))


def main() -> None:
    """Two hundred pairs a world."""
    workbench = open_workbench()
    print(
        f"| world | found | level found right | bias found | bias of the median | {' | '.join(f'{p} %' for p in PERCENT)} | {' | '.join(f'{p} % in shares' for p in PERCENT)} |"
    )
    print("| --- " * (5 + 2 * len(PERCENT)) + "|")
    for name, rates in WORLDS.items():
        for first, second in LISTS:
            world = World(rates, first, second)
            r = check_recovery(world, workbench.codebook, workbench.scale(None), 200, 200, 7)
            cells = " | ".join(f"{100 * found[p]:.1f}" for found in (r.covered, r.calibrated) for p in PERCENT)
            print(
                f"| {name} | {100 * world.detection:.0f} % | {100 * r.found_right:.0f} % | {r.bias_found:+.2f} | "
                f"{r.bias_median:+.2f} | {cells} |"
            )


if __name__ == "__main__":
    main()
