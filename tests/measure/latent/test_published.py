"""Published estimates from their published answers, through the command: floors that only rise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.command import run

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
VOTES, CODINGS, TREATIES = (DATA / n for n in ("emirt_martin_quinn", "csta_crowd_coding", "alley_alliance_depth"))
pytestmark = pytest.mark.shared_data


def needs(folder: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not folder.is_dir(), reason=f"needs the published data at {folder}")


def estimates(folder: Path, spec: dict[str, Any], data: Path, draws: int) -> pd.DataFrame:
    """Estimates of a short run: means settle long before the gates are passed."""
    spec = spec | {"sampler": {"longest": 1, "chains": 8}}
    (folder / "spec.yaml").write_text(yaml.safe_dump(spec), "utf-8")
    length = ("--draws", str(draws), "--warmup", str(draws))
    done = run("measure", "--spec", folder / "spec.yaml", "--data", data, "--out", folder / "out", *length, timeout=600)
    assert done.returncode in (0, 1), done.stderr
    return pd.read_csv(folder / "out" / "estimates.csv", dtype={"name": str})


@needs(TREATIES)
def test_depth_of_treaties(tmp_path: Path) -> None:
    """Alley's latent depth of 289 alliances, from the eight ordered clauses that his script names."""
    table = pd.read_csv(TREATIES / "atop-milsup-latent-depth.csv", sep=None, engine="python")
    clauses = ["intcom", "compag.mil", "milaid", "milcon", "base", "organ1", "contrib"]
    wide = table[["atopid", *clauses, "latent.depth.mean"]].assign(subordinate=(table["subord"] > 0).astype(int))
    wide.to_csv(tmp_path / "treaties.csv", index=False)
    spec = {"id": "depth", "unit": "atopid", "items": {c: {} for c in (*clauses, "subordinate")}}
    found = estimates(tmp_path, spec, tmp_path / "treaties.csv", 150)
    ours = found[found["of"] == "state"].set_index("name")["mean"]
    theirs = wide.assign(atopid=wide["atopid"].astype(str)).set_index("atopid")["latent.depth.mean"]
    assert np.corrcoef(ours.reindex(theirs.index), theirs)[0, 1] >= 0.99


@needs(CODINGS)
def test_positions_from_many_coders(tmp_path: Path) -> None:
    """Positions of nine texts on immigration, from 85 coders of their sentences (Benoit et al. 2016)."""
    table = pd.read_csv(CODINGS / "immigration_codings.csv", low_memory=False)
    table = table[(table["manifestoid"] != "screener") & table["immigr_scale"].notna()]
    table[["manifestoid", "sentenceid", "coder", "immigr_scale"]].to_csv(tmp_path / "codings.csv", index=False)
    spec = {"id": "texts", "unit": "sentenceid", "group": "manifestoid", "rater": "coder", "value": "immigr_scale"}
    found = estimates(tmp_path, spec, tmp_path / "codings.csv", 150)
    ours = found[found["of"] == "group"].set_index("name")["mean"]
    published = pd.read_csv(CODINGS / "published_immigration_estimates.csv")
    theirs = published[(published["model"] == "all") & (published["par"] == "Scale")].set_index("manifesto")["est"]
    assert np.corrcoef(ours.reindex(theirs.index), theirs)[0, 1] >= 0.98


@needs(VOTES)
def test_ideal_points_of_justices(tmp_path: Path) -> None:
    """Ideal points over terms from votes (Martin and Quinn), with their priors on the logistic scale."""
    votes = pd.read_csv(VOTES / "votes_45x5164.csv")
    priors = pd.read_csv(VOTES / "justices_spans_priors.csv")
    sessions = pd.read_csv(VOTES / "bill_sessions.csv")
    long = votes.melt("justice", var_name="case", value_name="vote")
    long = long[long["vote"] != 0].assign(case=lambda t: t["case"].astype(int))
    long.merge(sessions, left_on="case", right_on="bill").to_csv(tmp_path / "votes.csv", index=False)
    start = zip(votes["justice"], priors["x.mu0"], np.sqrt(priors["x.sigma0"]), strict=True)
    spec = {
        "id": "justices",
        "unit": "justice",
        "time": "session",
        "item": "case",
        "value": "vote",
        "default": {"kind": "binary", "loading": "free"},
        "dynamics": "random-walk",
        "step": float(np.sqrt(0.1)),
        "start": {name: [float(mean), float(sd)] for name, mean, sd in start},
        "priors": {"loading_sd": 0.85, "cut_sd": 1.7},
    }
    found = estimates(tmp_path, spec, tmp_path / "votes.csv", 100)
    ours = found[found["of"] == "state"].assign(at=lambda t: t["at"].astype(int) + 1)
    theirs = pd.read_csv(VOTES / "published_mcmc_ideal_points.csv")
    theirs["justice"] = theirs["justice"].str.replace("'", ".")
    theirs["at"] = theirs["name"].str.extract(r"t(\d+)$")[0].astype(int)
    both = theirs.merge(ours, left_on=["justice", "at"], right_on=["name", "at"])
    assert (len(both), len(theirs)) == (696, 697), "one published term holds no recorded vote of its justice"
    assert np.corrcoef(both["theta_mcmc"], both["mean"])[0, 1] >= 0.98
