"""Answers of the record to the latent model: each act once, nothing unsearched, every answer traceable."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from milcoop.codebook.latent_rule import ActGrade
from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import load_codebook
from milcoop.domain.rating import MONITORED
from milcoop.measure.latent.panel import make_panel, read_table
from milcoop.measure.record_panel import Answer, RecordPanel, assign_item, make_record_panel
from milcoop.workbench import Workbench, open_workbench
from tests.layer import citation, event_row, search_row, write_layer

FAMILIES = ["agreement", "basing", "command", "consultation", "exercise", "operation", "policy", "technology"]
FAMILIES += ["transfer", "education", "confidence", "posture"]


@pytest.fixture(scope="module")
def whole(workbench: Workbench) -> RecordPanel:
    return workbench.record_panel()


def answers_of(
    folder: Path, *events: dict[str, Any], years: str = "2001/2010", **more: Any
) -> dict[str, dict[int, list[Answer]]]:
    """Item -> year -> answers of Argentina and Brazil alone, all families searched."""
    searches = [search_row(i, lang, families=FAMILIES, years=years) for i, lang in enumerate(("en", "pt", "es"))]
    write_layer(folder, events=list(events), searches=searches + more.pop("searches", []), **more)
    workbench = open_workbench(folder)
    pairs = [p for p in workbench.pair_evidence() if p.assessment.dyad.id == "ARG-BRA"]
    found: dict[str, dict[int, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in make_record_panel(pairs, workbench.codebook).answers:
        found[answer.item][answer.year].append(answer)
    return found


def values(by_year: dict[int, list[Answer]]) -> dict[int, int]:
    return {y: a[0].value for y, a in by_year.items()}


# --- the whole record -------------------------------------------------------------------------------------------------


def test_each_act_of_the_record_enters_one_area_and_one_count_or_promise(
    workbench: Workbench, whole: RecordPanel
) -> None:
    rule = workbench.codebook.latent["latent"]
    grade_of = {c.grade.id: c.id for c in rule.counts if c.grade}
    areas, items = defaultdict(set), defaultdict(set)
    counted: Counter[tuple[str, str]] = Counter()
    graded: Counter[tuple[str, str]] = Counter()
    for answer in whole.answers:
        for event in answer.events:
            areas[event].add(answer.area)
            items[event].add(grade_of.get(answer.item, answer.item))
            if whole.spec.items[answer.item].kind == "count":
                counted[answer.dyad, event] += 1
            if answer.item in grade_of:
                graded[answer.dyad, event] += 1
    assert len(areas) > 1000
    assert {e: a for e, a in areas.items() if len(a) > 1} == {}
    assert {e: i for e, i in items.items() if len(i) > 1} == {}
    assert set(counted.values()) == set(graded.values()) == {1}
    assert set(graded) <= set(counted)


def test_every_answer_opens_its_events(workbench: Workbench, whole: RecordPanel) -> None:
    for answer in whole.answers:
        events = [workbench.events_by_id[i] for i in answer.events]
        assert all(set(answer.dyad.split("-")) <= set(e.participants) for e in events)
        kind = whole.spec.items[answer.item].kind
        if kind == "count":
            assert answer.value == len(events)
            assert {e.when.start.year for e in events} <= {answer.year}
            assert 0 < answer.exposure <= 1
        elif kind == "binary":
            assert answer.value == bool(events)
        else:
            assert len(events) == 1
        assert kind == "count" or answer.exposure == 1


def test_only_searched_years_of_applicable_areas_have_answers(workbench: Workbench, whole: RecordPanel) -> None:
    rule = workbench.codebook.latent["latent"]
    items = {i.id: i for i in (*rule.promises, *rule.counts)}
    items |= {c.grade.id: c for c in rule.counts if c.grade}
    coverage = {d.id: workbench.coverage(d) for d in workbench.searched_dyads()}
    for answer in whole.answers:
        families = items[answer.item].select.named_families
        assert {coverage[answer.dyad].of_family(f, answer.year) for f in families} == {MONITORED}
    units = {a.unit for a in whole.answers}
    assert "KOR-USA:confidence" not in units
    assert {u.split(":")[0] for u in units} == {d.id for d in workbench.searched_dyads()}


def test_a_pair_without_acts_answers_nought_where_searched(whole: RecordPanel) -> None:
    empty = [a for a in whole.answers if a.dyad == "MNG-URY"]
    assert len(empty) > 100
    assert {a.value for a in empty} == {0}


def test_items_that_bridge_nothing_are_left_out_and_named(whole: RecordPanel) -> None:
    left = {note.split()[0] for note in whole.notes}
    assert left.isdisjoint(whole.spec.items)
    assert all(" left out: " in note for note in whole.notes)
    for item in whole.spec.items:
        assert len({a.value for a in whole.answers if a.item == item}) > 1


def test_the_table_is_read_back_as_the_same_panel(whole: RecordPanel, tmp_path: Path) -> None:
    whole.table().to_csv(tmp_path / "record.csv", index=False)
    panel = make_panel(whole.table(), whole.spec)
    again = make_panel(read_table(tmp_path / "record.csv", whole.spec), whole.spec)
    assert again.digest == panel.digest
    assert len(panel.value) == len(whole.answers)
    assert len(panel.groups) == 13
    assert panel.notes == ()


def test_a_vintage_answers_from_what_was_public() -> None:
    early = open_workbench(as_of="2015-06-30")
    panel = early.record_panel()
    ids = {i for a in panel.answers for i in a.events}
    assert all(early.events_by_id[i].public_on.last_day <= date(2015, 6, 30) for i in ids)
    assert max(a.year for a in panel.answers) == 2015
    half = [a for a in panel.answers if a.year == 2015 and a.item == "exercises.drills" and a.dyad == "CHN-RUS"]
    full = [a for a in panel.answers if a.year == 2014 and a.item == "exercises.drills" and a.dyad == "CHN-RUS"]
    assert half[0].exposure / full[0].exposure == pytest.approx(181 / 365, abs=1e-6)


# --- made by hand -----------------------------------------------------------------------------------------------------


def drill(n: int, **more: Any) -> dict[str, Any]:
    """An exercise in 2008 by default, found on an English and a Spanish page."""
    pages = {
        "a": citation(url=f"https://example.org/{n}"),
        "b": citation(url=f"https://example.net/{n}", language="es"),
    }
    return event_row(id=f"drill-{n}", date="2008-05-01", citations=pages, **more)


def test_acts_are_counted_by_year_and_graded_where_the_grade_is_known(tmp_path: Path) -> None:
    found = answers_of(
        tmp_path,
        drill(1, fields={"services": ["navy"]}),
        drill(2, fields={"services": ["navy", "air-force", "ground"]}),
        drill(3),
        drill(4) | {"status": "announced"},
        drill(5) | {"type": "exercise.competition"},
        drill(6) | {"date": "2006/2009"},
    )
    counts = found["exercises.drills"]
    assert values(counts) == {y: {2008: 3, 2006: 1}.get(y, 0) for y in range(2001, 2011)}
    assert counts[2008][0].events == ("drill-1", "drill-2", "drill-3")
    assert counts[2008][0].exposure == pytest.approx(1, abs=0.01)  # every act stands on both lists
    grades = {a.events: a.value for by_year in found["exercises.services"].values() for a in by_year}
    assert grades == {("drill-1",): 0, ("drill-2",): 2}


def test_a_year_searched_in_part_has_no_answer(tmp_path: Path) -> None:
    more = [search_row(9, families=FAMILIES, years="2011/2012")]
    found = answers_of(tmp_path, drill(1), event_row(id="late", date="2011-05"), searches=more)
    assert max(found["exercises.drills"]) == 2010


def text(**more: Any) -> dict[str, Any]:
    return event_row(type="agreement.treaty", status="signed", date="2003-05-01", **more)


def test_a_promise_answers_when_it_changes_and_once_in_a_term_of_review(tmp_path: Path) -> None:
    fields = {"obligations": ["military-technical"], "in_force_to": "2008-06-30"}
    found = answers_of(tmp_path, text(fields=fields))
    assert values(found["mtc.framework"]) == {2001: 0, 2003: 1, 2008: 0, 2010: 0}
    assert found["mtc.framework"][2003][0].events == ("planted",)
    open_ended = answers_of(tmp_path / "2", text(fields={"obligations": ["military-technical"]}))
    assert values(open_ended["mtc.framework"]) == {2001: 0, 2003: 1, 2005: 1, 2010: 1}


def test_a_text_with_two_obligations_answers_one_item_and_leaves_the_other_open(tmp_path: Path) -> None:
    found = answers_of(
        tmp_path,
        text(fields={"obligations": ["consultation-in-crisis", "non-aggression"]}),
        text(id="earlier", fields={"obligations": ["non-aggression"], "in_force_to": "2002-06"}) | {"date": "2001-02"},
    )
    assert values(found["consultation.duty"]) == {2001: 0, 2003: 1, 2005: 1, 2010: 1}
    assert values(found["confidence.declaration"]) == {2001: 1, 2002: 0}


def test_what_stands_leaves_routine_acts_without_a_number(tmp_path: Path) -> None:
    base = event_row(id="base", type="basing.permanent", status="in-force", date="2005-03-01")
    call = event_row(id="call", type="basing.port-call", date="2002-03-01")
    late = event_row(id="late", type="basing.port-call", date="2007-03-01")
    found = answers_of(tmp_path, base, call, late)
    assert values(found["basing.uses"]) == {2001: 0, 2002: 1, 2003: 0, 2004: 0}
    assert values(found["basing.permanent"]) == {2001: 0, 2005: 1, 2010: 1}


def test_a_promise_goes_before_a_count(tmp_path: Path) -> None:
    limit = event_row(id="limit", type="confidence.force-limit", status="signed", fields={"carried_out": "yes"})
    notice = event_row(id="notice", type="confidence.notification", status="held", fields={"carried_out": "yes"})
    write_layer(tmp_path, events=[limit, notice])
    workbench = open_workbench(tmp_path)
    events = [workbench.events_by_id["limit"], workbench.events_by_id["notice"]]
    found = assign_item(events, workbench.codebook.latent["latent"], workbench.scale(None))
    assert found == {"limit": "confidence.limits", "notice": "confidence.practice"}


# --- the rule ---------------------------------------------------------------------------------------------------------


def test_the_rule_says_why_and_reads_every_type(workbench: Workbench) -> None:
    rule = workbench.codebook.latent["latent"]
    reasons = [i.why for i in (*rule.promises, *rule.counts, *rule.left_out)]
    reasons += [c.grade.why for c in rule.counts if c.grade]
    assert all(len(why) > 10 for why in reasons)


def test_the_linter_names_what_is_wrong_with_a_rule(tmp_path: Path) -> None:
    def said(own: dict[str, Any]) -> str:
        write_layer(tmp_path, codebook={"latent/latent.yaml": own})
        return " / ".join(str(p) for p in lint_codebook(load_codebook(tmp_path / "codebook")))

    own = load_codebook().latent["latent"].model_dump(mode="json", exclude_defaults=True)
    assert said(own) == ""
    own["left_out"] = own["left_out"][1:]
    assert "type 'consultation.call' feeds no item and is not left out" in said(own)
    own["counts"][0]["area"] = "nowhere"
    own["counts"][1]["select"] = {"has": "mechanism"}
    own["promises"][0]["id"] = own["promises"][1]["id"]
    found = said(own)
    assert "item consultation.meetings has unknown area 'nowhere'" in found
    assert "item confidence.practice names no family" in found
    assert "item 'policy.defence' stands 2 times" in found


def test_a_grade_needs_two_steps_in_order() -> None:
    step = {"grade": 1, "label": "x"}
    with pytest.raises(ValueError, match="numbered 0, 1"):
        ActGrade(id="g", steps=[step, step], why="because")  # type: ignore[list-item]
