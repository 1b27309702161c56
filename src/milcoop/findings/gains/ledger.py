"""Who gains: the ledger of a pair over a window, with all of its findings (docs/gains.md)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from milcoop.codebook.gain_rule import BREAKING_ISOLATION, COINS
from milcoop.domain.gains import Booking, Gains, RunningTotal, WeightUsed
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.evidence import Evidence
from milcoop.findings.gains.account import Account, add_up
from milcoop.findings.gains.balance import balances, rolling_points, totals, turns
from milcoop.findings.gains.lines import draw_up
from milcoop.findings.gains.making import Maker
from milcoop.findings.gains.outlook import outlooks
from milcoop.findings.gains.posture import find_posture, posture_findings
from milcoop.findings.gains.words import find_together, find_words, together_findings, word_findings


def find_gains(evidence: Evidence) -> Gains:
    """The ledger of a pair over the evidence's window."""
    lines, without_side = draw_up(evidence)
    account = add_up(lines, evidence.years, evidence.codebook)
    maker = Maker(evidence, account)
    together, words, posture = find_together(evidence), find_words(evidence), find_posture(evidence)
    findings = [
        *balances(maker),
        *totals(maker),
        *turns(maker),
        *together_findings(evidence, together),
        *word_findings(evidence, words),
        *outlooks(maker),
        *posture_findings(evidence, posture),
    ]
    return Gains(
        found=evidence.found("gains", findings),
        bookings=_bookings(account, evidence),
        weights=_weights(account, evidence),
        rolling=rolling_points(maker),
        running=_running(account, evidence, maker),
        together=together,
        words=words,
        posture=posture,
        by_hand={
            e.id: rule.why
            for e in evidence.by_type.events
            if (rule := evidence.codebook.gains.get(e.id)) and rule.event
        },
        without_side=without_side,
    )


def _bookings(account: Account, evidence: Evidence) -> tuple[Booking, ...]:
    """One booking an act, state and coin: its years added up, told by the year in which most is booked."""
    lines = account.lines
    if not lines:
        return ()
    keys: dict[tuple[str, int, str], int] = {}
    of = np.array([keys.setdefault((line.event.id, line.side, line.gain.coin), len(keys)) for line in lines])
    best, low, high = (np.bincount(of, a, minlength=len(keys)) for a in (account.amounts, account.low, account.high))
    order = np.lexsort((np.array([line.year for line in lines]), -np.abs(account.amounts), of))
    told = order[np.r_[True, of[order][1:] != of[order][:-1]]]
    found = [
        Booking(
            line.event.id, evidence.dyad.states[line.side], line.gain.coin,
            BREAKING_ISOLATION if line.isolation else line.gain.part, line.rule.id, line.year, amount, least, most,
            line.rule.why if line.rule.event else "",
        )
        for line, amount, least, most in zip(
            (lines[i] for i in told.tolist()), best.tolist(), low.tolist(), high.tolist(), strict=True
        )
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda b: (-abs(b.amount), b.event, b.state)))


def _weights(account: Account, evidence: Evidence) -> tuple[WeightUsed, ...]:
    """Weights that booked something in the window, by coin, the heaviest first."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(account.lines):
        rows[line.key].append(i)
    amounts = account.amounts.tolist()
    found = []
    for key, of_key in rows.items():
        line = account.lines[of_key[0]]
        w = line.weight
        points = {
            state: float(sum(amounts[i] for i in of_key if account.lines[i].side == side))
            for side, state in enumerate(evidence.dyad.states)
        }
        part = BREAKING_ISOLATION if line.isolation else line.gain.part
        ids = tuple(dict.fromkeys(account.lines[i].event.id for i in of_key))
        found.append(
            WeightUsed(key, line.rule.label, line.gain.coin, part, line.gain.to, w.low, w.best, w.high, points, ids)
        )
    return tuple(sorted(found, key=lambda u: (COINS.index(u.coin), -sum(abs(p) for p in u.points.values()), u.key)))


def _running(account: Account, evidence: Evidence, maker: Maker) -> tuple[RunningTotal, ...]:
    acts: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for line in account.lines:
        acts[line.gain.coin, line.side, line.year].append(line.event.id)
    found = []
    for c, coin in enumerate(COINS):
        if maker.coverage(coin) == NOT_MONITORED:
            continue
        points = np.cumsum(account.best.net(c), axis=1)
        for side, state in enumerate(evidence.dyad.states):
            for i, year in enumerate(account.years):
                ids = tuple(dict.fromkeys(acts[coin, side, year]))
                found.append(RunningTotal(coin, year, state, float(points[side, i]), ids))
    return tuple(found)
