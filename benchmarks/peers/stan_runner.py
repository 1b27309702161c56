"""plain.stan by PyStan as it comes, or by CmdStanPy where ``STAN=cmdstanpy``."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from exchange import STATES, Found, answer

CODE = Path(__file__).parent / "plain.stan"


def sorted_by_item(d: dict[str, Any]) -> dict[str, Any]:
    """The panel as the Stan program wants it, numbered from one."""
    order = np.argsort(d["item"], kind="stable")
    ends = np.cumsum(np.bincount(d["item"], minlength=d["items"]))
    data = {k: (d[k][order] + 1).tolist() for k in ("unit", "time", "rater", "y")}
    data |= {"first": (np.concatenate([[0], ends[:-1]]) + 1).tolist(), "last": ends.tolist(), "N": len(order)}
    names = {"U": "units", "T": "times", "J": "items", "R": "raters", "K": "cuts"}
    return data | {k: d[v] for k, v in names.items()}


def by_pystan(panel: dict[str, Any], warmup: int, draws: int, chains: int) -> Found:
    """Translate, compile and sample; all chains run in processes of their own."""
    import stan

    data = sorted_by_item(panel)
    began = time.perf_counter()
    posterior = stan.build(CODE.read_text("utf-8"), data=data, random_seed=1)
    built = time.perf_counter()
    fit = posterior.sample(num_chains=chains, num_warmup=warmup, num_samples=draws)
    ended = time.perf_counter()

    def by_chain(name: str) -> np.ndarray:
        """PyStan's last axis runs through the chains draw by draw."""
        flat = fit[name]
        return np.moveaxis(flat.reshape(*flat.shape[:-1], draws, chains), (-1, -2), (0, 1))

    found = {k: by_chain(k) for k in STATES}
    return Found(found, ended - began, ended - built, float(fit["divergent__"].sum()))


def by_cmdstanpy(panel: dict[str, Any], warmup: int, draws: int, chains: int) -> Found:
    """The same with CmdStan, which must have been installed (``install_cmdstan``)."""
    from cmdstanpy import CmdStanModel

    data = sorted_by_item(panel)
    with tempfile.TemporaryDirectory() as folder:
        code = shutil.copy(CODE, folder)  # compiled beside it
        began = time.perf_counter()
        model = CmdStanModel(stan_file=code)
        built = time.perf_counter()
        fit = model.sample(
            data, chains=chains, iter_warmup=warmup, iter_sampling=draws, seed=1, show_progress=False, output_dir=folder
        )
        ended = time.perf_counter()
        found = {k: fit.stan_variable(k) for k in STATES}
        divergences = float(fit.divergences.sum())
    found = {k: v.reshape(chains, draws, *v.shape[1:]) for k, v in found.items()}
    return Found(found, ended - began, ended - built, divergences)


if __name__ == "__main__":
    if os.environ.get("STAN") == "cmdstanpy":
        import cmdstanpy

        answer(f"CmdStanPy {cmdstanpy.__version__}", by_cmdstanpy)
    else:
        import stan

        answer(f"PyStan {stan.__version__}", by_pystan)
