"""Verdicts on tests of alliance, with the evidence for and against that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from milcoop.domain.event import Event
from milcoop.domain.finding import FindingSet
from milcoop.domain.rating import NOT_MONITORED

MET, PARTIAL, CONTESTED, NOT_MET, AGAINST, NO_OCCASION = (
    "met",
    "partly",
    "contested",
    "not met",
    "against",
    "no occasion",
)
FAILED = frozenset({NOT_MET, AGAINST})
SILENT = frozenset({NO_OCCASION, NOT_MONITORED})
"""Words that say that there was nothing to judge."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One act or text that bears on a test."""

    event: Event
    side: str
    """``for``, ``mixed`` or ``against``."""
    full: bool
    """Of evidence for: whether it is the whole of what the test asks for."""
    deed: bool
    counted: bool
    """Whether it took place by the record; what is only alleged, and a denial of it, moves the interval alone."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence of a window says on one test in one year."""

    year: int
    word: str
    low: str
    """The verdict with everything contested read against the partner."""
    high: str
    """The same read for it."""
    proofs: tuple[Proof, ...]
    """All that bears on it in the window or is in force, contested acts included, by date."""

    @property
    def open(self) -> bool:
        """Whether contested evidence decides."""
        return not self.low == self.word == self.high

    def latest(self, side: str) -> Event | None:
        """The newest act that counts on one side, of what a test asks for in full where there is any; None without one."""
        acts = [p for p in self.proofs if p.side == side and p.counted]
        best = max(acts, key=lambda p: (p.full, p.event.when.first_day, p.event.id), default=None)
        return best.event if best else None

    @property
    def cited(self) -> tuple[str, ...]:
        """The newest evidence on each side."""
        return tuple(e.id for e in map(self.latest, ("for", "against", "mixed")) if e)

    def ids(self, *sides: str) -> tuple[str, ...]:
        """Ids of its evidence, of some sides only where they are given."""
        return tuple(p.event.id for p in self.proofs if not sides or p.side in sides)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test over the years of the window."""

    __test__ = False  # no test case

    id: str
    label: str
    question: str
    partly: str
    """What ``partly`` means on it."""
    verdicts: tuple[Verdict, ...]
    """Of the pair, by year."""
    by_state: Mapping[str, tuple[Verdict, ...]]
    """Of each side's conduct, by year; empty where the test is of the pair."""
    since: int
    """First year of the present verdict without a break."""

    @property
    def now(self) -> Verdict:
        """At the window's last year."""
        return self.verdicts[-1]

    @property
    def changes(self) -> tuple[Verdict, ...]:
        """The first year, and those in which the verdict differs from the year before."""
        found = self.verdicts
        return found[:1] + tuple(v for before, v in pairwise(found) if v.word != before.word)

    def newest(self, side: str) -> Event | None:
        """The latest act that counts on one side, up to the window's end; None where there is none."""
        return next((e for v in reversed(self.verdicts) if (e := v.latest(side))), None)


@dataclass(frozen=True)
class Held:
    """A test that fails with evidence against it: a named limit."""

    test: TestResult
    state: str
    """Whose conduct; empty where the test is of the pair."""
    years: int
    """Years of the window with evidence against."""
    events: tuple[str, ...]
    """The evidence against, by date."""


@dataclass(frozen=True)
class Limits:
    """All tests of alliance for one pair."""

    found: FindingSet
    tests: tuple[TestResult, ...]
    holding_back: tuple[Held, ...]
    """Strongest first."""
    words: Mapping[str, tuple[str, ...]]
    """``yes``, ``no``, ``neither`` -> statements on alliance in the window."""
    imported: tuple[Event, ...]
    """Texts of imported datasets that a test reads."""

    @property
    def monitored(self) -> bool:
        """Whether any test has a verdict in any year."""
        return any(v.word not in SILENT for t in self.tests for v in t.verdicts)
