"""Does the Monte Carlo route recover a level that is known? Made-up pairs of which only a part is found.

True exercises and operations fall in each year as a Poisson number; each stands on either of two lists of pages with a given
chance and is found when it stands on one. The route sees what was found, and its intervals are set against the level that
the criteria give to everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale
from milcoop.domain.dates import PartialDate, When
from milcoop.domain.dyad import make_dyad
from milcoop.domain.event import Citation, Event, FieldValue
from milcoop.domain.rating import MONITORED
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating
from milcoop.measure.detection import estimate_detection
from milcoop.measure.montecarlo import Evidence, MonteCarlo

AREA = "exercises"
YEARS = range(1991, 2021)
BURN_IN = 7
"""First years left out of the score: their trailing windows reach before the made-up world begins."""
SHARE_OF_OPERATIONS = 0.2
PERCENT = (50, 80, 90, 95)


@dataclass(frozen=True, slots=True)
class World:
    """How a made-up pair behaves and is searched."""

    rates: Sequence[float]
    """Expected acts in each of the thirty years."""
    on_first: float
    """Chance that an act stands on the first list of pages."""
    on_second: float

    @property
    def detection(self) -> float:
        """Share of acts that either list shows."""
        return 1 - (1 - self.on_first) * (1 - self.on_second)


@dataclass(frozen=True, slots=True)
class Recovery:
    """How the route did over many pairs of one world, in years with a score."""

    world: World
    years: int
    found_right: float
    """Share of years in which the level of what was found is the true one."""
    bias_found: float
    """Mean of the level found less the true level."""
    bias_median: float
    """Mean of the median over redraws less the true level."""
    covered: dict[int, float]
    """Percent -> share of years whose interval holds the true level."""


def check_recovery(world: World, codebook: Codebook, scale: Scale, pairs: int, draws: int, seed: int) -> Recovery:
    """Simulate pairs of a world and score the route on them. Errors of coding and moved rules are off: nothing is miscoded here."""
    rule = codebook.uncertainty["uncertainty"].model_copy(
        update={"coding_wrong": 0, "coding_checked": 10**9, "rules_moved": 0.0}
    )
    scored = YEARS[BURN_IN:]
    true, found, drawn = [], [], []
    for k in range(pairs):
        rng = np.random.default_rng([seed, k])
        events, lists = _acts(world, rng)
        seen = [e for e in events if any(lists[e.id])]
        detection = estimate_detection(seen, YEARS, lambda e, lists=lists: lists[e.id], rule)  # type: ignore[misc]
        engine = MonteCarlo(Evidence(seen, (), detection, YEARS), scale, codebook.fields, rule, date(YEARS[-1], 12, 31))
        true.append(_levels(events, scale, scored))
        found.append(_levels(seen, scale, scored))
        drawn.append(np.sort(engine.levels(scored, draws, seed + k)[AREA], axis=0))
    truth, level, redraws = np.array(true), np.array(found), np.array(drawn)
    covered = {}
    for percent in PERCENT:
        tail = int(draws * (100 - percent) / 200)
        inside = (redraws[:, tail] <= truth) & (truth <= redraws[:, draws - 1 - tail])
        covered[percent] = float(inside.mean())
    return Recovery(
        world,
        truth.size,
        float((level == truth).mean()),
        float((level - truth).mean()),
        float((np.median(redraws, axis=1) - truth).mean()),
        covered,
    )


class _Everything(Coverage):
    """A coverage that calls every year searched."""

    def __init__(self) -> None:
        pass

    def of_area(self, area: object, year: int) -> str:
        return MONITORED


def _acts(world: World, rng: np.random.Generator) -> tuple[list[Event], dict[str, tuple[bool, bool]]]:
    page = Citation("a", "https://example.org/", "Example", "A page", PartialDate("2010"), "en", PartialDate("2026"))
    events: list[Event] = []
    lists: dict[str, tuple[bool, bool]] = {}
    for year, rate in zip(YEARS, world.rates, strict=True):
        for _ in range(rng.poisson(rate)):
            day = PartialDate(f"{year}-05-01")
            kind = "operation.naval-patrol" if rng.random() < SHARE_OF_OPERATIONS else "exercise.naval"
            events.append(
                Event(
                    id=f"act-{len(events)}",
                    type=kind,
                    title="Made up",
                    participants=("ARG", "BRA"),
                    when=When(day, day),
                    status="held",
                    citations=(page,),
                    fields={"domain": (FieldValue(str(rng.choice(["sea", "air", "land"]))),)},
                )
            )
            lists[events[-1].id] = bool(rng.random() < world.on_first), bool(rng.random() < world.on_second)
    return events, lists


def _levels(events: Sequence[Event], scale: Scale, years: range) -> list[int]:
    rater = CriteriaRating(make_dyad("ARG", "BRA"), events, (), scale, _Everything(), date(YEARS[-1], 12, 31))
    area = scale.area(AREA)
    return [rater.rate_area(area, year).level or 0 for year in years]
