"""From the record to a verdict on one test of alliance (docs/limits.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from milcoop.codebook.limit_rule import LimitTest, VerdictRule
from milcoop.codebook.scale import Scale
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.domain.limit import AGAINST, CONTESTED, MET, NO_OCCASION, NOT_MET, PARTIAL, SILENT, Proof, Verdict
from milcoop.domain.rating import MONITORED, NOT_MONITORED
from milcoop.record.in_force import Span, span_in_force
from milcoop.record.selection import ByType, make_test

ALLEGED = ("alleged",)
READINGS = ("value", "low", "high")


@dataclass(frozen=True)
class Docket:
    """Evidence on one test, of the pair or of one side's conduct, ready for any year and rule."""

    test: LimitTest
    acts: Mapping[int, Sequence[Proof]]
    """By each year that an act touches."""
    spans: Sequence[tuple[Span, Proof]]
    """What is or was in force."""

    def proofs(self, year: int, on: date) -> tuple[Proof, ...]:
        """All evidence of the window and in force on a day, by date."""
        found = {p.event.id: p for y in self._window(year) for p in self.acts.get(y, ())}
        found |= {p.event.id: p for span, p in self.spans if span.holds(on)}
        return tuple(sorted(found.values(), key=lambda p: (p.event.when.first_day, p.event.id)))

    def score(self, year: int, on: date, rule: VerdictRule, reading: str = "value") -> float | None:
        """From 0, all against, to 1, all of what the test asks for; None without evidence."""
        years = [[p for p in self.acts.get(y, ()) if _admitted(p, reading)] for y in self._window(year)]
        mixed = {"value": rule.mixed, "low": 0.0, "high": 1.0}[reading]
        if not self.test.standing:
            return _conduct(years, rule, mixed)
        acts = [p for members in years for p in members]
        held = [p for span, p in self.spans if span.holds(on) and _admitted(p, reading)]
        best = [_grade(p, rule) for p in (*held, *acts) if p.side == "for"]
        if best:
            return max(best)
        return sum(mixed for p in acts if p.side == "mixed") / len(acts) if acts else None

    def _window(self, year: int) -> range:
        return range(year - self.test.window + 1, year + 1)


def make_dockets(test: LimitTest, events: ByType, scale: Scale, dyad: Dyad) -> dict[str, Docket]:
    """Evidence on a test: under each state's own code where conduct is judged, else under an empty one."""
    sides = dyad.states if test.by_side else ("",)
    acts: dict[str, dict[int, list[Proof]]] = {s: defaultdict(list) for s in sides}
    spans: dict[str, list[tuple[Span, Proof]]] = {s: [] for s in sides}
    taken: set[str] = set()
    for line in test.lines:
        for counted in (True, False):
            select = line.select if counted else line.select.model_copy(update={"statuses": ALLEGED})
            for place in make_test(select, scale).places(events):
                event = events.events[place]
                if event.id in taken:
                    continue
                taken.add(event.id)
                proof = Proof(event, line.side, line.grade == "full", line.deed, counted and not line.contested)
                for state in backers(event, dyad) if test.by_side else ("",):
                    if line.counts == "in-force":
                        spans[state].append((span_in_force(event), proof))
                    else:
                        for year in event.when.years:
                            acts[state][year].append(proof)
    return {s: Docket(test, acts[s], spans[s]) for s in sides}


def backers(event: Event, dyad: Dyad) -> tuple[str, ...]:
    """Whose conduct towards the other an act shows: as coded, else who acts by direction, else both."""
    coded = event.values("stance_of")
    if coded:
        return tuple(s for s in dyad.states if s in coded)
    giver = event.direction.partition(">")[0]
    return (giver,) if giver in dyad.states else dyad.states


def judge(
    docket: Docket, year: int, on: date, rule: VerdictRule, coverage: str, occasion: Iterable[Docket] = ()
) -> Verdict:
    """The verdict of a year and its two bounds; ``occasion`` holds the evidence, contested or not, that there was something to judge."""
    proofs = docket.proofs(year, on)
    words = [_word(docket.score(year, on, rule, reading), rule) for reading in READINGS]
    if coverage == NOT_MONITORED or (words[0] is None and coverage != MONITORED):
        return Verdict(year, NOT_MONITORED, NOT_MONITORED, NOT_MONITORED, proofs)
    without = NOT_MET
    if docket.test.occasion and not any(d.proofs(year, on) for d in occasion):
        without = NO_OCCASION
    low, high = (w or without for w in words[1:])
    value = words[0] or (CONTESTED if words[2] else without)
    return Verdict(year, value, low, high, proofs)


def join_sides(verdicts: Sequence[Verdict]) -> Verdict:
    """The pair's verdict from those of its two sides in one year."""
    proofs = {p.event.id: p for v in verdicts for p in v.proofs}
    ordered = tuple(sorted(proofs.values(), key=lambda p: (p.event.when.first_day, p.event.id)))
    return Verdict(
        verdicts[0].year,
        _joined([v.word for v in verdicts]),
        _joined([v.low for v in verdicts]),
        _joined([v.high for v in verdicts]),
        ordered,
    )


def _joined(words: Sequence[str]) -> str:
    said = {w for w in words if w not in SILENT}
    if not said:
        return NO_OCCASION if NO_OCCASION in words else NOT_MONITORED
    if len(said) == 1:
        return said.pop()
    if said & {MET, PARTIAL}:
        return PARTIAL
    return AGAINST if AGAINST in said else CONTESTED


def _word(score: float | None, rule: VerdictRule) -> str | None:
    if score is None:
        return None
    if score >= rule.met_from:
        return MET
    return AGAINST if score <= rule.against_to else PARTIAL


def _admitted(proof: Proof, reading: str) -> bool:
    """Whether a reading counts an act: an allegation only where it goes the reading's way."""
    return (
        proof.counted or (reading == "high" and proof.side == "for") or (reading == "low" and proof.side == "against")
    )


def _grade(proof: Proof, rule: VerdictRule) -> float:
    return 1.0 if proof.full else rule.lesser


def _conduct(years: Sequence[Sequence[Proof]], rule: VerdictRule, mixed: float) -> float | None:
    kept = [deeds or list(members) for members in years if (deeds := [p for p in members if p.deed]) or members]
    if not kept:
        return None
    if rule.each == "acts":
        kept = [[p for members in kept for p in members]]
    scores = []
    for members in kept:
        best = max((_grade(p, rule) for p in members if p.side == "for"), default=1.0)
        support = sum({"for": 1.0, "mixed": mixed, "against": 0.0}[p.side] for p in members)
        scores.append(best * support / len(members))
    return sum(scores) / len(scores)
