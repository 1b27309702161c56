"""milcoop's sampler, plain NumPyro, PyMC with nutpie and Stan on one panel, one after another in one run.

``PYTHON_PEERS=/path/to/venv/bin/python python benchmarks/samplers.py --peers [milcoop] [numpyro] [pymc] [stan] [pymc-longer] [cmdstan]``;
without names, the first four.
That environment holds ``pymc nutpie pystan 'setuptools<81'`` (or cmdstanpy); none of them is a dependency of the project.

Each program gets the same answers, a process of its own and empty caches, and hands back its draws. Effective sizes are reckoned
here, alike for all: the smallest bulk one of states, loadings, cutpoints and relative severities. Prints a table in Markdown and
writes ``benchmarks/peers.json``; programs not run this time keep their rows there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from samplers import SIZES, bench_spec, made

from milcoop.measure.latent.diagnostics import rhat_and_ess
from milcoop.measure.latent.panel import make_panel

HERE = Path(__file__).parent
RESULTS = HERE.parent / "peers.json"
LONGEST = 1_500
"""Seconds after which a program is given up."""
RUNS = {
    "milcoop": ("milcoop_runner.py", 300, 600, 16),
    "numpyro": ("numpyro_runner.py", 1000, 1000, 4),
    "pymc": ("pymc_runner.py", 500, 500, 2),
    "pymc-longer": ("pymc_runner.py", 500, 1000, 4),
    "stan": ("stan_runner.py", 500, 500, 2),
    "cmdstan": ("stan_runner.py", 500, 500, 2),
}
"""Runner, warm-up, draws, chains; PyMC and Stan are the slow ones."""
USUAL = ["milcoop", "numpyro", "pymc", "stan"]
AT_HOME = ("milcoop", "numpyro")
"""Run in the project's environment, the rest in the peers'."""


def export(folder: Path) -> tuple[Path, np.ndarray]:
    """Write the standard panel; returns the file and the true states."""
    table, truth = made(*SIZES["standard"])
    panel = make_panel(table, bench_spec())
    arrays: dict[str, Any] = {"unit": panel.unit, "time": panel.time, "item": panel.item, "rater": panel.rater}
    sizes = {"units": len(panel.units), "times": panel.longest, "items": len(panel.items), "raters": len(panel.raters)}
    np.savez(folder / "panel.npz", **arrays, **sizes, cuts=4, y=panel.value.astype(int))
    return folder / "panel.npz", truth


def run(name: str, panel: Path, truth: np.ndarray, folder: Path) -> dict[str, Any]:
    """Run one program; returns its row of the table, or why there is none."""
    runner, *lengths = RUNS[name]
    python = sys.executable if name in AT_HOME else os.environ.get("PYTHON_PEERS")
    if not python:
        return {"error": "PYTHON_PEERS names no Python"}
    cache = folder / f"cache-{name}"  # nothing compiled before is found
    cache.mkdir()
    clean = {"XDG_CACHE_HOME": str(cache), "PYTENSOR_FLAGS": f"base_compiledir={cache}", "NUMBA_CACHE_DIR": str(cache)}
    stan = {"STAN": "cmdstanpy"} if name == "cmdstan" else {}
    command = [python, str(HERE / runner), str(panel), str(folder / f"{name}.npz"), *map(str, lengths)]
    before = os.times()
    try:
        done = subprocess.run(
            command, env={**os.environ, **clean, **stan}, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": f"given up after {LONGEST} s"}
    if done.returncode:
        return {"error": (done.stderr.strip() or "no message").splitlines()[-1]}
    with np.load(folder / f"{name}.npz") as file:
        row = judge(dict(file), truth, lengths)
        used = sum(os.times()[2:4]) - sum(before[2:4]) - float(file["again"])
    return {"cpu seconds of the process": round(used, 1), **row}


def judge(found: dict[str, Any], truth: np.ndarray, lengths: list[Any]) -> dict[str, Any]:
    """Effective sizes, rates and accuracy of one program's draws."""
    typical = found["severity"].mean(axis=2, keepdims=True)
    theta = found["theta"]
    parts = [theta, found["loading"], found["cutpoints"] + typical[..., None], found["severity"] - typical]
    flat = np.concatenate([p.reshape(*p.shape[:2], -1) for p in parts], axis=2)
    rhat, each = rhat_and_ess(flat)
    cold, warm = float(found["cold"]), float(found["warm"])
    means, (low, high) = theta.mean(axis=(0, 1)), np.quantile(theta, [0.05, 0.95], axis=(0, 1))
    warmup, draws, chains = lengths
    return {
        "program": str(found["program"]),
        "chains": chains,
        "warmup": warmup,
        "draws": draws,
        "seconds with compilation": round(cold, 1),
        "seconds compiled": round(warm, 2),
        "rhat": round(float(rhat.max()), 4),
        "divergences": int(found["divergences"]),
        "smallest ess": round(float(each.min())),
        "smallest ess of states": round(float(each[: truth.size].min())),
        "ess a second with compilation": round(float(each.min()) / cold, 2),
        "ess a second compiled": round(float(each.min()) / warm, 2),
        "r with truth": round(float(np.corrcoef(means.ravel(), truth.ravel())[0, 1]), 4),
        "rmse": round(float(np.sqrt(((means - truth) ** 2).mean())), 4),
        "truth in 90 % intervals": round(float(((low < truth) & (truth < high)).mean()), 3),
        "load before and after": [round(float(x), 1) for x in found["load"]],
        "means": means.ravel().round(4).tolist(),
        "spreads": theta.std(axis=(0, 1)).ravel().round(4).tolist(),
    }


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The rows in Markdown; ratios are milcoop's rate over the program's."""
    rates = ("ess a second with compilation", "ess a second compiled")
    ours = rows.get("milcoop", {})
    lines = [
        "| program | chains, warm-up + draws | seconds with compilation | compiled | R-hat | smallest ESS | a second with compilation | compiled | milcoop over it | compiled | r with truth | RMSE | in 90 % | CPU seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        if "error" in row:
            lines.append(f"| {name} | {row['error']} |" + " |" * 12)
            continue
        ratios = " | ".join(f"{ours[k] / row[k]:.1f}" if k in ours else "" for k in rates)
        lines.append(
            f"| {row['program']} | {row['chains']} x ({row['warmup']} + {row['draws']}) | {row['seconds with compilation']:.1f} "
            f"| {row['seconds compiled']:.1f} | {row['rhat']:.3f} | {row['smallest ess']:,} | {row[rates[0]]:,.1f} | {row[rates[1]]:,.1f} "
            f"| {ratios} | {row['r with truth']:.4f} | {row['rmse']:.3f} | {row['truth in 90 % intervals']:.3f} "
            f"| {row['cpu seconds of the process']:.0f} |"
        )
    return "\n".join(lines)


def compare(names: list[str]) -> None:
    """Run the programs named, or the usual ones."""
    names = names or USUAL
    if unknown := set(names) - set(RUNS):
        raise SystemExit(f"no program {', '.join(sorted(unknown))}; known: {', '.join(RUNS)}")
    old: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    rows: dict[str, dict[str, Any]] = old.get("programs", {})
    states: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        panel, truth = export(Path(folder))
        for name in names:
            began = time.perf_counter()
            row = run(name, panel, truth, Path(folder))
            print(
                f"{name}: {row.get('error', 'done')}, {time.perf_counter() - began:.0f} s of process", file=sys.stderr
            )
            states[name] = {k: np.array(row.pop(k)) for k in ("means", "spreads") if k in row}
            if "means" in states[name] and "means" in states.get("milcoop", {}):
                ours = states["milcoop"]
                apart = np.abs(states[name]["means"] - ours["means"]) / ours["spreads"]
                row["states apart from milcoop's, sd"] = round(float(apart.max()), 3)
            rows[name] = row
            about = {"cores": os.cpu_count(), "programs": rows}
            RESULTS.write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(table(rows))
    print(f"\n{os.cpu_count()} cores, load average now {os.getloadavg()[0]:.1f}")
