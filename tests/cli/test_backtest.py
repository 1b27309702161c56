"""The backtest by the real command, on two declared origins of a user's own codebook so that it is quick."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import yaml

from tests.command import ROOT, refusal, run

RULE = ROOT / "src/milcoop/codebook/data/forecast/forecast.yaml"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Folder with what was written, output, messages."""
    folder = tmp_path_factory.mktemp("record")
    rule = yaml.safe_load(RULE.read_text("utf-8"))
    rule["backtest"] |= {"origins": ["2018-12-31", "2020-12-31"], "asked": [], "fewest_cases": 2}
    (folder / "codebook" / "forecast").mkdir(parents=True)
    (folder / "codebook" / "forecast" / "forecast.yaml").write_text(json.dumps(rule, default=str), "utf-8")
    done = run("backtest", "RUS", "CHN", "--record", folder, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout, done.stderr


@pytest.fixture(scope="module")
def numbers(ran: tuple[Path, str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ran[0] / "backtest.json").read_text("utf-8"))
    return found


def test_it_says_what_it_rests_on_and_claims_nothing(ran: tuple[Path, str, str]) -> None:
    _, text, messages = ran
    assert text.startswith("2 origins, 2018-12-31 to 2020-12-31, real-time vintages; record ")
    assert "1 continuously monitored, fewer than 5: these scores describe one history. No skill is claimed." in text
    assert "difference" not in text
    assert "milcoop backtest: 2018-12-31" in messages


def test_scores_are_the_means_of_their_cases(numbers: dict[str, Any]) -> None:
    assert numbers["claim"] is False
    by_target: dict[str, list[dict[str, Any]]] = {}
    for row in numbers["cases"]:
        by_target.setdefault(row["target"], []).append(row)
    assert len(by_target) == 11
    for score in numbers["scores"]:
        if score["method"] == "chosen":
            cases = by_target[score["target"]]
            assert score["cases"] == len(cases)
            assert score["score"] == pytest.approx(fmean(c["score"] for c in cases), abs=1e-3)
            assert score["difference_lower"] is None
    for row in numbers["cases"]:
        assert row["reference_date"] < row["target_end_date"] <= "2025-12-31"


def test_methods_are_ranked_and_one_is_shipped(numbers: dict[str, Any]) -> None:
    for target in {s["target"] for s in numbers["scores"]}:
        group = [s for s in numbers["scores"] if s["target"] == target]
        assert [s["score"] for s in group] == sorted(s["score"] for s in group)
        assert {s["method"] for s in group} >= {
            "persistence",
            "drift",
            "historical-mean",
            "local-level",
            "pool",
            "chosen",
        }
        best = next(s for s in group if s["method"] != "chosen")
        assert [s["method"] for s in group if s["shipped"]] == [best["method"]]
        assert len({s["cases"] for s in group}) == 1


def test_the_choice_of_a_day_knows_no_later_outcome(numbers: dict[str, Any]) -> None:
    assert sorted(numbers["chosen"]) == ["2018-12-31", "2020-12-31", "2026-11-22"]
    assert numbers["chosen"]["2018-12-31"] == {}
    assert set(numbers["chosen"]["2020-12-31"]) == {s["target"] for s in numbers["scores"]}


def test_calibration_as_numbers_and_picture(ran: tuple[Path, str, str], numbers: dict[str, Any]) -> None:
    assert {b["kind"] for b in numbers["calibration"]} == {"level", "count"}
    for kind in ("level", "count"):
        assert sum(numbers["pit"][kind]) == pytest.approx(1, abs=1e-3)
    svg = (ran[0] / "calibration.svg").read_text("utf-8")
    assert svg.startswith("<svg")
    assert "share that came true" in svg


def test_a_folder_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert "is not a folder" in refusal("backtest", "--out", tmp_path / "file")


def test_what_ships_names_known_methods() -> None:
    """The shipped choice is made from declared days and methods; ``make check`` rebuilds it."""
    rule = yaml.safe_load(RULE.read_text("utf-8"))
    held = json.loads((ROOT / "src/milcoop/trajectory/data/chosen.json").read_text("utf-8"))
    known = {*rule["baselines"], *rule["own_levels"], *rule["own_counts"]}
    assert {m for methods in held["chosen"].values() for m in methods.values()} <= known
    days = {str(d) for d in (*rule["backtest"]["origins"], *rule["backtest"]["asked"])}
    assert set(held["chosen"]) - days == {max(held["chosen"])}
    for target, method in held["chosen"][max(held["chosen"])].items():
        scores = {m: s[1] for m, s in held["scores"][target].items() if m != "chosen"}
        assert scores[method] == min(scores.values())
