"""What a source does not say is not read: one direction of trade, the day of a year, acts of years nobody searched."""

from __future__ import annotations

from pathlib import Path

import pytest

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
