"""Findings of message against substance on planted and real records, a reader's own rules, and the command."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import pytest
import yaml

from milcoop.codebook.loader import bundled_folder
from milcoop.domain.finding import CANNOT_TELL
from milcoop.findings.signals.concerns import named_concerns
from milcoop.report.blocks import Paragraph, Part, Table
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.signals import signals_section
from milcoop.workbench import Workbench, open_workbench
from tests.command import output, refusal
from tests.findings.signal_layer import planted, signals, statement
from tests.layer import citation, write_layer


def test_jointness_unknown_is_unknown(tmp_path: Path) -> None:
    found = signals(
        planted(
            tmp_path,
            {"fields": {"command": "combined"}}, {"fields": {"mixed_units": "yes"}, "date": "2011-01-01"},
            {"fields": {"command": "coordinated"}, "date": "2012-01-01"}, {"date": "2013-01-01"},
            {"date": "2014-01-01", "status": "cancelled", "fields": {"command": "combined"}},
            {"date": "2014-01-01", "type": "exercise.competition"},
        )
    )  # fmt: skip
    share, unknown = found.found["signals.joint-share"], found.found["signals.unknown-share"]
    assert (share.value, share.low, share.high) == (2 / 3, 0.5, 0.75)
    assert (unknown.value, unknown.low, unknown.high) == (0.25, 0.25, 0.25)
    assert share.events == ("act-0", "act-1", "act-2")
    assert {m.before: m.value for m in share.sensitivity} == {
        "command": 0.5, "mixed_units": 0.5, "shared_communications": 2 / 3,
    }  # fmt: skip
    assert [a.joint for a in found.acts] == ["joint", "joint", "side by side", "unknown"]


def test_words_and_deeds_are_sums_of_declared_weights(tmp_path: Path) -> None:
    found = signals(
        planted(
            tmp_path,
            statement("statement.support", "BRA"),
            statement("statement.threat", "ARG", fields={"threat_to": "both"}),
            statement("statement.threat", "ARG", date="2010-07-01"),
            statement("statement.assessment", "ARG", fields={"speaker_kind": "expert"}),
            {"type": "policy.shared-concern", "status": "made", "date": "2011-02-02"},
            {"type": "transfer.delivery", "status": "delivered", "direction": "BRA>ARG", "fields": {"item": "X-1", "category": "aircraft"}},
        )
    )  # fmt: skip
    year = found.found["signals.rhetoric.2010"]
    assert (year.value, year.low, year.high) == pytest.approx((0.7 + 0.6 - 0.9, 0.4 + 0.3 - 1, 1 + 0.9 - 0.6))
    assert found.found["signals.rhetoric.2011"].value == pytest.approx(0.4)
    assert found.found["signals.rhetoric.2012"].value == 0
    moved = {m.rule: m.value for m in year.sensitivity}
    assert moved["words.words-support.best"] == pytest.approx(0.7)
    deeds = next(y for y in found.years if y.year == 2010).deeds
    assert deeds is not None
    assert (deeds.low, deeds.value, deeds.high) == pytest.approx((0.2, 0.4, 0.7))


def test_concerns_are_shared_when_both_or_a_joint_text_name_them(tmp_path: Path) -> None:
    bench = planted(
        tmp_path,
        statement("statement.threat", "BRA", title="Minister on NATO", fields={"threat_to": "both", "position": "us-missile-defence"}),
        statement("statement.threat", "ARG", title="Chilean missiles", fields={"threat_to": "own-side", "about": "missile defence"}),
        statement("statement.threat", "ARG", title="Brazil is the threat, and AUKUS"),
        {"type": "policy.shared-concern", "status": "made", "fields": {"named_concerns": ["terrorism"], "named_states": ["CHL", "BRA"]}, "title": "A text"},
        statement("statement.refusal", "BRA"),
        statement("statement.limit", "BRA", date="2012-01-01"),
    )  # fmt: skip
    found = signals(bench)
    uses = {c.id: c for c in found.concerns}
    assert {i: c.shared for i, c in uses.items()} == {
        "missile-defence": True, "NATO": False, "CHL": True, "terrorism": True,
    }  # fmt: skip
    overlap = found.found["signals.concerns.overlap"]
    assert overlap.value == 0.75
    assert {m.rule: m.value for m in overlap.sensitivity} == {
        "concerns.kind": 1.0,
        "signalling.signalling.joint_words": None,
    }
    assert found.found["signals.concerns.2010-2014"].value == 0.75
    assert found.found["signals.concerns.2000-2004"].value is None
    assert found.found["signals.concerns.own-words"].value is None
    assert (found.found["signals.declined.BRA"].value, found.found["signals.declined.ARG"].value) == (2, 0)
    assert len(named_concerns(bench.evidence(found.found.dyad), bench.codebook.signalling["signalling"])) == 3


def test_joint_texts_alone_tell_no_overlap(tmp_path: Path) -> None:
    """What a joint text names is shared because both signed it; with one side silent nothing could differ."""
    joint = [
        {"type": "policy.shared-concern", "status": "made", "date": f"2011-0{m}-02", "fields": {"named_concerns": [c]}}
        for m, c in enumerate(("terrorism", "missile defence"), 1)
    ]
    threats = [
        statement("statement.threat", s, fields={"threat_to": "both", "about": "terrorism"}) for s in ("BRA", "ARG")
    ]
    silent = signals(planted(tmp_path / "silent", *joint, threats[0])).found
    assert silent["signals.concerns.overlap"].value is silent["signals.concerns.2010-2014"].value is None
    assert silent["signals.concerns.overlap"].low is None
    assert "one of each side" in silent["signals.concerns.overlap"].note
    both = signals(planted(tmp_path / "both", *joint, *threats)).found
    assert both["signals.concerns.overlap"].value == both["signals.concerns.2010-2014"].value == 1


def test_an_act_takes_the_weight_of_the_narrowest_entry(tmp_path: Path) -> None:
    mine = {
        "id": "words-mine", "label": "Mine", "select": {"types": ["statement.support"], "where": {"speaker_kind": ["official"], "position": ["x"]}},
        "low": -1, "best": -1, "high": -1, "why": "a test",
    }  # fmt: skip
    words = [statement("statement.support", "BRA", fields={"position": p}) for p in ("x", "y")]
    found = signals(planted(tmp_path, *words, codebook={"words/mine.yaml": [mine]}))
    assert found.found["signals.rhetoric.2010"].value == pytest.approx(0.7 - 1)
    assert {w.id: len(w.events) for w in found.weights if w.events} == {"words-support": 1, "words-mine": 1}


def test_the_gap_is_of_standardised_years(tmp_path: Path) -> None:
    """Words 1 in each of the last five of twenty years, deeds 1 in each of the first five."""
    words = [statement("statement.support", "BRA", date=f"{y}-01-01") for y in range(2016, 2021)]
    deeds = [
        {"type": "transfer.delivery", "status": "delivered", "direction": "BRA>ARG", "date": f"{y}-01-01",
         "fields": {"item": "X-1", "category": "aircraft"}}
        for y in range(2001, 2006)
    ]  # fmt: skip
    found = signals(planted(tmp_path, *words, *deeds), 2001, 2020)
    gap = found.found["signals.rhetoric.gap"]
    spread = sqrt(20 * 0.25 * 0.75 / 19)
    assert gap.value == pytest.approx(0.75 / spread + 0.25 / spread)
    assert gap.low == pytest.approx(gap.value)
    last = found.years[-1]
    assert (last.words_standard, last.deeds_standard) == pytest.approx((0.75 / spread, -0.25 / spread))


def test_a_year_that_has_not_ended_is_told_and_not_compared(tmp_path: Path) -> None:
    words = [
        statement("statement.support", "BRA", date=f"{y}-01-01", citations={"a": citation(date=f"{y}-01-02")})
        for y in (2016, 2018)
    ]
    deed = {
        "type": "transfer.delivery",
        "status": "delivered",
        "direction": "BRA>ARG",
        "fields": {"item": "X-1", "category": "aircraft"},
    }
    bench = planted(tmp_path, *words, deed)
    for as_of, told in (("2018-06-30", False), ("2018-12-31", True)):
        bench = open_workbench(tmp_path, as_of)
        found = signals(bench, 2001, 2018)
        assert found.found["signals.rhetoric.2018"].value == pytest.approx(0.7)
        assert (found.years[-1].words_standard is not None) == told
        assert (found.found["signals.rhetoric.2018"].note == "") == told


def test_late_acts_lean_to_what_they_rank_higher_on(tmp_path: Path) -> None:
    """Seven dull acts, then three long ones that are told by no more pages: substance."""
    dull = [{"date": f"{2004 + i}-03-01"} for i in range(7)]
    long = [{"date": f"{2018 + i}-03-01/{2018 + i}-03-30"} for i in range(3)]
    lean = signals(planted(tmp_path, *dull, *long), 2004, 2020).found["signals.substance-against-message"]
    assert isinstance(lean.value, float)
    assert isinstance(lean.low, float)
    assert lean.low > 0
    assert lean.events == ("act-7", "act-8", "act-9")
    none = signals(open_workbench(tmp_path), 2016, 2020).found["signals.substance-against-message"]
    assert none.value is None


def test_without_searches_there_is_no_value(workbench: Workbench) -> None:
    found = workbench.signals(workbench.dyad("FRA", "PER"))
    assert {f.coverage for f in found.found.findings} == {"not monitored"}
    assert all(f.value is f.low is f.high is None and not f.events for f in found.found.findings)


def test_window_and_vintage_cut_the_acts(tmp_path: Path) -> None:
    acts = [{"date": f"{y}-03-01", "citations": {"a": citation(date=f"{y}-03-05")}} for y in range(2005, 2015)]
    bench = planted(tmp_path, *acts)
    assert len(signals(bench).acts) == 10
    assert [a.year for a in signals(bench, 2007, 2009).acts] == [2007, 2008, 2009]
    early = open_workbench(tmp_path, "2010-12-31")
    assert [a.year for a in signals(early).acts] == list(range(2005, 2011))


def test_trends_need_acts_and_searched_years(tmp_path: Path) -> None:
    acts = [
        {"date": f"{2001 + i}-03-01/{2001 + i}-03-{2 + 2 * i:02}", "fields": {"services": ["navy"]}} for i in range(10)
    ]
    found = signals(planted(tmp_path, *acts), 2001, 2010).found
    assert found["signals.frequency.trend"].value == 0
    trend = found["signals.operational.trend"]
    assert trend.value is None
    assert "of the weight" in trend.note
    assert found["signals.complexity.trend"].value == 0
    assert found["signals.growth"].value == CANNOT_TELL
    short = signals(open_workbench(tmp_path), 2001, 2004).found
    assert short["signals.frequency.trend"].value is None
    assert short["signals.complexity.trend"].value is None
    assert short["signals.rhetoric.gap"].value is None
    assert short["signals.rhetoric.lead"].value is None


# --- a reader's own rules ---------------------------------------------------------------------------------------------


@pytest.fixture
def heavier(tmp_path: Path) -> Callable[[float], Path]:
    """A record folder in which live fire has another weight."""

    def write(weight: float) -> Path:
        rows = yaml.safe_load((bundled_folder() / "signals" / "operational.yaml").read_text("utf-8"))
        fire = next(r for r in rows if r["id"] == "operational-live-fire") | {"weight": weight}
        return write_layer(tmp_path / str(weight), codebook={"signals/mine.yaml": [fire]})

    return write


def test_a_changed_weight_changes_score_and_table(heavier: Callable[[float], Path]) -> None:
    before, after = (
        bench.signals(bench.dyad("RUS", "CHN"), 2014, 2018)
        for bench in (open_workbench(), open_workbench(heavier(0.9)))
    )
    assert before.found["signals.operational.mean"].value != after.found["signals.operational.mean"].value
    assert before.found["signals.message.mean"].value == after.found["signals.message.mean"].value
    weights = {c.id: c.weight for c in after.components}
    assert weights["operational-live-fire"] == 0.9
    assert before.found.codebook_version != after.found.codebook_version


def test_the_report_prints_the_changed_weight(heavier: Callable[[float], Path], inputs: ReportInputs) -> None:
    bench = open_workbench(heavier(0.9))
    changed = dataclasses.replace(inputs, signals=bench.signals(inputs.assessment.dyad))
    (before, said), (after, said_after) = (_weight_and_text(i) for i in (inputs, changed))
    assert (before, after) == ("0.08", "0.9")
    assert said != said_after


def _weight_and_text(inputs: ReportInputs) -> tuple[Part, str]:
    """Weight of live fire in the chapter's table, and its first paragraph."""
    section = signals_section(inputs, inputs.signals)
    rows = [row for b in section.blocks if isinstance(b, Table) for row in b.rows if "live fire" in row]
    return rows[0][3], next(b.text for b in section.blocks if isinstance(b, Paragraph))


def test_the_chapter_of_a_pair_never_searched_is_one_sentence(workbench: Workbench, inputs: ReportInputs) -> None:
    found = workbench.signals(workbench.dyad("FRA", "PER"))
    (block,) = signals_section(inputs, found).blocks
    assert isinstance(block, Paragraph)
    assert "not monitored" in block.text


def test_sensitivity_is_what_the_moved_rule_gives(heavier: Callable[[float], Path]) -> None:
    bench = open_workbench(heavier(0.12))
    moved = {
        m.rule: m
        for m in open_workbench().signals(bench.dyad("RUS", "CHN")).found["signals.operational.mean"].sensitivity
    }
    fire = moved["signals.operational-live-fire.weight"]
    assert (fire.before, fire.after) == (0.08, 0.12)
    assert fire.value == pytest.approx(bench.signals(bench.dyad("RUS", "CHN")).found["signals.operational.mean"].value)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_in_every_form() -> None:
    told = json.loads(output("signals", "RUS", "CHN", "--from", "2012", "--to", "2021", "--format", "json"))
    assert list(told)[:3] == ["dyad", "as_of", "findings"]
    ids = [f["id"] for f in told["findings"]]
    needed = (
        "joint-share", "unknown-share", "operational.mean", "message.mean", "operational.trend", "message.trend",
        "frequency.trend", "growth", "substance-against-message", "rhetoric.2014", "rhetoric.trend", "deeds.trend",
        "rhetoric.gap", "rhetoric.lead", "concerns.overlap", "concerns.2015-2019", "declined.CHN", "declined.RUS",
    )  # fmt: skip
    assert {f"signals.{n}" for n in needed} <= set(ids)
    assert len(ids) == len(set(ids))
    rows = list(
        csv.DictReader(
            io.StringIO(output("signals", "CHN", "RUS", "--from", "2012", "--to", "2021", "--format", "csv"))
        )
    )
    assert [r["id"] for r in rows] == ids
    text = output("signals", "RUS", "CHN", "--from", "2012", "--to", "2021")
    assert text.startswith("Joint acts grow:")
    assert "Joint rather than side by side: between " in text
    assert max(map(len, text.splitlines())) <= 120
    assert len(text.splitlines()) < 135


def test_bad_input_is_refused_in_one_line() -> None:
    assert "nearest" in refusal("signals", "RUS", "XXQ")
    assert "expected the later year second" in refusal("signals", "RUS", "CHN", "--from", "2020", "--to", "2010")
    assert "2014-13" in refusal("signals", "RUS", "CHN", "--as-of", "2014-13")
