"""``milcoop measure`` as a user runs it: a small panel from file to file, and what it refuses."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.command import refusal, run
from tests.measure.latent.panels import walking

SPEC = """
id: small
unit: unit
time: year
item: item
value: value
rater: rater
reliability: false
dynamics: random-walk
items: {acts: {kind: count}}
sampler: {chains: 4, warmup: 200, draws: 200, seed: 3}
"""
ONE = SPEC.replace("items: {acts: {kind: count}}\n", "")


def test_from_file_to_file(tmp_path: Path) -> None:
    made = walking(units=3, times=5)
    made.table.to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    done = run(
        "measure", "--spec", tmp_path / "spec.yaml", "--data", tmp_path / "answers.csv", "--out", tmp_path / "fit"
    )
    saved = json.loads((tmp_path / "fit" / "measurement.json").read_text("utf-8"))
    assert done.returncode == (0 if saved["established"] else 1), done.stderr
    assert ("NOT ESTABLISHED" in done.stdout) != saved["established"]
    assert saved["spec"]["sampler"]["seed"] == saved["seed"] == 3
    assert saved["answers"] == len(made.table)
    rows = pd.read_csv(tmp_path / "fit" / "estimates.csv")
    states = rows[rows["of"] == "state"]
    assert len(states) == 15
    assert set(states["at"]) == set(range(2000, 2005))
    assert (states["q2.5"] < states["q50"]).all()
    assert (states["q50"] < states["q97.5"]).all()
    assert set(rows["of"]) == {"state", "loading", "cutpoint", "intercept", "spread", "severity", "step"}


@pytest.mark.parametrize(
    ("spec", "data", "said"),
    [
        (SPEC + "unt: x\n", None, "unknown key 'unt'; nearest: unit"),
        (SPEC.replace("random-walk", "walk"), None, "dynamics"),
        ("- {id: a, unit: u}\n- {id: b, unit: u}\n", None, "holds 2 specifications, expected one"),
        ("id: [", None, "not valid YAML"),
        (SPEC.replace("unit: unit", "unit: units"), None, "found column 'units'"),
        (SPEC, "", "cannot be read as a CSV table"),
        (SPEC, "unit,year,item,rater,value\n", "holds no rows"),
        (ONE, "unit,year,item,rater,value\na,2014-13,i,r,1\nb,2015,i,r,2\n", "column 'year' must hold whole numbers"),
        (ONE, "unit,year,item,rater,value\na,2014,i,r,x\nb,2015,i,r,2\n", "found the value 'x' in row 2"),
        (SPEC, b"\xff\xfe\x00bad", "cannot be read"),
        (SPEC.replace("chains: 4", "chains: 0"), None, "chains"),
        (SPEC + "step: 0\n", None, "step"),
        (SPEC + "start: {u0: [0, 0]}\n", None, "start"),
        (SPEC + "priors: {loading_sd: -1}\n", None, "loading_sd"),
        (ONE, "unit,year,item,rater,value\na,1,i,r,1\na,999999999,i,r,2\n", "expected at most 1000 steps"),
    ],
)
def test_what_is_refused(tmp_path: Path, spec: str, data: str | bytes | None, said: str) -> None:
    (tmp_path / "spec.yaml").write_text(spec, "utf-8")
    if data is None:
        data = "unit,year,item,rater,value\na,2000,i,r,1\nb,2000,i,r,2\n"
    (tmp_path / "answers.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    assert said in refusal("measure", "--spec", tmp_path / "spec.yaml", "--data", tmp_path / "answers.csv")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert "--spec: no file" in refusal("measure", "--spec", tmp_path / "no.yaml", "--data", tmp_path / "no.csv")
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    assert "--data: no file" in refusal("measure", "--spec", tmp_path / "spec.yaml", "--data", tmp_path / "no.csv")
