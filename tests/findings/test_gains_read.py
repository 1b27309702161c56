"""The ledger of gains as it is read: on the record, changed by a reader, in the report, by the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml

from milcoop.codebook.loader import bundled_folder
from milcoop.report.blocks import Bullets, Chart, Paragraph
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.gains import gains_section
from milcoop.workbench import Workbench
from tests.command import output, refusal, refused
from tests.findings.gains_rows import delivery, gains, opened, points, value
from tests.layer import write_layer


def test_a_person_sets_one_act_and_the_reason_is_printed(tmp_path: Path) -> None:
    entry = {
        "id": "planes", "event": True, "label": "Planes",
        "gains": [{"to": "receiver", "part": "technology", "weight": {"low": 0.5, "best": 2, "high": 4}}],
        "why": "The engine was what the buyer wanted.",
    }  # fmt: skip
    found = gains(tmp_path, delivery("planes"), codebook={"gains/mine.yaml": entry})
    assert points(found) == pytest.approx((2.0, 0.0))
    assert found.by_hand == {"planes": "The engine was what the buyer wanted."}
    shown = output("gains", "ARG", "BRA", "--record", tmp_path / "mine")
    assert "set by hand: planes: The engine was what the buyer wanted." in shown
    astray = write_layer(tmp_path / "astray", codebook={"gains/mine.yaml": entry | {"id": "plane"}})
    assert "gains 'plane' names an unknown event" in output("validate", "--warnings", "--record", astray)
    del entry["why"]
    layer = write_layer(tmp_path / "other", codebook={"gains/mine.yaml": entry})
    assert "why" in refusal("gains", "ARG", "BRA", "--record", layer)


def test_an_edited_weight_changes_the_result_and_is_listed(tmp_path: Path) -> None:
    rules = yaml.safe_load((bundled_folder() / "gains" / "supply.yaml").read_text("utf-8"))
    rule = next(r for r in rules if r["id"] == "supply-delivered")
    rule["gains"][1]["weight"] = {"low": 0.5, "best": 1.0, "high": 1.5}
    found = gains(tmp_path, delivery("planes"), codebook={"gains/mine.yaml": rule})
    assert points(found) == pytest.approx((2.0, 2.0))
    assert value(found, "balance.material") == 0
    (used,) = (w for w in found.weights if w.key == "supply-delivered.giver.revenue")
    assert (used.best, used.points["BRA"]) == (1.0, pytest.approx(2.0))


def test_never_searched_is_not_monitored(workbench: Workbench) -> None:
    found = workbench.gains(workbench.dyad("FRA", "PER"))
    assert {f.value for f in found.found.findings} == {None}
    assert {f.coverage for f in found.found.findings} == {"not monitored"}
    assert not found.bookings


def test_every_act_of_the_record_enters_a_coin_once(workbench: Workbench) -> None:
    from milcoop.findings.gains.lines import draw_up

    lines, _ = draw_up(workbench.evidence(workbench.dyad("IND", "RUS")))
    seen: dict[tuple[str, int, str], set[str]] = {}
    for line in lines:
        seen.setdefault((line.event.id, line.side, line.gain.coin), set()).add(line.key)
    assert seen
    assert all(len(keys) == 1 for keys in seen.values())


def test_every_type_has_a_rule_or_a_reason_to_be_left_out(workbench: Workbench) -> None:
    book = workbench.codebook
    ruled = {t for r in book.gains.values() if r.select for t in (*r.select.types, *(t for t in book.types if t.partition(".")[0] in r.select.families))}  # fmt: skip
    assert set(book.types) == ruled | set(book.ledger["ledger"].left_out)
    assert not ruled & set(book.ledger["ledger"].left_out)


def test_the_ids_are_those_promised(workbench: Workbench) -> None:
    found = workbench.gains(workbench.dyad("USA", "KOR")).found
    ids = {f.id for f in found.findings}
    for coin in ("material", "operational", "symbolic"):
        assert {
            f"gains.balance.{coin}",
            f"gains.turn.{coin}",
            f"gains.total.{coin}.KOR",
            f"gains.total.{coin}.USA",
        } <= ids
    for name in ("costs", "words", "outlook", "frees"):
        assert {f"gains.{name}.KOR", f"gains.{name}.USA"} <= ids
    assert {"gains.role.turn", "gains.together", "gains.posture"} <= ids
    assert len(ids) == len(found.findings)
    known = set(workbench.events_by_id) | set(workbench.figures_by_id)
    assert all(set(f.events) <= known for f in found.findings)


def test_the_report_prints_a_changed_weight_and_a_reason_by_hand(tmp_path: Path) -> None:
    rules = yaml.safe_load((bundled_folder() / "gains" / "supply.yaml").read_text("utf-8"))
    rule = next(r for r in rules if r["id"] == "supply-delivered")
    rule["gains"][0]["weight"] = {"low": 1.25, "best": 1.75, "high": 2.25}
    by_hand = {
        "id": "boats",
        "event": True,
        "label": "Boats",
        "gains": [],
        "why": "Nothing was handed over in the end.",
    }
    workbench = opened(tmp_path, [delivery("planes"), delivery("boats")], {"gains/mine.yaml": [rule, by_hand]})
    inputs = workbench.report_inputs(workbench.dyad("ARG", "BRA"))
    section = gains_section(inputs, inputs.gains)
    text = str(section)
    assert "1.75 (1.25 to 2.25)" in text
    assert "3.50 (" in text  # net points of Argentina: 1.75 times two
    assert value(inputs.gains, "total.material.ARG") == pytest.approx(3.5)
    assert "Nothing was handed over in the end." in text
    charts = [b.id for b in section.blocks if isinstance(b, Chart)]
    assert "gains-balance" in charts
    assert "gains-posture" not in charts  # nothing at the border: no empty chart


def test_the_chapter_of_a_pair_never_searched_is_one_sentence(workbench: Workbench) -> None:
    inputs = workbench.report_inputs(workbench.dyad("FRA", "PER"))
    (block,) = gains_section(inputs, inputs.gains).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "Not monitored: nothing was searched for on this pair."


def test_every_number_of_the_chapter_carries_evidence(inputs: ReportInputs) -> None:
    section = gains_section(inputs, inputs.gains)
    for block in section.blocks:
        for paragraph in block.items if isinstance(block, Bullets) else [block]:
            if isinstance(paragraph, Paragraph):
                plain = "".join(p for p in paragraph.parts if isinstance(p, str))
                assert not any(c.isdigit() for c in plain), plain
                assert set(paragraph.ids) <= set(inputs.by_id)


def test_the_command_in_three_forms() -> None:
    data = json.loads(output("gains", "RUS", "IND", "--from", "2011", "--to", "2015", "--format", "json"))
    assert (data["dyad"], data["from"], data["to"], data["command"]) == (["IND", "RUS"], 2011, 2015, "gains")
    assert any(f["sensitivity"] for f in data["findings"])
    rows = list(csv.DictReader(io.StringIO(output("gains", "RUS", "IND", "--from", "2011", "--to", "2015", "--format", "csv"))))  # fmt: skip
    assert [r["id"] for r in rows] == [f["id"] for f in data["findings"]]
    table = output("gains", "IND", "RUS")
    assert table.startswith("Who gains, IND and RUS")
    assert "material: cannot tell; too few searched years in a row" in table
    assert "never" not in table
    assert max(map(len, table.splitlines())) <= 120
    assert "Acts that weigh most" in table
    assert "year" in refusal("gains", "RUS", "IND", "--from", "2015", "--to", "2011")
    assert "2014-13" in refused("gains", "RUS", "IND", "--as-of", "2014-13")
    assert refused("gains", "RUS", "Atlantis")
