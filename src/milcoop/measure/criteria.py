"""Rating by criteria: for a dyad, each area and year, the level that the cited events meet. Deterministic and pure.

The ladder is cumulative (Korolev 2019, 2022): the level is the highest rung whose criteria, and those of all lower
rungs, are met. The scale, with every threshold and window, is data in the codebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from milcoop.codebook.scale import Area, Criterion, Scale
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.domain.rating import (
    MONITORED,
    NOT_APPLICABLE,
    NOT_MONITORED,
    PARTLY,
    CriterionResult,
    OverallRating,
    Rating,
)
from milcoop.measure.coverage import Coverage
from milcoop.measure.evidence import Evidence
from milcoop.record.selection import ByType

Shift = tuple[str, str, float]
"""A one-step variant: criterion id, ``threshold`` or ``window``, step."""


class CriteriaRating:
    """Ratings of one dyad under one scale. ``ends`` is the day after which nothing is known."""

    def __init__(
        self,
        dyad: Dyad,
        events: Sequence[Event],
        figures: Sequence[Figure],
        scale: Scale,
        coverage: Coverage,
        ends: date,
    ) -> None:
        self.dyad, self.scale, self.coverage, self.ends = dyad, scale, coverage, ends
        criteria = list(scale.criteria().values())
        criteria += [a.not_applicable.criterion for a in scale.areas if a.not_applicable]
        by_type = ByType(events)
        self._evidence = {c.id: Evidence(c, by_type, figures, scale) for c in criteria}
        self._implied = {c.id: Evidence(_in_force(c), by_type, figures, scale) for c in criteria if c.implied_by}

    def rate(self, years: Sequence[int]) -> tuple[Rating, ...]:
        """Ratings of every area at 31 December of each year (at ``ends`` in its own year), area by area."""
        return tuple(self.rate_area(area, year) for area in self.scale.areas for year in years)

    def rate_area(self, area: Area, year: int) -> Rating:
        """Rating of one area in one year."""
        on = min(date(year, 12, 31), self.ends)
        coverage = self.coverage.of_area(area, year) if on.year == year else NOT_MONITORED
        if coverage != NOT_MONITORED and area.not_applicable and self._met(area.not_applicable.criterion, on):
            coverage = NOT_APPLICABLE
        results = self._results(area, on)
        if coverage in (NOT_MONITORED, NOT_APPLICABLE):
            level = kept = total = None
        else:
            level = self._level(area, on)
            if self._cut_short(area, level, results, year):
                coverage = PARTLY
            variants = one_step_variants(area)
            kept, total = sum(self._level(area, on, v) == level for v in variants), len(variants)
        met = {r.level for r in area.rungs if all(c.met for c in results if c.level == r.level)}
        decided = [e for c in results if level is not None and c.met and c.level <= level for e in c.events]
        return Rating(
            id=f"{self.dyad.id}:{area.id}:{year}",
            area=area.id,
            year=year,
            on=on.isoformat(),
            level=level,
            label=coverage if level is None else self.scale.levels[level],
            coverage=coverage,
            variants_kept=kept,
            variants=total,
            criteria=results,
            skipped=tuple(sorted(m for m in met if level is not None and m > level)),
            events=tuple(dict.fromkeys(decided)),
        )

    def level_at(self, area: Area, year: int, shift: Shift | None = None) -> int:
        """Level of an area at a year's end, with one threshold or window moved where given; coverage is not looked at."""
        return self._level(area, min(date(year, 12, 31), self.ends), shift)

    def _cut_short(self, area: Area, level: int, results: Sequence[CriterionResult], year: int) -> bool:
        """Whether the next rung fails on a window that holds years not searched, so that the level is a lower bound."""
        above = next((rung for rung in area.rungs if rung.level > level), None)
        if above is None:
            return False
        failed = {c.id for c in results if not c.met}
        return any(
            self.coverage.of_family(family, y) == NOT_MONITORED
            for c in above.criteria
            if c.id in failed and c.select and c.window
            for family in c.select.named_families or area.families
            for y in range(year - c.window + 1, year)
        )

    def overall(self, ratings: Sequence[Rating]) -> tuple[OverallRating, ...]:
        """The whole by year: median of the monitored areas and the stage."""
        by_year: dict[int, dict[str, Rating]] = {}
        for rating in ratings:
            by_year.setdefault(rating.year, {})[rating.area] = rating
        return tuple(self._whole(year, by_area) for year, by_area in sorted(by_year.items()))

    def _whole(self, year: int, by_area: Mapping[str, Rating]) -> OverallRating:
        levels = {a: r.level for a, r in by_area.items() if r.coverage == MONITORED and r.level is not None}
        if len(levels) < self.scale.overall.at_least_areas:
            return OverallRating(year, None, None, len(levels))
        middle = median(levels.values())
        stage = None
        for name in self.scale.stages:
            members = [levels[a.id] for a in self.scale.areas if a.stage == name and a.id in levels]
            if sum(v >= self.scale.overall.stage_level for v in members) * 2 <= len(members):
                break
            stage = name
        return OverallRating(year, int(middle) if middle == int(middle) else middle, stage, len(levels))

    def decisive(self, rating: Rating) -> tuple[str, ...]:
        """Events and figures whose loss alone changes the level of a rated area, or makes it applicable."""
        area, on = self.scale.area(rating.area), date.fromisoformat(rating.on)
        if rating.coverage == NOT_APPLICABLE and area.not_applicable:
            bar = area.not_applicable.criterion
            held = self._evidence[bar.id]
            ids = held.deciding(on, bar.window)
            return tuple(i for i in ids if held.without(i, on, bar.window) < bar.at_least)
        if rating.level is None:
            return ()
        results = {c.id: c for c in rating.criteria}
        return tuple(i for i in rating.events if self._level_without(area, results, i, on) != rating.level)

    def _level_without(self, area: Area, results: Mapping[str, CriterionResult], dropped: str, on: date) -> int:
        level = 0
        for rung in area.rungs:
            if not all(self._met_without(c, results[c.id], dropped, on) for c in rung.criteria):
                break
            level = rung.level
        return level

    def _met_without(self, criterion: Criterion, result: CriterionResult, dropped: str, on: date) -> bool:
        if dropped not in result.events:
            return result.met
        if self._evidence[criterion.id].without(dropped, on, criterion.window) >= criterion.at_least:
            return True
        return criterion.implied_by is not None and self._implied[criterion.id].without(dropped, on, None) >= 1

    def _results(self, area: Area, on: date) -> tuple[CriterionResult, ...]:
        out = []
        for rung in area.rungs:
            for criterion in rung.criteria:
                evidence = self._evidence[criterion.id]
                value = evidence.value(on, criterion.window)
                short = value < criterion.at_least
                implied = self._implied[criterion.id].deciding(on, None) if short and criterion.implied_by else ()
                out.append(
                    CriterionResult(
                        id=criterion.id,
                        level=rung.level,
                        text=criterion.text,
                        met=not short or bool(implied),
                        value=value,
                        threshold=criterion.at_least,
                        window=criterion.window,
                        events=(*evidence.deciding(on, criterion.window), *implied),
                        implied_by=implied,
                    )
                )
        return tuple(out)

    def _level(self, area: Area, on: date, shift: Shift | None = None) -> int:
        level = 0
        for rung in area.rungs:
            if not all(self._met(c, on, shift) for c in rung.criteria):
                break
            level = rung.level
        return level

    def _met(self, criterion: Criterion, on: date, shift: Shift | None = None) -> bool:
        threshold, window = criterion.at_least, criterion.window
        if shift is not None and shift[0] == criterion.id:
            if shift[1] == "threshold":
                threshold += shift[2]
            elif window is not None:
                window += int(shift[2])
        if self._evidence[criterion.id].value(on, window) >= threshold:
            return True
        return criterion.implied_by is not None and self._implied[criterion.id].value(on, None) >= 1


def _in_force(criterion: Criterion) -> Criterion:
    """The criterion that an arrangement which implies this one is in force."""
    return Criterion(id=criterion.id, text=criterion.text, select=criterion.implied_by, measure="in_force", at_least=1)


def one_step_variants(area: Area) -> list[Shift]:
    """One-step variants of the area's thresholds and windows; a threshold never falls to zero."""
    shifts: list[Shift] = []
    for rung in area.rungs:
        for criterion in rung.criteria:
            for sign in (-1, 1):
                if criterion.at_least + sign * criterion.step > 0:
                    shifts.append((criterion.id, "threshold", sign * criterion.step))
                if criterion.window is not None:
                    shifts.append((criterion.id, "window", sign))
    return shifts
