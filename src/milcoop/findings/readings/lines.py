"""What each line of evidence shows: a fact, another finding or a measure of acts, with its interval, or why it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

from milcoop.codebook.readings_rule import ActsOf, Line, WeighingRule
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY
from milcoop.domain.readings import Fact
from milcoop.findings.bounds import Z_90, poisson_interval, wilson_interval
from milcoop.findings.evidence import Evidence
from milcoop.record.selection import ByType, select_events

USUAL_WINDOW = 5
"""Years of the window that ``fewest_years`` speaks of."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Value of a line with its interval; without a value, why it is missing."""

    value: float | str | None
    low: float | str | None = None
    high: float | str | None = None
    coverage: str = MONITORED
    events: tuple[str, ...] = ()
    why_not: str = ""


def show_lines(
    evidence: Evidence, facts: Mapping[str, Fact], findings: Mapping[str, Finding], rule: WeighingRule
) -> dict[str, Shown]:
    """Value of every line by id; one that another line holds is missing where that line is known."""
    acts, lines = _Acts(evidence, rule), evidence.codebook.lines
    shown = {line.id: _show(line, evidence, facts, findings, acts) for line in lines.values()}
    held = [x for x in lines.values() if x.part_of is not None and shown[x.part_of].value is not None]
    return shown | {
        x.id: Shown(None, coverage=shown[x.id].coverage, events=shown[x.id].events, why_not=f"counted in {x.part_of}")
        for x in held
    }


def outcome_of(line: Line, value: float | str, moved: Mapping[int, float] | None = None) -> int | None:
    """Place of the outcome that a value falls into; None for a word that no outcome has.

    A directed line has 0 points to the first state, 1 to neither, 2 to the second. ``moved`` replaces edges by their place.
    """
    if isinstance(value, str):
        return next((i for i, o in enumerate(line.outcomes) if value in o.words), None)
    edges = edges_of(line) | dict(moved or {})
    if line.directed:
        return 1 if abs(value) < edges[0] else 0 if value > 0 else 2
    return next((i for i, edge in sorted(edges.items()) if value < edge), len(line.outcomes) - 1)


def edges_of(line: Line) -> dict[int, float]:
    """Edges between the outcomes by place; of a directed line its half width, at place 0; none for words."""
    if line.even_within is not None:
        return {0: line.even_within}
    return {i: o.below for i, o in enumerate(line.outcomes) if o.below is not None}


def _show(
    line: Line, evidence: Evidence, facts: Mapping[str, Fact], findings: Mapping[str, Finding], acts: _Acts
) -> Shown:
    if line.acts is not None:
        return acts.show(line.acts)
    if line.fact is not None:
        return _of_fact(line, facts.get(line.fact))
    first, second = evidence.dyad.states
    names = [str(n).format(first=first, second=second) for n in (line.finding, line.minus) if n is not None]
    return _of_findings(line, [(n, findings.get(n)) for n in names])


def _of_fact(line: Line, fact: Fact | None) -> Shown:
    if fact is None:
        return Shown(None, coverage=NOT_MONITORED, why_not="not monitored")
    if fact.value is None:
        return Shown(None, coverage=fact.coverage, why_not=fact.why_not or fact.coverage)
    if fact.coverage == PARTLY and outcome_of(line, fact.value) != line.size - 1:
        return Shown(None, coverage=PARTLY, events=fact.events, why_not="only a lower bound: partly monitored")
    return Shown(fact.value, fact.low, fact.high, fact.coverage, fact.events)


def _of_findings(line: Line, named: Sequence[tuple[str, Finding | None]]) -> Shown:
    found: list[Finding] = []
    for name, finding in named:
        if finding is None:
            return Shown(None, coverage=NOT_MONITORED, why_not=f"no finding {name}")
        if finding.value is None:
            return Shown(None, coverage=finding.coverage, why_not=_why_no_value(finding))
        found.append(finding)
    events = tuple(dict.fromkeys(e for f in found for e in f.events))
    coverage = found[0].coverage if len({f.coverage for f in found}) == 1 else PARTLY
    value = found[0].value
    if line.words:
        if not isinstance(value, str) or outcome_of(line, value) is None:
            return Shown(None, coverage=coverage, why_not=f"the answer is '{value}'")
        least, most = (e if isinstance(e, str) else None for e in (found[0].low, found[0].high))
        return Shown(value, least, most, coverage, events)
    numbers = [n for f in found if (n := _numbers(f)) is not None]
    if len(numbers) < len(found):
        return Shown(None, coverage=coverage, why_not=f"the answer is '{value}'")
    ends = numbers[0]
    for less in numbers[1:]:
        ends = ends[0] - less[2], ends[1] - less[1], ends[2] - less[0]
    low, best, high = ends if line.positive == "first" else (-ends[2], -ends[1], -ends[0])
    return Shown(best, low, high, coverage, events)


def _why_no_value(finding: Finding) -> str:
    return NOT_MONITORED if finding.coverage == NOT_MONITORED else f"no value, {finding.coverage}"


def _numbers(finding: Finding) -> tuple[float, float, float] | None:
    """Low, value and high; shares in percent as shares of one. None where the value is a word."""
    if isinstance(finding.value, str) or finding.value is None:
        return None
    scale = 0.01 if finding.unit.startswith("percent") else 1.0
    value = float(finding.value)
    ends = [float(v) if isinstance(v, int | float) else value for v in (finding.low, finding.high)]
    return ends[0] * scale, value * scale, ends[1] * scale


class _Acts:
    """Measures of acts over the last years of the window that have ended and were searched."""

    def __init__(self, evidence: Evidence, rule: WeighingRule) -> None:
        self._evidence, self._rule = evidence, rule
        self._by_type = ByType(evidence.events)

    def show(self, of: ActsOf) -> Shown:
        """Value of a measure with its interval."""
        families, last = of.select.named_families, self._evidence.ended
        years = range(last - of.years + 1, last + 1)
        now = self._monitored(families, years)
        before = (
            self._monitored(families, range(years.start - of.years, years.start)) if of.measure == "change" else now
        )
        asked = years if of.measure != "change" else range(years.start - of.years, years.stop)
        coverage = self._evidence.coverage(families, asked)
        if not now or not before:
            return Shown(None, coverage=coverage, why_not="not monitored in enough years")
        acts = select_events(self._by_type, of.select, self._evidence.scale)
        if of.measure == "number":
            return _number([e for e in acts if any(_touches(e, y) for y in now)], coverage)
        here = [e for e in acts if e.when.start.year in now]
        if of.measure == "rate":
            return _rate(here, len(now), coverage)
        if of.measure == "share":
            return self._share(of, here, coverage)
        if of.measure == "lean":
            return self._lean(of, here, coverage)
        return self._change(here, [e for e in acts if e.when.start.year in before], len(now), len(before), coverage)

    def _monitored(self, families: frozenset[str], years: range) -> set[int]:
        """Searched years of the window asked for; none where they are too few."""
        found = {y for y in years if y in self._evidence.years and self._evidence.monitored(families, y)}
        return found if len(found) >= ceil(self._rule.fewest_years * len(years) / USUAL_WINDOW) else set()

    def _share(self, of: ActsOf, acts: list[Event], coverage: str) -> Shown:
        values = [(e, e.values(of.field or "")) for e in acts]
        known = [(e, v) for e, v in values if v]
        yes = sum(not set(of.values).isdisjoint(v) for _, v in known)
        if len(known) < self._rule.fewest_acts:
            return Shown(None, coverage=coverage, why_not=f"too few acts with a known {of.field}")
        low = wilson_interval(yes, len(acts))[0]
        high = wilson_interval(yes + len(acts) - len(known), len(acts))[1]
        return Shown(yes / len(known), low, high, coverage, tuple(e.id for e, _ in known))

    def _lean(self, of: ActsOf, acts: list[Event], coverage: str) -> Shown:
        first, second = self._evidence.dyad.states
        pointed = [(e, s) for e in acts if (s := _points_to(e, of.points_by or "")) in (first, second)]
        if len(pointed) < self._rule.fewest_acts:
            return Shown(None, coverage=coverage, why_not="too few acts with a known direction")
        to_first = sum(s == first for _, s in pointed)
        low, high = wilson_interval(to_first, len(pointed))
        lean = 2 * to_first / len(pointed) - 1
        return Shown(lean, 2 * low - 1, 2 * high - 1, coverage, tuple(e.id for e, _ in pointed))

    def _change(self, now: list[Event], before: list[Event], n_now: int, n_before: int, coverage: str) -> Shown:
        if len(now) + len(before) < self._rule.fewest_acts:
            return Shown(None, coverage=coverage, why_not="too few acts in both windows")
        a, b = len(now) + 0.5, len(before) + 0.5
        ratio, half = (a / n_now) / (b / n_before), Z_90 * sqrt(1 / a + 1 / b)
        ends = exp(log(ratio) - half), exp(log(ratio) + half)
        return Shown(ratio, *ends, coverage, tuple(e.id for e in (*before, *now)))


def _number(acts: list[Event], coverage: str) -> Shown:
    return Shown(float(len(acts)), float(len(acts)), float(len(acts)), coverage, tuple(e.id for e in acts))


def _rate(acts: list[Event], years: int, coverage: str) -> Shown:
    low, high = poisson_interval(len(acts))
    return Shown(len(acts) / years, low / years, high / years, coverage, tuple(e.id for e in acts))


def _touches(event: Event, year: int) -> bool:
    """Whether an act was going on in a year; one without an end goes on."""
    end = year if event.when.end is None else event.when.end.year
    return event.when.start.year <= year <= end


def _points_to(event: Event, by: str) -> str | None:
    """The state that an act points to: the receiver, or the state that a field names; None where unknown."""
    if by == "receiver":
        return event.direction.partition(">")[2] or None
    values = event.values(by)
    return values[0] if len(values) == 1 else None
