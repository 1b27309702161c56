"""Sensitivity by hand on planted acts, on the record, and by the command."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from milcoop.checks.sensitivity import largest_shift, multiply_weight
from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.domain.sensitivity import KINDS, SEED, Sensitivity
from milcoop.domain.tables import SENSITIVITY_COLUMNS
from milcoop.record.thinning import thin_events
from milcoop.workbench import Workbench, open_workbench
from tests.command import output, refusal, refused
from tests.layer import citation, event_row, search_row, write_layer


@pytest.fixture(scope="module")
def found(workbench: Workbench, dyad: Dyad) -> Sensitivity:
    return workbench.sensitivity(dyad, 2021, draws=10)


def planted(tmp_path: Path) -> Workbench:
    """Three exercises: pages in Spanish alone, in two languages, and one page of a newspaper."""
    spanish, english = citation(language="es"), citation(url="https://example.org/b")
    pages = [
        {"a": spanish, "b": citation(url="https://example.org/c", language="es")},
        {"a": spanish, "b": english},
        {"a": english},
    ]
    rows = [event_row(id=f"planted-{n}", date=f"{2008 + n}-06-01", citations=c) for n, c in enumerate(pages)]
    rows[1]["fields"] = {"command": {"value": "combined", "cite": ["a"]}}
    searches = [search_row(n, language) for n, language in enumerate(("en", "es", "pt"))]
    return open_workbench(write_layer(tmp_path / "layer", events=rows, searches=searches))


def test_left_out_by_hand(tmp_path: Path) -> None:
    bench = planted(tmp_path)
    sensitivity = bench.sensitivity(bench.dyad("ARG", "BRA"), 2010, draws=0)
    out = {v.what: v.left_out for v in sensitivity.variations if v.kind != "threshold"}
    assert out == {
        "es": ("planted-0",),
        "en": ("planted-2",),
        "known from one page": ("planted-2",),
        "exercise": ("planted-0", "planted-1", "planted-2"),
    }
    family = next(v for v in sensitivity.variations if v.what == "exercise").of("exercises")
    assert family is not None
    assert family.before is not None
    assert family.before > 0
    assert (family.after, family.shift) == (0, None)


def test_a_value_goes_with_its_page(tmp_path: Path) -> None:
    bench = planted(tmp_path)
    events = bench.record.of_dyad(bench.dyad("ARG", "BRA"))
    thinned = {e.id: e for e in thin_events(events, lambda c: c.language != "es")}
    assert sorted(thinned) == ["planted-1", "planted-2"]
    assert (events[1].values("command"), thinned["planted-1"].values("command")) == (("combined",), ())
    assert [c.key for c in thinned["planted-1"].citations] == ["b"]
    assert thin_events(events, lambda c: True) == events


def test_every_kind_on_the_record(found: Sensitivity, assessment: Assessment) -> None:
    assert [k for k in KINDS if not found.of_kind(k)] == []
    assert len(found.of_kind("weight")) == 10
    rated = assessment.of_year(2021)
    for variation in found.variations:
        for shift in variation.areas:
            if shift.area != "overall":
                assert shift.before == rated[shift.area].level
            assert shift.shift is None or 0 <= shift.shift <= 1
        if variation.kind in (SEED, "weight"):
            assert not any(s.moved for s in variation.areas)
            assert all(s.shift is not None for s in variation.areas)


def test_thresholds_agree_with_the_variants_of_assess(found: Sensitivity, assessment: Assessment) -> None:
    """As many one-step variants move a level as ``assess`` prints not to keep it."""
    for area, rating in assessment.of_year(2021).items():
        shifts = [s for v in found.of_kind("threshold") for s in v.areas if s.area == area]
        assert len(shifts) == rating.variants
        assert sum(not s.moved for s in shifts) == rating.variants_kept


def test_left_out_is_what_a_record_without_it_gives(workbench: Workbench, dyad: Dyad, found: Sensitivity) -> None:
    """A family left out is the same as a record that never had it."""
    import dataclasses

    record = workbench.record
    without = tuple(e for e in record.events if e.family != "operation")
    other = Workbench(workbench.codebook, dataclasses.replace(record, events=without))
    ratings = other.assess(dyad).of_year(2021)
    variation = next(v for v in found.of_kind("family") if v.what == "operation")
    assert {s.area: s.after for s in variation.areas if s.area != "overall"} == {a: r.level for a, r in ratings.items()}


def test_largest_shift_by_hand() -> None:
    before, after = np.array([1.0, 1, 2, 2]), np.array([2.0, 2, 2, 3])
    assert largest_shift(before, after) == 0.5
    assert largest_shift(before, before) == 0


@pytest.mark.parametrize(
    ("weight", "factor", "value"),
    [
        ("coding_wrong", 2, 20),
        ("rate_years", 0.5, 1),
        ("donor_years", 0.5, 5),
        ("rules_moved", 2, 1.0),
        ("prior_weight", 0.5, 2.0),
    ],
)
def test_weights(workbench: Workbench, weight: str, factor: float, value: float) -> None:
    rule = workbench.codebook.uncertainty["uncertainty"]
    changed = multiply_weight(rule, weight, factor)
    assert getattr(changed, weight) == value
    assert changed.model_copy(update={weight: getattr(rule, weight)}) == rule


def test_the_command() -> None:
    arguments = ("sensitivity", "RUS", "CHN", "--year", "2021", "--draws", "5")
    rows: list[dict[str, Any]] = json.loads(output(*arguments, "--format", "json"))
    assert tuple(rows[0]) == SENSITIVITY_COLUMNS
    table = list(csv.DictReader(io.StringIO(output(*arguments, "--format", "csv"))))
    assert len(table) == len(rows)
    assert rows == json.loads(output("sensitivity", "CHN", "RUS", *arguments[3:], "--format", "json"))
    text = output("sensitivity", "RUS", "CHN", "--year", "2021", "--draws", "0")
    assert "variations, of which" in text


def test_what_cannot_be_asked() -> None:
    assert "has no log of searches" in refusal("sensitivity", "USA", "FRA")
    assert "found year 1950 without a level of CHN-RUS, expected one of 1989 to" in refused(
        "sensitivity", "RUS", "CHN", "--year", "1950"
    )
    assert "--draws" in refused("sensitivity", "RUS", "CHN", "--draws", "-3")
