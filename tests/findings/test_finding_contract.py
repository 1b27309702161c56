"""What all findings share: the window's evidence, bounds, the JSON contract, rules changed by a reader."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from scipy.stats import chi2

from milcoop.codebook.changes import find_changes
from milcoop.codebook.loader import bundled_folder, load_codebook
from milcoop.codebook.scale import Selection
from milcoop.domain.finding import Finding, FindingSet, Moved
from milcoop.errors import InvalidArgument
from milcoop.findings.bounds import poisson_interval, share_bounds, wilson_interval
from milcoop.workbench import Workbench, open_workbench


def test_bounds_set_all_unknown_acts_to_no_then_to_yes() -> None:
    assert share_bounds(3, 1, 4) == (0.75, 0.375, 0.875)
    assert share_bounds(0, 0, 5) == (None, 0.0, 1.0)
    assert share_bounds(0, 0, 0) == (None, 0.0, 1.0)


def test_the_score_interval_of_wilson() -> None:
    low, high = wilson_interval(5, 10, z=1.96)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert wilson_interval(0, 10)[0] == 0.0


def test_the_interval_of_a_poisson_count() -> None:
    """Garwood 1936: 90 percent limits of 0, 1, 4 and 10."""
    assert poisson_interval(0) == (0.0, pytest.approx(2.996, abs=1e-3))
    assert poisson_interval(1) == (pytest.approx(0.0513, abs=1e-4), pytest.approx(4.744, abs=1e-3))
    assert poisson_interval(4) == (pytest.approx(1.366, abs=1e-3), pytest.approx(9.154, abs=1e-3))
    assert poisson_interval(10) == (pytest.approx(5.425, abs=1e-3), pytest.approx(16.962, abs=1e-3))


@pytest.mark.parametrize("n", [35, 640, 700, 760, 1000, 5430])
def test_the_interval_of_a_large_count_is_that_of_chi_squared(n: int) -> None:
    low, high = poisson_interval(n)
    assert low == pytest.approx(chi2.ppf(0.05, 2 * n) / 2, rel=1e-6)
    assert high == pytest.approx(chi2.ppf(0.95, 2 * n + 2) / 2, rel=1e-6)


def test_the_json_contract(workbench: Workbench) -> None:
    dyad = workbench.dyad("RUS", "CHN")
    one = Finding(
        "x.y", "Label", 1 / 3, None, 2, "share", ("a", "b"), "partly", "more acts", (Moved("kind.id.key", 1, 2, 0.5),)
    )
    found = FindingSet("x", dyad, datetime.date(2020, 1, 2), range(2014, 2021), "r", "c", (one,)).as_json()
    assert list(found)[:3] == ["dyad", "as_of", "findings"]
    assert (found["dyad"], found["as_of"], found["from"], found["to"]) == (["CHN", "RUS"], "2020-01-02", 2014, 2020)
    (row,) = found["findings"]
    keys = ["id", "value", "low", "high", "unit", "events", "sensitivity", "what_would_change_it"]
    assert list(row)[:8] == keys
    assert (row["value"], row["low"], row["events"]) == (0.3333, None, ["a", "b"])
    assert row["sensitivity"] == [{"rule": "kind.id.key", "before": 1, "after": 2, "value": 0.5}]


def test_evidence_is_that_of_the_window(workbench: Workbench) -> None:
    dyad = workbench.dyad("RUS", "CHN")
    evidence = workbench.evidence(dyad, 2018, 2018)
    drills = evidence.select(Selection(families=("exercise",)))
    assert drills
    assert {e.when.start.year for e in drills} == {2018}
    assert {e.status for e in drills} <= set(evidence.scale.realised)
    assert workbench.evidence(dyad).years == workbench.assess(dyad).searched


def test_a_pair_without_searches_is_not_monitored(workbench: Workbench) -> None:
    evidence = workbench.evidence(workbench.dyad("FRA", "PER"))
    assert evidence.coverage(["exercise"]) == "not monitored"
    assert not evidence.monitored(["exercise"], evidence.years[0])


def test_reversed_years_are_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidArgument, match="expected the later year second"):
        workbench.evidence(workbench.dyad("RUS", "CHN"), 2020, 2010)


def test_a_rule_changed_by_a_reader_is_listed_with_both_values(tmp_path: Path) -> None:
    assert find_changes(load_codebook()) == ()
    folder = tmp_path / "codebook" / "lulls"
    folder.mkdir(parents=True)
    text = (bundled_folder() / "lulls" / "lull.yaml").read_text("utf-8")
    (folder / "mine.yaml").write_text(text.replace("at_most: 0.5", "at_most: 0.4"), "utf-8")
    (change,) = find_changes(open_workbench(tmp_path).codebook)
    assert (change.kind, change.id, change.key, change.before, change.after) == (
        "lulls",
        "lull",
        "at_most",
        "0.5",
        "0.4",
    )


def test_a_change_of_measurement_changes_the_rating_version(tmp_path: Path) -> None:
    folder = tmp_path / "codebook" / "lulls"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text((bundled_folder() / "lulls" / "lull.yaml").read_text("utf-8"), "utf-8")
    layered, bundled = load_codebook(tmp_path / "codebook"), load_codebook()
    assert layered.rating_version != bundled.rating_version
