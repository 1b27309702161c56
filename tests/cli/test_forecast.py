"""Forecasts as a user meets them: rows, refusals, what is not monitored, scenarios, and no word from after the origin."""

import csv
import io
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from milcoop.domain.tables import FORECAST_COLUMNS
from milcoop.workbench import Workbench
from tests.command import Once, output, refusal, refused
from tests.layer import citation, event_row, write_layer

ORIGIN = "2022-11-30"


def rows(*arguments: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output("forecast", "RUS", "CHN", *arguments, "--format", "csv"))))


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The forecast from the record's end, as JSON."""
    found: dict[str, Any] = json.loads(output("forecast", "RUS", "CHN", "--format", "json"))
    return found


def without_version(text: str) -> str:
    """JSON as printed, but for the version of the record, whose digest is of all files read."""
    return re.sub(r'"record_version": "[^"]+"', "", text)


@pytest.fixture(scope="module")
def before() -> str:
    """The forecast from the vintage, from the bundled record, as printed."""
    return without_version(output("forecast", "RUS", "CHN", "--as-of", ORIGIN, "--format", "json"))


@pytest.fixture(scope="module")
def scored() -> dict[str, Any]:
    """The backtest from that vintage."""
    found: dict[str, Any] = json.loads(output("backtest", "--origin", ORIGIN, "RUS", "CHN", "--format", "json"))
    return found


def test_hubverse_rows() -> None:
    found = rows("--horizon", "2")
    assert tuple(found[0]) == FORECAST_COLUMNS
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in found:
        assert row["location"] == "CHN-RUS"
        assert row["reference_date"] == "2026-11-22"
        assert row["target_end_date"] == f"{2026 + int(row['horizon'])}-12-31"
        assert row["model_id"].count("-") == 1
        groups[row["target"], row["horizon"]].append(row)
    assert len(groups) == 22
    for (target, _), group in groups.items():
        kinds = {r["output_type"] for r in group}
        if target.startswith("level:"):
            assert kinds == {"pmf"}
            assert len(group) == (11 if target == "level:overall" else 6)
            assert sum(float(r["value"]) for r in group) == pytest.approx(1, abs=1e-9)
        else:
            assert kinds == {"quantile", "mean", "median"}
            assert {r["output_type_id"] for r in group if r["output_type"] in ("mean", "median")} == {"NA"}
            quantiles = [
                (float(r["output_type_id"]), float(r["value"])) for r in group if r["output_type"] == "quantile"
            ]
            assert quantiles == sorted(quantiles)
            assert dict(quantiles)[0.5] == next(float(r["value"]) for r in group if r["output_type"] == "median")


def test_the_record_end_and_what_is_claimed_are_said(told: dict[str, Any], once: Once) -> None:
    text = once("forecast", "RUS", "CHN")
    assert "the record's end on 2026-11-22" in text
    assert "1 continuously monitored pair; with fewer than 5, no skill is claimed" in text
    assert told["reference_date"] == "2026-11-22"
    assert told["choice"]["claim"] is False
    assert {t["method"] for t in told["targets"]} & {"drift", "local-level", "persistence", "historical-mean"}


def test_words_are_bound_to_their_numbers(told: dict[str, Any]) -> None:
    bands = {"almost no chance": (0, 0.05), "very unlikely": (0.05, 0.2), "unlikely": (0.2, 0.45)}
    bands |= {
        "roughly even": (0.45, 0.55),
        "likely": (0.55, 0.8),
        "very likely": (0.8, 0.95),
        "almost certain": (0.95, 1),
    }
    for target in told["targets"]:
        for horizon in target["horizons"]:
            shares = horizon["against_now"].values()
            assert sum(s["probability"] for s in shares) == pytest.approx(1, abs=2e-4)
            for share in shares:
                low, high = bands[share["words"]]
                assert low - 1e-4 <= share["probability"] <= high + 1e-4
            assert sum(horizon["probabilities"].values()) == pytest.approx(1, abs=1e-9)


def test_a_partly_monitored_start_is_said(told: dict[str, Any], workbench: Workbench) -> None:
    now = workbench.assess(workbench.dyad("RUS", "CHN")).of_year(2026)
    partly = {f"level:{area}" for area, r in now.items() if r.coverage == "partly"}
    assert partly
    assert {t["target"] for t in told["targets"] if t["note"]} == partly


def test_what_is_not_monitored_has_no_forecast() -> None:
    text = output("forecast", "FRA", "DEU")
    assert "No forecast, which is not a forecast of zero" in text
    assert "not monitored" in text
    assert rows_of_pair("FRA", "DEU") == []
    assert "without a break, 8 are needed" in output("forecast", "BLR", "RUS", "--as-of", "2024-12-31")


def rows_of_pair(a: str, b: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output("forecast", a, b, "--format", "csv"))))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--horizon", "0"], "found --horizon 0, expected 1 to 5 years"),
        (["--horizon", "6"], "found --horizon 6, expected 1 to 5 years"),
        (["--horizon", "two"], "'two' is not a valid integer"),
        (["--scenario", "war-end"], "found scenario 'war-end'"),
        (["--as-of", "2022-13"], "--as-of"),
        (["--freeze"], "found --freeze without a record folder"),
    ],
)
def test_refusals(arguments: list[str], message: str) -> None:
    assert message in refused("forecast", "RUS", "CHN", *arguments)


def test_a_driver_of_other_states_is_refused() -> None:
    assert "found scenario 'war-ends'" in refusal("forecast", "USA", "JPN", "--scenario", "war-ends")


def planted(folder: Path, **more: Any) -> Path:
    """An exercise of the two with what is changed."""
    return write_layer(folder, events=[event_row(participants=["RUS", "CHN"], **more)])


def vintage_with(folder: Path) -> str:
    return without_version(output("forecast", "RUS", "CHN", "--as-of", ORIGIN, "--record", folder, "--format", "json"))


def test_nothing_published_after_the_origin_changes_the_forecast(tmp_path: Path, before: str) -> None:
    """An act before the origin that a later page tells of, and one after it: the same bytes."""
    late = planted(tmp_path / "late", date="2021-06-01", citations={"a": citation(date="2023-02-01")})
    after = planted(tmp_path / "after", date="2023-06-01", citations={"a": citation(date="2023-06-02")})
    assert vintage_with(late) == before
    assert vintage_with(after) == before


def test_what_was_published_before_the_origin_does(tmp_path: Path, before: str) -> None:
    known = planted(tmp_path / "known", date="2022-06-01", citations={"a": citation(date="2022-06-02")})
    assert vintage_with(known) != before


def test_nothing_published_after_the_origin_changes_a_backtest(tmp_path: Path, scored: dict[str, Any]) -> None:
    """An act of 2026 changes nothing; one of 2021 told of in 2024 may change what came, never what was forecast."""
    late = planted(tmp_path / "late", date="2026-06-01", citations={"a": citation(date="2026-06-02")})
    earlier = planted(tmp_path / "earlier", date="2021-06-01", citations={"a": citation(date="2024-06-02")})
    ask = ("backtest", "--origin", ORIGIN, "RUS", "CHN", "--format", "json", "--record")
    found = json.loads(output(*ask, late))
    assert found | {"record_version": ""} == scored | {"record_version": ""}
    assert json.loads(output(*ask, earlier))["forecasts"] == scored["forecasts"]


def test_a_scenario_shifts_what_it_declares_and_says_why(told: dict[str, Any]) -> None:
    text = output("forecast", "RUS", "CHN", "--scenario", "defence-treaty")
    assert "policy: +1.00 levels, horizon 1 on (judgement)" in text
    assert "why: " in text
    found = json.loads(output("forecast", "RUS", "CHN", "--scenario", "defence-treaty", "--format", "json"))
    base = {t["target"]: t["horizons"][0]["mean"] for t in told["targets"]}
    mean = {t["target"]: t["horizons"][0]["mean"] for t in found["targets"]}
    assert mean["level:policy"] == pytest.approx(base["level:policy"] + 1, abs=0.02)
    assert mean["count:joint-exercises"] == pytest.approx(1.1 * base["count:joint-exercises"], rel=0.01)
    assert mean["level:basing"] == base["level:basing"]
    assert found["scenario"]["id"] == "defence-treaty"


def test_history_gives_a_factor_only_where_the_vintage_reaches_it() -> None:
    def shifts(as_of: str) -> dict[str, str]:
        ask = ("forecast", "RUS", "CHN", "--scenario", "closure", "--as-of", as_of, "--format", "json")
        return {s["target"]: s["basis"] for s in json.loads(output(*ask))["scenario"]["shifts"]}

    assert "on record" in shifts("2024-12-31")["count:consultation-rounds"]
    assert shifts("2019-12-31")["count:consultation-rounds"] == "judgement"


def test_one_origin_beside_its_outcomes(workbench: Workbench, scored: dict[str, Any]) -> None:
    assert scored["label"] == "pseudo-prospective"
    assert {r["target_end_date"] for r in scored["scores"]} == {"2023-12-31", "2024-12-31", "2025-12-31"}
    rated = workbench.assess(workbench.dyad("RUS", "CHN"))
    acts = [e for e in rated.events if e.type == "operation.air-patrol"]
    assert acts
    for row in scored["scores"]:
        year = int(row["target_end_date"][:4])
        if row["target"] == "level:exercises":
            assert row["outcome"] == rated.of_year(year)["exercises"].level
        if row["target"] == "count:joint-patrols":
            assert row["outcome"] >= sum(e.when.start.year == year and e.status == "held" for e in acts)


def test_one_origin_as_a_table() -> None:
    text = output("backtest", "--origin", ORIGIN, "RUS", "CHN")
    assert (
        "China and Russia: pseudo-prospective forecast from the vintage 2022-11-30, scored on outcomes to 2025-12-31"
        in text
    )
    assert re.search(r"^exercises\s+2025\s+\d \(\d-\d\)\s+\d\s+(yes|no)", text, flags=re.M)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["RUS"], "found 1 state, expected two or none"),
        (["USA", "JPN"], "found JPN-USA, expected a pair monitored in each of its last 20 years: CHN-RUS"),
        (["--origin", "2030-01-01"], "found --origin 2030-01-01, expected a day before the record's end"),
        (["--origin", "soon"], "--origin"),
        (["--origin", "1990"], "found --origin 1990-12-31, expected a day with 8 monitored years before it"),
        (["--origin", ORIGIN, "--out", "x"], "found --out with --origin"),
    ],
)
def test_refusals_of_backtest(arguments: list[str], message: str) -> None:
    assert message in refused("backtest", *arguments)
