"""Message against substance of one pair: scored acts, yearly words and deeds, shared concerns, and the findings made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from milcoop.domain.finding import FindingSet

JOINT, PARALLEL, UNKNOWN = "joint", "side by side", "unknown"


@dataclass(frozen=True, slots=True)
class Interval:
    """A score or sum with its bounds; ``value`` None where nothing of it is known."""

    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ActScore:
    """One exercise or operation with both scores, each 0 to 1."""

    id: str
    year: int
    operational: Interval
    message: Interval
    unknown_operational: float
    """Share of the operational weight that no page tells."""
    unknown_message: float
    joint: str
    """``joint``, ``side by side`` or ``unknown``."""


@dataclass(frozen=True, slots=True)
class ComponentUse:
    """One component as it was used: its rule in words, on how many acts it is known, its mean and slope."""

    id: str
    score: str
    label: str
    rule: str
    weight: float
    known: int
    mean: float | None
    slope: float | None
    """Slope a year of the component; None where it does not enter the trend."""


@dataclass(frozen=True, slots=True)
class WeightUse:
    """One weight of words or deeds as it was used, with the acts that took it."""

    id: str
    kind: str
    label: str
    low: float
    best: float
    high: float
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignalYear:
    """One year: acts, their scores, words and deeds. None where the families were not searched, or no act tells."""

    year: int
    acts: tuple[str, ...]
    frequency: int | None
    operational: float | None
    services: float | None
    """Mean number of services taking part, where told."""
    services_known: tuple[str, ...]
    words: Interval | None
    word_events: tuple[str, ...]
    deeds: Interval | None
    deed_events: tuple[str, ...]
    words_standard: float | None
    """Words of the year, standardised over the searched years."""
    deeds_standard: float | None


@dataclass(frozen=True, slots=True)
class ConcernUse:
    """One threat or third party, and who names it."""

    id: str
    label: str
    kind: str
    by_state: Mapping[str, tuple[str, ...]]
    """State -> its officials' statements that name it."""
    joint: tuple[str, ...]
    """Joint texts that name it."""

    @property
    def shared(self) -> bool:
        """Whether a joint text or both sides name it."""
        return bool(self.joint) or all(self.by_state.values())

    @property
    def events(self) -> tuple[str, ...]:
        """All texts that name it."""
        return (*self.joint, *(i for ids in self.by_state.values() for i in ids))


@dataclass(frozen=True)
class Signals:
    """Everything that ``milcoop signals`` says of a pair and window."""

    found: FindingSet
    trend: range
    """Ended years that trends run over."""
    acts: tuple[ActScore, ...]
    """By date."""
    years: tuple[SignalYear, ...]
    components: tuple[ComponentUse, ...]
    weights: tuple[WeightUse, ...]
    concerns: tuple[ConcernUse, ...]
    declined: Mapping[str, tuple[str, ...]]
    """State -> refusals and limits by its officials."""

    def extremes(self, n: int) -> tuple[tuple[ActScore, ...], tuple[ActScore, ...]]:
        """At most n acts that show the most substance, and n others that can hold the least, the most extreme first.

        By the lower bound of the operational score and by its upper bound, so that what is unknown makes no extreme.
        """
        most = sorted(self.acts, key=lambda a: (-a.operational.low, a.id))[:n]
        least = sorted((a for a in self.acts if a not in most), key=lambda a: (a.operational.high, a.id))[:n]
        return tuple(most), tuple(least)
