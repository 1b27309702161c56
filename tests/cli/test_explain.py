"""``milcoop explain`` and ``milcoop codebook``: from a number down to its sources and rules."""

import json

import pytest

from milcoop.domain.assessment import Assessment
from milcoop.workbench import Workbench
from tests.command import output


def test_a_rating_opens_to_criteria_events_and_citations(assessment: Assessment) -> None:
    rating = assessment.of_year(2024)["exercises"]
    found = json.loads(output("explain", rating.id, "--format", "json"))
    assert (found["kind"], found["id"], found["level"]) == ("rating", rating.id, rating.level)
    assert found["dyad"] == ["CHN", "RUS"]
    assert [c["id"] for c in found["criteria"]] == [c.id for c in rating.criteria]
    shown = {e["id"] for e in found["events"]}
    assert {i for c in rating.criteria if c.met for i in c.events} == shown
    assert all(e["citations"] and all(c["url"].startswith("http") for c in e["citations"]) for e in found["events"])


def test_a_rating_as_text(assessment: Assessment) -> None:
    rating = assessment.of_year(2024)["exercises"]
    text = output("explain", rating.id)
    assert text.startswith(f"{rating.id}: Joint exercises and operations on 2024-12-31: level {rating.level}")
    assert f"keep the level: {rating.variants_kept} of {rating.variants}" in text
    for c in rating.criteria:
        assert f"{'met    ' if c.met else 'not met'} {c.id}: {c.text} (found {c.value:g}, needs {c.threshold:g}" in text
    assert all(f"[{i}]" in text for i in rating.events)


def test_a_rating_that_is_not_monitored() -> None:
    found = json.loads(output("explain", "JPN-USA:exercises:1995", "--format", "json"))
    assert (found["level"], found["label"], found["variants kept"]) == (None, "not monitored", None)
    assert "not monitored, coverage not monitored" in output("explain", "USA-JPN:exercises:1995")


def test_a_rating_on_another_scale() -> None:
    found = json.loads(output("explain", "CHN-RUS:treaty:2010", "--scale", "korolev-8", "--format", "json"))
    assert found["area"] == "Treaty or agreement"
    assert any(e["id"] == "good-neighbour-treaty-2001" for e in found["events"])


def test_an_event(workbench: Workbench) -> None:
    event = workbench.events_by_id["joint-sea-2016"]
    found = json.loads(output("explain", "joint-sea-2016", "--format", "json"))
    assert (found["kind"], found["title"], found["when"]) == ("event", event.title, str(event.when))
    assert [c["url"] for c in found["citations"]] == [c.url for c in event.citations]
    text = output("explain", "joint-sea-2016")
    assert all(c.url in text and c.publisher in text for c in event.citations)
    assert "Морское взаимодействие" in text


def test_a_figure(workbench: Workbench) -> None:
    figure = workbench.record.figures[0]
    found = json.loads(output("explain", figure.id, "--format", "json"))
    assert (found["kind"], found["title"]) == ("figure", figure.title)
    assert found["value"] == {"low": figure.low, "best": figure.best, "high": figure.high, "unit": figure.unit}
    assert all(c.url in output("explain", figure.id) for c in figure.citations)


def test_a_criterion(workbench: Workbench) -> None:
    criterion = workbench.scale(None).criteria()["exercises.4.several"]
    found = json.loads(output("explain", "exercises.4.several", "--format", "json"))
    assert (found["kind"], found["at_least"], found["window"]) == ("criterion", criterion.at_least, criterion.window)
    assert found["why"]
    assert criterion.text in output("explain", "exercises.4.several")


def test_the_codebook_at_a_glance(workbench: Workbench) -> None:
    text = output("codebook")
    assert workbench.codebook.version in text
    assert all(family in text for family in workbench.codebook.families)
    found = json.loads(output("codebook", "--format", "json"))
    assert set(found["entries"]["types"]) == set(workbench.codebook.types)


@pytest.mark.parametrize("term", ["exercise", "exercise.naval", "command", "joint-sea", "beijing", "tass", "RUS"])
def test_an_entry_of_the_codebook(term: str) -> None:
    assert f": {term}\n" in output("codebook", term)
    assert json.loads(output("codebook", term, "--format", "json"))[0]["kind"]


def test_every_threshold_is_printed(workbench: Workbench) -> None:
    """Rule of evidence 2: no hidden constants."""
    text = output("codebook", "staged-7")
    for criterion_id, criterion in workbench.scale(None).criteria().items():
        assert criterion_id in text
        assert criterion.text in text
    found = json.loads(output("codebook", "exercises", "--format", "json"))
    area = next(e for e in found if e["kind"] == "area")
    told = {c["id"]: (c["at_least"], c["window"]) for r in area["rungs"] for c in r["criteria"]}
    wanted = {c.id: (c.at_least, c.window) for r in workbench.scale(None).area("exercises").rungs for c in r.criteria}
    assert told == wanted
    assert "queries_at_least: 3" in output("codebook", "monitored")
