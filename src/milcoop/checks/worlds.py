"""Made-up pairs of states whose acts are all known, and what two lists of pages show of them.

Exercises and operations fall in each year as a Poisson number. Each stands on either of two lists of pages with a given
chance and is found when it stands on one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np

from milcoop.codebook.entries import UncertaintyRule
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale
from milcoop.domain.dates import PartialDate, When
from milcoop.domain.dyad import make_dyad
from milcoop.domain.event import Citation, Event, FieldValue
from milcoop.domain.rating import MONITORED
from milcoop.measure.counts import Floats
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating
from milcoop.measure.detection import estimate_detection
from milcoop.measure.montecarlo import Evidence, MonteCarlo

AREA = "exercises"
YEARS = range(1991, 2021)
BURN_IN = 7
"""First years left out of scores: their trailing windows reach before the made-up world begins."""
SHARE_OF_OPERATIONS = 0.2
SURELY = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class World:
    """How a made-up pair behaves and is searched."""

    rates: Sequence[float]
    """Expected acts in each of the thirty years."""
    on_first: float
    """Chance that an act stands on the first list of pages."""
    on_second: float
    telling: Sequence[float] = ()
    """Pages an act, by year, as a multiple of those behind the two chances; empty is one throughout."""

    @property
    def detection(self) -> float:
        """Share of acts that either list shows where telling is one."""
        return 1 - (1 - self.on_first) * (1 - self.on_second)

    def times_told(self, year: int) -> float:
        """Multiple of pages in a year."""
        return self.telling[year - YEARS.start] if self.telling else 1.0


@dataclass(frozen=True)
class MadeUpPair:
    """One pair of a world: all its acts, and which of them each list shows."""

    acts: tuple[Event, ...]
    lists: dict[str, tuple[bool, bool]]

    @property
    def found(self) -> tuple[Event, ...]:
        """Acts that a list shows."""
        return tuple(e for e in self.acts if any(self.lists[e.id]))


def make_pair(world: World, rng: np.random.Generator) -> MadeUpPair:
    """One pair. Worlds that differ in ``telling`` alone have the same acts for the same generator.

    Pages of a list are Poisson, with a mean that gives its chance of at least one; more telling is more pages and so, as in
    life, also a better chance of being found.
    """
    pages = np.random.default_rng(rng.integers(2**32)) if world.telling else None
    acts: list[Event] = []
    lists: dict[str, tuple[bool, bool]] = {}
    for year, rate in zip(YEARS, world.rates, strict=True):
        times = world.times_told(year)
        chances = [1 - (1 - p) ** times for p in (world.on_first, world.on_second)]
        for _ in range(rng.poisson(rate)):
            day = PartialDate(f"{year}-05-01")
            kind = "operation.naval-patrol" if rng.random() < SHARE_OF_OPERATIONS else "exercise.naval"
            domain = FieldValue(str(rng.choice(["sea", "air", "land"])))
            on = bool(rng.random() < chances[0]), bool(rng.random() < chances[1])
            told = sum(_pages(c, pages) for c, there in zip(chances, on, strict=True) if there)
            event = Event(
                id=f"act-{len(acts)}",
                type=kind,
                title="Made up",
                participants=("ARG", "BRA"),
                when=When(day, day),
                status="held",
                citations=tuple(_page(n) for n in range(max(told, 1))),
                fields={"domain": (domain,)},
            )
            acts.append(event)
            lists[event.id] = on
    return MadeUpPair(tuple(acts), lists)


def _pages(chance: float, rng: np.random.Generator | None) -> int:
    """Pages of a list that has at least one: Poisson, zero left out; one where pages are not counted."""
    if rng is None:
        return 1
    mean = -log(1 - min(chance, SURELY))
    while not (drawn := int(rng.poisson(mean))):
        pass
    return drawn


def _page(number: int) -> Citation:
    on = PartialDate("2010")
    return Citation(f"p{number}", f"https://example.org/{number}", "Example", "A page", on, "en", PartialDate("2026"))


class _Everything(Coverage):
    """A coverage that calls every year searched."""

    def __init__(self) -> None:
        pass

    def of_family(self, family: str, year: int) -> str:
        return MONITORED

    def of_area(self, area: object, year: int) -> str:
        return MONITORED


def levels_by_criteria(acts: Sequence[Event], scale: Scale, years: range) -> list[int]:
    """Level of the made-up area that the criteria give to acts, by year."""
    rater = CriteriaRating(make_dyad("ARG", "BRA"), acts, (), scale, _Everything(), date(YEARS[-1], 12, 31))
    area = scale.area(AREA)
    return [rater.rate_area(area, year).level or 0 for year in years]


def redraw_pair(
    pair: MadeUpPair, codebook: Codebook, scale: Scale, rule: UncertaintyRule, years: range, draws: int, seed: int
) -> Floats:
    """Levels of the made-up area over redraws of what was found, shape (draws, years)."""
    seen = pair.found
    detection = estimate_detection(seen, YEARS, lambda e: pair.lists[e.id], rule)
    engine = MonteCarlo(Evidence(seen, (), detection, YEARS), scale, codebook.fields, rule, date(YEARS[-1], 12, 31))
    return engine.levels(years, draws, seed)[AREA]


def only_its_area(scale: Scale) -> Scale:
    """The scale cut down to the area in which made-up pairs act."""
    return scale.model_copy(update={"areas": (scale.area(AREA),)})
