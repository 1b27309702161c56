"""What a standing arrangement implies: hand-made pairs, with and without the arrangement."""

from pathlib import Path
from typing import Any

import pytest

from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import load_codebook
from milcoop.domain.rating import Rating
from milcoop.workbench import open_workbench
from tests.layer import event_row, search_row, write_layer

LANGUAGES = ("en", "pt", "es")
FAMILIES = ["command", "exercise", "operation", "basing", "policy", "agreement"]


def rate(folder: Path, area: str, *events: dict[str, Any], year: int = 2010) -> Rating:
    """The rating of Argentina and Brazil with these events, all families searched."""
    searches = [search_row(i, language, families=FAMILIES, years="2001/2010") for i, language in enumerate(LANGUAGES)]
    write_layer(folder, events=list(events), searches=searches)
    workbench = open_workbench(folder)
    return workbench.rating(f"ARG-BRA:{area}:{year}")[1]


def standing(kind: str, **more: Any) -> dict[str, Any]:
    """An arrangement set up in 1990 and in force."""
    return event_row(id="standing", type=kind, title="Standing", date="1990", status="in-force", **more)


@pytest.mark.parametrize(
    ("area", "kind", "level", "implied"),
    [
        ("command", "command.integrated", 5, {"command.1.liaison", "command.2.headquarters", "command.3.system", "command.3.mixed"}),
        ("basing", "basing.permanent", 5, {"basing.1.call", "basing.2.temporary", "basing.4.rotation"}),
        ("policy", "policy.mutual-defence", 2, {"policy.1.concern", "policy.2.position"}),
        ("policy", "policy.doctrine", 3, {"policy.1.concern", "policy.2.position"}),
    ],
)  # fmt: skip
def test_a_standing_arrangement_holds_what_it_makes_routine(
    tmp_path: Path, area: str, kind: str, level: int, implied: set[str]
) -> None:
    rating = rate(tmp_path, area, standing(kind))
    assert rating.level == level
    assert {c.id for c in rating.criteria if c.implied_by} == implied
    assert all(
        c.implied_by == ("standing",) and c.met and c.value < c.threshold for c in rating.criteria if c.id in implied
    )
    assert "standing" in rating.events


def test_a_duty_of_defence_is_no_plan(tmp_path: Path) -> None:
    rating = rate(tmp_path, "policy", standing("policy.mutual-defence"))
    assert (rating.level, rating.skipped) == (2, (4,))


def test_nothing_is_implied_once_it_ended(tmp_path: Path) -> None:
    ended = standing("basing.permanent") | {"status": "ended", "fields": {"in_force_to": "2004"}}
    assert rate(tmp_path, "basing", ended).level == 0
    assert rate(tmp_path, "basing", ended, year=2004).level == 5


def test_what_is_met_by_acts_is_not_called_implied(tmp_path: Path) -> None:
    calls = [event_row(id=f"call-{y}", type="basing.port-call", date=str(y), direction="ARG>BRA") for y in (2009, 2010)]
    rating = rate(tmp_path, "basing", standing("basing.permanent"), *calls)
    assert [c.implied_by for c in rating.criteria if c.id == "basing.1.call"] == [()]


def test_the_linter_reads_what_implies(tmp_path: Path) -> None:
    scale = Path(load_codebook().where["scales", "staged-7"][0]).read_text("utf-8")
    folder = tmp_path / "codebook" / "scales"
    folder.mkdir(parents=True)
    (folder / "s.yaml").write_text(
        scale.replace("implied_by: {types: [command.integrated]}", "implied_by: {types: [command.none]}"), "utf-8"
    )
    problems = [str(p) for p in lint_codebook(load_codebook(tmp_path / "codebook", strict=False))]
    assert any("selects unknown type 'command.none'" in p for p in problems)
