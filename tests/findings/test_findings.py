"""Mechanisms, facts, sources and the next rung against values worked out by hand."""

import pytest

from milcoop.findings.facts import find_facts, find_source_mix
from milcoop.findings.mechanisms import find_mechanisms
from milcoop.findings.next_rung import find_next_rung
from milcoop.workbench import Workbench
from tests.truth.cases import act, area, cited, criterion, rater, scale, the_area


def meeting(when: str, mechanism: str = "defence-ministers", **more: object) -> object:
    return act(when, "consultation.ministers", id_=f"{mechanism}-{when}", mechanism=mechanism, **more)


def test_rounds_regularity_and_lapses(workbench: Workbench) -> None:
    rounds = [meeting(w) for w in ("2000", "2001-05", "2001-09", "2003", "2006")]
    rounds += [meeting("2002", status="cancelled"), meeting("2004", "leaders-summit"), meeting("2005", "nonsense")]
    ministers, leaders = find_mechanisms(rounds, workbench.codebook.mechanisms, 2010)  # type: ignore[arg-type]
    assert ministers.mechanism.id == "defence-ministers"
    assert len(ministers.rounds) == 5
    assert (ministers.years_held, ministers.years_spanned) == (4, 7)
    assert ministers.regularity == pytest.approx(4 / 7)
    # 2002 is one missing year and no lapse; 2004-2005 and 2007-2010 are
    assert ministers.lapses == ((2004, 2005), (2007, 2010))
    assert leaders.lapses == ((2005, 2010),)


def test_promise_practice_quality_and_direction(workbench: Workbench) -> None:
    acts = [
        act("2010", "agreement.treaty", id_="t"),
        act("2010", "transfer.delivery", id_="d", direction="ARG>BRA"),
        act("2010", "exercise.naval", id_="e", fields={"command": ["combined"], "live_fire": ["yes"]}),
        act("2011", "operation.escort", id_="o"),
        act("2011", "friction.espionage-case", id_="f"),
        act("2011", "statement.need", id_="n"),
    ]
    facts = find_facts(acts, workbench.codebook.types)
    assert facts.promised == ("t",)
    assert facts.practised == ("d", "e", "o")
    assert facts.direction == {"ARG>BRA": ("d",), "both": ("t", "e", "o", "f", "n")}
    assert facts.quality["command"] == {"combined": ("e",), "unknown": ("o",)}
    assert facts.quality["live_fire"] == {"yes": ("e",), "unknown": ("o",)}
    assert facts.quality["mixed_units"] == {"unknown": ("e", "o")}


def test_source_mix_tells_one_party_from_two() -> None:
    urls = {name: f"https://{name}.example/a" for name in ("arg", "bra", "usa", "paper")}
    owners: dict[str, tuple[str, str | None]] = {
        urls["arg"]: ("state", "ARG"),
        urls["bra"]: ("party", "BRA"),
        urls["usa"]: ("state", "USA"),
        urls["paper"]: ("independent", "ARG"),
    }
    cases = {
        "one": ("arg",),
        "both": ("arg", "bra"),
        "third": ("usa",),
        "paper": ("paper",),
        "with-paper": ("arg", "paper"),
    }
    acts = [act("2010", id_=i, citations=tuple(cited(n, url=urls[n]) for n in names)) for i, names in cases.items()]
    mix = find_source_mix(acts, owners)
    assert mix.one_party_only == ("one",)
    assert mix.by_language == {"en": 7}
    assert mix.by_ownership == {"state": 4, "independent": 2, "party": 1}


def test_what_is_missing_for_the_next_rung() -> None:
    made = scale(
        area("x", [criterion("x.1")], [criterion("x.2a", measure="years", at_least=3), criterion("x.2b", at_least=2)]),
        levels=2,
    )
    acts = [act("2009"), act("2010")]
    rung = find_next_rung(rater(made, acts).rate_area(the_area(made), 2010), the_area(made))
    assert rung is not None
    assert (rung.level, rung.label) == (2, "rung 2")
    assert [c.id for c in rung.met] == ["x.2b"]
    assert [c.id for c in rung.missing] == ["x.2a"]
    top = rater(made, [*acts, act("2008")]).rate_area(the_area(made), 2010)
    assert top.level == 2
    assert find_next_rung(top, the_area(made)) is None
    assert find_next_rung(rater(made, acts).rate_area(the_area(made), 1950), the_area(made)) is None


def test_mechanisms_of_the_real_record_hold_rounds_of_the_dyad(workbench: Workbench) -> None:
    found = workbench.mechanisms(workbench.dyad("RUS", "CHN"))
    assert len(found) >= 5
    for finding in found:
        assert all(e.mechanism == finding.mechanism.id and e.status == "held" for e in finding.rounds)
        assert 0 < finding.regularity <= 1
        starts = [e.when.first_day for e in finding.rounds]
        assert starts == sorted(starts)
