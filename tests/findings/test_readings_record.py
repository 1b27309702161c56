"""Competing readings by the bundled rules: pairs of the record, the command, the report, rules that a reader changes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from milcoop.codebook.changes import find_changes
from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import bundled_folder, load_codebook
from milcoop.domain.dyad import Dyad
from milcoop.domain.finding import Finding, FindingSet
from milcoop.domain.readings import Readings
from milcoop.findings.readings.lines import Shown
from milcoop.findings.readings.weighing import Weighing
from milcoop.report.blocks import Chart, Paragraph, Table
from milcoop.report.sections.readings import readings_section
from milcoop.workbench import Workbench, open_workbench, weighing
from tests.command import output, refused, run
from tests.layer import event_row, search_row, write_layer

BUNDLED = load_codebook()


# --- the bundled rules ----------------------------------------------------------------------------------------------------


def test_the_bundled_rules_fit_together(tmp_path: Path) -> None:
    assert lint_codebook(BUNDLED) == []
    text = (bundled_folder() / "lines" / "breadth.yaml").read_text("utf-8")
    layer = write_layer(tmp_path, codebook={"lines/mine.yaml": [r | {"bundle": "none"} for r in yaml.safe_load(text)]})
    problems = [str(p) for p in lint_codebook(load_codebook(layer / "codebook", strict=False))]
    assert any("is of unknown bundle 'none'" in p for p in problems)


def test_lines_read_findings_that_the_commands_give(workbench: Workbench) -> None:
    """Ids and words of lines are those of gains, signals, dependence and limits, and signs point where their labels say."""
    dyad = workbench.dyad("RUS", "CHN")
    first, second = dyad.states
    found = {f.id: f for find in weighing.FINDERS.values() for f in find(workbench, dyad, None, None, None).findings}
    lines = BUNDLED.lines.values()
    named = {str(n).format(first=first, second=second) for x in lines for n in (x.finding, x.minus) if n}
    assert named <= set(found)
    verdicts = {"met", "partly", "not met", "against"}
    grown = {"both", "neither", "more often but not deeper", "deeper but not more often"}
    for x in (x for x in lines if x.words):
        words = {w for o in x.outcomes for w in o.words}
        assert words == (verdicts if str(x.finding).startswith("limits.") else grown), x.id
    assert "above nought CHN gains more" in found["gains.balance.material"].label
    assert "+1 Russia on China" in found["dependence.asymmetry"].label
    assert (BUNDLED.lines["gains-material"].positive, BUNDLED.lines["asymmetry"].positive) == ("first", "second")


def test_a_pair_never_searched_is_not_monitored(workbench: Workbench) -> None:
    found = workbench.readings(workbench.dyad("FRA", "PER"))
    assert (found.accounts, found.answer, found.why_not) == ((), None, "not monitored")
    assert {f.value for f in found.found.findings if f.unit in ("probability", "reading", "outcome")} == {None}


def test_ids_are_the_same_for_every_pair(workbench: Workbench) -> None:
    pairs = [("RUS", "CHN"), ("USA", "KOR"), ("FRA", "PER")]
    ids = []
    for a, b in pairs:
        found = workbench.readings(workbench.dyad(a, b)).found
        first, second = found.dyad.states
        ids.append([f.id.replace(first, "1").replace(second, "2") for f in found.findings])
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids[0])) == len(ids[0])


def test_events_of_findings_are_on_record(workbench: Workbench) -> None:
    found = workbench.readings(workbench.dyad("RUS", "CHN"))
    known = set(workbench.events_by_id) | set(workbench.figures_by_id)
    assert {e for f in found.found.findings for e in f.events} <= known
    assert found.found["readings.command-level"].events


def test_the_window_ends_with_its_last_year(workbench: Workbench) -> None:
    dyad = workbench.dyad("RUS", "CHN")
    found = workbench.readings(dyad, to_year=2005)
    assert {workbench.events_by_id[e].when.start.year for f in found.found.findings for e in f.events} <= set(
        range(1900, 2006)
    )
    level = workbench.assess(dyad).of_year(2005)["exercises"].level
    assert next(x for x in found.lines if x.id == "exercises-level").value == level
    vintage = {f.id: f.value for f in found.found.findings}
    assert vintage != {f.id: f.value for f in workbench.readings(dyad).found.findings}


# --- the command ----------------------------------------------------------------------------------------------------------


def test_the_command_prints_json_rows_and_a_table() -> None:
    found = json.loads(output("readings", "CHN", "RUS", "--format", "json"))
    assert found["dyad"] == ["CHN", "RUS"]
    rows = {f["id"]: f for f in found["findings"]}
    named = [rows[f"readings.{r}"] for r in BUNDLED.readings]
    assert sum(f["value"] for f in named) == pytest.approx(1, abs=1e-3)
    assert all(f["low"] <= f["high"] and f["sensitivity"] for f in named)
    table = list(csv.DictReader(io.StringIO(output("readings", "RUS", "CHN", "--format", "csv"))))
    assert [r["id"] for r in table] == list(rows)
    text = output("readings", "RUS", "CHN")
    assert text.startswith("China and Russia in ")
    assert "Fit every named reading and say nothing:" in text
    assert max(map(len, text.splitlines())) <= 120


def test_bad_input_is_refused_in_one_line() -> None:
    assert "expected the later year second" in refused("readings", "RUS", "CHN", "--from", "2020", "--to", "2010")
    assert "nearest" in refused("readings", "RUS", "CHNA") or "expected" in refused("readings", "RUS", "CHNA")
    done = run("readings", "RUS", "CHN", "--as-of", "2014-13")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def layer_of(folder: Path, **more: Any) -> Path:
    """Ten years of Brazil and Argentina, searched in two languages, with three exercises a year."""
    events = [event_row(id=f"e-{y}-{m}", date=f"{y}-{m:02d}-01") for y in range(2001, 2011) for m in (3, 6, 9)]
    searches = [
        search_row(
            i, language, families=["exercise", "operation", "statement", "policy", "transfer"], years="2001/2010"
        )
        for i, language in enumerate(("en", "es", "pt"))
    ]
    return write_layer(folder, events=events, searches=searches, **more)


def changed_line() -> dict[str, Any]:
    """A line of the codebook with other chances under one reading."""
    entries = yaml.safe_load((bundled_folder() / "lines" / "movement.yaml").read_text("utf-8"))
    mine: dict[str, Any] = next(e for e in entries if e["id"] == "joint-acts-change")
    mine["chances"]["ceiling"] = ["very likely", "very unlikely", "almost no chance"]
    return mine


def test_a_chance_changed_by_a_reader_changes_the_result(tmp_path: Path) -> None:
    plain = layer_of(tmp_path / "plain")
    changed = layer_of(tmp_path / "changed", codebook={"lines/mine.yaml": changed_line()})
    values = []
    for folder in (plain, changed):
        found = json.loads(
            output("readings", "BRA", "ARG", "--record", folder, "--format", "json", "--from", "2001", "--to", "2010")
        )
        rows = {f["id"]: f for f in found["findings"]}
        assert rows["readings.joint-acts-change"]["value"] == "held"
        values.append(rows["readings.ceiling"]["value"])
    assert values[0] > values[1] + 0.05


def test_a_reading_without_chances_is_refused(tmp_path: Path) -> None:
    row = yaml.safe_load((bundled_folder() / "readings" / "readings.yaml").read_text("utf-8"))[0]
    layer = write_layer(
        tmp_path, codebook={"readings/mine.yaml": [row | {"id": "entente", "prior": 0.1}, row | {"prior": 0.125}]}
    )
    line_ = refused("readings", "RUS", "CHN", "--record", layer)
    assert "has chances for" in line_
    assert "entente" in line_


VALUES = st.fixed_dictionaries({}, optional={i: st.floats(-1, 5) for i, x in BUNDLED.lines.items() if not x.words})


def weighed(values: dict[str, float]) -> Weighing:
    shown = {i: Shown(values.get(i), values.get(i), values.get(i)) for i in BUNDLED.lines}
    return Weighing(BUNDLED, BUNDLED.weighing["weighing"], Dyad("ARG", "BRA"), shown)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_chances_and_posteriors_sum_to_one_and_states_mirror(values: dict[str, float]) -> None:
    w = weighed(values)
    assert np.allclose([w.chances(x).sum(axis=1) for x in BUNDLED.lines.values()], 1)
    assert w.posterior.sum() == pytest.approx(1)
    assert ((w.redraw() >= 0) & (w.redraw() <= 1)).all()
    mirrored = weighed({i: -v if BUNDLED.lines[i].directed else v for i, v in values.items()})
    for one, other in (("dependence.ARG", "dependence.BRA"), ("alliance", "alliance"), ("other", "other")):
        assert float(w.total(w.posterior, one)) == pytest.approx(float(mirrored.total(mirrored.posterior, other)))


def test_findings_of_other_commands_enter_by_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench of its own for each, since a bench makes a finding once."""
    monkeypatch.setattr(weighing, "FINDERS", {})
    plain = _readings_anew()
    assert plain.found["readings.crisis-troops"].value is None

    def limits(bench: Any, *asked: Any) -> FindingSet:
        met = Finding("limits.crisis-troops", "l", "met", None, None, "verdict", (), "monitored", "w")
        return bench.evidence(*asked).found("limits", [met])

    monkeypatch.setattr(weighing, "FINDERS", {"limits": limits})
    given_ = _readings_anew()
    assert given_.found["readings.crisis-troops"].value == "yes"
    assert given_.account("alliance").posterior > plain.account("alliance").posterior


def _readings_anew() -> Readings:
    bench = open_workbench()
    return bench.readings(bench.dyad("RUS", "CHN"))


# --- the report -----------------------------------------------------------------------------------------------------------


def section_of(folder: Path | None, a: str, b: str) -> Any:
    bench = open_workbench(folder)
    inputs = bench.report_inputs(bench.dyad(a, b))
    return readings_section(inputs, inputs.readings)


def test_the_report_prints_the_changed_chance(tmp_path: Path) -> None:
    folder = layer_of(tmp_path, codebook={"lines/mine.yaml": changed_line()})
    section = section_of(folder, "BRA", "ARG")
    rows = {row[0]: row for b in section.blocks if isinstance(b, Table) for row in b.rows}
    ceiling = 3 + 0  # rule, outcomes, alliance, ceiling
    assert rows["joint-acts-change"][ceiling] == "88 / 12 / 3"
    assert any("lines.joint-acts-change" in f"{c.kind}.{c.id}" for c in find_changes(open_workbench(folder).codebook))
    (chart,) = (b for b in section.blocks if isinstance(b, Chart))
    marks = [row for part in chart.spec["vconcat"] for row in _rows(part, chart.spec)]
    assert marks
    assert all(row["ids"] for row in marks)


def _rows(part: Any, spec: Any) -> list[dict[str, Any]]:
    data = part.get("data") or part["layer"][0]["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def test_a_pair_never_searched_has_a_sentence_and_no_chart(workbench: Workbench) -> None:
    inputs = workbench.report_inputs(workbench.dyad("FRA", "PER"))
    section = readings_section(inputs, inputs.readings)
    (block,) = section.blocks
    assert isinstance(block, Paragraph)
    assert block.text == "No reading of the pair is weighed: not monitored."
