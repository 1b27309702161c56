"""The chapter on dependence: figures with evidence, changed settings shown, pairs without evidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from milcoop.report.blocks import Chart, Paragraph, Ref, Section, Table
from milcoop.report.contents import build_contents
from milcoop.report.inputs import ReportInputs
from milcoop.workbench import open_workbench
from tests.findings.test_dependence import flows, net_figures, says, searches
from tests.findings.test_dependence_register import imported
from tests.layer import write_layer

TRADE = {"id": "weight-trade", "label": "Weight of trade", "value": 7, "steps": [2], "why": "Mine."}


def chapter(folder: Path | None) -> tuple[ReportInputs, Section]:
    workbench = open_workbench(folder)
    inputs = workbench.report_inputs(workbench.dyad("BRA", "ARG"))
    contents = build_contents(inputs, "full")
    (section,) = [s for s in contents.sections if s.id == "dependence"]
    refs = {i for b in section.blocks for i in ids_of(b)}
    assert refs <= set(contents.numbers)
    return inputs, section


def ids_of(block: Any) -> set[str]:
    if isinstance(block, Table):
        return {i for row in block.rows for c in row if isinstance(c, Ref) for i in c.ids}
    if isinstance(block, Chart):
        return {i for i in re.findall(r"'ids': \[([^]]*)\]", str(block.spec)) for i in re.findall(r"'([^']+)'", i)}
    return set(block.ids) if isinstance(block, Paragraph) else set()


def tables(section: Section) -> dict[str, Table]:
    return {b.columns[0]: b for b in section.blocks if isinstance(b, Table)}


def texts(table: Table) -> list[tuple[str, ...]]:
    return [tuple(c.text if isinstance(c, Ref) else c for c in row) for row in table.rows]


def test_shares_flows_needs_and_a_changed_setting(tmp_path: Path) -> None:
    events = [*flows(), says("lacks-drones", "2009", "drones", "need-drones")]
    folder = write_layer(
        tmp_path / "mine", figures=net_figures(), events=events, searches=searches(2000, 2010),
        codebook={"dependence/mine.yaml": TRADE},
    )  # fmt: skip
    _, section = chapter(folder)
    found = tables(section)
    shares = texts(found["Share"])
    assert ("Trade in goods", "0.02", "0.30", "Argentina: low, 2010; Brazil: low, 2010") in shares
    assert ("Arms exports", "0.40", "–", "Argentina: medium, 2010") in shares
    assert ("Weight of trade", "7", "2") in texts(found["Setting"])
    (need,) = texts(found["State"])
    assert need == ("Argentina", "Drones", "not filled on record", "1", "–", "–", "–", "–")
    assert [b.id for b in section.blocks if isinstance(b, Chart)] == ["dependence-shares", "dependence-flows"]
    (net, *_) = [b for b in section.blocks if isinstance(b, Paragraph)]
    assert "By trade it is 0.28, so that Brazil rests more on Argentina" in net.text


def test_a_pair_that_nobody_searched_says_so_and_has_no_chart() -> None:
    _, section = chapter(None)
    (only,) = section.blocks
    assert isinstance(only, Paragraph)
    assert only.text.startswith("Not monitored")


def test_deals_of_a_register_can_be_opened(tmp_path: Path) -> None:
    folder = imported(tmp_path / "mine")
    write_layer(folder, searches=searches(2000, 2010))
    inputs, section = chapter(folder)
    assert inputs.dependence.deals
    assert {d.id for d in inputs.dependence.deals} <= set(inputs.by_id)
    shares = {row[0]: row for row in texts(tables(section)["Share"])}
    assert shares["Arms imports"][1] == "0.50 (0.40 to 0.55)"
    assert shares["Got from others as well"][3] == "Argentina: aircraft: FRA, radar: nobody else"
