"""The ledger of gains of a pair: what each act brought to whom, in which coin, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from milcoop.domain.finding import FindingSet

RISING, LEVEL, FALLING = "rising", "level", "falling"
TOO_FEW_YEARS = "too few searched years in a row"
"""Note of a turn that cannot be told."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One gain or cost of one state from one act, in points of a coin."""

    event: str
    state: str
    coin: str
    part: str
    rule: str
    year: int
    """Year in which most of it is booked."""
    amount: float
    low: float
    high: float
    """The amount with the weight and all factors at their ends."""
    by_hand: str = ""
    """The reason of the person who set it; empty where a rule did."""


@dataclass(frozen=True, slots=True)
class WeightUsed:
    """A weight as it stands in the codebook, with what it brought in the window."""

    key: str
    """``supply-delivered.receiver.systems``, with ``.isolated`` where it is that for a state under an embargo."""
    label: str
    coin: str
    part: str
    to: str
    low: float
    best: float
    high: float
    points: Mapping[str, float]
    """ISO3 -> points booked by it."""
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BalancePoint:
    """The balance of a coin over the years that end with one; None where a year of them was not searched."""

    coin: str
    year: int
    value: float | None
    low: float | None
    high: float | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """Net points of a state in a coin since the window began."""

    coin: str
    year: int
    state: str
    points: float
    events: tuple[str, ...]
    """Acts of the year."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A capability of both and the acts that show it."""

    id: str
    label: str
    why: str
    events: tuple[str, ...]
    unsure: tuple[str, ...]
    """Acts only announced or alleged, or whose field no page tells."""


@dataclass(frozen=True, slots=True)
class Word:
    """One statement on the partner, with the sense its position was given."""

    event: str
    speaker_state: str
    kind: str
    position: str
    sense: int | None
    """1 well, 0 neither, -1 ill; None where the position has none in the codebook."""
    of: str
    """``partner`` or ``need``."""


@dataclass(frozen=True, slots=True)
class Posture:
    """An act or figure at the shared border."""

    id: str
    kind: str
    """forces, ceiling, inspections, moved, beside, agreement, posture, inspection."""
    year: int
    state: str
    """ISO3, ``both``, or empty where no row says whose."""
    low: float | None
    best: float | None
    high: float | None
    unit: str
    title: str
    zone: str = ""


@dataclass(frozen=True)
class Gains:
    """The ledger with its findings."""

    found: FindingSet
    bookings: tuple[Booking, ...]
    """Of the window, the weightiest first."""
    weights: tuple[WeightUsed, ...]
    rolling: tuple[BalancePoint, ...]
    running: tuple[RunningTotal, ...]
    together: tuple[Shown, ...]
    words: tuple[Word, ...]
    posture: tuple[Posture, ...]
    by_hand: Mapping[str, str]
    """Event -> reason of the person who set its gains."""
    without_side: int
    """Acts in the window that a rule takes but whose direction no row gives."""
