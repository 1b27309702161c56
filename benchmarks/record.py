"""The latent model of the bundled record: seconds and memory of one exact fit of all pairs, areas and years."""

from __future__ import annotations

import gc
import multiprocessing
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
    seconds = time.perf_counter() - began
    gc.collect()  # ends the process that moved half of the chains, so that its memory is known
    for child in multiprocessing.active_children():
        child.join(10)
    here, there = (
        resource.getrusage(of).ru_maxrss / 1024**2 for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{fit.answers} answers: {seconds:.0f} s, {here:.1f} + {there:.1f} GiB, R-hat {fit.rhat:.3f}, min ESS {fit.ess:.0f}, {fit.reasons}"
    )


if __name__ == "__main__":
    main()
