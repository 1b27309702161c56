"""The lull test: when did joint activity fall clearly, and was it circumstances or will?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from milcoop.codebook.lull_rule import LullRule, Shock
from milcoop.codebook.scale import Scale, Selection
from milcoop.domain.dates import PartialDate, parse_date
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Search
from milcoop.domain.lull import Closest, Lull, LullTest, month_text
from milcoop.record.selection import make_test, select_events
from milcoop.trajectory.lull_readings import JOINT, PARTNERS, Counted, most_picked, reporting_change, tell_apart, weigh
from milcoop.trajectory.lull_scan import Floats, Scan, Window, scan_lulls, score, sides

JOINT_ACTS = "joint exercises and operations"
Months = frozenset[int]


@dataclass(frozen=True)
class Searched:
    """One pair of states: its events and searches, and when a family was monitored."""

    dyad: Dyad
    events: Sequence[Event]
    searches: Sequence[Search]
    monitored: Callable[[str, int], bool]
    """Whether a family was monitored in a year."""


@dataclass(frozen=True)
class LullQuestion:
    """Whose lulls are looked for, in which acts, with what beside."""

    pair: Searched
    others: Sequence[Searched]
    """Every other pair on record that shares one state with it."""
    series: str
    area: str
    """Area whose acts they are; empty for joint exercises and operations."""
    acts: Sequence[Event]
    families: frozenset[str]
    """Families that must be monitored for a year of the series to count."""
    scale: Scale
    ends: date


@dataclass(frozen=True)
class _Span:
    """Months of a lull and of its base."""

    lull: Months
    base: Months

    @property
    def years(self) -> set[int]:
        return {m // 12 for m in self.lull | self.base}


def find_lulls(question: LullQuestion, rule: LullRule, shocks: Iterable[Shock], seed: int) -> LullTest:
    """Lulls of a series with their competing readings. A run too short to have one is left out."""
    least = rule.before_at_least + min(rule.lengths)
    spans = [r for r in _monitored_runs(question) if len(r) >= least]
    if not spans:
        why = f"no unbroken run of {least} monitored months"
        return LullTest(question.series, question.area, (), len(question.acts), 1.0, None, (), why_not=why)
    runs = [_monthly(question.acts, span) for span in spans]
    scan = scan_lulls(runs, rule, seed)
    lulls = tuple(
        _lull(question, rule, tuple(shocks), scan, window, spans[window.run], runs[window.run])
        for window in sorted(scan.windows, key=lambda w: spans[w.run].start + w.start)
    )
    told = tuple((month_text(s.start), month_text(s[-1])) for s in spans)
    n = sum(bool(_weights(e).keys() & {m for s in spans for m in s}) for e in question.acts)
    return LullTest(
        question.series, question.area, told, n, scan.dispersion, scan.threshold, lulls, _closest(scan, spans, runs)
    )


def _closest(scan: Scan, spans: Sequence[range], runs: Sequence[Floats]) -> Closest | None:
    if scan.lowest is None:
        return None
    window = scan.lowest
    first = spans[window.run].start + window.start
    count = float(runs[window.run][window.start : window.start + window.length].sum())
    return Closest(month_text(first), month_text(first + window.length - 1), count, window.z)


def _lull(
    question: LullQuestion,
    rule: LullRule,
    shocks: Sequence[Shock],
    scan: Scan,
    window: Window,
    span: range,
    run: Floats,
) -> Lull:
    lull = range(span.start + window.start, span.start + window.start + window.length)
    before, after = sides(window.start, window.length, len(run), rule)
    base = frozenset(span.start + m for side in (before, after) for m in side)
    months = _Span(frozenset(lull), base)
    speaking = [s for s in shocks if _speaks(s, question, months, rule)]
    joint = _counted(JOINT, question.series, question.acts, months, question.pair, question.families, rule)
    counted = [joint, *_own_lines(question, rule, speaking, months), *_partner_lines(question, rule, months)]

    expected = [float(run[list(side)].sum()) * len(lull) / len(side) for side in (before, after) if side]
    share = len(lull) / len(base)

    def scores(count: int) -> float:
        return score(count, joint.base, share, scan.dispersion)

    picked = max(most_picked(scores, scan.threshold, rule.at_most, min(expected)), int(np.ceil(joint.count)))
    lines, priors, posterior, answer = weigh(counted, rule, scan.dispersion, picked, bool(speaking))
    return Lull(
        first=lull.start,
        months=len(lull),
        base_first=min(base),
        base_last=max(base),
        count=joint.count,
        expected=joint.expected,
        z=window.z,
        open_end=not after,
        shocks=tuple(s.id for s in speaking),
        lines=lines,
        priors=priors,
        posterior=posterior,
        answer=answer,
        tell_apart=tell_apart(lines, posterior),
    )


def _own_lines(question: LullQuestion, rule: LullRule, speaking: Sequence[Shock], months: _Span) -> list[Counted]:
    """Cheap acts, and costly ones that a shock hits and spares; joint acts are in neither."""
    scale, pair = question.scale, question.pair
    joint = {e.id for e in question.acts}
    hit_by = [make_test(s.hits, scale) for s in speaking]
    cheap, costly = make_test(rule.cheap, scale), make_test(rule.costly, scale)
    online = make_test(rule.online, scale)
    lines: dict[str, list[Event]] = {"cheap": [], "costly hit": [], "costly spared": []}
    for event in pair.events:
        if event.id in joint or not (cheap(event) or costly(event)):
            continue
        hit = any(test(event) for test in hit_by)
        spared = "cheap" if cheap(event) else "costly spared" if speaking else "costly hit"
        lines["costly hit" if hit else spared].append(event)
    n_online = [e.id for e in lines["cheap"] if online(e) and set(_weights(e)) & months.lull]
    said = {
        "cheap": "acts cheap for the willing (consultations, statements)",
        "costly hit": "costly acts that the shock hits" if speaking else "costly acts (deliveries, visits, training)",
        "costly spared": "costly acts that the shock spares (deliveries, visits, training)",
    }
    of_cheap, of_costly = rule.cheap.named_families, rule.costly.named_families
    families = {
        "cheap": of_cheap,
        "costly hit": of_costly | of_cheap if speaking else of_costly,
        "costly spared": of_costly,
    }
    return [
        _counted(
            name, said[name], events, months, pair, families[name], rule,
            note=f"{len(n_online)} of them by video or phone" if name == "cheap" and n_online else "",
        )
        for name, events in lines.items()
        if speaking or name != "costly spared"
    ]  # fmt: skip


def _partner_lines(question: LullQuestion, rule: LullRule, months: _Span) -> list[Counted]:
    """Exercises and operations of each side with others, over pairs that were monitored through lull and base."""
    control = Selection(families=rule.control, types_not=rule.select.types_not)
    lines = []
    for state in question.pair.dyad.states:
        (other,) = set(question.pair.dyad.states) - {state}
        seen: set[str] = set()
        parts: list[Counted] = []
        for pair in question.others:
            if state not in pair.dyad.states:
                continue
            known = {y for y in months.years if all(pair.monitored(f, y) for f in rule.control)}
            base = frozenset(m for m in months.base if m // 12 in known)
            if {m // 12 for m in months.lull} - known or len(base) < rule.partner_months:
                continue
            acts = [
                e for e in select_events(pair.events, control, question.scale)
                if other not in e.participants and e.id not in seen
            ]  # fmt: skip
            seen |= {e.id for e in acts}
            span = _Span(months.lull, base)
            parts.append(_counted(pair.dyad.id, "", acts, span, pair, frozenset(rule.control), rule))
        lines.append(_pooled(f"{PARTNERS} {state}", f"exercises and operations of {state} with others", parts))
    return lines


def _pooled(line_id: str, what: str, parts: Sequence[Counted]) -> Counted:
    """Lines of several pairs as one; reporting is their mean, weighed by what each led to expect."""
    if not parts:
        return Counted(line_id, what, 0, 0, 0, 1, why_not="not monitored")
    base, expected = sum(p.base for p in parts), sum(p.expected for p in parts)
    note = ", ".join(p.id for p in parts)
    if not expected:
        return Counted(line_id, what, 0, 0, 0, 1, why_not=f"none on record around the lull ({note})")
    reporting = sum(p.expected * p.reporting for p in parts) / expected
    return Counted(
        line_id,
        what,
        sum(p.count for p in parts),
        base,
        expected / base,
        reporting,
        tuple(i for p in parts for i in p.events),
        tuple(i for p in parts for i in p.base_events),
        note=note,
    )


def _counted(
    line_id: str,
    what: str,
    events: Sequence[Event],
    months: _Span,
    pair: Searched,
    families: frozenset[str],
    rule: LullRule,
    note: str = "",
) -> Counted:
    """Acts of a line in lull and base, of families monitored throughout both; and the change of reporting."""
    known = {f for f in families if all(pair.monitored(f, y) for y in months.years)}
    share = len(months.lull) / len(months.base)
    if not known:
        return Counted(line_id, what, 0, 0, share, 1, why_not="not monitored")
    events = [e for e in events if e.family in known]
    count, base = _sum(events, months.lull), _sum(events, months.base)
    reporting = _reporting(pair, known, months, rule)
    ids, base_ids = _ids(events, months.lull), _ids(events, months.base)
    why_not = "" if base else "none on record around the lull"
    return Counted(line_id, what, count, base, share, reporting, ids, base_ids, why_not, note)


def _reporting(pair: Searched, families: set[str], months: _Span, rule: LullRule) -> float:
    """Change of reporting from base to lull: queries for these families a month, and pages per act of the pair."""
    found = []
    for span in (months.lull, months.base):
        queries = {
            y: sum(bool(families & set(s.families)) and y in s.years for s in pair.searches)
            for y in {m // 12 for m in span}
        }
        acts = pages = 0.0
        for event in pair.events:
            weight = sum(w for m, w in _weights(event).items() if m in span)
            acts, pages = acts + weight, pages + weight * len(event.citations)
        found.append((sum(queries[m // 12] for m in span) / len(span), pages, acts))
    (q, p, a), (q0, p0, a0) = found
    return reporting_change((q, q0), (p, p0), (a, a0), rule)


def _speaks(shock: Shock, question: LullQuestion, months: _Span, rule: LullRule) -> bool:
    """Whether a shock hits the acts and a state over the lull and much less over the months around."""
    if not shock.hits.named_families & question.families:
        return False
    if shock.states and not set(shock.states) & set(question.pair.dyad.states):
        return False
    first = _month(parse_date(shock.start).first_day)
    last = _month(parse_date(shock.end).last_day) if shock.end else max(months.lull | months.base)
    inside = [sum(first <= m <= last for m in span) / len(span) for span in (months.lull, months.base)]
    return inside[0] - inside[1] >= rule.shock_share


def _monitored_runs(question: LullQuestion) -> list[range]:
    """Unbroken runs of months in monitored years, up to the last month that has ended."""
    pair = question.pair
    years = sorted({y for s in pair.searches for y in s.years})
    years = [y for y in years if all(pair.monitored(f, y) for f in question.families)]
    stop = _month(question.ends + timedelta(days=1))
    runs: list[range] = []
    for year in years:
        span = range(year * 12, min(year * 12 + 12, stop))
        if runs and runs[-1].stop == span.start:
            runs[-1] = range(runs[-1].start, span.stop)
        elif len(span):
            runs.append(span)
    return runs


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _weights(event: Event) -> dict[int, float]:
    """Months in which an act may have begun, with their shares."""
    start: PartialDate = event.when.start
    first, last = _month(start.first_day), _month(start.last_day)
    return dict.fromkeys(range(first, last + 1), 1 / (last - first + 1))


def _monthly(events: Iterable[Event], span: range) -> Floats:
    counts = np.zeros(len(span))
    for event in events:
        for month, weight in _weights(event).items():
            if month in span:
                counts[month - span.start] += weight
    return counts


def _sum(events: Iterable[Event], months: Months) -> float:
    return sum(w for e in events for m, w in _weights(e).items() if m in months)


def _ids(events: Iterable[Event], months: Months) -> tuple[str, ...]:
    return tuple(e.id for e in events if months & _weights(e).keys())
