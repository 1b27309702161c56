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
    """One booking an act, state and coin: its years added up."""
    whole: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    amounts, lows, highs = (a.tolist() for a in (account.amounts, account.low, account.high))
    for i, line in enumerate(account.lines):
        whole[line.event.id, line.side, line.gain.coin].append(i)
    found = []
    for rows in whole.values():
        line = (
            account.lines[max(rows, key=lambda i: (abs(amounts[i]), -account.lines[i].year))]
            if len(rows) > 1
            else account.lines[rows[0]]
        )
        best, low, high = (sum(a[i] for i in rows) for a in (amounts, lows, highs))
        part = BREAKING_ISOLATION if line.isolation else line.gain.part
        state = evidence.dyad.states[line.side]
        reason = line.rule.why if line.rule.event else ""
        found.append(
            Booking(line.event.id, state, line.gain.coin, part, line.rule.id, line.year, best, low, high, reason)
        )
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
