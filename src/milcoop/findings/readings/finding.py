"""Weigh the readings of a pair against its evidence, and say so as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from milcoop.codebook.finding_lint import lint_readings
from milcoop.codebook.readings_rule import Line
from milcoop.codebook.states import name_of
from milcoop.domain.finding import CANNOT_TELL, Finding
from milcoop.domain.likelihood import chance, likelihood
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY
from milcoop.domain.readings import Account, Fact, Readings, SeenLine
from milcoop.errors import InvalidCodebook
from milcoop.findings.evidence import Evidence
from milcoop.findings.readings.lines import outcome_of, show_lines
from milcoop.findings.readings.sensitivity import Variation, moved_edges, vary
from milcoop.findings.readings.weighing import Floats, Weighing, information

COMMAND = "readings"
ENDS = (0.05, 0.95)
"""Share of redraws below the ends of the interval."""


def weigh_readings(evidence: Evidence, facts: Mapping[str, Fact], findings: Mapping[str, Finding]) -> Readings:
    """Which reading the evidence supports (docs/readings.md).

    ``facts`` are numbers of the assessment by name (``level.command``, ``direction.command.expansion``); ``findings`` those of other
    commands by id. What is absent or without a value is missing and has no weight. Raises InvalidCodebook for a line without chances for
    a reading, and other rules that do not fit together.
    """
    codebook = evidence.codebook
    for kind, entry, message in lint_readings(codebook):
        raise InvalidCodebook(f"{kind}: {entry} {message}")
    rule = codebook.weighing["weighing"]
    weighing = Weighing(codebook, rule, evidence.dyad, show_lines(evidence, facts, findings, rule))
    nothing = _why_nothing(weighing, facts)
    draws = weighing.redraw() if not nothing else None
    answer = None if nothing else weighing.answer(weighing.posterior)
    result = Readings(
        found=evidence.found(COMMAND, ()),
        accounts=() if draws is None else tuple(_account(weighing, draws, h.id) for h in weighing.hypotheses),
        totals=() if draws is None else tuple(_account(weighing, draws, r) for r in codebook.readings),
        lines=tuple(_describe(weighing, line) for line in codebook.lines.values()),
        answer=answer,
        why_not=nothing or (_why_cannot_tell(weighing) if answer == CANNOT_TELL else ""),
        leading=() if nothing else tuple(weighing.hypotheses[i].id for i in weighing.leading),
        says_nothing=rule.says_nothing,
    )
    variations = () if nothing else tuple(vary(weighing))
    return replace(result, found=evidence.found(COMMAND, _findings(result, weighing, variations)))


def _why_nothing(weighing: Weighing, facts: Mapping[str, Fact]) -> str:
    """Why no reading is weighed at all; empty where they are."""
    if not weighing.known:
        return NOT_MONITORED
    needed = facts.get(weighing.rule.needs)
    if needed is not None and needed.value is not None and needed.value < weighing.rule.needs_at_least:
        return "no partnership to read: the whole is below the lowest level"
    return ""


def _why_cannot_tell(weighing: Weighing) -> str:
    rule = weighing.rule
    if weighing.too_few:
        return f"fewer than {rule.fewest_lines} lines, or lines of fewer than {rule.fewest_bundles} bundles, are known"
    return f"no reading has odds of {rule.odds:g} to one against all others together"


def label_of(weighing: Weighing, account: str) -> str:
    """A reading in words, a directed one with its state."""
    reading, _, state = account.partition(".")
    label = weighing.codebook.readings[reading].label
    return f"{label}: {name_of(weighing.codebook, state)}" if state else label


def _account(weighing: Weighing, draws: Floats, account: str) -> Account:
    low, high = np.quantile(weighing.total(draws, account), ENDS)
    reading, _, state = account.partition(".")
    return Account(
        id=account,
        reading=reading,
        state=state or None,
        label=label_of(weighing, account),
        prior=float(weighing.total(weighing.prior(), account)),
        posterior=float(weighing.total(weighing.posterior, account)),
        low=float(low),
        high=float(high),
    )


def _describe(weighing: Weighing, line: Line) -> SeenLine:
    shown = weighing.shown[line.id]
    seen = weighing.outcomes.get(line.id)
    ids = [h.id for h in weighing.hypotheses]
    chances = weighing.chances(line)
    weight = weighing.added_weight(line)
    if seen is not None:
        weight = float(weighing.weights()[weighing.known.index(line)])
    ends = [None if e is None else outcome_of(line, e) for e in (shown.low, shown.high)]
    return SeenLine(
        id=line.id,
        label=line.label,
        bundle=line.bundle,
        directed=line.directed,
        value=shown.value,
        low=shown.low,
        high=shown.high,
        coverage=shown.coverage,
        events=shown.events,
        outcome=None if seen is None else outcome_ids(line, weighing)[seen],
        outcome_label="" if seen is None else outcome_labels(line, weighing)[seen],
        outcome_low=None if seen is None or ends[0] is None else outcome_ids(line, weighing)[ends[0]],
        outcome_high=None if seen is None or ends[1] is None else outcome_ids(line, weighing)[ends[1]],
        why_not=shown.why_not,
        weight=weight,
        chances={} if seen is None else {i: float(c) for i, c in zip(ids, chances[:, seen], strict=True)},
        decibans={} if seen is None else {i: float(d) for i, d in zip(ids, weighing.decibans(line), strict=True)},
        spread=0.0 if seen is None else weighing.spread(line),
        bits=information(weighing.prior(), chances),
        telling=weighing.telling(line) if seen is None else 0.0,
        speaks=_speaks(weighing, line, chances) if seen is None else {},
    )


def outcome_ids(line: Line, weighing: Weighing) -> list[str]:
    """Ids of a line's outcomes; of a directed line the two states, with ``even`` between."""
    first, second = weighing.dyad.states
    return [first, "even", second] if line.directed else [o.id for o in line.outcomes]


def outcome_labels(line: Line, weighing: Weighing) -> list[str]:
    """Outcomes of a line in words."""
    if not line.directed:
        return [o.label for o in line.outcomes]
    first, second = (line.points.format(state=name_of(weighing.codebook, s)) for s in weighing.dyad.states)
    return [first, line.neither, second]


def _speaks(weighing: Weighing, line: Line, chances: Floats) -> dict[str, str]:
    """Of the two leading hypotheses, the outcome that speaks most for each against the other; none where none does."""
    a, b = weighing.leading
    ratios = chances[a] / chances[b]
    if np.allclose(ratios, 1):
        return {}
    labels = outcome_labels(line, weighing)
    return {
        weighing.hypotheses[a].id: labels[int(ratios.argmax())],
        weighing.hypotheses[b].id: labels[int(ratios.argmin())],
    }


# --- findings -----------------------------------------------------------------------------------------------------------


def _findings(result: Readings, weighing: Weighing, variations: Sequence[Variation]) -> Iterator[Finding]:
    coverage = _coverage(result.lines)
    events = tuple(dict.fromkeys(e for line in result.known for e in line.events))
    yield _answer(result, weighing, variations, coverage, events)
    directed = [h.id for h in weighing.hypotheses if h.side is not None]
    for account in (*weighing.codebook.readings, *directed):
        yield _of_reading(result, weighing, variations, account, coverage, events)
    yield _list(
        "diagnostic", "Lines that tell the readings apart", result.diagnostic, coverage,
        "another outcome of a line that now fits all", f"best against worst reading {result.says_nothing:g} decibans or more, the widest first",
    )  # fmt: skip
    yield _list(
        "says-nothing", "Lines that fit every reading", result.silent, coverage,
        "another outcome of the line, where one would tell readings apart", f"best against worst reading below {result.says_nothing:g} decibans",
    )  # fmt: skip
    yield _list(
        "missing", "Lines without evidence", result.missing, coverage, "searches of the families that the lines read",
        "; ".join(f"{x.id}: {x.why_not}" for x in result.missing),
    )  # fmt: skip
    telling = () if not result.leading else tuple(x for x in result.missing if x.telling > 0)
    yield _list(
        "tells-apart", "Missing lines that would tell the two leading readings apart", telling, coverage,
        "the evidence itself", "; ".join(f"{x.id}: {x.telling:.2f} bit" for x in telling),
    )  # fmt: skip
    for line in result.lines:
        yield _of_line(weighing, line)


def _coverage(lines: Sequence[SeenLine]) -> str:
    grades = {line.coverage for line in lines}
    if grades <= {MONITORED}:
        return MONITORED
    return NOT_MONITORED if all(line.outcome is None for line in lines) else PARTLY


def _list(name: str, label: str, lines: Sequence[SeenLine], coverage: str, change: str, note: str) -> Finding:
    value = "; ".join(line.id for line in lines) or None
    events = tuple(dict.fromkeys(e for line in lines for e in line.events))
    return Finding(
        f"{COMMAND}.{name}", label, value, None, None, "lines", events, coverage, change, (), note if lines else "none"
    )


def _answer(
    result: Readings, weighing: Weighing, variations: Sequence[Variation], coverage: str, events: tuple[str, ...]
) -> Finding:
    moved = [v.moved(weighing.answer(v.posterior, v.odds)) for v in variations]
    told = [m for v, m in zip(variations, moved, strict=True) if v.reading is None or m.value != result.answer]
    note = result.why_not
    if result.answer is not None:
        kept = sum(m.value == result.answer for m in moved)
        note = f"{note}; " if note else ""
        note += (
            f"{kept} of {len(moved)} moves of one rule keep it; moves of single chances are listed where they do not"
        )
    change = _change(weighing, result.leading[0]) if result.leading else "evidence for any line"
    return Finding(
        f"{COMMAND}.answer", "Reading that the evidence supports", result.answer, None, None, "reading", events, coverage, change,
        tuple(told), note,
    )  # fmt: skip


def _of_reading(
    result: Readings,
    weighing: Weighing,
    variations: Sequence[Variation],
    account: str,
    coverage: str,
    events: tuple[str, ...],
) -> Finding:
    name, label = f"{COMMAND}.{account}", label_of(weighing, account)
    label = label[0].upper() + label[1:]
    if not result.accounts:
        change = "evidence for any line"
        return Finding(name, label, None, None, None, "probability", (), coverage, change, (), result.why_not)
    found = result.account(account)
    moves = tuple(
        v.moved(float(weighing.total(v.posterior, account)))
        for v in variations
        if v.odds is None and v.reading in (None, found.reading)
    )
    return Finding(
        name, label, found.posterior, found.low, found.high, "probability", events, coverage, _change(weighing, account),
        moves, f"{likelihood(found.posterior)}; prior {chance(found.prior)}",
    )  # fmt: skip


def _change(weighing: Weighing, account: str) -> str:
    """The other outcome of one known line that would move an account furthest."""
    now = float(weighing.total(weighing.posterior, account))
    best: tuple[float, float, Line, int] | None = None
    for line in weighing.known:
        chances = weighing.chances(line)
        for place in range(line.size):
            if place != weighing.outcomes[line.id]:
                posterior = weighing.solve(log_seen=weighing.with_row(line, chances[:, place]))
                p = float(weighing.total(posterior, account))
                if best is None or abs(p - now) > best[0]:
                    best = abs(p - now), p, line, place
    if best is None:
        return "evidence for any line"
    _, p, line, place = best
    label = outcome_labels(line, weighing)[place]
    return f"{line.observable}: with '{label}' for {line.id} it would be {chance(p)}, now {chance(now)}"


def _of_line(weighing: Weighing, line: SeenLine) -> Finding:
    rule = weighing.codebook.lines[line.id]
    note = line.why_not
    moves = []
    if line.outcome is not None and line.value is not None:
        said = ", ".join(f"{a} {d:+.1f}" for a, d in line.decibans.items())
        note = f"{line.outcome_label} ({line.measured or line.value}); decibans at weight {line.weight:.2f}: {said}"
        ids = outcome_ids(rule, weighing)
        for name, before, after, edges in moved_edges(rule):
            place = outcome_of(rule, line.value, edges)
            moves.append(
                Variation(name, before, after, weighing.posterior).moved(None if place is None else ids[place])
            )
    return Finding(
        f"{COMMAND}.{line.id}", line.label, line.outcome, line.outcome_low, line.outcome_high, "outcome", line.events,
        line.coverage, rule.observable, tuple(moves), note,
    )  # fmt: skip
