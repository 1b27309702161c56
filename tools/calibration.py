"""Simulation-based calibration of the latent model: prints the table of docs/measure.md. ``python tools/calibration.py [PANELS] [SEED]``."""

import sys
import time

from milcoop.checks.calibration import LEVELS, Structure, calibrate
from milcoop.cli.output import progress_line
from milcoop.measure.latent.spec import SamplerSpec

panels, seed = (int(given) for given in (*sys.argv[1:], *("200", "20261122")[len(sys.argv) - 1 :]))
began = time.monotonic()
show = progress_line("panels", panels)
found = calibrate(
    Structure(),
    panels,
    seed,
    SamplerSpec(chains=8, warmup=300, draws=400),
    lambda done: show(f"{done} of {panels}"),
)
show("")
print(f"{found.panels} panels, {found.unconverged} with R-hat above 1.05, {time.monotonic() - began:.0f} s\n")
print("| quantity | " + " | ".join(f"{c} %" for c in LEVELS) + " | p of uniform ranks |")
print("|---" * (len(LEVELS) + 2) + "|")
for name, covered in found.covered.items():
    print(f"| {name} | " + " | ".join(f"{100 * covered[c]:.1f}" for c in LEVELS) + f" | {found.uniform[name]:.2f} |")
