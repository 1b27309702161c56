"""The watch: what sets an indicator off, base rates, statuses, odds, and what is new since a day, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp
from typing import Any

import pytest

from milcoop.codebook.watch_rule import Indicator, WatchRule
from milcoop.domain.dates import parse_date
from milcoop.domain.event import Event, FieldValue, StatusChange
from milcoop.domain.finding import Finding
from milcoop.domain.watch import BECAME_KNOWN, HAPPENED, Sign, Watch, leaning
from milcoop.findings.bounds import poisson_interval
from milcoop.findings.watch.odds import PastPair, find_odds, find_past_windows, shift_of
from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.rates import find_base_rate, months_before
from milcoop.findings.watch.signs import Signs
from milcoop.findings.watch.watch import Watcher
from tests.findings.watch_acts import BOOK, act, evidence, page

RULE = BOOK.watch["watch"]
TIMES = {"growth": 2, "plateau": 1, "decline": 0.5, "why": "test"}


def indicator(trigger: dict[str, Any], **more: Any) -> Indicator:
    base = {
        "id": "test", "label": "Test", "watch": "test", "group": "one", "searched": ["exercise"], "base_years": 10,
        "horizon": 12, "expires": "2030-12-31", "times": TIMES, "changed_by": "test",
    }  # fmt: skip
    return Indicator.model_validate(base | {"trigger": trigger} | more)


def signs(trigger: dict[str, Any], *acts: Event, **more: Any) -> list[tuple[str, str, str, str]]:
    """(event, day, what, doubt) of all signs."""
    found = evidence(acts, **more)
    return [
        (s.event, s.on.isoformat(), s.what, s.doubt)
        for s in Signs(found, Geography(found.codebook), found.as_of).of(indicator(trigger))
    ]


def values(**fields: str) -> dict[str, tuple[FieldValue, ...]]:
    return {k: (FieldValue(v),) for k, v in fields.items()}


NAVAL = {"types": ["exercise.naval"]}


def watch_of(*acts: Event, trigger: dict[str, Any] | None = None, since: str | None = None, rule: WatchRule = RULE, closed: bool = False, **more: Any) -> Watch:  # fmt: skip
    keys = {k: more.pop(k) for k in ("base_years", "horizon", "expires") if k in more}
    book = replace(BOOK, indicators={"test": indicator(trigger or {"select": NAVAL}, **keys)}, watch={"watch": rule})
    found = evidence(acts, book=book, **more)
    day = date.fromisoformat(since) if since else None
    return Watcher([], Geography(book)).watch(found, day, closed=closed)


# --- signs ---------------------------------------------------------------------------------------------------------------


def test_selection_status_and_alleged_acts() -> None:
    acts = (
        act("a", "2010-01-01"),
        act("b", "2010-02-01", status="announced"),
        act("c", "2010-03-01", status="alleged"),
        act("d", "2021-01-01"),
    )
    assert signs({"select": NAVAL}, *acts) == [("a", "2010-01-01", "", "")]
    maybe = {"select": NAVAL, "maybe": NAVAL | {"statuses": ["alleged"]}}
    assert signs(maybe, *acts) == [("a", "2010-01-01", "", ""), ("c", "2010-03-01", "", "alleged")]


def test_actors_flow_giver_words_and_places() -> None:
    give = act("give", direction="ARG>BRA", fields=values(project="Heavy Lift machine"), place="bali")
    both = act("both", participants=("ARG", "BRA", "CHL"))
    assert [s[0] for s in signs({"select": NAVAL, "flow": "one-way"}, give, both)] == ["give"]
    assert [s[0] for s in signs({"select": NAVAL, "giver": "BRA"}, give, both)] == []
    assert [s[0] for s in signs({"select": NAVAL, "giver": "ARG"}, give, both)] == ["give"]
    assert [s[0] for s in signs({"select": NAVAL, "actors": ["CHL"]}, give, both)] == ["both"]
    assert [s[0] for s in signs({"select": NAVAL, "words": ["heavy lift"]}, give, both)] == ["give"]
    assert [s[0] for s in signs({"select": NAVAL, "words": ["submarine"]}, give, both)] == []
    assert [s[0] for s in signs({"select": NAVAL, "places": ["bali"]}, give, both)] == ["give"]


def test_a_project_moves_when_its_stage_does() -> None:
    def step(name: str, when: str, stage: str = "", **more: Any) -> Event:
        fields = values(project="X", **({"stage": stage} if stage else {}))
        return act(name, when, type="technology.joint-project", fields=fields, status="signed", **more)

    later = (StatusChange("signed", parse_date("2004-01")), StatusChange("postponed", parse_date("2006-05"), ("b",)))
    acts = (
        step("a", "2002-01-01", "proposed"),
        step("b", "2003-01-01", "proposed"),
        step("c", "2004-01-01", "agreed", history=later, citations=(page("2004-02-01"), page("2006-06-01", "b"))),
        step("d", "2005-01-01"),
        step("e", "2007-01-01", "agreed"),
        act("f", "2008-01-01", type="technology.joint-project", status="signed", fields=values(project="Y")),
    )
    trigger = {"select": {"types": ["technology.joint-project"]}, "moved": True}
    assert signs(trigger, *acts) == [
        ("a", "2002-01-01", "first step on record, proposed", ""),
        ("c", "2004-01-01", "proposed to agreed", ""),
        ("d", "2005-01-01", "", "stage not reported"),
        ("c", "2006-05-01", "postponed", ""),
        ("f", "2008-01-01", "first step on record", ""),
    ]
    found = evidence(acts)
    change = Signs(found, Geography(BOOK), found.as_of).of(indicator(trigger))[3]
    assert (change.until, change.known) == (date(2006, 5, 31), date(2006, 6, 1))


def test_a_status_is_reached_on_its_day() -> None:
    history = (StatusChange("announced", parse_date("2010-03-01")), StatusChange("postponed", parse_date("2010-05-01")))
    acts = (act("a", "2010-06-01", status="held", history=history), act("b", "2011-06", status="cancelled"), act("c"))
    trigger = {"select": {"families": ["exercise"]}, "becomes": ["postponed", "cancelled"]}
    assert signs(trigger, *acts) == [("a", "2010-05-01", "postponed", ""), ("b", "2011-06-01", "cancelled", "")]


def test_firsts_need_years_that_were_monitored() -> None:
    acts = [act(f"n{y}", f"{y}-06-01") for y in (2002, 2007, 2008)]
    acts += [act("air1", "2008-07-01", type="exercise.air"), act("air2", "2009-07-01", type="exercise.air")]
    trigger = {"select": {"families": ["exercise"]}, "first_by": "type", "after_years": 5}
    assert [s[0] for s in signs(trigger, *acts)] == ["air1"]
    assert signs(trigger, *acts, searched=range(2005, 2021)) == []
    places = [
        act("p1", "2008-01-01", fields=values(area="Baltic Sea")),
        act("p2", "2009-01-01", fields=values(area="baltic")),
    ]
    trigger["first_by"] = "region"
    elsewhere = [replace(a, fields=values(partner_territory="yes")) for a in acts]
    assert [s[0] for s in signs(trigger, *elsewhere, *places) if not s[3]] == ["p1"]


def test_use_to_one_side() -> None:
    # A coast on the Baltic: Poland has one; neither of the pair has, so that a drill there serves no side.
    baltic = act("baltic", fields=values(area="Baltic Sea"))
    assert signs({"select": NAVAL, "one_sided": True}, baltic) == []
    assert [s[0] for s in signs({"select": NAVAL, "one_sided": True}, replace(baltic, direction="ARG>BRA"))] == [
        "baltic"
    ]
    soil = replace(baltic, fields=values(partner_territory="yes"))
    assert [s[0] for s in signs({"select": NAVAL, "one_sided": True}, soil)] == ["baltic"]
    arg = BOOK.regions["baltic"].model_copy(update={"concerns": ("ARG",)})
    book = replace(BOOK, regions={"baltic": arg})
    assert [s[0] for s in signs({"select": NAVAL, "one_sided": True}, baltic, book=book)] == ["baltic"]
    both = replace(BOOK, regions={"baltic": arg.model_copy(update={"concerns": ("ARG", "BRA")})})
    assert signs({"select": NAVAL, "one_sided": True}, baltic, book=both) == []
    assert signs({"select": NAVAL, "one_sided": True}, act("nowhere"), book=book) == [
        ("nowhere", "2010-06-01", "", "no place")
    ]


def test_a_series_lapses_after_twice_its_own_rhythm() -> None:
    rounds = [act(f"r{y}", f"{y}-06-01", series="own") for y in (2003, 2004, 2005, 2006, 2013)]
    trigger = {"select": NAVAL, "lapse": {"times": 2, "rounds": 4, "months_at_least": 18}}
    assert signs(trigger, *rounds) == [
        ("r2006", "2008-06-01", "own: no round since 2006-06-01", ""),
        ("r2013", "2015-06-01", "own: no round since 2013-06-01", ""),
    ]
    assert signs(trigger, *rounds[:3]) == []  # too few rounds for a rhythm
    assert [s[0] for s in signs(trigger, *rounds, searched=range(2001, 2008))] == []  # nobody looked
    assert [s[0] for s in signs(trigger, *rounds, as_of="2008-05-31")] == []


# --- rates, windows, statuses ------------------------------------------------------------------------------------------


def test_months_back_and_forth() -> None:
    assert months_before(date(2020, 12, 31), 12) == date(2019, 12, 31)
    assert months_before(date(2020, 3, 31), 1) == date(2020, 2, 29)
    assert months_before(date(2020, 1, 15), -24) == date(2022, 1, 15)


def test_a_base_rate_counts_monitored_years_only() -> None:
    found = [Sign(f"s{y}", date(y, 6, 1), date(y, 6, 1), None, "both", "", "") for y in (2001, 2011, 2012, 2012, 2019)]
    found.append(Sign("maybe", date(2012, 7, 1), date(2012, 7, 1), None, "both", "", "no place"))
    base = find_base_rate(found, indicator({"select": NAVAL}), date(2020, 1, 1), 2001, 3, lambda y: y in (2011, 2012, 2013, 2014))  # fmt: skip
    assert base is not None
    assert (base.rate, base.years, base.cautious) == (3 / 4, (2011, 2012, 2013, 2014), 3.5 / 4)
    assert base.low == pytest.approx(poisson_interval(3)[0] / 4)
    assert base.high == pytest.approx(poisson_interval(4)[1] / 4)
    few = find_base_rate(found, indicator({"select": NAVAL}), date(2020, 1, 1), 2001, 3, lambda y: y in (2011, 2012))
    assert few is None


def status(*acts: Event, **more: Any) -> str:
    return watch_of(*acts, **more).readings[0].status


def test_statuses() -> None:
    yearly = [act(f"y{y}", f"{y}-06-01") for y in range(2010, 2020)]
    assert status(*yearly, act("now", "2020-06-01")) == "seen"
    assert status(*yearly[:2]) == "quiet"  # 2 in 10 years: silence for one year is no surprise
    often = [act(f"{a.id}{n}", str(a.when)) for a in yearly for n in range(3)]
    assert status(*often) == "overdue"  # three a year: exp(-3) = 0.05
    assert status(*yearly[:2], searched=range(2001, 2020)) == "not monitored"
    assert status(act("now", "2020-06-01"), searched=range(0)) == "seen"
    vague = act("now", "2020-06-01")
    assert status(vague, trigger={"select": NAVAL, "region": "baltic"}) == "cannot tell"
    assert status(act("now", "2020-06-01"), expires="2020-12-30") == "expired"
    assert status(act("year", "2019")) == "quiet"
    assert status(act("year", "2019"), as_of="2020-06-30") == "cannot tell"  # may have come before the window began


def test_counts_ends_and_notes() -> None:
    trigger = {"select": NAVAL, "region": "baltic", "maybe": NAVAL | {"statuses": ["alleged"]}}
    acts = [act("in", "2020-03-01", fields=values(area="Baltic Sea")), act("nowhere", "2020-04-01")]
    found = watch_of(*acts, act("old", "2018-04-01", fields=values(area="Baltic Sea")), trigger=trigger).found
    one = found["watch.test"]
    assert (one.value, one.low, one.high, one.events) == (1, 1, 2, ("nowhere", "in"))
    assert "undecided: nowhere (no place)" in one.note
    moved = {(m.rule, m.after): m.value for m in one.sensitivity}
    assert moved[("indicators.test.horizon", 18)] == 1
    assert moved[("indicators.test.horizon", 6)] == 0
    assert found["watch.test.base-rate"].value == pytest.approx(0.1)
    assert {m.after: m.value for m in found["watch.test.base-rate"].sensitivity} == {
        7: pytest.approx(1 / 7),
        13: pytest.approx(1 / 13),
    }
    assert (found["watch.tripped"].value, found["watch.tripped"].unit) == (1, "of 1 indicators")


def test_the_window_asked_for_and_the_vintage() -> None:
    acts = [act("a", "2010-06-01"), act("b", "2015-06-01"), act("c", "2020-06-01")]
    early = watch_of(*acts, years=range(2001, 2011), closed=True)
    assert (early.reference, early.readings[0].sure[0].event) == (date(2010, 12, 31), "a")
    assert {s.event for s in early.readings[0].last} == {"a"}
    later = watch_of(*acts, years=range(2001, 2011))  # not closed: acts after the searched years count when found
    assert [s.event for s in later.readings[0].sure] == ["c", "b", "a"]
    assert watch_of(*acts, as_of="2015-12-31", years=range(2001, 2016)).readings[0].sure[0].event == "b"


# --- odds ----------------------------------------------------------------------------------------------------------------


def only(finding: Finding) -> list[float]:
    return [float(v) for v in str(finding.value).split(" : ")]


def test_the_worked_example_of_the_page() -> None:
    """No act in ten years, window of two, times 1.6, 1, 0.5."""
    mine = indicator({"select": NAVAL}, horizon=24, times=TIMES | {"growth": 1.6})
    base = find_base_rate([], mine, date(2020, 1, 1), 2001, 3, lambda y: True)
    assert base is not None
    odds = find_odds(mine, RULE, (), base, "seen", RULE.weight)
    assert odds.chances["growth"] == pytest.approx(0.148, abs=1e-3)
    assert odds.factors["growth"] == pytest.approx(1.55, abs=5e-3)
    assert odds.factors["decline"] == pytest.approx(0.51, abs=5e-3)
    assert odds.other == {"growth": 1, "plateau": 1, "decline": 1}
    assert odds.basis == "judgement"


def test_silence_says_something_where_the_sign_was_usual() -> None:
    yearly = [act(f"y{y}", f"{y}-06-01") for y in range(2010, 2020)]
    quiet = watch_of(*yearly).found["watch.test.odds"]
    rate = 10.5 / 10
    assert only(quiet) == pytest.approx([exp(-rate), 1, exp(rate / 2)], abs=5e-3)
    seen = watch_of(*yearly, act("now", "2020-06-01")).found["watch.test.odds"]
    p = {m: 1 - exp(-rate * m) for m in (2, 1, 0.5)}
    assert only(seen) == pytest.approx([p[2] / p[1], 1, p[0.5] / p[1]], abs=5e-3)
    often = [replace(a, id=f"{a.id}-{n}") for a in yearly for n in range(9)]
    assert only(watch_of(*often).found["watch.test.odds"]) == [0.2, 1, 5]  # capped


def test_history_moves_the_times() -> None:
    acts = [act(f"s{y}", f"{y}-06-01") for y in (2011, 2012, 2015)]
    past = PastPair(evidence(acts), {2011: "growth", 2012: "growth", 2013: "decline", 2015: "plateau"})
    mine = indicator({"select": NAVAL})
    windows = find_past_windows(
        mine, RULE, [past], lambda p: Signs(p.evidence, Geography(BOOK), p.evidence.as_of).of(mine)
    )
    told = {w.year: (w.path, w.seen, round(w.expected, 3), w.weight) for w in windows}
    assert told == {2011: ("growth", 1, 0.0, 1.0), 2012: ("growth", 1, 0.1, 1.0), 2013: ("decline", 0, 0.2, 1.0), 2015: ("plateau", 1, 0.2, 1.0)}  # fmt: skip
    base = find_base_rate([], mine, date(2020, 1, 1), 2001, 3, lambda y: True)
    assert base is not None
    growth, plateau, decline = find_odds(mine, RULE, windows, base, "seen", 3).paths
    assert growth.times == pytest.approx((3 * 2 + 2) / (3 + 0.1))
    assert plateau.times == pytest.approx((3 * 1 + 1) / (3 + 0.2))
    assert decline.times == pytest.approx((3 * 0.5 + 0) / (3 + 0.2))
    assert (growth.windows, growth.seen, growth.expected, growth.pairs) == (2, 2, pytest.approx(0.1), 1)
    two = indicator({"select": NAVAL}, horizon=24)
    shared = find_past_windows(
        two, RULE, [past], lambda p: Signs(p.evidence, Geography(BOOK), p.evidence.as_of).of(two)
    )
    assert {w.weight for w in shared} == {0.5}
    unsearched = PastPair(evidence(acts, searched=range(2001, 2012)), past.paths)
    assert [w.year for w in find_past_windows(mine, RULE, [unsearched], lambda p: ())] == [2011]


def test_groups_count_as_one_sign() -> None:
    acts = [act("now", "2020-06-01")]
    entries = {f"i{n}": indicator({"select": NAVAL}, id=f"i{n}", group=g) for n, g in enumerate("aab")}
    book = replace(BOOK, indicators=entries)
    found = Watcher([], Geography(book)).watch(evidence(acts, book=book))
    factor = found.readings[0].odds.factors["growth"]  # type: ignore[union-attr]
    growth = found.found["watch.shift.growth"]
    assert growth.value == pytest.approx(factor**2)
    assert (growth.low, growth.high) == (pytest.approx(factor**2), pytest.approx(factor**3))
    assert "not independent" in growth.note
    assert {m.rule for m in growth.sensitivity} == {"watch.watch.weight", "groups"}
    assert shift_of((), {}, "growth") == (1.0, 1.0, 1.0)


def test_acts_that_cannot_be_told_widen_the_ends_and_move_nothing_else() -> None:
    """Undecided is left out of the value, for silence beside it would else be all that counts."""
    acts = [act("past", "2015-06-01"), act("now", "2020-06-01", fields={"area": (FieldValue("north-sea"),)})]
    entries = {
        "sure": indicator({"select": NAVAL}, id="sure", group="a"),
        "vague": indicator({"select": NAVAL, "region": "giuk-gap"}, id="vague", group="b"),
    }
    book = replace(BOOK, indicators=entries)
    found = Watcher([], Geography(book)).watch(evidence(acts, book=book))
    sure, vague = (r.odds for r in found.readings)
    assert sure is not None and vague is not None and vague.outcome == "open"
    for path in ("growth", "decline"):
        best, low, high = found.shift[path]
        either = (vague.if_seen[path], vague.if_not_seen[path])
        assert best == pytest.approx(sure.if_seen[path])
        assert (low, high) == (pytest.approx(best * min(*either, 1)), pytest.approx(best * max(*either, 1)))
        assert low < high
    assert (leaning(1.1, 2), leaning(0.3, 0.9), leaning(0.9, 2)) == ("more likely", "less likely", "no clear shift")


def test_nothing_is_shifted_by_what_is_not_known() -> None:
    for more in ({"searched": range(0)}, {"expires": "2020-01-01"}):
        found = watch_of(act("a", "2015-01-01"), **more).found
        assert found["watch.shift"].value is None
    vague = watch_of(act("a", "2020-01-02"), trigger={"select": NAVAL, "region": "baltic"}).found
    assert vague["watch.shift"].value is None


# --- since a day ---------------------------------------------------------------------------------------------------------


def test_what_happened_and_what_became_known() -> None:
    acts = [
        act("before", "2020-02-01"),
        act("late-page", "2020-03-01", citations=(page("2020-10-01"),)),
        act("no-date", "2020-03-02", citations=(page(None),)),
        act("after", "2020-09-01"),
        act("long-ago", "2012-03-01", citations=(page("2020-10-01"),)),
    ]
    found = watch_of(*acts, since="2020-06-30")
    assert [(n.sign.event, n.how) for n in found.readings[0].news] == [("after", HAPPENED), ("late-page", BECAME_KNOWN)]
    assert [r.id for r in found.tripped] == ["test"]
    assert found.found["watch.tripped"].value == 1
    assert watch_of(*acts, since="2020-11-30").tripped == ()
    assert watch_of(*acts, since="2020-06-30", expires="2020-12-01").tripped == ()
    vague = watch_of(acts[3], since="2020-06-30", trigger={"select": NAVAL, "region": "baltic"})
    assert (len(vague.readings[0].news), vague.tripped) == (1, ())
