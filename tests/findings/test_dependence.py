"""Dependence against values worked out by hand: shares, net dependence, composition, needs, rules of a reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milcoop.codebook.linter import lint_codebook
from milcoop.codebook.loader import load_codebook
from milcoop.domain.dependence import Dependence
from milcoop.domain.finding import Finding
from milcoop.findings.dependence.composition import block_years, share_difference, two_way
from milcoop.findings.dependence.market import concentration_bounds
from milcoop.findings.dependence.net import find_turn, side_of
from milcoop.workbench import open_workbench
from tests.command import output, refusal
from tests.layer import citation, event_row, figure_row, search_row, write_layer

FAMILIES = ["transfer", "technology", "education", "statement"]


def share(id_: str, direction: str, date: str, name: str = "share_of_arms_imports", **more: Any) -> dict[str, Any]:
    return figure_row(id=id_, direction=direction, date=date, name=name, **more)


def act(id_: str, type_: str, date: str, direction: str, **fields: Any) -> dict[str, Any]:
    status = fields.pop("status", "delivered" if type_.startswith("transfer.d") else "signed")
    chain = fields.pop("chain", None)
    cited = {"a": citation(date=f"{date[:4]}-12-31")}
    return event_row(
        id=id_, type=type_, date=date, status=status, direction=direction, fields=fields, chain=chain, citations=cited
    )


def searches(first: int, last: int) -> list[dict[str, Any]]:
    return [
        search_row(n, language, years=f"{first}/{last}", families=FAMILIES)
        for n, language in enumerate(("en", "es", "pt"))
    ]


def dependence(folder: Path, first: int, last: int, as_of: str | None = None, **layer: Any) -> Dependence:
    workbench = open_workbench(write_layer(folder / "mine", **layer), as_of)
    return workbench.dependence(workbench.dyad("BRA", "ARG"), first, last)


def finding(found: Dependence, id_: str) -> Finding:
    return found.found[f"dependence.{id_}"]


def ends(f: Finding) -> tuple[Any, Any, Any]:
    return tuple(round(v, 4) if isinstance(v, float) else v for v in (f.value, f.low, f.high))  # type: ignore[return-value]


# --- shares ------------------------------------------------------------------------------------------------------------


def test_the_newest_share_stands_and_only_sources_of_its_period_widen_it(tmp_path: Path) -> None:
    figures = [
        share("old", "BRA>ARG", "2001/2005", best=60),
        share("before", "BRA>ARG", "2012/2016", low=20, best=22, high=24),
        share("near", "BRA>ARG", "2013/2017", best=26),
        share("new", "BRA>ARG", "2014/2018", best=30),
    ]
    found = finding(dependence(tmp_path, 2000, 2020, figures=figures), "arms.BRA>ARG")
    assert ends(found) == (0.3, 0.26, 0.3)  # 2013-2017 shares four of six years; 2012-2016 three of seven
    assert found.events == ("new", "near")
    assert "2014 to 2018, 2 years before the window's end" in found.note
    assert "milcoop import sipri" in found.note


def test_shares_are_directed_and_those_after_the_window_do_not_count(tmp_path: Path) -> None:
    figures = [
        share("imports", "BRA>ARG", "2010", best=40),
        share("sales", "BRA>ARG", "2010", "share_of_arms_exports", best=8),
        share("later", "BRA>ARG", "2016", best=90),
        share("exports", "BRA>ARG", "2010", "share_of_goods_exports", best=10),
        share("goods", "BRA>ARG", "2010", "share_of_goods_imports", best=20),
    ]
    found = dependence(tmp_path, 2000, 2012, figures=figures)
    assert ends(finding(found, "arms.BRA>ARG")) == (0.4, 0.4, 0.4)
    assert ends(finding(found, "arms.ARG>BRA")) == (None, None, None)
    assert ends(finding(found, "sales.BRA>ARG")) == (0.08, 0.08, 0.08)
    assert ends(finding(found, "trade.ARG")) == (0.15, 0.1, 0.2)  # exports and imports bound it
    assert ends(finding(found, "trade.BRA")) == (None, None, None)
    assert ends(finding(found, "concentration.ARG")) == (None, 0.16, 0.52)  # 0.4², 0.4² + 0.6²


def test_a_vintage_holds_no_later_figure(tmp_path: Path) -> None:
    pages = {d: {"a": citation(date=d)} for d in ("2012-01-01", "2016-01-01")}
    figures = [
        share("early", "BRA>ARG", "2010", best=40, citations=pages["2012-01-01"]),
        share("late", "BRA>ARG", "2011", best=70, citations=pages["2016-01-01"]),
    ]
    then = finding(dependence(tmp_path, 2000, 2012, "2013-06-30", figures=figures), "arms.BRA>ARG")
    now = finding(dependence(tmp_path, 2000, 2012, figures=figures), "arms.BRA>ARG")
    assert (then.value, then.events, now.value) == (0.4, ("early",), 0.7)


def test_arms_in_trade_is_made_of_values_of_the_same_year(tmp_path: Path) -> None:
    money = {"unit": "USD billion"}
    figures = [
        share("value", "BRA>ARG", "2010", "arms_exports_value", best=2, **money),
        share("trade", "both", "2010", "trade_total", low=10, best=20, high=25, **money),
        share("other-year", "both", "2011", "trade_total", best=4, **money),
        share("value-without-trade", "BRA>ARG", "2012", "arms_exports_value", best=1, **money),
    ]
    found = finding(dependence(tmp_path, 2000, 2012, figures=figures), "arms-in-trade")
    assert ends(found) == (0.1, 0.08, 0.2)
    assert set(found.events) == {"value", "trade"}


def test_inputs_are_the_median_with_the_range_of_all(tmp_path: Path) -> None:
    chips, tools = "share_of_microelectronics_from_partner", "share_of_machine_tools_from_partner"
    figures = [
        share("before", "BRA>ARG", "2021", chips, best=10),
        share("chips", "BRA>ARG", "2023", chips, best=80),
        share("tools", "BRA>ARG", "2024", tools, low=30, best=40, high=50),
        share("nitro", "BRA>ARG", "2023", "nitrocellulose_exports", best=600, unit="ton"),
        share("all-nitro", "both", "2023", "nitrocellulose_imports_total", best=1000, unit="ton"),
    ]
    events = [
        act("motors", "transfer.dual-use", "2023", "BRA>ARG", item="drone motors", category="dual-use"),
        act("said", "transfer.dual-use", "2024", "BRA>ARG", item="drones", category="dual-use", status="alleged"),
        act("early", "transfer.dual-use", "2020", "BRA>ARG", item="drones", category="dual-use"),
    ]
    found = dependence(tmp_path, 2015, 2025, figures=figures, events=events)
    assert ends(finding(found, "inputs.BRA>ARG")) == (0.6, 0.3, 0.8)
    assert ends(finding(found, "inputs.BRA>ARG.nitrocellulose")) == (0.6, 0.6, 0.6)
    assert ends(finding(found, "inputs.BRA>ARG.electronics")) == (0.8, 0.8, 0.8)
    drones = finding(found, "inputs.BRA>ARG.drones")
    assert (drones.value, set(drones.events)) == (None, {"motors", "said"})
    assert "1 act, 1 more alleged" in drones.note
    moved = {m.after: m.value for m in finding(found, "inputs.BRA>ARG.electronics").sensitivity}
    assert moved == {2020: 0.8, 2023: 0.8}


# --- net dependence ----------------------------------------------------------------------------------------------------


def net_figures() -> list[dict[str, Any]]:
    """The example of the docs, with ARG as A and BRA as B."""
    goods = "share_of_goods_trade"
    return [
        share("a-trade", "BRA>ARG", "2010", goods, best=2),
        share("b-trade", "ARG>BRA", "2010", goods, best=30),
        share("a-sales", "ARG>BRA", "2010", "share_of_arms_exports", best=40),
    ]


def test_net_dependence_by_all_corners(tmp_path: Path) -> None:
    found = finding(dependence(tmp_path, 2008, 2012, figures=net_figures()), "asymmetry")
    assert ends(found) == (0.28, -0.23, 0.52)
    assert "known on both sides: trade; on one: sales" in found.note
    assert found.note.startswith(
        "Brazil rests more on Argentina by what is known of both; the interval leaves the side open"
    )
    assert {m.rule for m in found.sensitivity} == {"dependence.weight-trade.value", "dependence.stale-years.value"}
    assert [m.value for m in found.sensitivity if m.after == 3] == [pytest.approx(0.28)]


def test_net_dependence_takes_the_far_ends_of_both_shares(tmp_path: Path) -> None:
    goods = "share_of_goods_trade"
    figures = [
        share("a-trade", "BRA>ARG", "2010", goods, low=1, best=2, high=4),
        share("b-trade", "ARG>BRA", "2010", goods, low=20, best=30, high=35),
    ]
    found = finding(dependence(tmp_path, 2008, 2012, figures=figures), "asymmetry")
    assert ends(found) == (0.28, 0.16, 0.34)
    assert found.note.startswith("Brazil rests more on Argentina; known")


def test_a_stale_share_enters_no_balance(tmp_path: Path) -> None:
    found = dependence(tmp_path, 2008, 2015, figures=net_figures())
    assert ends(finding(found, "asymmetry")) == (None, None, None)
    assert ends(finding(found, "trade.ARG")) == (0.02, 0.02, 0.02)
    assert [n.year for n in found.nets if n.value is not None] == list(range(2010, 2015))
    eight = {m.after: m.value for m in finding(found, "asymmetry").sensitivity}
    assert eight[8] == pytest.approx(0.28)


def test_a_weight_of_a_reader_changes_net_dependence(tmp_path: Path) -> None:
    sales = share("b-sales", "BRA>ARG", "2010", "share_of_arms_exports", best=10)
    mine = {
        "dependence/mine.yaml": {
            "id": "weight-trade", "label": "Weight of trade", "value": 3, "steps": [2], "why": "Mine.",
        }
    }  # fmt: skip
    plain = dependence(tmp_path / "a", 2008, 2012, figures=[*net_figures(), sales])
    changed = dependence(tmp_path / "b", 2008, 2012, figures=[*net_figures(), sales], codebook=mine)
    assert finding(plain, "asymmetry").value == pytest.approx((0.28 - 0.3) / 2)
    assert finding(changed, "asymmetry").value == pytest.approx((3 * 0.28 - 0.3) / 4)


def test_the_turn_is_the_last_change_among_sure_years() -> None:
    sides = [(1990, 1), (1991, 0), (1992, 1), (1993, 0), (1994, -1), (1995, 0)]
    assert find_turn(sides) == (1994, 1993, "")
    assert find_turn([(1990, 1), (1991, 0), (1992, 1)])[::2] == (None, "never")
    assert find_turn([(1990, 0), (1991, 1)])[::2] == (None, "cannot tell")
    assert (side_of(0.01, 0.2, 0.0), side_of(0.01, 0.2, 0.05), side_of(-0.3, -0.1, 0.05), side_of(None, None, 0)) == (
        1, 0, -1, 0,
    )  # fmt: skip


def test_net_dependence_turns_where_trade_turns(tmp_path: Path) -> None:
    goods = "share_of_goods_trade"
    figures = [
        share("a1", "BRA>ARG", "2001", goods, best=40), share("b1", "ARG>BRA", "2001", goods, best=10),
        share("a2", "BRA>ARG", "2008", goods, best=10), share("b2", "ARG>BRA", "2008", goods, best=40),
    ]  # fmt: skip
    turn = finding(dependence(tmp_path, 2000, 2010, figures=figures), "turn")
    assert ends(turn) == (2008, 2006, 2008)  # the shares of 2001 stand until 2005
    assert {m.after: m.value for m in turn.sensitivity if m.rule.endswith("stale-years.value")} == {3: 2008, 8: 2008}


# --- what passes -------------------------------------------------------------------------------------------------------


def flows() -> list[dict[str, Any]]:
    def item(i: int, year: str, category: str, direction: str = "BRA>ARG", **more: Any) -> dict[str, Any]:
        return act(f"t{i}", "transfer.delivery", year, direction, item="thing", category=category, **more)

    return [
        item(1, "2008", "aircraft", chain="deal"), item(2, "2009", "aircraft", chain="deal"), item(3, "2010", "engine"),
        item(4, "2010", "other"), item(5, "2010", "ship", "ARG>BRA"), item(6, "2010", "ship", status="alleged"),
        act("help", "technology.transfer", "2010", "BRA>ARG", status="under-way"),
        act("both", "technology.joint-project", "2010", "both"),
        act("row", "technology.dispute", "2010", "BRA>ARG", status="made"),
        act("dropped", "transfer.contract", "2010", "BRA>ARG", item="x", category="ship", status="cancelled"),
    ]  # fmt: skip


def test_composition_counts_classes_with_unknown_acts_as_bounds(tmp_path: Path) -> None:
    found = dependence(tmp_path, 2006, 2010, events=flows(), searches=searches(2006, 2010))
    (block,) = found.blocks
    assert block.by_class == {
        "know-how": ("help",), "joint-projects": ("both",), "components": ("t3",), "finished-arms": ("t1", "t2", "t5"),
    }  # fmt: skip
    assert block.unknown == ("t4",)
    arms = finding(found, "composition.finished-arms")
    assert (arms.value, arms.coverage) == (0.5, "monitored")
    assert (round(arms.low, 3), round(arms.high, 3)) == (0.186, 0.814)  # type: ignore[arg-type]  # Wilson of 3 and 4 in 7
    moved = {m.rule.split(".")[1]: m.value for m in arms.sensitivity}
    assert moved["count-alleged"] == pytest.approx(4 / 7)
    assert moved["chains-once"] == pytest.approx(2 / 5)


def test_two_way_counts_what_goes_both_ways_for_each(tmp_path: Path) -> None:
    found = dependence(tmp_path, 2006, 2010, events=flows(), searches=searches(2006, 2010))
    both_ways = finding(found, "two-way")
    assert both_ways.value == pytest.approx(1 - 4 / 8)  # BRA t1-t4, help, both: 6; ARG t5, both: 2
    assert both_ways.note == "acts given 2006 to 2010: ARG 2, BRA 6; not counted: 1 alleged act"


def test_what_was_not_searched_is_not_monitored(tmp_path: Path) -> None:
    found = dependence(tmp_path, 2006, 2010)
    assert {f.coverage for f in found.found.findings} == {"not monitored"}
    assert {f.value for f in found.found.findings} == {None}


def test_the_trend_of_know_how_and_its_interval(tmp_path: Path) -> None:
    def acts(year: int, sold: int, taught: int) -> list[dict[str, Any]]:
        out = [act(f"s{year}-{i}", "transfer.delivery", str(year), "BRA>ARG", item="x", category="ship") for i in range(sold)]  # fmt: skip
        return out + [act(f"k{year}-{i}", "technology.licence", str(year), "BRA>ARG") for i in range(taught)]

    found = dependence(
        tmp_path, 1991, 2010, events=[*acts(1995, 44, 36), *acts(2005, 14, 56)], searches=searches(1991, 2010)
    )
    trend = finding(found, "know-how.trend")
    assert trend.value == pytest.approx(56 / 70 - 36 / 80)
    assert (round(trend.low, 3), round(trend.high, 3)) == (0.222, 0.461)  # type: ignore[arg-type]
    assert finding(dependence(tmp_path / "b", 2001, 2010), "know-how.trend").note.startswith("the window is shorter")


def test_the_interval_of_a_difference_as_published() -> None:
    # Newcombe 1998, table II, example (a), method 10
    assert [round(v, 4) for v in share_difference(56, 70, 48, 80, z=1.959964)] == [0.2, 0.0524, 0.3339]


def test_the_turn_by_acts(tmp_path: Path) -> None:
    events = [
        act(f"{who}{year}{i}", "transfer.delivery", str(year), way, item="x", category="ship")
        for years, who, way in ((range(2000, 2005), "b", "BRA>ARG"), (range(2006, 2011), "a", "ARG>BRA"))
        for year in years
        for i in range(3)
    ]
    turn = finding(dependence(tmp_path, 2000, 2010, events=events, searches=searches(2000, 2010)), "turn.acts")
    # trailing five years: to 2007 6 of 12 each; to 2008 ARG 9, BRA 3: Wilson from 0.51
    assert ends(turn) == (2008, 2007, 2008)
    assert finding(dependence(tmp_path / "b", 2000, 2004, events=events[:15]), "turn.acts").note.startswith("cannot tell")  # fmt: skip


# --- needs -------------------------------------------------------------------------------------------------------------


def says(id_: str, date: str, topic: str, position: str) -> dict[str, Any]:
    more = {"need_of": "ARG", "topics": [topic], "position": position, "status": "made"}
    return act(id_, "statement.need", date, "BRA>ARG", **more)


def test_needs_against_flows(tmp_path: Path) -> None:
    events = [
        says("lacks-drones", "2006", "drones", "need-drones"),
        says("lacks-engines", "2008", "aircraft-engines", "need-engines"),
        says("lacks-jamming", "2008", "electronic-warfare", "need-jamming"),
        says("has-ships", "2008", "warships", "no-need-warships"),
        act("d1", "transfer.delivery", "2007", "BRA>ARG", item="Drone kits", category="other"),
        act("d2", "transfer.dual-use", "2008", "BRA>ARG", item="motors for drones", category="dual-use"),
        act("long-before", "transfer.delivery", "2000", "BRA>ARG", item="drone", category="other"),
        act("other-way", "transfer.delivery", "2008", "ARG>BRA", item="electronic warfare set", category="other"),
        act("promise", "transfer.contract", "2009", "BRA>ARG", item="RD-33", category="engine"),
        event_row(id="course", type="education.training", title="Course in jamming", date="2009", direction="BRA>ARG"),
    ]
    found = dependence(tmp_path, 2000, 2010, events=events[:-1], searches=searches(2000, 2010))
    met = {n.need: n for n in found.needs if n.state == "ARG"}
    assert (met["drones"].answer, met["drones"].done) == ("filled", ("d1", "d2"))
    assert (met["engines"].answer, met["engines"].promised) == ("partly", ("promise",))
    assert met["electronic-warfare"].answer == "not filled on record"
    assert (met["warships"].answer, met["warships"].denied) == (None, ("has-ships",))
    assert ends(finding(found, "needs.ARG")) == (1, 1, 2)
    assert finding(found, "needs.ARG").note == "of 3 named on record"
    moved = {(m.rule.split(".")[1], m.after): m.value for m in finding(found, "needs.ARG.drones").sensitivity}
    assert moved == {("need-acts", 1): "filled", ("need-acts", 3): "partly", ("need-lead", 2): "filled", ("need-lead", 10): "filled"}  # fmt: skip
    taught = dependence(tmp_path / "b", 2000, 2010, events=events, searches=searches(2000, 2010))
    assert finding(taught, "needs.ARG.electronic-warfare").value == "partly"  # a course is read by its title
    blind = dependence(tmp_path / "c", 2000, 2010, events=events[:4])
    assert finding(blind, "needs.ARG.drones").value == "not monitored"


# --- properties --------------------------------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 60))
def test_two_way_is_symmetric_and_inside_its_interval(a: int, b: int) -> None:
    value, low, high = two_way(a, b)
    assert two_way(b, a) == pytest.approx((value, low, high)) if a + b else value is None
    if value is not None and low is not None and high is not None:
        assert 0 <= low <= value + 1e-9 <= high + 2e-9 <= 1 + 2e-9


@given(st.integers(1950, 2020), st.integers(1, 60), st.integers(1, 12))
def test_blocks_are_the_window(first: int, n: int, length: int) -> None:
    blocks = block_years(range(first, first + n), length)
    assert [y for b in blocks for y in b] == list(range(first, first + n))
    assert all(len(b) == length for b in blocks[1:])


@given(st.floats(0, 1), st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_one_share_bounds_the_concentration(s: float, rest: list[float]) -> None:
    others = [(1 - s) * r / sum(rest) for r in rest]
    low, high = concentration_bounds(s, s)
    assert low - 1e-9 <= s**2 + sum(o**2 for o in others) <= high + 1e-9


# --- the command -------------------------------------------------------------------------------------------------------


def test_the_command_by_itself(tmp_path: Path) -> None:
    folder = write_layer(tmp_path / "mine", figures=net_figures(), events=flows())
    asked = ("dependence", "ARG", "BRA", "--from", "2006", "--to", "2010", "--record", folder)
    found = json.loads(output(*asked, "--format", "json"))
    assert (found["command"], found["dyad"]) == ("dependence", ["ARG", "BRA"])
    by_id = {f["id"]: f for f in found["findings"]}
    assert len(by_id) == len(found["findings"])
    assert by_id["dependence.asymmetry"]["value"] == 0.28
    assert all(f["what_would_change_it"] for f in found["findings"])
    assert output(*asked, "--format", "csv").count("\n") == len(by_id) + 1
    table = output(*asked)
    assert "0.28 (-0.23 to 0.52)" in table
    assert "2006-2010" in table
    assert output("dependence", "BRA", "ARG", *asked[3:]) == table


def test_rules_that_name_what_is_not_there_are_problems(tmp_path: Path) -> None:
    rules = {
        "shares/mine.yaml": {"id": "arms", "label": "x", "part": "arms", "depends": "receiver", "figures": ["shares_of"], "why": "x"},
        "needs/mine.yaml": {"id": "drones", "label": "x", "topics": ["x"], "flows": [{"categories": ["saucer"]}], "why": "x"},
    }  # fmt: skip
    messages = [
        str(p) for p in lint_codebook(load_codebook(write_layer(tmp_path / "mine", codebook=rules) / "codebook"))
    ]
    assert any("arms: names unknown figure 'shares_of'" in m for m in messages)
    assert any("drones: names unknown category 'saucer'" in m for m in messages)


def test_bad_input_is_one_line() -> None:
    assert "later year second" in refusal("dependence", "BRA", "ARG", "--from", "2010", "--to", "2000")
    assert "Freedonia" in refusal("dependence", "BRA", "Freedonia")
