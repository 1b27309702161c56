"""Competing readings of a pair: lines of evidence with what they show, and how probable each reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from milcoop.domain.finding import FindingSet, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the assessment that lines of evidence read."""

    value: float | None
    low: float | None
    high: float | None
    coverage: str
    events: tuple[str, ...]
    why_not: str = ""
    """Why it has no value, in words."""


@dataclass(frozen=True, slots=True)
class Account:
    """A reading, or a directed reading of one of the two states, with its chance."""

    id: str
    """``alliance``; ``dependence.AAA`` for a directed reading of a state."""
    reading: str
    state: str | None
    label: str
    prior: float
    posterior: float
    low: float
    high: float
    """Ends of 90 percent over redraws of what was judged and measured."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line of evidence: what it shows, or why it is missing, and what that says of each account."""

    id: str
    label: str
    bundle: str
    directed: bool
    value: Value
    low: Value
    high: Value
    coverage: str
    events: tuple[str, ...]
    outcome: str | None
    """Id of what is seen (on a directed line the state it points to, or ``even``); None where the line is missing."""
    outcome_label: str
    outcome_low: str | None
    outcome_high: str | None
    """What the ends of the value's interval would show."""
    why_not: str
    weight: float
    """Power of its likelihoods; of a missing line the power that it would add."""
    chances: Mapping[str, float]
    """Account -> chance of what is seen; empty where missing."""
    decibans: Mapping[str, float]
    """Account -> weighted evidence for (+) or against (-) it, against the mean of readings; empty where missing."""
    spread: float
    """Decibans between the best and the worst named reading, undiscounted; 0 where missing."""
    bits: float
    """Mutual information of reading and outcome under the priors."""
    telling: float
    """Weighted information, in bits, that a missing line would give on the two leading readings alone."""
    speaks: Mapping[str, str]
    """Of the two leading accounts -> the outcome that speaks most for it."""

    @property
    def measured(self) -> str:
        """The value to two digits, without its sign where the outcome names the state that it points to; empty for words."""
        if self.value is None or isinstance(self.value, str):
            return ""
        return f"{abs(self.value) if self.directed else self.value:.2f}"

    @property
    def open(self) -> bool:
        """Whether an end of the value's interval shows another outcome."""
        return any(end not in (None, self.outcome) for end in (self.outcome_low, self.outcome_high))


@dataclass(frozen=True, slots=True)
class Readings:
    """All of it for one pair."""

    found: FindingSet
    accounts: tuple[Account, ...]
    """Each reading, a directed one for each state. Empty where there is nothing to weigh."""
    totals: tuple[Account, ...]
    """Each reading, both of its states together."""
    lines: tuple[SeenLine, ...]
    answer: str | None
    """Account or reading, ``cannot tell``, or None where nothing is weighed."""
    why_not: str
    """Why nothing is weighed, or why one cannot tell."""
    leading: tuple[str, ...]
    """The two likeliest named readings, each as its likeliest account."""
    says_nothing: float
    """Decibans below which an outcome fits all."""

    @property
    def known(self) -> tuple[SeenLine, ...]:
        """Lines with an outcome, the most telling first."""
        return tuple(sorted((x for x in self.lines if x.outcome is not None), key=lambda x: (-x.spread, x.id)))

    @property
    def diagnostic(self) -> tuple[SeenLine, ...]:
        """Known lines that tell readings apart."""
        return tuple(x for x in self.known if x.spread >= self.says_nothing)

    @property
    def silent(self) -> tuple[SeenLine, ...]:
        """Known lines whose outcome fits all readings."""
        return tuple(x for x in self.known if x.spread < self.says_nothing)

    @property
    def missing(self) -> tuple[SeenLine, ...]:
        """Lines without an outcome, those first that would tell the two leading readings apart best."""
        return tuple(sorted((x for x in self.lines if x.outcome is None), key=lambda x: (-x.telling, x.id)))

    def account(self, account_id: str) -> Account:
        """The account, or the reading with both states together, with this id. Raises KeyError."""
        for account in (*self.accounts, *self.totals):
            if account.id == account_id:
                return account
        raise KeyError(account_id)
