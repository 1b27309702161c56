"""The nouns of the record: citation, event, figure, search. Frozen; one event is one act."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from milcoop.domain.dates import PartialDate, When


def plain_number(value: float) -> str:
    """A number in full digits, never in scientific notation; no trailing ``.0``."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reader needs to find the source of a claim."""

    key: str
    url: str
    publisher: str
    title: str
    date: PartialDate | None
    """Publication date; None when the page shows none."""
    language: str
    accessed: PartialDate

    @property
    def known_by(self) -> datetime.date:
        """Day by which the page was surely public: the end of its date, or of the day it was opened."""
        return (self.date or self.accessed).last_day


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One dated status of an act, with the citations that tell of it."""

    status: str
    date: PartialDate
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One coded value; several of a field stand side by side where sources conflict."""

    value: str
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A cited amount as low, best and high; None is unknown."""

    name: str
    low: float | None
    best: float | None
    high: float | None
    unit: str
    cite: tuple[str, ...] = ()

    def __str__(self) -> str:
        low, best, high = (plain_number(v) if v is not None else "" for v in (self.low, self.best, self.high))
        return f"{self.name}={low}/{best}/{high} {self.unit}"


OWN = frozenset({"mechanism", "series", "type", "family", "status", "place", "chain"})
"""Attributes of an event that selections read as fields."""


@dataclass(frozen=True)
class Event:
    """One act between states, with its citations. Source of truth for every count."""

    id: str
    type: str
    title: str
    participants: tuple[str, ...]
    when: When
    status: str
    citations: tuple[Citation, ...]
    history: tuple[StatusChange, ...] = ()
    observers: tuple[str, ...] = ()
    direction: str = "both"
    """``GIV>REC`` in ISO3, or ``both``."""
    place: str | None = None
    series: str | None = None
    ordinals: tuple[tuple[str, int], ...] = ()
    """Official numbers in the series: (who numbers, number); who is ISO3 or empty."""
    mechanism: str | None = None
    chain: str | None = None
    fields: Mapping[str, tuple[FieldValue, ...]] | None = None
    quantities: tuple[Quantity, ...] = ()
    note: str = ""
    credibility: int = 6
    """Admiralty credibility of the account, 1 confirmed to 6 cannot be judged."""
    graded: bool = False
    """Whether the credibility was computed from the citations, not given by a coder."""
    coding: str = ""
    """How it was coded, by whom, and what it was checked against."""
    where_stored: str = ""

    @cached_property
    def family(self) -> str:
        """First part of the type."""
        return self.type.partition(".")[0]

    @cached_property
    def public_on(self) -> PartialDate:
        """Date of the earliest citation; the earliest access date when no page shows a date."""
        dated = [c.date for c in self.citations if c.date]
        return min(dated or [c.accessed for c in self.citations], key=lambda d: (d.last_day, d.text))

    def values(self, name: str) -> tuple[str, ...]:
        """Coded values of a field; of ``mechanism``, ``series``, ``type``, ``family`` too. Empty is unknown."""
        if name in OWN:
            value = getattr(self, name)
            return (value,) if value else ()
        found = self.fields.get(name) if self.fields else None
        return tuple([v.value for v in found]) if found else ()


@dataclass(frozen=True)
class Figure:
    """A cited yearly or dated value that is no act: trade, arms share, force levels, published counts."""

    id: str
    name: str
    participants: tuple[str, ...]
    direction: str
    when: When
    low: float | None
    best: float | None
    high: float | None
    unit: str
    title: str
    citations: tuple[Citation, ...]
    note: str = ""
    where_stored: str = ""

    @cached_property
    def public_on(self) -> PartialDate:
        """Date of the earliest citation; the earliest access date when no page shows a date."""
        dated = [c.date for c in self.citations if c.date]
        return min(dated or [c.accessed for c in self.citations], key=lambda d: (d.last_day, d.text))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was looked for and not found: known or expected, but without a page."""

    id: str
    dyad: tuple[str, str]
    families: tuple[str, ...]
    years: range
    what: str
    on: PartialDate
    where_stored: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An event or figure that was in the record and is no longer, with the reason. Its id is never used again."""

    id: str
    title: str
    on: PartialDate
    reason: str
    see: str | None = None
    """The row that stands in its place."""
    where_stored: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One query of the search protocol: what was looked for, where, and what came back."""

    id: str
    dyad: tuple[str, str]
    families: tuple[str, ...]
    years: range
    language: str
    query: str
    on: PartialDate
    came_back: str
    not_found: str = ""
    where_stored: str = ""
