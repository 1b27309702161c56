"""The ledger of gains, by hand: every formula on a made-up pair, unknowns, chains, windows, a reader's own weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milcoop.codebook.gain_rule import Range
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.gains import FALLING, LEVEL, RISING
from milcoop.findings.gains.account import quantile
from milcoop.findings.gains.balance import last_turn
from milcoop.findings.gains.making import balance_of
from milcoop.findings.gains.outlook import over_coins, relative_slope, say
from milcoop.findings.gains.posture import free_persons
from milcoop.findings.gains.words import net_share
from tests.findings.gains_rows import contract, delivery, gains, opened, points, statement, value
from tests.layer import event_row, figure_row


def test_the_example_of_the_docs(tmp_path: Path) -> None:
    complaint = event_row(
        id="copied", type="technology.dispute", status="made", direction="BRA>ARG", date="2012-01-01",
        fields={"project": "thing"},
    )  # fmt: skip
    found = gains(tmp_path, delivery("planes"), complaint)
    assert points(found) == pytest.approx((2.3, 0.1))
    balance = found.found["gains.balance.material"]
    assert balance.value == pytest.approx(2.2 / 2.4, abs=1e-4)  # the page has the sides the other way round: -0.92
    assert set(balance.events) == {"planes", "copied"}
    assert balance.low is not None and balance.high is not None
    assert -1 <= float(balance.low) <= float(balance.value) <= float(balance.high) <= 1  # type: ignore[arg-type]
    assert value(found, "balance.material.2010-2014") == balance.value
    assert value(found, "balance.material.2001-2004") is None
    assert value(found, "costs.BRA") == pytest.approx(0.7 / 0.8)
    assert value(found, "costs.ARG") == 0


def test_balance_is_the_share_of_the_first_less_that_of_the_second() -> None:
    assert balance_of(np.array([3.0, 1.0])) == 0.5
    assert balance_of(np.array([1.0, -1.0])) == 1
    assert np.isnan(balance_of(np.array([0.0, 0.0])))


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_the_balance_of_the_other_side_is_the_opposite(a: float, b: float) -> None:
    one, other = balance_of(np.array([a, b])), balance_of(np.array([b, a]))
    assert np.isnan(one) if np.isnan(other) else one == -other
    assert np.isnan(one) or -1 <= one <= 1


def test_a_contract_counts_until_its_chain_delivers(tmp_path: Path) -> None:
    alone = gains(tmp_path / "a", contract("paper", 900, chain="c"))
    assert points(alone) == pytest.approx((0.3 * 3, 0.15 * 3))
    both = gains(tmp_path / "b", contract("paper", 900, chain="c"), delivery("one", chain="c", quantities=None), delivery("two", chain="c", quantities=None))  # fmt: skip
    assert points(both) == pytest.approx((3.0, 1.2))
    assert {b.event: b.amount for b in both.bookings if b.state == "ARG"} == pytest.approx({"one": 1.5, "two": 1.5})
    dropped = event_row(id="off", type="transfer.cancellation", status="cancelled", direction="BRA>ARG", chain="c", date="2011", fields={"item": "thing", "category": "aircraft"})  # fmt: skip
    gone = gains(tmp_path / "c", contract("paper", 900, chain="c"), dropped)
    assert points(gone) == pytest.approx((-0.3 * 2.2 * 0.8, -0.3 * 2.2 * 0.8))


def test_deliveries_share_their_contract_by_pieces_where_all_give_them(tmp_path: Path) -> None:
    def some(name: str, n: int) -> dict[str, Any]:
        return delivery(name, chain="c", quantities=[{"name": "units_delivered", "best": n, "unit": "item"}])

    found = gains(tmp_path, contract("paper", 900, chain="c"), some("one", 1), some("five", 5))
    assert {b.event: b.amount for b in found.bookings if b.state == "ARG"} == pytest.approx({"one": 0.5, "five": 2.5})


def test_a_delivery_over_several_years_is_spread_over_them(tmp_path: Path) -> None:
    found = gains(tmp_path, delivery("slow", date="2009/2012"), to_year=2010)
    assert points(found)[0] == pytest.approx(1.0)


def test_pieces_stand_for_a_price_and_nothing_known_for_a_range(tmp_path: Path) -> None:
    six = delivery("six", quantities=[{"name": "units_delivered", "best": 3, "unit": "item"}])
    assert points(gains(tmp_path / "a", six))[0] == pytest.approx(2.2 * 0.5)
    dark = gains(tmp_path / "b", delivery("dark", quantities=None))
    assert points(dark)[0] == pytest.approx(2.2 * 0.8)
    (booking,) = (b for b in dark.bookings if b.state == "ARG")
    assert (booking.low, booking.high) == pytest.approx((2.2 * 0.4 * 0.7, 2.2 * 1.6 * 1.4))


def test_shells_are_pieces(tmp_path: Path) -> None:
    fields = {"item": "x", "category": "ammunition", "new_or_used": "new"}
    shells = delivery("shells", fields=fields, quantities=[{"name": "shells", "best": 40000, "unit": "shell"}])
    assert points(gains(tmp_path, shells))[0] == pytest.approx(0.4 * 2)


def test_used_goods_and_billions(tmp_path: Path) -> None:
    used = delivery("used", fields={"item": "x", "category": "aircraft", "new_or_used": "used"}, quantities=[{"name": "value", "best": 0.4, "unit": "USD billion"}])  # fmt: skip
    assert points(gains(tmp_path, used))[0] == pytest.approx(1.0)


def test_only_a_new_stage_of_a_project_adds(tmp_path: Path) -> None:
    def step(name: str, stage: str, year: int) -> dict[str, Any]:
        return event_row(id=name, type="technology.joint-project", status="signed", date=f"{year}-01-01", chain="p", fields={"project": "x", "stage": stage})  # fmt: skip

    found = gains(tmp_path, step("a", "agreed", 2005), step("b", "design", 2006), step("c", "agreed", 2007), step("d", "production", 2010))  # fmt: skip
    assert {b.event: b.amount for b in found.bookings if b.state == "ARG"} == pytest.approx({"a": 0.15, "b": 0.3, "d": 1.05})  # fmt: skip
    late = gains(tmp_path / "late", step("a", "design", 2005), step("b", "production", 2010), from_year=2008)
    assert points(late)[0] == pytest.approx(1.5 * 0.7)


def test_a_guest_learns_reach_and_quality_multiplies(tmp_path: Path) -> None:
    plain = {
        "domain": "land",
        "command": "parallel",
        "mixed_units": "no",
        "live_fire": "no",
        "shared_communications": "no",
    }
    troops = [{"name": "troops_total", "best": 16000, "unit": "person"}]
    row = {"type": "exercise.land", "quantities": troops, "fields": plain}
    assert points(gains(tmp_path / "a", event_row(**row)), "operational") == pytest.approx((0.7 * 2, 0.7 * 2))
    joint = {**row, "fields": plain | {"command": "combined", "mixed_units": "yes"}}
    assert points(gains(tmp_path / "b", event_row(**joint)), "operational")[0] == pytest.approx(2 * 1.5 * 1.3)
    places = {"places/mine.yaml": {"id": "there", "label": "There", "country": "BRA", "lat": -15, "lon": -47, "precision": "city"}}  # fmt: skip
    away = gains(tmp_path / "c", event_row(place="there", **row), codebook=places)
    assert points(away, "operational") == pytest.approx((1.2 * 1.4, 1.4))


def test_alleged_acts_count_half_and_announced_ones_nothing(tmp_path: Path) -> None:
    said = gains(tmp_path / "a", delivery("said", status="alleged", fields={"item": "x", "category": "aircraft", "new_or_used": "new", "alleged_by": "somebody"}))  # fmt: skip
    assert points(said)[0] == pytest.approx(1.0)
    assert min(b.low for b in said.bookings if b.state == "ARG") == 0
    assert value(gains(tmp_path / "b", delivery("soon", status="announced")), "balance.material") is None


def test_support_is_worth_more_under_an_embargo(tmp_path: Path) -> None:
    spans = {"isolations/mine.yaml": {"id": "mine", "state": "ARG", "start": "2010-01-01", "end": "2011-12-31", "why": "planted", "citations": []}}  # fmt: skip
    row = {"type": "statement.support", "direction": "BRA>ARG", "status": "made", "fields": {"speaker": "X", "office": "y", "speaker_state": "BRA", "speaker_kind": "official"}}  # fmt: skip
    events = [event_row(id="in", **row), event_row(id="out", date="2012-06-01", **row)]
    found = gains(tmp_path, *events, codebook=spans)
    assert points(found, "symbolic") == pytest.approx((2.5, -0.2))
    assert {b.part for b in found.bookings if b.event == "in" and b.state == "ARG"} == {"breaking isolation"}


def test_sensitivity_is_recomputed(tmp_path: Path) -> None:
    balance = gains(tmp_path, delivery("planes")).found["gains.balance.material"]
    moved = {(m.rule, m.after): m.value for m in balance.sensitivity}
    assert moved["gains.supply-delivered.giver.revenue", 0.8] == pytest.approx(0.2 / 1.8, abs=1e-4)
    total = gains(tmp_path, delivery("planes")).found["gains.total.material.ARG"]
    moved = {(m.rule, m.after): m.value for m in total.sensitivity}
    assert moved["factors.supply-size.power", 0.75] == pytest.approx(4**0.75, abs=1e-4)
    assert moved["factors.supply-size", "left out"] == pytest.approx(1.0)


def test_few_acts_give_a_wider_interval_than_many(tmp_path: Path) -> None:
    def width(name: str, n: int) -> float:
        there = [delivery(f"x{i}", direction="BRA>ARG" if i % 2 else "ARG>BRA", date=f"{2001 + i % 20}-02-01") for i in range(n)]  # fmt: skip
        f = gains(tmp_path / name, *there).found["gains.balance.material"]
        return float(f.high) - float(f.low)  # type: ignore[arg-type]

    assert width("few", 4) > 2 * width("many", 80) > 0


def test_window_and_vintage(tmp_path: Path) -> None:
    rows = [delivery("early", date="2003-01-01"), delivery("late", date="2015-01-01")]
    assert value(gains(tmp_path / "a", *rows, from_year=2010), "total.material.ARG") == pytest.approx(2.0)
    cited = [r | {"citations": {"a": r["citations"]["a"] | {"date": f"{r['date'][:4]}-06-01"}}} for r in rows]
    workbench = opened(tmp_path / "b", cited, as_of="2010-12-31")
    assert value(workbench.gains(workbench.dyad("ARG", "BRA")), "total.material.ARG") == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("signs", "turn"),
    [
        ("+++---", 2003), ("+++--", None), ("---", None), ("+++-+++", None), ("---00+++", 2005),
        ("+++---+++", 2006), ("+--+---", None), ("+++??---", None),
    ],
)  # fmt: skip
def test_a_turn_is_a_sign_that_lasts(signs: str, turn: int | None) -> None:
    values = np.array([{"+": 1.0, "-": -1.0, "0": 0.0, "?": 1.0}[s] for s in signs])
    found = last_turn(values, range(2000, 2000 + len(signs)), [s != "?" for s in signs], 3)
    assert found == turn if turn else np.isnan(found)


def test_supplier_becomes_supplied(tmp_path: Path) -> None:
    first = [delivery(f"b{y}", date=f"{y}-01-01") for y in range(2001, 2009)]
    then = [delivery(f"a{y}", date=f"{y}-01-01", direction="ARG>BRA") for y in range(2009, 2021)]
    turn = gains(tmp_path, *first, *then).found["gains.role.turn"]
    assert turn.value == 2011  # of 2007-2011 three years flow to Brazil
    assert turn.low is not None and turn.high is not None
    assert 2010 <= float(turn.low) <= 2011 <= float(turn.high) <= 2013
    assert "100 percent of the draws" in turn.note
    assert value(gains(tmp_path / "b", *first), "role.turn") is None


def test_slopes_and_their_words() -> None:
    assert relative_slope(np.arange(1.0, 10.0)) == pytest.approx(1 / 5)
    assert [say(*ends, 0.05) for ends in ((0.06, 0.2), (-0.2, -0.06), (-0.04, 0.04), (0.0, 0.2), (None, None))] == [RISING, FALLING, LEVEL, CANNOT_TELL, CANNOT_TELL]  # fmt: skip
    assert over_coins([RISING, CANNOT_TELL, LEVEL]) == RISING
    assert over_coins([RISING, FALLING, LEVEL]) == CANNOT_TELL
    assert over_coins([LEVEL, CANNOT_TELL, CANNOT_TELL]) == LEVEL
    assert over_coins([CANNOT_TELL] * 3) == CANNOT_TELL


def test_a_use_that_rises_steeply_is_called_rising(tmp_path: Path) -> None:
    rows = [delivery(f"d{y}-{i}", date=f"{y}-01-01") for y in range(2011, 2021) for i in range(3 * (y - 2010))]
    found = gains(tmp_path, *rows)
    slope = found.found["gains.outlook.material.ARG"]
    assert slope.value == pytest.approx(1 / 5.5, abs=1e-4)
    assert value(found, "outlook.ARG") == RISING
    assert "fewer than 5 acts" in found.found["gains.outlook.ARG"].note


def test_words_bound_what_has_no_sense(tmp_path: Path) -> None:
    assert net_share([1, 1, -1, 0])[0] == 0.25
    value_, low, high = net_share([1, None])
    assert (value_, low < 0, high > 0.9) == (1.0, True, True)
    found = gains(tmp_path, statement("w1", "partner-trusted"), statement("w2", "partner-performance-doubted"), statement("w3", "partner-trusted"), statement("w4", "never-heard"))  # fmt: skip
    words = found.found["gains.words.BRA"]
    assert words.value == pytest.approx(1 / 3)
    assert {w.event: w.sense for w in found.words} == {"w1": 1, "w2": -1, "w3": 1, "w4": None}
    assert value(found, "words.ARG") is None
    assert found.found["gains.balance.symbolic"].value is None  # words are no gains


def test_together_counts_shown_and_bounds_unsure(tmp_path: Path) -> None:
    patrol = {"type": "operation.air-patrol", "fields": {"domain": "air", "partner_landing": "yes"}}
    rows = [event_row(id="p1", **patrol), event_row(id="p2", date="2011-01-01", **patrol)]
    drill = {"type": "exercise.land", "fields": {"domain": "land", "command": "combined"}}
    found = gains(tmp_path, *rows, event_row(id="perhaps-mixed", **drill))
    together = found.found["gains.together"]
    assert (together.value, together.low, together.high) == (1, 1, 4)
    (mixed,) = (s for s in found.together if s.id == "mixed-force")
    assert (mixed.events, mixed.unsure) == ((), ("p1", "perhaps-mixed", "p2"))


def test_what_could_move_from_the_border(tmp_path: Path) -> None:
    guard = Range(low=0.25, best=0.5, high=0.75)
    assert free_persons((80, 100, 120), guard, None) == (20, 50, 90)
    assert free_persons((80, 100, 120), guard, (50, 60, 80)) == (40, 60, 96)
    assert free_persons((80, 100, 120), guard, (50, 60, 80), same_zone=False) == (20, 60, 96)

    def forces(row_id: str, n: float, date: str, **more: Any) -> dict[str, Any]:
        row = {"name": "border_forces", "unit": "person", "direction": "ARG>BRA", "date": date, "best": n}
        return figure_row(id=row_id, **(row | more))

    figures = [forces("f1", 9000, "2002"), forces("f2", 4000, "2009"), forces("f3", 5000, "2010"), forces("moved", 80, "2010", name="forces_moved_share", unit="percent")]  # fmt: skip
    found = gains(tmp_path, event_row(), figures=figures)
    frees = found.found["gains.frees.ARG"]
    assert (frees.value, frees.low, frees.high) == (pytest.approx(3600), 3200, 4000)
    assert set(frees.events) == {"f2", "f3", "moved"}
    assert "80% was in fact moved" in frees.note
    assert (value(found, "posture.forces.ARG"), value(found, "frees.BRA")) == (4500, None)
    assert found.found["gains.frees.BRA"].coverage == "not monitored"
    zones = {"attributions/mine.yaml": {"id": "moved", "state": "ARG", "facing": "BRA", "zone": "one district", "why": "planted"}}  # fmt: skip
    apart = gains(tmp_path / "apart", event_row(), figures=figures, codebook=zones).found["gains.frees.ARG"]
    assert (apart.value, apart.low, apart.high) == (pytest.approx(3600), 1000, 4000)
    assert "80% was in fact moved, by a cited share (of one district)" in apart.note


def test_an_old_count_of_forces_gives_a_range_and_no_value(tmp_path: Path) -> None:
    old = figure_row(name="border_forces", unit="person", direction="ARG>BRA", date="2009", best=4000)
    frees = gains(tmp_path, event_row(), figures=[old]).found["gains.frees.ARG"]
    assert (frees.value, frees.low, frees.high) == (None, 1000, 3000)
    assert frees.note.startswith("a range and no value: counted 11 years before")
    assert [(m.rule, m.after, m.value) for m in frees.sensitivity] == [("ledger.ledger.stale_years", 20, 2000)]


def test_a_ceiling_alone_gives_the_high_end(tmp_path: Path) -> None:
    top = figure_row(name="border_force_ceiling", unit="person", direction="ARG>BRA", date="2005", best=1000)
    frees = gains(tmp_path, event_row(), figures=[top]).found["gains.frees.ARG"]
    assert (frees.value, frees.low, frees.high) == (None, 0.0, 750.0)


def test_draws_lie_below_best_as_often_as_above() -> None:
    ends = np.array([[0.0, 1.0, 5.0]])
    chance = np.array([[0.0, 0.25, 0.5, 0.75, 1.0]], dtype=np.float32)
    assert quantile(chance, ends).tolist() == [[0.0, 0.5, 1.0, 3.0, 5.0]]


def test_a_contract_signed_after_the_last_delivery_is_a_promise(tmp_path: Path) -> None:
    later = contract("more", 1600, chain="c", date="2015-05-01")
    found = gains(tmp_path, contract("paper", 900, chain="c"), delivery("one", chain="c", quantities=None), later)
    amounts = {b.event: b.amount for b in found.bookings if b.state == "ARG"}
    assert amounts == pytest.approx({"one": 3.0, "more": 0.3 * 4})  # the first contract alone, not 2,500 together


def test_alleged_and_confirmed_deliveries_share_one_contract(tmp_path: Path) -> None:
    fields = {"item": "x", "category": "aircraft", "new_or_used": "new"}
    said = delivery("said", chain="c", status="alleged", quantities=None, fields=fields | {"alleged_by": "somebody"})
    found = gains(tmp_path, contract("paper", 900, chain="c"), said, delivery("sure", chain="c", quantities=None))
    amounts = {b.event: b.amount for b in found.bookings if b.state == "ARG"}
    assert amounts == pytest.approx({"said": 0.5 * 3 / 2, "sure": 3 / 2})


def test_an_allegation_of_what_is_confirmed_adds_nothing(tmp_path: Path) -> None:
    row = {"type": "technology.transfer", "direction": "BRA>ARG", "chain": "t"}
    said = event_row(id="said", date="2009-01-01", status="alleged", fields={"what_flows": "x"}, **row)
    sure = event_row(id="sure", date="2011-01-01", status="under-way", fields={"what_flows": "x"}, **row)
    assert points(gains(tmp_path / "a", said))[0] == pytest.approx(0.7)
    assert points(gains(tmp_path / "b", said, sure))[0] == pytest.approx(1.5)


def test_each_embargo_is_left_out_once(tmp_path: Path) -> None:
    spans = {"isolations/mine.yaml": {"id": "mine", "state": "ARG", "start": "2010-01-01", "why": "planted", "citations": []}}  # fmt: skip
    row = {"type": "statement.support", "direction": "BRA>ARG", "status": "made", "fields": {"speaker": "X", "office": "y", "speaker_state": "BRA", "speaker_kind": "official"}}  # fmt: skip
    total = gains(tmp_path, event_row(id="in", **row), codebook=spans).found["gains.total.symbolic.ARG"]
    assert total.value == pytest.approx(1.5)
    assert {m.rule: m.value for m in total.sensitivity}["isolations.mine"] == pytest.approx(1.0)
