"""Tests of alliance over the years of a window: verdicts, what holds back, what officials say, as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from milcoop.codebook.limit_rule import LimitTest, VerdictRule
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.limit import FAILED, MET, SILENT, Held, Limits, TestResult, Verdict
from milcoop.domain.rating import MONITORED, NOT_MONITORED
from milcoop.findings.bounds import wilson_interval
from milcoop.findings.evidence import Evidence
from milcoop.findings.limit_verdicts import Docket, join_sides, judge, make_dockets
from milcoop.record.selection import ByType

WORDS = {"yes": "for", "no": "against", "neither": "mixed"}
ALLIANCE = "alliance"
"""The test on what officials call the relation."""


@dataclass(frozen=True)
class Court:
    """The evidence of a pair, sorted by test once, and judged under any rule."""

    evidence: Evidence
    imported: Sequence[Event] = ()
    """Texts of datasets that a reader imported, by the name at the head of their ids."""

    @cached_property
    def tests(self) -> tuple[LimitTest, ...]:
        """In the order of the codebook."""
        return tuple(self.evidence.codebook.limits.values())

    @property
    def rule(self) -> VerdictRule:
        """The thresholds for all tests."""
        return self.evidence.codebook.verdicts["verdict"]

    @cached_property
    def dockets(self) -> dict[str, dict[str, Docket]]:
        """Evidence by test and side."""
        own = ByType(self.evidence.events)
        with_texts = ByType([*self.evidence.events, *self.imported])
        return {
            t.id: make_dockets(t, with_texts if t.datasets else own, self.evidence.scale, self.evidence.dyad)
            for t in self.tests
        }

    def coverage(self, test: LimitTest, years: range) -> str:
        """Coverage of a test's families; a dataset of all states' treaties is a search."""
        names = {e.chain.rpartition("-")[0] for e in self.imported if e.chain}
        covered = max((d.covers_to for d in test.datasets if d.name in names), default=0)
        if years and covered >= years[-1]:
            return MONITORED
        return self.evidence.coverage(test.families, years)

    def verdict(
        self, test: LimitTest, year: int, rule: VerdictRule, move: int = 0
    ) -> tuple[Verdict, dict[str, Verdict]]:
        """The pair's verdict of a year and those of its sides, with a window ``move`` years longer."""
        on = min(date(year, 12, 31), self.evidence.as_of)
        coverage = self.coverage(test, range(year, year + 1))
        sides = {}
        for state, docket in self.dockets[test.id].items():
            moved = (
                Docket(test.model_copy(update={"window": test.window + move}), docket.acts, docket.spans)
                if move
                else docket
            )
            need = [self.dockets[t][state] for t in test.occasion]
            sides[state] = judge(moved, year, on, rule, coverage, need)
        return join_sides(list(sides.values())), sides if test.by_side else {}

    def result(self, test: LimitTest) -> TestResult:
        """One test over the window."""
        judged = [self.verdict(test, year, self.rule) for year in self.evidence.years]
        verdicts = tuple(pair for pair, _ in judged)
        states = self.evidence.dyad.states if test.by_side else ()
        return TestResult(
            test.id,
            test.label,
            test.question,
            test.partly,
            verdicts,
            {s: tuple(sides[s] for _, sides in judged) for s in states},
            _since(verdicts, lambda v: v.word),
        )


def weigh_limits(evidence: Evidence, imported: Sequence[Event] = ()) -> Limits:
    """All tests of alliance for a pair, with what holds it back."""
    court = Court(evidence, imported)
    results = tuple(court.result(t) for t in court.tests)
    held = tuple(sorted(_holding_back(court, results), key=lambda h: (-h.years, -len(h.events), h.test.id, h.state)))
    words = _words(court)
    findings = [*_overall(court, results, held), *_of_words(court, words)]
    for test, result in zip(court.tests, results, strict=True):
        findings += _of_test(court, test, result)
    read = {p.event.id for r in results for v in r.verdicts for p in v.proofs}
    return Limits(evidence.found("limits", findings), results, held, words, tuple(e for e in imported if e.id in read))


def _since(verdicts: Sequence[Verdict], word: Callable[[Verdict], str]) -> int:
    first = verdicts[-1].year
    for verdict in reversed(verdicts):
        if word(verdict) != word(verdicts[-1]):
            break
        first = verdict.year
    return first


def _holding_back(court: Court, results: Sequence[TestResult]) -> Iterator[Held]:
    for test, result in zip(court.tests, results, strict=True):
        sides = {s: v[-1] for s, v in result.by_state.items()} or {"": result.now}
        for state, verdict in sides.items():
            against = [p.event for p in verdict.proofs if p.side == "against" and p.counted]
            if verdict.word in FAILED and against:
                window = range(verdict.year - test.window + 1, verdict.year + 1)
                years = {y for e in against for y in e.when.years if y in window}
                yield Held(result, state, len(years), tuple(e.id for e in against))


def _words(court: Court) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {w: {} for w in WORDS}
    if ALLIANCE in court.dockets:
        for docket in court.dockets[ALLIANCE].values():
            for year in court.evidence.years:
                for proof in docket.acts.get(year, ()):
                    if proof.counted:
                        found[next(w for w, s in WORDS.items() if s == proof.side)][proof.event.id] = None
    return {w: tuple(ids) for w, ids in found.items()}


def _moves(court: Court, test: LimitTest | None) -> Iterator[tuple[str, VerdictRule, int, float | str, float | str]]:
    """Each rule moved by one step: (rule, thresholds, years on the window, before, after)."""
    rule = court.rule
    for key in ("met_from", "against_to", "lesser", "mixed"):
        for sign in (-1, 1):
            before = getattr(rule, key)
            after = round(before + sign * rule.step, 6)
            if 0 < after < 1:
                yield f"verdicts.{rule.id}.{key}", rule.model_copy(update={key: after}), 0, before, after
    other = "acts" if rule.each == "years" else "years"
    yield f"verdicts.{rule.id}.each", rule.model_copy(update={"each": other}), 0, rule.each, other
    for move in (-1, 1):
        if test is None:
            yield "limits.*.window", rule, move, "as declared", f"{move:+d} year"
        elif test.window + move > 0:
            yield f"limits.{test.id}.window", rule, move, test.window, test.window + move


def _moved(
    court: Court, value: Callable[[VerdictRule, int], float | str], test: LimitTest | None = None
) -> tuple[Moved, ...]:
    return tuple(
        Moved(name, before, after, value(rule, move)) for name, rule, move, before, after in _moves(court, test)
    )


def _number_met(court: Court, rule: VerdictRule, move: int) -> int:
    year = court.evidence.years[-1]
    return sum(_under(court, t, rule, move, year) == MET for t in court.tests)


def _under(court: Court, test: LimitTest, rule: VerdictRule, move: int, year: int) -> str:
    return court.verdict(test, year, rule, move if test.window + move > 0 else 0)[0].word


def _overall(court: Court, results: Sequence[TestResult], held: Sequence[Held]) -> Iterator[Finding]:
    evidence, now = court.evidence, [r.now for r in results]
    judged = [v for v in now if v.word not in SILENT]
    met = [v for v in now if v.word == MET]
    families = sorted({f for t in court.tests for f in t.families})
    coverage = evidence.coverage(families)
    change = "a verdict of one test that turns to met, or from it; see each test"
    ids = tuple(dict.fromkeys(i for v in met for i in v.ids()))
    numbers = [sum(w == MET for w in words) for words in ([v.low for v in now], [v.high for v in now])]
    yield Finding(
        "limits.met", "Tests of alliance met", len(met) if judged else None, numbers[0] if judged else None,
        numbers[1] if judged else None, "tests", ids, coverage if judged else NOT_MONITORED, change,
        _moved(court, lambda rule, move: _number_met(court, rule, move)) if judged else (),
        f"of {len(judged)} with a verdict",
    )  # fmt: skip
    yield Finding(
        "limits.monitored", "Tests with a verdict", len(judged), None, None, "tests", tuple(dict.fromkeys(i for v in judged for i in v.ids())),
        coverage if judged else NOT_MONITORED, "searches of the families of the other tests, or an occasion for them",
        (), f"of {len(now)}",
    )  # fmt: skip
    names = [f"{h.test.id}:{h.state}" if h.state else h.test.id for h in held]
    yield Finding(
        "limits.holding-back", "Failed tests with evidence against, strongest first",
        ", ".join(names) or ("none" if judged else None), None, None, "tests",
        tuple(dict.fromkeys(i for h in held for i in h.events)), coverage if judged else NOT_MONITORED,
        "evidence for on a test that is named", (),
        "ordered by years of the window with evidence against, then by acts",
    )  # fmt: skip


def _of_words(court: Court, words: dict[str, tuple[str, ...]]) -> Iterator[Finding]:
    evidence = court.evidence
    ids = tuple(i for found in words.values() for i in found)
    coverage = evidence.coverage(["statement"])
    total = len(ids)
    silent = "" if total else "no statement on alliance on record in the window"
    for name, said in (("", "yes"), *((f".{w}", w) for w in words)):
        n = len(words[said])
        low, high = wilson_interval(n, total)
        yield Finding(
            f"limits.words{name}", f"Statements on alliance that say {said}", n / total if total else None,
            low if total else None, high if total else None, "share", words[said] if name else ids, coverage,
            "statements of officials that say yes, or no longer no", (), silent or f"{n} of {total}",
        )  # fmt: skip


def _of_test(court: Court, test: LimitTest, result: TestResult) -> Iterator[Finding]:
    years = court.evidence.years
    window = range(years[-1] - test.window + 1, years[-1] + 1)
    coverage = court.coverage(test, window)
    now = result.now
    head = f"limits.{test.id}"
    unseen = now.word == NOT_MONITORED
    yield Finding(
        head, test.label, None if unseen else now.word, None if unseen else now.low, None if unseen else now.high,
        "verdict", now.ids(), NOT_MONITORED if unseen else coverage, test.would_change,
        () if unseen else _moved(court, lambda rule, move: _under(court, test, rule, move, years[-1]), test), test.question,
    )  # fmt: skip
    others = {_since(result.verdicts, lambda v: v.low), _since(result.verdicts, lambda v: v.high)}
    since = None if unseen else result.since
    low, high = (None, None) if unseen or now.open else (min(result.since, *others), max(result.since, *others))
    yield Finding(
        f"{head}.since", f"{test.label}: year of the present verdict", since, low, high, "year", now.ids(),
        NOT_MONITORED if unseen else coverage, test.would_change, (), "years not monitored break the run",
    )  # fmt: skip
    for state, verdicts in result.by_state.items():
        last = verdicts[-1]
        none = last.word == NOT_MONITORED
        yield Finding(
            f"{head}.{state}", f"{test.label}: conduct of {state}", None if none else last.word,
            None if none else last.low, None if none else last.high, "verdict", last.ids(),
            NOT_MONITORED if none else coverage, test.would_change,
        )  # fmt: skip
    for verdict in result.changes:
        none = verdict.word == NOT_MONITORED
        yield Finding(
            f"{head}.{verdict.year}", f"{test.label} in {verdict.year}", None if none else verdict.word,
            None if none else verdict.low, None if none else verdict.high, "verdict", verdict.ids(),
            court.coverage(test, range(verdict.year, verdict.year + 1)), test.would_change,
        )  # fmt: skip
