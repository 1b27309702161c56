"""From a record at one vintage to the series that forecasts start from, and to the outcomes that score them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from milcoop.codebook.forecast_rule import CountTarget, ForecastRule
from milcoop.domain.assessment import Assessment
from milcoop.domain.event import Event
from milcoop.domain.rating import MONITORED, PARTLY
from milcoop.measure.coverage import Coverage
from milcoop.measure.detection import Detection
from milcoop.record.expected import PERIOD
from milcoop.record.selection import select_events
from milcoop.trajectory.forecasting.series import Floats, TargetSeries, grid_of

WHOLE = "level:overall"
RECENT = 5
"""Years whose acts are named as what a count starts from."""


@dataclass(frozen=True)
class Target:
    """A series with what is printed beside it."""

    series: TargetSeries
    label: str
    ids: tuple[str, ...]
    past: Mapping[int, float]
    note: str = ""


def level_targets(
    found: Assessment, starts: Mapping[str, Mapping[float, float]], pool: Sequence[Assessment], rule: ForecastRule
) -> tuple[list[Target], dict[str, str]]:
    """Series of the areas and the whole up to the assessment's day, and why an area has none.

    ``starts`` are probabilities of the level now by area; ``pool`` are assessments of all pairs at the same vintage.
    """
    year, top = found.as_of.year, len(found.scale.levels) - 1
    runs = {WHOLE: list(_runs_of_whole(pool)), "": list(_runs_of_areas(pool))}
    targets: list[Target] = []
    left_out: dict[str, str] = {}
    now = found.of_year(year)
    for area in found.scale.areas:
        name, rating = f"level:{area.id}", now.get(area.id)
        if rating is None or rating.level is None:
            left_out[name] = rating.coverage if rating else "not monitored"
            continue
        levels = {r.year: float(r.level) for r in found.ratings if r.area == area.id and r.level is not None}
        note = "starts from a lower bound: partly monitored" if rating.coverage == PARTLY else ""
        _add(targets, left_out, name, area.label.en, levels, year, (rating.id,), note, starts, runs[""], top, rule)
    wholes = {o.year: float(o.level) for o in found.overall if o.level is not None}
    if year in wholes:
        ids = tuple(r.id for r in now.values() if r.coverage == MONITORED)
        _add(targets, left_out, WHOLE, "The whole", wholes, year, ids, "", starts, runs[WHOLE], top, rule)
    else:
        left_out[WHOLE] = "fewer areas are monitored than the whole needs"
    return targets, left_out


def _add(
    targets: list[Target],
    left_out: dict[str, str],
    name: str,
    label: str,
    levels: Mapping[int, float],
    year: int,
    ids: tuple[str, ...],
    note: str,
    starts: Mapping[str, Mapping[float, float]],
    others: Sequence[Floats],
    top: int,
    rule: ForecastRule,
) -> None:
    years = unbroken(levels, year)
    if len(years) < rule.history:
        left_out[name] = f"{_years(len(years))} with a level without a break, {rule.history} are needed"
        return
    y = np.array([levels[t] for t in years])
    start = starts.get(name.partition(":")[2], {})
    series = TargetSeries(name, y, grid_of(name, top, rule), start, others)
    targets.append(Target(series, label, ids, {t: levels[t] for t in years}, note))


def count_targets(
    found: Assessment, coverage: Coverage, detection: Sequence[Detection], rule: ForecastRule
) -> tuple[list[Target], dict[str, str]]:
    """Series of counts in the twelve months up to the assessment's day and to that day of each year before."""
    end = found.as_of
    targets: list[Target] = []
    left_out: dict[str, str] = {}
    for spec in rule.counts:
        name = f"count:{spec.id}"
        searched = {y: True for y in found.searched if is_searched(spec, coverage, y)}
        years = unbroken(searched, end.year)
        if years and (end.month, end.day) != (12, 31):
            years = years[1:]  # its twelve months begin in a year that was not searched
        if len(years) < rule.history:
            left_out[name] = (
                "not monitored"
                if not years
                else f"{_years(len(years))} searched without a break, {rule.history} are needed"
            )
            continue
        acts = acts_of(spec, found)
        windows = {y: [e for e in acts if _within(e, end, y)] for y in years}
        share = {(d.family, d.period[0]): d.mean for d in detection}
        seen = [share.get((spec.searched[0], y // PERIOD * PERIOD), 1.0) for y in years]
        counts = np.array([float(len(windows[y])) for y in years])
        series = TargetSeries(name, counts, grid_of(name, 0, rule), exposure=np.array(seen))
        ids = tuple(e.id for y in years[-RECENT:] for e in windows[y])
        label = spec.label[0].upper() + spec.label[1:]
        targets.append(Target(series, label, ids, {y: float(len(windows[y])) for y in years}))
    return targets, left_out


def acts_of(spec: CountTarget, found: Assessment) -> list[Event]:
    """Acts that a count target selects."""
    return select_events(found.events, spec.select, found.scale)


def is_searched(spec: CountTarget, coverage: Coverage, year: int) -> bool:
    """Whether every family of a count target is monitored in a year."""
    return all(coverage.of_family(f, year) == MONITORED for f in spec.searched)


def find_outcomes(
    found: Assessment, coverage: Coverage, rule: ForecastRule
) -> dict[tuple[str, int], tuple[float, tuple[str, ...]]]:
    """(target, year) -> what came of it on record, with the ids it rests on; monitored years that have ended only."""
    last = found.as_of.year if (found.as_of.month, found.as_of.day) == (12, 31) else found.as_of.year - 1
    outcomes: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}
    for r in found.ratings:
        if r.coverage == MONITORED and r.level is not None and r.year <= last:
            outcomes[f"level:{r.area}", r.year] = float(r.level), (r.id,)
    for o in found.overall:
        if o.level is not None and o.year <= last:
            ids = tuple(r.id for r in found.of_year(o.year).values() if r.coverage == MONITORED)
            outcomes[WHOLE, o.year] = float(o.level), ids
    for spec in rule.counts:
        acts = acts_of(spec, found)
        for year in found.years:
            if year <= last and is_searched(spec, coverage, year):
                ids = tuple(e.id for e in acts if e.when.start.year == year)
                outcomes[f"count:{spec.id}", year] = float(len(ids)), ids
    return outcomes


def unbroken(by_year: Mapping[int, object], last: int) -> list[int]:
    """Years of the run that ends in ``last``; empty when that year is not there."""
    years = []
    while last in by_year:
        years.append(last)
        last -= 1
    return years[::-1]


def _years(n: int) -> str:
    return f"{n} year" if n == 1 else f"{n} years"


def _within(event: Event, end: date, year: int) -> bool:
    """Whether an act began in the twelve months up to the day of ``end`` in ``year``."""
    begun = event.when.first_day
    return _day_in(end, year - 1) < begun <= _day_in(end, year)


def _day_in(day: date, year: int) -> date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _runs_of_areas(pool: Sequence[Assessment]) -> Iterator[Floats]:
    for found in pool:
        for area in found.scale.areas:
            ratings = [r for r in found.ratings if r.area == area.id and r.coverage == MONITORED]
            yield from _runs({r.year: float(r.level) for r in ratings if r.level is not None})


def _runs_of_whole(pool: Sequence[Assessment]) -> Iterator[Floats]:
    for found in pool:
        yield from _runs({o.year: float(o.level) for o in found.overall if o.level is not None})


def _runs(levels: Mapping[int, float]) -> Iterator[Floats]:
    """Unbroken runs of two years or more."""
    ends = [y for y in levels if y + 1 not in levels]
    for end in sorted(ends):
        years = unbroken(levels, end)
        if len(years) > 1:
            yield np.array([levels[y] for y in years])
