"""What a level hangs on: one source, family, weight or threshold at a time is left out or moved, and the pair rated again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.check_rule import CheckRule
from milcoop.codebook.entries import UncertaintyRule
from milcoop.codebook.loader import Codebook
from milcoop.codebook.trajectory_rule import TrajectoryRule
from milcoop.domain.assessment import Assessment
from milcoop.domain.event import Citation, Event
from milcoop.domain.rating import MONITORED, Rating
from milcoop.domain.sensitivity import (
    FAMILY,
    LANGUAGE,
    PAGE,
    PARTY,
    PUBLISHERS,
    SEED,
    THRESHOLD,
    WEIGHT,
    AreaShift,
    Sensitivity,
    Variation,
)
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating, Shift, one_step_variants
from milcoop.measure.estimates import redraw_levels
from milcoop.record.credibility import party_agency
from milcoop.record.thinning import thin_events, thin_figures
from milcoop.trajectory.direction import find_direction, slope_of

OVERALL = "overall"
Floats = NDArray[np.float64]
Keep = Callable[[Citation], bool]


@dataclass(frozen=True)
class _Rated:
    """One state of the evidence, rated: by the criteria, and by redraws where these were made."""

    levels: Mapping[str, Mapping[int, float | None]]
    """Area -> year -> level; ``overall`` among them."""
    drawn: Mapping[str, Floats] | None
    """Area -> redraws, draws by the years rated; ``overall`` where enough areas are monitored."""


class SensitivityCheck:
    """Variations of one assessment over the years up to ``year``. ``coverage`` is the pair's, and stays as it is."""

    def __init__(self, assessment: Assessment, coverage: Coverage, codebook: Codebook, year: int) -> None:
        self._assessment, self._coverage, self._codebook = assessment, coverage, codebook
        self._rule: CheckRule = codebook.checks["checks"]
        self._trajectory: TrajectoryRule = codebook.trajectory["trajectory"]
        self._year = year
        self._all = _content(assessment)
        self._years = range(max(assessment.years[0], year - self._trajectory.window + 1), year + 1)

    def run(self, draws: int | None = None) -> Sensitivity:
        """Every variation of docs/checks.md; ``draws`` instead of the codebook's number, none for the criteria alone."""
        assessment, draws = self._assessment, self._rule.draws if draws is None else draws
        seed = self._codebook.uncertainty["uncertainty"].seed
        base = self._rate(assessment, self._codebook, draws, seed)
        found: list[Variation] = []
        if draws:
            again = self._rate(assessment, self._codebook, draws, seed + 1)
            found.append(Variation(SEED, f"seed {seed + 1}", (), self._shifts(base, again)))
        for kind, what, changed in self._evidence():
            out = _ids(assessment) - _ids(changed)
            if _content(changed) != self._all:
                rated = self._rate(changed, self._codebook, draws, seed)
                found.append(Variation(kind, what, tuple(sorted(out)), self._shifts(base, rated)))
        for what, codebook in self._weights() if draws else ():
            drawn = self._redraw(assessment, codebook, draws, seed)
            found.append(Variation(WEIGHT, what, (), self._shifts(base, _Rated(base.levels, drawn))))
        found += self._thresholds(base)
        ratings = {r.area: r.id for r in assessment.ratings if r.year == self._year}
        window = self._years[0], self._years[-1]
        version, scale = assessment.record_version, assessment.scale.id
        return Sensitivity(self._year, window, version, scale, draws, seed, tuple(found), ratings)

    # --- variations --------------------------------------------------------------------------------------------------

    def _evidence(self) -> Iterator[tuple[str, str, Assessment]]:
        """Kind, name and assessment with part of its evidence left out."""
        assessment, codebook = self._assessment, self._codebook
        pages = [c for e in assessment.events for c in e.citations] + [
            c for f in assessment.figures for c in f.citations
        ]
        for language in sorted({c.language for c in pages}):
            yield LANGUAGE, language, self._thinned(lambda c, language=language: c.language != language)  # type: ignore[misc]
        for ownership in ("state", "party"):
            theirs = {c.url for c in pages if (s := codebook.source_of(c.url)) and s.ownership == ownership}
            if theirs:
                yield PUBLISHERS, ownership, self._thinned(lambda c, theirs=theirs: c.url not in theirs)  # type: ignore[misc]
        several = tuple(e for e in assessment.events if len({c.url for c in e.citations}) > 1)
        figures = tuple(f for f in assessment.figures if len({c.url for c in f.citations}) > 1)
        yield PAGE, "known from one page", dataclasses.replace(assessment, events=several, figures=figures)
        for state in assessment.dyad.states:
            told = tuple(e for e in assessment.events if not self._told_by(e, state))
            yield PARTY, f"agencies of {state} alone", self._with(told)
        for family in sorted({e.family for e in assessment.events}):
            yield FAMILY, family, self._with(tuple(e for e in assessment.events if e.family != family))

    def _told_by(self, event: Event, state: str) -> bool:
        """Whether every page of an act is by an agency of one of its parties, this state."""
        sources = [self._codebook.source_of(c.url) for c in event.citations]
        return all(party_agency(c.url, event, self._codebook) for c in event.citations) and all(
            s is not None and s.country == state for s in sources
        )

    def _with(self, events: tuple[Event, ...]) -> Assessment:
        if len(events) == len(self._assessment.events):
            return self._assessment
        return dataclasses.replace(self._assessment, events=events)

    def _thinned(self, keep: Keep) -> Assessment:
        events, figures = thin_events(self._assessment.events, keep), thin_figures(self._assessment.figures, keep)
        return dataclasses.replace(self._assessment, events=events, figures=figures)

    def _weights(self) -> Iterator[tuple[str, Codebook]]:
        """Name and codebook with one number of the uncertainty rule multiplied."""
        rule = self._codebook.uncertainty["uncertainty"]
        for weight in self._rule.weights:
            for factor in self._rule.factors:
                changed = multiply_weight(rule, weight, factor)
                if changed != rule:
                    name = f"{weight} {getattr(rule, weight):g} to {getattr(changed, weight):g}"
                    yield name, dataclasses.replace(self._codebook, uncertainty={"uncertainty": changed})

    def _thresholds(self, base: _Rated) -> Iterator[Variation]:
        """Each one-step variant of each area's thresholds and windows, rated by the criteria."""
        rater = self._rater(self._assessment)
        for area in self._assessment.scale.areas:
            for shift in one_step_variants(area):
                levels = {
                    y: None if before is None else rater.level_at(area, y, shift)
                    for y, before in base.levels[area.id].items()
                }
                moved = self._shift(area.id, base, _Rated({area.id: levels}, None))
                if moved is not None:
                    yield Variation(THRESHOLD, _name(shift), (), (moved,))

    # --- rating ------------------------------------------------------------------------------------------------------

    def _rater(self, assessment: Assessment) -> CriteriaRating:
        return CriteriaRating(
            assessment.dyad, assessment.events, assessment.figures, assessment.scale, self._coverage, assessment.as_of
        )

    def _rate(self, assessment: Assessment, codebook: Codebook, draws: int, seed: int) -> _Rated:
        """Levels where the assessment has one. What is monitored stays: searches do not change."""
        rater, areas = self._rater(assessment), assessment.scale.areas
        levels: dict[str, dict[int, float | None]] = {a.id: {} for a in areas}
        monitored: dict[int, list[float]] = {y: [] for y in self._years}
        for r in self._assessment.ratings:
            if r.year in self._years:
                level = None if r.level is None else rater.level_at(assessment.scale.area(r.area), r.year)
                levels[r.area][r.year] = level
                if r.coverage == MONITORED and level is not None:
                    monitored[r.year].append(level)
        enough = assessment.scale.overall.at_least_areas
        levels[OVERALL] = {y: median(of) if len(of) >= enough else None for y, of in monitored.items()}
        return _Rated(levels, self._redraw(assessment, codebook, draws, seed) if draws else None)

    def _redraw(self, assessment: Assessment, codebook: Codebook, draws: int, seed: int) -> dict[str, Floats]:
        """Redraws by area over the window, and of the whole from the areas monitored in the year asked for."""
        rated = dataclasses.replace(assessment, ratings=tuple(r for r in assessment.ratings if r.year in self._years))
        drawn = redraw_levels(rated, codebook, draws, seed)
        monitored = [r.area for r in self._of_year() if r.coverage == MONITORED and r.level is not None]
        if len(monitored) >= assessment.scale.overall.at_least_areas:
            drawn[OVERALL] = np.median([drawn[a] for a in monitored], axis=0)
        return drawn

    def _of_year(self) -> Sequence[Rating]:
        return [r for r in self._assessment.ratings if r.year == self._year]

    # --- before and after --------------------------------------------------------------------------------------------

    def _shifts(self, before: _Rated, after: _Rated) -> tuple[AreaShift, ...]:
        areas = [a.id for a in self._assessment.scale.areas] + [OVERALL]
        return tuple(s for a in areas if (s := self._shift(a, before, after)) is not None)

    def _shift(self, area: str, before: _Rated, after: _Rated) -> AreaShift | None:
        """One area before and after; None where it has no level before."""
        level = before.levels[area][self._year]
        if level is None:
            return None
        drawn = [r.drawn.get(area) if r.drawn else None for r in (before, after)]
        shift = None
        if drawn[0] is not None and drawn[1] is not None:
            shift = largest_shift(drawn[0][:, -1], drawn[1][:, -1])
        slopes = [self._slope(r.levels[area]) for r in (before, after)]
        throughout = slopes[0] is not None
        directions = [self._direction(area, d) if d is not None and throughout else None for d in drawn]
        return AreaShift(area, level, after.levels[area][self._year], shift, slopes[0], slopes[1], *directions)

    def _slope(self, levels: Mapping[int, float | None]) -> float | None:
        path = [levels[y] for y in self._years]
        if len(path) < 3 or any(v is None for v in path):
            return None
        return float(slope_of(np.array([path], dtype=float))[0])

    def _direction(self, area: str, paths: Floats) -> tuple[float, float, float]:
        rule, top = self._trajectory, len(self._assessment.scale.levels) - 1
        return find_direction(area, self._years, paths, None, rule.regions, rule.main, top).probabilities[rule.main]


def largest_shift(before: Floats, after: Floats) -> float:
    """Largest change of the share of any level between two sets of draws."""
    levels = np.union1d(before, after)
    return float(max(abs((before == v).mean() - (after == v).mean()) for v in levels))


def multiply_weight(rule: UncertaintyRule, weight: str, factor: float) -> UncertaintyRule:
    """The rule with one number multiplied; whole numbers stay whole and at least one, a share stays at most one."""
    value = getattr(rule, weight)
    changed = max(1, round(value * factor)) if isinstance(value, int) else value * factor
    if weight == "rules_moved":
        changed = min(1.0, changed)
    return rule.model_copy(update={weight: changed})


def _content(assessment: Assessment) -> list[tuple[object, ...]]:
    """What criteria and redraws can see of acts and figures, their pages left aside."""
    return [*((e.id, e.status, e.fields) for e in assessment.events), *((f.id,) for f in assessment.figures)]


def _ids(assessment: Assessment) -> set[str]:
    return {e.id for e in assessment.events} | {f.id for f in assessment.figures}


def _name(shift: Shift) -> str:
    return f"{shift[0]} {shift[1]} {shift[2]:+g}"
