"""What a source does not say is not read: one direction of trade, the day of a year, acts of years nobody searched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import output
from tests.findings.test_dependence import dependence, ends, finding, flows, share


def test_exports_alone_are_no_share_of_trade(tmp_path: Path) -> None:
    figures = [
        share("trade", "BRA>ARG", "2009", "share_of_goods_trade", best=4),
        share("exports", "BRA>ARG", "2010", "share_of_goods_exports", best=2),
        share("goods", "BRA>ARG", "2011", "share_of_goods_imports", best=20),
    ]
    trade = finding(dependence(tmp_path, 2000, 2012, figures=figures), "trade.ARG")
    assert (ends(trade), trade.events) == ((0.04, 0.04, 0.04), ("trade",))


def test_exports_and_imports_do_not_conflict(tmp_path: Path) -> None:
    figures = [
        share("exports", "BRA>ARG", "2010", "share_of_goods_exports", best=10),
        share("goods", "BRA>ARG", "2010", "share_of_goods_imports", low=18, best=20, high=25),
    ]
    trade = finding(dependence(tmp_path, 2000, 2012, figures=figures), "trade.ARG")
    assert ends(trade) == (pytest.approx(0.15), 0.1, 0.25)
    assert "conflict" not in trade.note
    assert "exports and imports bound it" in trade.note


def test_a_year_is_no_younger_than_its_august(tmp_path: Path) -> None:
    figures = [share("august", "BRA>ARG", "2010-08", best=90), share("year", "BRA>ARG", "2010", best=80)]
    assert ends(finding(dependence(tmp_path, 2000, 2012, figures=figures), "arms.BRA>ARG")) == (pytest.approx(0.85), 0.8, 0.9)  # fmt: skip


def test_acts_met_where_nobody_searched_give_no_share_and_no_turn(tmp_path: Path) -> None:
    found = dependence(tmp_path, 2006, 2010, events=flows())
    block = found.blocks[-1]
    assert block.classed > 0
    for name in ("two-way", "composition.know-how", "turn.acts"):
        assert ends(finding(found, name)) == (None, None, None)
    assert finding(found, "turn.acts").note.endswith("no run of searched years in the window")


def test_conflicting_newest_shares_say_so(tmp_path: Path) -> None:
    figures = [share("a", "BRA>ARG", "2014", best=40), share("b", "BRA>ARG", "2014", low=50, best=None)]
    found = finding(dependence(tmp_path, 2000, 2020, figures=figures), "arms.BRA>ARG")
    assert ends(found) == (0.45, 0.4, 1.0)  # 50 or more: at 50, up to all
    assert "conflict (0.4, 0.5)" in found.note
    assert found.note.startswith("medium to high")


def test_the_table_fits_a_terminal_and_says_not_monitored() -> None:
    table = output("dependence", "RUS", "CHN", "--from", "2005", "--to", "2024")
    assert max(map(len, table.splitlines())) <= 120
    assert "Russia rests more on China" in table
    assert output("dependence", "FRA", "PER").count("\n") == 3
