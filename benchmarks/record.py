"""The latent model of the bundled record: seconds and memory of one exact fit of all pairs, areas and years."""

from __future__ import annotations

import resource
import time

from milcoop.workbench import open_workbench


def main() -> None:
    """Fit once and print."""
    workbench = open_workbench()
    began = time.perf_counter()
    fit = workbench.fit_latent(
        progress=lambda step: print(f"  {time.perf_counter() - began:5.1f} s  {step}", flush=True)
    ).fit
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{fit.answers} answers: {time.perf_counter() - began:.0f} s, {memory:.1f} GiB, R-hat {fit.rhat:.3f}, min ESS {fit.ess:.0f}, {fit.reasons}"
    )


if __name__ == "__main__":
    main()
