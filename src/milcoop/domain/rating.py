"""What the criteria give: results of criteria, ratings by area and year, the whole."""

from __future__ import annotations

from dataclasses import dataclass

MONITORED, PARTLY, NOT_MONITORED = "monitored", "partly", "not monitored"
NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion at one date: the value found, the threshold, and the events that decide it."""

    id: str
    level: int
    text: str
    met: bool
    value: float
    threshold: float
    window: int | None
    events: tuple[str, ...]
    """Ids of events, or of figures where the criterion reads a figure."""
    implied_by: tuple[str, ...] = ()
    """Ids of arrangements in force that imply the criterion, where its own value falls short."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Level of one area of a dyad at one date. ``level`` is None when not monitored or not applicable."""

    id: str
    area: str
    year: int
    on: str
    level: int | None
    label: str
    coverage: str
    variants_kept: int | None
    variants: int | None
    criteria: tuple[CriterionResult, ...]
    skipped: tuple[int, ...]
    """Rungs above the level whose own criteria are met although a lower rung's are not."""
    events: tuple[str, ...]
    """Events that decide the level: those of the met criteria of rungs up to the level."""


@dataclass(frozen=True, slots=True)
class OverallRating:
    """Median of the monitored areas at one date, and the stage; None with fewer areas than the scale asks."""

    year: int
    level: float | None
    stage: str | None
    areas_counted: int
