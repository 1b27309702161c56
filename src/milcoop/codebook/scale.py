"""The scale as data: areas, rungs, criteria, and the filters and measures that criteria are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import model_validator

from milcoop.codebook.entries import Entry, Labels

Measure = Literal["events", "years", "groups", "in_force", "groups_in_force", "figure"]


class Selection(Entry):
    """A filter over events. All conditions must hold; ``any`` holds when one of its members does."""

    families: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    types_not: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = {}
    """Field -> values; one coded value must be among them. Unknown is not among them."""
    has: str | None = None
    """A field, ``mechanism`` or ``series`` that must be known."""
    any_parties: bool = False
    """Drop the scale's limit on the number of parties."""
    parties_at_most: int | None = None
    """A limit of the selection's own, in place of the scale's."""
    statuses: tuple[str, ...] = ()
    """Statuses that count; empty: those the scale calls realised."""
    any: tuple[Selection, ...] = ()

    @property
    def named_families(self) -> frozenset[str]:
        """Families that it reads; empty when it names none."""
        named = {*self.families, *(t.partition(".")[0] for t in self.types)}
        return frozenset(named.union(*(s.named_families for s in self.any)))


class TotalCitation(Entry):
    """The page that gives a published total."""

    url: str
    publisher: str
    title: str
    date: str
    language: str
    accessed: str


class PublishedTotal(Entry):
    """A count published by others: the number, the period, the rule as stated, and the rule as a selection."""

    id: str
    publisher: str
    dyad: tuple[str, str]
    period: str
    low: float | None = None
    best: float | None = None
    high: float | None = None
    stated: str
    """The rule in the source's sense, our words."""
    rule: Selection
    note: str = ""
    citation: TotalCitation


class FigureSelection(Entry):
    """Names of figures to read, in either direction between the two states."""

    names: tuple[str, ...]


class Criterion(Entry):
    """An observable condition for a level: a selection, a measure on a trailing window, a threshold.

    Measures: ``events`` acts that touch the window; ``years`` years of the window with at least ``per_year``
    acts; ``groups`` values of ``by`` found in at least ``years_each`` years of the window; ``in_force`` texts or
    arrangements in force on the date; ``groups_in_force`` values of ``by`` among those; ``figure`` the largest value
    of the named figures that touch the window.
    """

    id: str
    text: str
    select: Selection | None = None
    figure: FigureSelection | None = None
    measure: Measure
    at_least: float
    step: float = 1
    """Step of the threshold's variants."""
    window: int | None = None
    """Years, counted back from the rating's year inclusive."""
    per_year: int = 1
    by: str | None = None
    years_each: int = 1
    implied_by: Selection | None = None
    """Arrangements that, while in force, hold what the criterion asks for, so that it is met without single acts."""

    @model_validator(mode="after")
    def _complete(self) -> Criterion:
        if (self.select is None) == (self.figure is None):
            raise ValueError("a criterion has either 'select' or 'figure'")
        if (self.measure == "figure") != (self.figure is not None):
            raise ValueError("measure 'figure' goes with 'figure'")
        if (self.measure in ("in_force", "groups_in_force")) != (self.window is None):
            raise ValueError("a window goes with every measure but those 'in force'")
        if (self.measure in ("groups", "groups_in_force")) != (self.by is not None):
            raise ValueError("'by' goes with the measures of groups")
        return self


class Rung(Entry):
    """One step of an area's ladder: all its criteria must be met."""

    level: int
    label: str
    why: str
    criteria: tuple[Criterion, ...]


class NotApplicable(Entry):
    """When an area has no meaning for a dyad."""

    why: str
    criterion: Criterion


class Area(Entry):
    """An issue area with its ladder."""

    id: str
    label: Labels
    stage: str
    families: tuple[str, ...]
    """Families that must be searched for the area to be monitored."""
    rungs: tuple[Rung, ...]
    not_applicable: NotApplicable | None = None


class OverallRule(Entry):
    """How the whole is made of the areas."""

    at_least_areas: int
    stage_level: int


class Include(Entry):
    """Areas taken from another scale, with the stage each has here."""

    scale: str
    stages: Mapping[str, str]


class Scale(Entry):
    """An ordinal scale of areas. Another file is another scale."""

    id: str
    version: str
    committed_on: date
    title: str
    sources: tuple[str, ...]
    levels: tuple[str, ...]
    """Labels from level 0 up."""
    stages: tuple[str, ...]
    """From early to advanced."""
    overall: OverallRule
    max_parties: int
    realised: tuple[str, ...]
    """Statuses of acts that took place."""
    areas: tuple[Area, ...]
    include: Include | None = None

    def area(self, area_id: str) -> Area:
        """The area with this id."""
        return next(a for a in self.areas if a.id == area_id)

    def criteria(self) -> dict[str, Criterion]:
        """All criteria by id."""
        return {c.id: c for a in self.areas for r in a.rungs for c in r.criteria}
