"""Shocks, and what counts as a lull and how its causes are weighed, as data."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import field_validator

from milcoop.codebook.entries import Entry, Labels
from milcoop.codebook.scale import Selection

Ratio = Literal["fell", "held"]


class ShockCitation(Entry):
    """A page that gives a shock's dates."""

    url: str
    publisher: str
    title: str
    date: str | None
    language: str
    accessed: str


class Shock(Entry):
    """Something dated from outside that makes some acts costly: a pandemic, a war, sanctions, a reform of forces."""

    id: str
    label: Labels
    start: str
    """ISO 8601 at the precision known."""
    end: str | None = None
    """Last day; None while it goes on."""
    states: tuple[str, ...] = ()
    """ISO3 of the states that it hits; empty: all."""
    hits: Selection
    """Acts that it makes costly."""
    why: str
    citations: tuple[ShockCitation, ...]

    @field_validator("start", "end")
    @classmethod
    def _dated(cls, value: str | None) -> str | None:
        if value is not None:
            if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
                raise ValueError(f"'{value}' is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD")
            date.fromisoformat((value + "-01-01")[:10])
        return value


class Reading(Entry):
    """One explanation of a lull: which lines of evidence it expects to have fallen, and its prior."""

    id: str
    joint: Ratio = "fell"
    cheap: Ratio
    costly_hit: Ratio
    costly_spared: Ratio
    partners: Ratio
    prior: float
    """Where a shock speaks for circumstances."""
    prior_without_shock: float
    what: str


class LullRule(Entry):
    """When a lull is called, and how its causes are weighed (docs/trajectory.md)."""

    id: str
    select: Selection
    """Joint acts whose lulls are looked for."""
    cheap: Selection
    """Acts that cost the willing little."""
    online: Selection
    """Those of them that took place online, shown beside."""
    costly: Selection
    """Acts that cost means, apart from the joint acts."""
    control: tuple[str, ...]
    """Families in which each side's acts with others are counted."""
    lengths: tuple[int, ...]
    """Months of the windows tried; whole years, so that seasons cancel."""
    base_months: int
    """Most months on either side that say what was expected."""
    before_at_least: int
    after_at_least: int
    at_most: float
    """Share of the expected acts that a lull has at most."""
    expected_at_least: float
    false_alarm: float
    """Share of made-up series without a lull in which one is found."""
    simulations: int
    fell: tuple[float, ...]
    held: tuple[float, ...]
    readings: tuple[Reading, ...]
    shock_share: float
    """By how much a shock's share of the lull's months exceeds that of the base for it to speak for circumstances."""
    query_power: float
    """Power of the change in queries that the change in found acts follows."""
    page_weight: float
    """Acts by which pages per act in a lull are drawn to those of the base."""
    partner_months: int
    """Fewest months of the base in which a pair must be monitored for its acts to serve as a control."""
    odds: float
    """Odds of a reading against all others together from which it is the answer."""
    why: str

    def ratios(self, kind: Ratio) -> tuple[float, ...]:
        """Ratios of the rate in a lull to that of the base."""
        return self.fell if kind == "fell" else self.held
