"""A user's codebook folder: what it changes, and what the linter says of its defects."""

from pathlib import Path
from typing import Any

import pytest

from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import load_codebook
from milcoop.errors import InvalidCodebook
from tests.layer import write_layer

LABEL = {"en": "Planted word", "ru": "Слово", "zh": "词"}
TYPE = {
    "id": "exercise.planted",
    "label": LABEL,
    "definition": "d",
    "includes": "i",
    "excludes": "e",
    "example": "x",
    "near_miss": "n",
    "areas": ["exercises"],
    "standing": "practice",
}
FAMILY = {"id": "planted", "label": LABEL, "definition": "d", "includes": "i", "excludes": "e", "fields": []}
SERIES = {"id": "planted", "label": LABEL, "members": ["BRA", "ARG"]}
SOURCE = {"id": "planted", "name": "P", "domains": ["planted.example"], "ownership": "state", "reliability": "C"}
DRIVER = {"id": "planted", "label": "l", "levels": {"policy": 0.5}, "basis": "judgement", "why": "w"}
CRITERION = {
    "id": "p.1",
    "text": "t",
    "select": {"families": ["exercise"]},
    "measure": "events",
    "window": 5,
    "at_least": 1,
}


def scale(**criterion: Any) -> dict[str, Any]:
    rung = {"level": 1, "label": "l", "why": "w", "criteria": [CRITERION | criterion]}
    area = {"id": "p", "label": LABEL, "stage": "early", "families": ["exercise"], "rungs": [rung]}
    return {
        "id": "planted",
        "version": "1",
        "committed_on": "2026-01-01",
        "title": "t",
        "sources": ["s"],
        "levels": ["none", "some"],
        "stages": ["early"],
        "overall": {"at_least_areas": 1, "stage_level": 1},
        "max_parties": 5,
        "realised": ["held"],
        "areas": [area],
    }


def problems(folder: Path, **codebook: Any) -> list[str]:
    write_layer(folder, codebook={f"{kind}/planted.yaml": row for kind, row in codebook.items()})
    return [p.message for p in lint_codebook(load_codebook(folder / "codebook", strict=False))]


def trajectory(**strand: Any) -> dict[str, Any]:
    return {
        "id": "planted",
        "window": 10,
        "regions": [0.1],
        "main": 0.1,
        "priors": {"none": 1},
        "draws": 10,
        "named": [],
        "strands": {
            "select": {"families": ["exercise"]},
            "acts": 10,
            "years": 5,
            "of": [{"id": "s", "unit": "u", "what": "w"} | strand],
        },
        "why": "w",
    }


@pytest.mark.parametrize(
    "rows",
    [
        {"types": TYPE},
        {"series": SERIES},
        {"sources": SOURCE},
        {"scales": scale()},
        {"types": TYPE, "series": SERIES},
        {"drivers": DRIVER},
    ],
)
def test_a_sound_entry_has_no_problem(tmp_path: Path, rows: dict[str, Any]) -> None:
    assert problems(tmp_path, **rows) == []


def test_a_layer_adds_and_replaces(tmp_path: Path) -> None:
    bundled = load_codebook()
    write_layer(
        tmp_path,
        codebook={
            "types/a.yaml": TYPE,
            "coverage/a.yaml": {
                "id": "monitored",
                "queries_at_least": 1,
                "needs_english": False,
                "needs_own_language": False,
                "why": "own",
            },
        },
    )
    own = load_codebook(tmp_path / "codebook")
    assert set(own.types) - set(bundled.types) == {"exercise.planted"}
    assert own.coverage["monitored"].queries_at_least == 1
    assert own.version != bundled.version


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"families": FAMILY}, "planted: has no type"),
        ({"trajectory": trajectory(field="nonsense")}, "planted: strand s reads unknown field 'nonsense'"),
        (
            {"trajectory": trajectory(field="command", values=["nonsense"])},
            "planted: strand s has values that field 'command' does not allow",
        ),
        (
            {"trajectory": trajectory(field="command")},
            "planted: strand s needs values, since field 'command' is a choice",
        ),
        ({"drivers": DRIVER | {"levels": {"nonsense": 0.5}}}, "planted: names unknown area, count or state 'nonsense'"),
        ({"drivers": DRIVER | {"counts": {"nonsense": 2}}}, "planted: names unknown area, count or state 'nonsense'"),
        ({"drivers": DRIVER | {"states": ["ZZZ"]}}, "planted: names unknown area, count or state 'ZZZ'"),
        ({"families": FAMILY | {"fields": ["nonsense"]}}, "planted: names unknown field 'nonsense'"),
        (
            {
                "families": FAMILY
                | {"also_evidence": [{"area": "command", "when": {"field": "command", "values": ["combined"]}}]}
            },
            "planted: 'also_evidence' reads field 'command', which it does not have",
        ),
        (
            {
                "families": FAMILY
                | {
                    "fields": ["command"],
                    "also_evidence": [{"area": "command", "when": {"field": "command", "values": ["nonsense"]}}],
                }
            },
            "planted: 'also_evidence' has values that field 'command' does not allow",
        ),
        ({"types": TYPE | {"id": "nonsense.planted"}}, "nonsense.planted: has no family 'nonsense'"),
        ({"types": TYPE | {"areas": ["nonsense"]}}, "exercise.planted: is evidence for unknown area 'nonsense'"),
        ({"types": TYPE | {"near_miss": ""}}, "exercise.planted: has no 'near_miss'"),
        (
            {"series": SERIES | {"label": LABEL | {"en": "Joint Sea"}}},
            "planted: shares the en label 'joint sea' with joint-sea",
        ),
        ({"series": SERIES | {"members": ["BRA", "ZZZ"]}}, "planted: has unknown member 'ZZZ'"),
        ({"sources": SOURCE | {"domains": ["tass.ru"]}}, "planted: domain tass.ru belongs to 2 sources"),
        ({"sources": SOURCE | {"country": "ZZZ"}}, "planted: has unknown country 'ZZZ'"),
        (
            {"scales": scale(select={"families": ["nonsense"]})},
            "planted: criterion p.1 selects unknown family 'nonsense'",
        ),
        ({"scales": scale(select={"types": ["nonsense"]})}, "planted: criterion p.1 selects unknown type 'nonsense'"),
        (
            {"scales": scale(select={"where": {"nonsense": ["x"]}})},
            "planted: criterion p.1 selects by unknown field 'nonsense'",
        ),
        (
            {"scales": scale(select={"where": {"command": ["nonsense"]}})},
            "planted: criterion p.1 selects values ['nonsense'] that field 'command' does not allow",
        ),
        ({"scales": scale(select={"has": "nonsense"})}, "planted: criterion p.1 needs unknown field 'nonsense'"),
        (
            {"scales": scale(select={"any": [{"types": ["nonsense"]}]})},
            "planted: criterion p.1 selects unknown type 'nonsense'",
        ),
        (
            {"scales": scale(measure="groups", by="nonsense")},
            "planted: criterion p.1 groups by unknown field 'nonsense'",
        ),
        ({"scales": scale() | {"stages": ["late"]}}, "planted: area p has unknown stage 'early'"),
        ({"scales": scale() | {"levels": ["none", "some", "more"]}}, "planted: area p: rungs must be 1, 2 in order"),
    ],
)
def test_defects_that_only_the_whole_codebook_shows(tmp_path: Path, rows: dict[str, Any], message: str) -> None:
    assert message in problems(tmp_path, **rows)


def test_a_figure_criterion_reads_known_figures(tmp_path: Path) -> None:
    made = scale(figure={"names": ["nonsense"]}, measure="figure")
    del made["areas"][0]["rungs"][0]["criteria"][0]["select"]
    assert "planted: criterion p.1 reads unknown figure 'nonsense'" in problems(tmp_path, scales=made)


@pytest.mark.parametrize(
    ("criterion", "message"),
    [
        ({"window": None}, "a window goes with every measure but those 'in force'"),
        ({"measure": "in_force"}, "a window goes with every measure but those 'in force'"),
        ({"measure": "groups"}, "'by' goes with the measures of groups"),
        ({"measure": "figure"}, "measure 'figure' goes with 'figure'"),
        ({"figure": {"names": ["trade_total"]}}, "a criterion has either 'select' or 'figure'"),
    ],
)
def test_a_criterion_must_be_complete(tmp_path: Path, criterion: dict[str, Any], message: str) -> None:
    write_layer(tmp_path, codebook={"scales/planted.yaml": scale(**criterion)})
    with pytest.raises(InvalidCodebook, match=message) as caught:
        load_codebook(tmp_path / "codebook")
    assert str(caught.value).startswith(f"{tmp_path / 'codebook' / 'scales' / 'planted.yaml'}:")


@pytest.mark.parametrize(
    ("path", "row", "message"),
    [
        ("familes/a.yaml", {"id": "x"}, "unknown folder 'familes'; nearest: families"),
        ("series/a.yaml", SERIES | {"membres": []}, "unknown key 'membres'; nearest: members"),
        ("series/a.yaml", {"id": "x", "members": []}, "key 'label' is missing"),
        ("series/a.yaml", [SERIES, SERIES], "id 'planted' stands twice"),
        ("scales/a.yaml", scale() | {"include": {"scale": "nonsense", "stages": {}}}, "includes unknown scale"),
        ("mechanisms/a.yaml", SERIES | {"level": "king"}, "level: Input should be 'leader'"),
    ],
)
def test_a_defect_stops_the_program(tmp_path: Path, path: str, row: Any, message: str) -> None:
    write_layer(tmp_path, codebook={path: row})
    with pytest.raises(InvalidCodebook, match=message):
        load_codebook(tmp_path / "codebook")
