"""What is measured on exercises and operations: each measure on a planted record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from milcoop.domain.signals import Signals
from milcoop.workbench import Workbench
from tests.findings.signal_layer import NAN, planted, searches, signals, statement
from tests.layer import citation


def column(found: Signals, bench: Workbench, name: str) -> Any:
    """What one component measures on every act: lowest, best, highest."""
    from milcoop.findings.signals.acts import Context, measure

    evidence = bench.evidence(found.found.dyad, found.found.years[0], found.found.years[-1])
    context = Context(evidence, evidence.codebook.signalling["signalling"])
    return measure(evidence.codebook.signals[name], context)


def row(folder: Path, name: str, *events: dict[str, Any], **more: Any) -> list[list[float]]:
    bench = planted(folder, *events, **more)
    found: list[list[float]] = column(signals(bench), bench, name).tolist()
    return found


def test_fields_are_points_and_conflicts_intervals(tmp_path: Path) -> None:
    conflict = [{"value": "coordinated", "cite": ["a"]}, {"value": "combined", "cite": ["a"]}]
    rows = row(
        tmp_path, "operational-command",
        {"fields": {"command": "combined"}}, {"fields": {"command": conflict}, "date": "2011-02-03"}, {"date": "2012-02-03"},
    )  # fmt: skip
    assert rows == pytest.approx(np.array([[1, 1, 1], [0.5, 0.75, 1], [-np.inf, NAN, np.inf]]), nan_ok=True)


def test_duration_counts_both_ends_and_a_month_is_an_interval(tmp_path: Path) -> None:
    rows = row(tmp_path, "operational-duration", {"date": "2010-06-01/2010-06-06"}, {"date": "2010-07"})
    assert rows == pytest.approx(np.array([[6, 6, 6], [1, NAN, 31]]), nan_ok=True)


def test_forces_of_one_side_are_a_lower_bound(tmp_path: Path) -> None:
    def troops(**amounts: float) -> list[dict[str, Any]]:
        return [{"name": k, "best": v, "unit": "person"} for k, v in amounts.items()]

    rows = row(
        tmp_path, "operational-forces",
        {"quantities": troops(troops_total=1000)},
        {"quantities": troops(troops_BRA=400, troops_ARG=600), "date": "2011-01-01"},
        {"quantities": troops(troops_BRA=1000), "date": "2012-01-01"},
        {"date": "2013-01-01"},
    )  # fmt: skip
    expected = np.array([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0.5, NAN, np.inf], [0, NAN, np.inf]])
    assert rows == pytest.approx(expected, nan_ok=True)


def test_novelty_needs_searched_years_before_it(tmp_path: Path) -> None:
    rows = row(
        tmp_path, "operational-novelty",
        {"date": "2002-01-01"}, {"date": "2010-01-01", "type": "exercise.land", "place": "beijing"},
        {"date": "2011-01-01", "type": "exercise.land", "place": "beijing"}, {"date": "2012-01-01", "type": "exercise.land"},
    )  # fmt: skip
    assert rows == pytest.approx(np.array([[-np.inf, NAN, np.inf], [1, 1, 1], [0, 0, 0], [0, NAN, 0.5]]), nan_ok=True)


def test_presence_counts_years_back_in_the_same_waters_far_from_home(tmp_path: Path) -> None:
    far = {"place": "gulf-of-aden"}
    dates = ("2008-01-01", "2008-06-01", "2010-01-01", "2011-01-01", "2019-01-01")
    rows = row(tmp_path, "operational-presence", *({"date": d, **far} for d in dates))
    assert [r[1] for r in rows] == [0, 0, 1, 2, 0]
    unknown = row(tmp_path / "b", "operational-presence", {"date": "2008-01-01"}, {"date": "2010-01-01", **far})
    assert unknown == pytest.approx(np.array([[0, NAN, np.inf], [0, NAN, 1]]), nan_ok=True)


def leaders(date: str) -> dict[str, Any]:
    return {"id": f"summit-{date}", "type": "consultation.leaders", "date": date, "fields": {"level": "leader"}}


def test_days_to_the_nearest_meeting_of_leaders(tmp_path: Path) -> None:
    acts = ({"date": "2010-06-01/2010-06-06"}, {"date": "2010-07"})
    assert row(tmp_path, "message-summit", *acts, leaders("2010-06-16")) == pytest.approx(
        np.array([[10, 10, 10], [15, NAN, 45]]), nan_ok=True
    )
    not_searched = row(tmp_path / "b", "message-summit", acts[0], searched=searches(families=["exercise", "operation"]))
    assert not_searched == pytest.approx(np.array([[0, NAN, np.inf]]), nan_ok=True)


def test_days_since_a_flashpoint_of_one_of_the_two(tmp_path: Path) -> None:
    point = {"id": "mine", "label": "Mine", "start": "2010-05-22", "states": ["ARG"], "why": "a test"}
    point["citations"] = [citation()]
    other = point | {"id": "other", "start": "2010-05-31", "states": ["FRA"]}
    rows = row(
        tmp_path, "message-crisis", {"date": "2010-05-01"}, {}, {"date": "2010-05"}, codebook={"flashpoints/mine.yaml": [point, other]}
    )  # fmt: skip
    assert sorted(r[1] for r in rows if r[1] == r[1]) == [10, np.inf]
    assert pytest.approx([rows[1][1], rows[1][0]], nan_ok=True) == [NAN, 0.0]


def test_words_of_the_same_days(tmp_path: Path) -> None:
    near, late = (
        statement("statement.support", "BRA", date="2010-06-04"),
        statement("statement.support", "ARG", date="2010-06-05"),
    )
    assert row(tmp_path, "message-words", {}, near, late) == [[1, 1, 1]]


def test_publishers_count_once_and_a_zone_entered_is_at_the_door(tmp_path: Path) -> None:
    cited = {
        "a": citation(),
        "b": citation(url="https://example.org/2"),
        "c": citation(url="https://b.example", publisher="B"),
    }
    event = {"citations": cited, "type": "operation.air-patrol", "fields": {"adiz_entered": ["URY"]}}
    assert row(tmp_path, "message-publicity", event) == [[2, 2, 2]]
    assert row(tmp_path / "b", "message-near", event) == [[0, 0, 0]]
