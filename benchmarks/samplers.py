"""The latent model's sampler beside the same model written plainly in NumPyro: same panel, same run.

With ``--peers``, PyMC and Stan beside both: see ``peers/compare.py``. Otherwise
``python benchmarks/samplers.py [standard|large|25x40|50x40|100x40|200x40] [plain]``. Run twice: the first run of a version compiles. Prints wall seconds with compilation, smallest bulk effective sample
size over states, loadings, cutpoints and severities, and their ratio; and how far the states' means lie from each other.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpyro
import pandas as pd

from milcoop.measure.latent.design import Design
from milcoop.measure.latent.diagnostics import rhat_and_ess
from milcoop.measure.latent.fit import translate
from milcoop.measure.latent.panel import Panel, make_panel
from milcoop.measure.latent.sampler import Sampler
from milcoop.measure.latent.spec import MeasureSpec

sys.path.insert(0, str(Path(__file__).parent))
SIZES = {
    "standard": (10, 30, 7, 5, 0.474),
    "large": (30, 40, 7, 12, 0.5),
    **{f"{n}x40": (n, 40, 7, 2, 0.5) for n in (25, 50, 100, 200)},
}
"""Units, times, items, raters, share of answers kept."""


def made(units: int, times: int, items: int, raters: int, kept: float) -> tuple[pd.DataFrame, np.ndarray]:
    """A panel of five-step ratings, and its true states."""
    rng = np.random.default_rng(1)
    states = rng.standard_normal((units, 1)) + np.cumsum(0.25 * rng.standard_normal((units, times)), axis=1)
    loading = np.exp(rng.normal(0.3, 0.3, items))
    cuts = np.sort(rng.normal(0, 1.2, (items, 4)), axis=1) + 0.3 * np.arange(4)
    severity = rng.normal(0, 0.5, raters)
    eta = states[:, :, None, None] * loading[:, None] - severity
    answers = (eta[..., None] + rng.logistic(size=(*eta.shape, 1)) > cuts[:, None, :]).sum(axis=-1)
    keep = rng.random(answers.shape) < kept
    rows = [(f"u{i:03d}", t, f"i{j}", f"r{r}", a) for (i, t, j, r), a in np.ndenumerate(answers) if keep[i, t, j, r]]
    return pd.DataFrame(rows, columns=["unit", "year", "item", "rater", "value"]).astype(str), states


def report(name: str, seconds: float, parts: list[np.ndarray], truth: np.ndarray) -> tuple[float, np.ndarray]:
    """Print one line; returns effective samples a second and the states' means."""
    flat = np.concatenate([p.reshape(*p.shape[:2], -1) for p in parts], axis=2)
    each_rhat, each_ess = rhat_and_ess(flat)
    ess, rhat = float(each_ess.min()), float(each_rhat.max())
    means = parts[0].mean(axis=(0, 1)).ravel()
    r = np.corrcoef(means, truth.ravel())[0, 1]
    print(
        f"{name:<34} {seconds:8.1f} s  R-hat {rhat:.3f}  min ESS {ess:7.0f}  ESS/s {ess / seconds:8.1f}  r with truth {r:.3f}",
        flush=True,
    )
    return ess / seconds, means


def ours(panel: Panel, spec: MeasureSpec, truth: np.ndarray, name: str) -> tuple[float, np.ndarray]:
    """milcoop's sampler."""
    began = time.perf_counter()
    design = Design(panel, spec)
    run = spec.sampler
    draws = translate(design, Sampler(design, run.chains, run.warmup, run.seed).draw(run.draws))
    seconds = time.perf_counter() - began
    return report(name, seconds, [draws.state, draws.loading, draws.cutpoint, draws.severity], truth)


def plain(panel: Panel, truth: np.ndarray, warmup: int, draws: int) -> tuple[float, np.ndarray]:
    """The same model written plainly."""
    from plain_model import run_plain

    d: dict[str, Any] = {"unit": panel.unit, "time": panel.time, "item": panel.item, "rater": panel.rater}
    d |= {
        "units": len(panel.units),
        "times": panel.longest,
        "items": len(panel.items),
        "raters": len(panel.raters),
        "cuts": 4,
    }
    began = time.perf_counter()
    found = run_plain(d, panel.value.astype(int), warmup=warmup, draws=draws)
    theta, loading, cuts, severity = (
        np.asarray(found[k], dtype=float) for k in ("theta", "loading", "cutpoints", "severity")
    )  # waits for the draws: JAX returns before they are made
    seconds = time.perf_counter() - began
    typical = severity.mean(axis=2, keepdims=True)
    parts = [theta, loading, cuts + typical[..., None], severity - typical]
    return report(f"plain NumPyro, 4 x ({warmup} + {draws})", seconds, parts, truth)


def bench_spec() -> MeasureSpec:
    """The model of ``plain_model.py`` as a specification."""
    return MeasureSpec(
        id="bench", unit="unit", time="year", item="item", value="value", rater="rater", reliability=False,
        dynamics="random-walk",
    )  # fmt: skip


def main() -> None:
    """Run the sizes and peers asked for."""
    size = sys.argv[1] if len(sys.argv) > 1 else "standard"
    table, truth = made(*SIZES[size])
    spec = bench_spec()
    length = spec.sampler
    panel = make_panel(table, spec)
    numpyro.set_host_device_count(4)  # the plain program's chains need a device each
    print(f"{size}: {len(panel.value)} ratings")
    rate, means = ours(panel, spec, truth, f"milcoop, {length.chains} x ({length.warmup} + {length.draws})")
    if "plain" in sys.argv[2:]:
        other, theirs = plain(panel, truth, 1000, 1000)
        print(f"ratio {rate / other:.1f}; states differ by at most {np.abs(means - theirs).max():.3f}")


if __name__ == "__main__":
    if "--peers" in sys.argv:
        from peers.compare import compare

        compare([a for a in sys.argv[1:] if a != "--peers"])
    else:
        main()
