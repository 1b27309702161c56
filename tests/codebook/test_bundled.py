"""The codebook that comes with the package is sound, and its examples are what the record says they are."""

import re

import pytest

from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.states import find_state
from milcoop.errors import InvalidArgument
from milcoop.workbench import Workbench


def test_no_problem(workbench: Workbench) -> None:
    assert [str(p) for p in lint_codebook(workbench.codebook)] == []


def test_fourteen_families_and_the_seven_areas_of_the_default_scale(workbench: Workbench) -> None:
    families = "agreement basing command confidence consultation education exercise friction operation policy posture statement"
    assert sorted(workbench.codebook.families) == [*families.split(), "technology", "transfer"]
    areas = {a.id: a.stage for a in workbench.scale(None).areas}
    assert areas == {
        "consultation": "early",
        "confidence": "early",
        "mtc": "moderate",
        "exercises": "moderate",
        "command": "advanced",
        "basing": "advanced",
        "policy": "advanced",
    }


def test_every_rung_and_rule_says_why(workbench: Workbench) -> None:
    for scale in workbench.codebook.scales.values():
        for area in scale.areas:
            for rung in area.rungs:
                assert len(rung.why) > 15, (scale.id, area.id, rung.level)
                assert all(c.text for c in rung.criteria)
    assert all(r.why for r in workbench.codebook.coverage.values())
    assert all(r.why for r in workbench.codebook.credibility.values())


def test_examples_of_types_are_events_on_record_of_that_type(workbench: Workbench) -> None:
    for spec in workbench.codebook.types.values():
        for event_id in re.findall(r"\[([a-z0-9.-]+)\]", spec.example):
            assert workbench.events_by_id[event_id].type == spec.id, (spec.id, event_id)
        for event_id in re.findall(r"\[([a-z0-9.-]+)\]", spec.near_miss):
            assert workbench.events_by_id[event_id].type != spec.id, (spec.id, event_id)


def test_second_scale_is_seven_areas_and_the_treaty(workbench: Workbench) -> None:
    areas = {a.id: a.stage for a in workbench.scale("korolev-8").areas}
    assert len(areas) == 8
    assert areas["treaty"] == "moderate"
    assert areas["command"] == "deep"


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("RUS", "RUS"),
        ("rus", "RUS"),
        ("365", "RUS"),
        ("Russia", "RUS"),
        ("россия", "RUS"),
        ("俄罗斯", "RUS"),
        ("CHN", "CHN"),
        ("710", "CHN"),
        ("中国", "CHN"),
        ("Китай", "CHN"),
        ("ROK", "KOR"),
        ("  Japan ", "JPN"),
        ("UKG", "GBR"),
    ],
)
def test_states_in_the_ways_that_people_write_them(workbench: Workbench, text: str, iso3: str) -> None:
    assert find_state(workbench.codebook, text) == iso3


@pytest.mark.parametrize(("text", "nearest"), [("Rusia", "Russia"), ("Chna", "China"), ("Япони", "Япония")])
def test_an_unknown_state_gets_the_nearest_names(workbench: Workbench, text: str, nearest: str) -> None:
    with pytest.raises(InvalidArgument, match=rf"nearest: .*\b{nearest}\b"):
        find_state(workbench.codebook, text)


def test_every_name_leads_to_its_own_state(workbench: Workbench) -> None:
    for state in workbench.codebook.actors.values():
        for name in (state.iso3, state.names.en, state.names.ru, state.names.zh, *state.also.en, *state.also.ru):
            assert find_state(workbench.codebook, name) == state.iso3, name


def test_codes_by_year(workbench: Workbench) -> None:
    germany = workbench.codebook.actors["DEU"]
    assert {year: c.cow for year in (1985, 1995) if (c := germany.codes_in(year))} == {1985: 260, 1995: 255}
    ukraine = workbench.codebook.actors["UKR"]
    assert ukraine.codes_in(1980) is None
    assert ukraine.codes_in(2020).cow == 369  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://tass.ru/armiya-i-opk/1", "tass"),
        ("https://www.tass.ru/x", "tass"),
        ("https://structure.mil.ru/a", None),
        ("https://nottass.ru/x", None),
        ("https://tass.ru.evil.example/x", None),
    ],
)
def test_publisher_by_the_longest_matching_domain(workbench: Workbench, url: str, source: str | None) -> None:
    found = workbench.codebook.source_of(url)
    if source is None:
        assert found is None or found.id != "tass"
    else:
        assert found is not None
        assert found.id == source
