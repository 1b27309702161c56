"""What to watch for, as data: regions on the globe, indicators with their triggers, and how odds are shifted."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Point = tuple[Latitude, Longitude]
"""Degrees north, degrees east."""
PATHS = ("growth", "plateau", "decline")
"""What levels may do over the years to come."""


def _day(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError(f"'{value}' is not a day; expected YYYY-MM-DD")
    date.fromisoformat(value)
    return value


class Circle(Entry):
    """All points within a distance of a centre, along great circles."""

    centre: Point
    radius_km: float = Field(gt=0)


class Region(Entry):
    """A part of the globe: a ring of points, a circle, or all that lies north of a parallel (docs/watch.md)."""

    id: str
    label: str
    polygon: tuple[Point, ...] = ()
    """Corners of a ring, not closed; the shorter way round the globe joins one to the next."""
    edges: Literal["straight", "great-circle"] = "straight"
    """How corners are joined: straight in longitude and latitude, or by great circles save along a parallel."""
    circle: Circle | None = None
    north_of: Latitude | None = None
    names: tuple[str, ...] = ()
    """Names of waters that lie in it wholly: an act that a source places there is inside."""
    partly: tuple[str, ...] = ()
    """Names that lie in it in part and are no entry of ``waters``: such an act cannot be told by the name alone."""
    zone_of: str | None = None
    """State whose air defence identification zone it is: an act said to have entered that zone is not outside by vagueness."""
    concerns: tuple[str, ...] = ()
    """States with a coast on it or a claim in it."""
    edge_km: float
    """How far the edge may lie from the limit or coast that it stands for."""
    source: str
    edge: str
    """What the edge means."""

    @model_validator(mode="after")
    def _one_shape(self) -> Region:
        shapes = [bool(self.polygon), self.circle is not None, self.north_of is not None]
        if sum(shapes) != 1:
            raise ValueError("a region is one of 'polygon', 'circle' and 'north_of'")
        if self.polygon and len(self.polygon) < 3:
            raise ValueError("a polygon has at least three corners")
        return self


class Water(Entry):
    """Outer bound of a sea or strait that sources name in place of a point."""

    id: str
    names: tuple[str, ...] = Field(min_length=1)
    polygon: tuple[Point, ...] = Field(min_length=3)
    """Corners of a ring that holds all of it, not closed, joined straight in longitude and latitude."""
    source: str


class Lapse(Entry):
    """When a series or mechanism that was kept up counts as lapsed."""

    times: float
    """Times its rhythm without a round. The rhythm: what the parties announced, else the median time between rounds so far."""
    rounds: int
    """Fewest rounds before a rhythm is taken from them."""
    months_at_least: int
    """Shortest time without a round that is called a lapse."""


class Trigger(Entry):
    """Which acts set an indicator off. All conditions must hold; one that cannot be told leaves the act undecided."""

    select: Selection
    maybe: Selection | None = None
    """Acts that would count if they were true: alleged ones."""
    actors: tuple[str, ...] = ()
    """States that must all take part; empty: the pair whatever it is."""
    flow: Literal["any", "one-way"] = "any"
    """``one-way``: one side gives, the other receives."""
    giver: str | None = None
    words: tuple[str, ...] = ()
    """One must stand in the project, the item, what flows, or the title."""
    places: tuple[str, ...] = ()
    region: str | None = None
    becomes: tuple[str, ...] = ()
    """Statuses that the act has or gets, on the date of the change; the selection's statuses are then not read."""
    moved: bool = False
    """The act brings its project to another stage than before, or is its first."""
    one_sided: bool = False
    """One side does it for the other, or on the soil of one, or it lies in a region that concerns exactly one of the two."""
    first_by: Literal["type", "region"] | None = None
    """The first act of its type, or in its region, on record for the pair."""
    after_years: int = 0
    """Monitored years before the act without which no first is called."""
    lapse: Lapse | None = None


class Times(Entry):
    """How often the sign comes on each path, as times its base rate. Judgement, which history is weighed against."""

    growth: float = Field(gt=0)
    plateau: float = Field(gt=0)
    decline: float = Field(gt=0)
    why: str

    def of(self, path: str) -> float:
        """Times the base rate on one path."""
        return float(getattr(self, path))


class Indicator(Entry):
    """One thing to watch for (docs/watch.md)."""

    id: str
    label: str
    watch: str
    """What to look for, in words."""
    group: str
    """Indicators of one group are likely to be seen together and count as one where odds are combined."""
    trigger: Trigger
    searched: tuple[str, ...]
    """Families that must be searched for quiet to mean that nothing was found."""
    base_years: int = Field(gt=0)
    """Years before the window over which the base rate is taken."""
    horizon: int = Field(gt=0)
    """Months in which the sign should be seen, and over which its absence says something."""
    expires: Annotated[str, AfterValidator(_day)]
    """Last day on which the indicator is read; after it the rule must be argued again."""
    times: Times
    changed_by: str
    """An observable that would set it off."""


class WatchRule(Entry):
    """What all indicators share (docs/watch.md)."""

    id: str
    place_km: dict[Literal["site", "city", "region", "sea", "country"], float]
    """How far the act may have been from the coordinates of its place, by the place's precision."""
    overdue: float
    """Chance of no act in the window, by the base rate, from which on down quiet is called overdue."""
    base_at_least: int
    """Fewest monitored years for a base rate."""
    ahead_years: int
    """Years after a past window over which the path of the levels is taken."""
    memory_years: int
    """Years before the window's end in which the areas must be monitored: the windows of the criteria."""
    areas_at_least: int
    weight: float
    """Weight of the judged times, in acts expected by the base rate."""
    expected_at_least: float
    """Acts expected in past windows on each path from which the times are called history."""
    factor_at_most: float
    """Most that one indicator may multiply or divide the odds of two paths."""
    months_step: int
    base_step: int
    distance_step: float
    """Steps of the variants: months of the horizon, years of the base, times the distances."""
    why: str
