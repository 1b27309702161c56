"""No figure is printed without the events behind it."""

import re
from collections.abc import Iterator

import pytest

from milcoop.report.blocks import (
    Bullets,
    Chart,
    Contents,
    EventList,
    Paragraph,
    Part,
    Ref,
    Section,
    Table,
    count,
    joined,
    para,
    words,
)
from milcoop.report.contents import KINDS, build_contents
from milcoop.report.inputs import ReportInputs
from milcoop.workbench import open_workbench

CHECKED = (
    "quick-look",
    "summary",
    "areas",
    "whole",
    "next",
    "gains",
    "signals",
    "dependence",
    "limits",
    "readings",
    "wrong",
)
GIVEN_COLUMNS = (
    "Rung", "Needs", "Rule", "Weight", "Window", "Source", "Value", "Prior", "Lower", "Higher", "Set to", "Tried", "Moved",
)  # fmt: skip
"""Columns that print the codebook, not the evidence."""


@pytest.fixture(scope="module", params=[None, "1999-12-31", "2014-05"], ids=str)
def vintage(request: pytest.FixtureRequest, inputs: ReportInputs) -> ReportInputs:
    if request.param is None:
        return inputs
    workbench = open_workbench(None, request.param)
    return workbench.report_inputs(workbench.dyad("RUS", "CHN"))


@pytest.mark.parametrize("ids", [(), []])
def test_a_figure_without_ids_cannot_be_made(ids: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="'12' would be printed without evidence"):
        Ref("12", ids)


def test_a_count_of_nothing_is_a_word() -> None:
    assert count((), "exercise") == ("no exercise",)
    assert count(["a"], "exercise") == (Ref("1", ("a",)), " exercise")
    assert count(["a", "b"], "lapse", "lapses on record") == (Ref("2", ("a", "b")), " lapses on record")


def test_lists_in_running_text() -> None:
    assert para(*joined([("a",), ("b",), ("c",)])).text == "a, b and c"
    assert [words([]), words(["a"]), words(["a", "b"]), words(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


BUILT: dict[tuple[int, str], tuple[ReportInputs, Contents]] = {}


def contents(inputs: ReportInputs, kind: str) -> Contents:
    """A kind of report, built once for each inputs."""
    if (id(inputs), kind) not in BUILT:
        BUILT[id(inputs), kind] = inputs, build_contents(inputs, kind)
    return BUILT[id(inputs), kind][1]


def sections(inputs: ReportInputs, kind: str) -> tuple[Section, ...]:
    """Its chapters."""
    return contents(inputs, kind).sections


def parts_of(section: Section) -> Iterator[Part]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from (block.head, *block.parts)
        elif isinstance(block, Bullets):
            yield from (part for item in block.items for part in (item.head, *item.parts))
        elif isinstance(block, Table):
            shown = [i for i, name in enumerate(block.columns) if name.partition(",")[0] not in GIVEN_COLUMNS]
            yield block.caption
            yield from (row[i] for row in block.rows for i in shown)


def codebook_texts(inputs: ReportInputs) -> list[str]:
    """Texts of the scale, longest first, so that none is cut by a shorter one inside it."""
    texts: set[str] = set()
    scale = inputs.assessment.scale
    for area in scale.areas:
        texts |= set(area.label.model_dump().values())
        texts |= {t for r in area.rungs for t in (r.label, r.why, *(c.text for c in r.criteria))}
    return sorted({scale.title, *scale.levels, *texts}, key=len, reverse=True)


DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d\b|\b(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b")


@pytest.mark.parametrize("kind", KINDS)
def test_every_digit_in_running_text_opens_its_evidence(vintage: ReportInputs, kind: str) -> None:
    given = codebook_texts(vintage)
    bare = []
    for section in sections(vintage, kind):
        if section.id.startswith("area-") or section.id in CHECKED:
            for part in parts_of(section):
                if isinstance(part, Ref):
                    continue
                text = part
                for known in given:
                    text = text.replace(known, "")
                if re.search(r"\d", DATE.sub("", text)):
                    bare.append((section.id, part))
    assert bare == []


def ids_of(section: Section) -> Iterator[str]:
    for part in parts_of(section):
        if isinstance(part, Ref):
            yield from part.ids
    for block in section.blocks:
        if isinstance(block, EventList):
            yield from block.ids
        elif isinstance(block, Chart):
            for row in rows_of(block.spec):
                yield from row.get("ids", ())


def rows_of(spec: object) -> Iterator[dict[str, object]]:
    """Data rows of a chart, wherever the specification holds them."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("values", "datasets") and isinstance(value, list | dict):
                for rows in [value] if isinstance(value, list) else value.values():
                    yield from (row for row in rows if isinstance(row, dict))
            yield from rows_of(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from rows_of(value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_id_resolves(vintage: ReportInputs, kind: str) -> None:
    known = set(vintage.by_id) | {r.id for r in vintage.assessment.ratings} | set(vintage.assessment.scale.criteria())
    ids = {i for section in sections(vintage, kind) for i in ids_of(section)}
    assert len(ids) > 30
    assert ids - known == set()
    assert all(row.citations for row in vintage.by_id.values())


def test_every_mark_of_a_chart_carries_its_evidence(vintage: ReportInputs) -> None:
    charts = [b for s in sections(vintage, "full") for b in s.blocks if isinstance(b, Chart)]
    placed = any(e.place for e in vintage.realised("exercise", "operation", "basing", "command"))
    assert {"levels", "lines", "families", *(["map"] if placed else [])} <= {c.id for c in charts}
    assert len({c.id for c in charts}) == len(charts)
    for chart in charts:
        rows = [r for r in rows_of(chart.spec) if "ids" in r or "n" in r or "level" in r]
        assert rows, chart.id
        for row in rows:
            ids = row.get("ids")
            assert isinstance(ids, list), (chart.id, row)
            assert "n" not in row or len(ids) == row["n"], (chart.id, row)
            assert row.get("level") is None or ids, (chart.id, row)


def test_the_full_report_has_its_chapters(inputs: ReportInputs) -> None:
    areas = [f"area-{a.id}" for a in inputs.assessment.scale.areas]
    assert [s.id for s in sections(inputs, "full")] == [
        "quick-look", "summary", "areas", *areas, "whole", "next", "gains", "signals", "dependence", "limits", "watch",
        "readings", "routes", "sensitivity", "chronology", "map", "evidence", "wrong", "method",
    ]  # fmt: skip
    assert [s.id for s in sections(inputs, "quicklook")] == ["quick-look"]


def test_the_chronology_holds_every_event_once(inputs: ReportInputs) -> None:
    chapter = next(s for s in sections(inputs, "full") if s.id == "chronology")
    listed = [i for b in chapter.blocks if isinstance(b, EventList) for i in b.ids]
    assert sorted(listed) == sorted(e.id for e in (*inputs.events, *inputs.with_others))


def test_numbers_of_entries_are_unique(inputs: ReportInputs) -> None:
    numbers = contents(inputs, "full").numbers
    assert len(set(numbers.values())) == len(numbers) == len(inputs.by_id)


def test_levels_in_the_text_are_those_of_the_assessment(inputs: ReportInputs) -> None:
    """The quick look's table against ``assess``."""
    table = next(b for s in sections(inputs, "quicklook") for b in s.blocks if isinstance(b, Table))
    now = inputs.assessment.of_year(inputs.last_year)
    column = table.columns.index(next(c for c in table.columns if re.fullmatch(r"\d{4}-\d\d-\d\d", c)))
    for area, row in zip(inputs.assessment.scale.areas, table.rows, strict=True):
        shown = row[column].text if isinstance(row[column], Ref) else row[column]
        assert shown == (str(now[area.id].level) if now[area.id].level is not None else "–")
