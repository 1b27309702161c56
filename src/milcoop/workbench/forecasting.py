"""What next: forecasts of a dyad, their backtest over vintages, and the question log.

What needs arrays is imported where it is used.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from milcoop.codebook.forecast_rule import Driver, ForecastRule
from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.domain.forecast import Backtest, Case, Forecast, TargetForecast
from milcoop.domain.question import Resolved
from milcoop.domain.tables import TableRow
from milcoop.errors import InvalidArgument, check_known
from milcoop.measure.bundled import read_bundled
from milcoop.measure.detection import estimate_detection, two_lists
from milcoop.record.questions import LogLine, append_questions, read_questions
from milcoop.record.vintage import record_as_of
from milcoop.workbench.estimation import Estimation

if TYPE_CHECKING:
    from milcoop.trajectory.forecasting.scenario import Shift
    from milcoop.workbench.targets import Target

Outcomes = dict[tuple[str, int], tuple[float, tuple[str, ...]]]
Progress = Callable[[str], None]


class Forecasting(Estimation):
    """What can be asked about the years to come, and about forecasts made before."""

    @property
    def forecast_rule(self) -> ForecastRule:
        """Targets, methods and constants."""
        return self.codebook.forecast["forecast"]

    def at(self, on: date) -> Self:
        """The workbench as of a day."""
        return type(self)(self.codebook, record_as_of(self.record, on, self.codebook))

    # --- forecast ------------------------------------------------------------------------------------------------------

    def forecast(self, dyad: Dyad, horizons: int | None = None) -> Forecast:
        """Levels and counts of the years after the record's end or the vintage (docs/forecast.md).

        Raises InvalidArgument for a horizon outside those of the codebook.
        """
        from milcoop.trajectory.forecasting.choice import read_choice
        from milcoop.trajectory.forecasting.methods import forecast_by

        rule = self.forecast_rule
        horizons = rule.horizons if horizons is None else horizons
        if not 1 <= horizons <= rule.horizons:
            raise InvalidArgument(f"found --horizon {horizons}, expected 1 to {rule.horizons} years")
        choice = read_choice(self.record.ends)
        targets, left_out = self._targets(dyad, self.codebook.uncertainty["uncertainty"].draws)
        found = []
        for t in targets:
            name = t.series.target
            method = choice.methods.get(name, rule.default)
            by_horizon = {h: forecast_by(method, t.series, h, rule) for h in range(1, horizons + 1)}
            found.append(
                TargetForecast(name, t.label, method, float(t.series.y[-1]), by_horizon, t.ids, t.note, t.past)
            )
        return Forecast(
            dyad.id,
            self.record.ends,
            self.record.version,
            self._evidence(dyad),
            self.record.as_of is not None,
            tuple(found),
            left_out,
            choice.day,
            choice.dyads,
        )

    @cached_property
    def _made(self) -> dict[tuple[str, int], tuple[list[Target], dict[str, str]]]:
        """Series made so far, by pair and draws: a forecast and the methods beside it start from the same."""
        return {}

    def _targets(self, dyad: Dyad, draws: int) -> tuple[list[Target], dict[str, str]]:
        """Series of a dyad at this vintage, and why a target has none."""
        key = dyad.id, draws
        if key not in self._made:
            self._made[key] = self._make_targets(dyad, draws)
        return self._made[key]

    def _make_targets(self, dyad: Dyad, draws: int) -> tuple[list[Target], dict[str, str]]:
        from milcoop.workbench.targets import count_targets, level_targets

        rule = self.forecast_rule
        found, coverage = self.assess(dyad), self.coverage(dyad)
        if not found.searched:
            names = [f"level:{a.id}" for a in found.scale.areas] + [f"count:{c.id}" for c in rule.counts]
            return [], dict.fromkeys([*names, "level:overall"], "not monitored")
        if found.searched[-1] < self.record.ends.year:
            starts: dict[str, Mapping[float, float]] = {}
        else:
            starts = self._starts(dyad, draws)
        levels, no_level = level_targets(found, starts, self._pool, rule)
        _, lists = two_lists(dyad, self.codebook)
        detection = estimate_detection(found.events, found.searched, lists, self.codebook.uncertainty["uncertainty"])
        counts, no_count = count_targets(found, coverage, detection, rule)
        return [*levels, *counts], no_level | no_count

    @cached_property
    def _pool(self) -> list[Assessment]:
        """Ratings of all searched pairs at this vintage."""
        return [self.assess(d) for d in self.searched_dyads()]

    def _starts(self, dyad: Dyad, draws: int) -> dict[str, Mapping[float, float]]:
        """Probabilities of each area's level at the record's end over redraws: bundled where they fit, else computed."""
        rule, year = self.codebook.uncertainty["uncertainty"], self.record.ends.year
        now = self.assess(dyad, from_year=year, to_year=year)
        bundled = None
        if draws == rule.draws:
            versions = self.record.version, self.codebook.rating_version
            bundled = read_bundled(dyad.id, now.scale.id, *versions, self.record.as_of)
        if bundled is not None:
            cells = bundled.cells
        else:
            from milcoop.measure.estimates import redraw_levels, summarise

            cells = summarise(now, redraw_levels(now, self.codebook, draws, rule.seed), range(year, year + 1))
        return {area: cell.probabilities for (area, y), cell in cells.items() if y == year}

    def _evidence(self, dyad: Dyad) -> str:
        digest = hashlib.sha256()
        for event in self.record.of_dyad(dyad):
            digest.update(repr(dataclasses.replace(event, where_stored="")).encode())
        for figure in self.record.figures_of_dyad(dyad):
            digest.update(repr(dataclasses.replace(figure, where_stored="")).encode())
        return digest.hexdigest()[:12]

    # --- scenarios -----------------------------------------------------------------------------------------------------

    def drivers(self, dyad: Dyad) -> tuple[Driver, ...]:
        """Declared drivers that can bear on a pair."""
        return tuple(d for d in self.codebook.drivers.values() if not d.states or set(d.states) & set(dyad.states))

    def driver(self, dyad: Dyad, driver_id: str) -> Driver:
        """One of them by id. Raises InvalidArgument for an unknown one, with the nearest."""
        known = {d.id: d for d in self.drivers(dyad)}
        check_known("scenario", driver_id, known)
        return known[driver_id]

    def scenario(self, forecast: Forecast, driver: Driver) -> tuple[Forecast, tuple[Shift, ...]]:
        """The forecast given a driver, with the sizes of its shifts."""
        from milcoop.trajectory.forecasting.scenario import apply_driver, find_shifts

        return apply_driver(driver, forecast), find_shifts(driver, forecast)

    # --- backtest ------------------------------------------------------------------------------------------------------

    def continuous_dyads(self) -> list[Dyad]:
        """Pairs searched for long enough, every year, to score forecasts on."""
        years = self.forecast_rule.backtest.monitored_years
        return [
            d
            for d in self.searched_dyads()
            if len(found := self.assess(d).overall) >= years and all(o.level is not None for o in found[-years:])
        ]

    def backtest(self, dyads: Sequence[Dyad], progress: Progress = lambda step: None) -> Backtest:
        """Every method at every declared origin, in the record as of that day, scored against the whole record."""
        from milcoop.trajectory.forecasting.backtest import summarise_backtest
        from milcoop.trajectory.forecasting.choice import choose_methods

        rule, full = self.forecast_rule, {d.id: self._outcomes(d) for d in dyads}
        redrawn = {d.id: self.estimates(self.assess(d)).cells for d in dyads}
        issued: list[Case] = []
        then: dict[date, dict[str, Outcomes]] = {self.record.ends: full}
        days = sorted({*rule.backtest.origins, *rule.backtest.asked})
        for day in days:
            progress(day.isoformat())
            desk = self.at(day)
            then[day] = {d.id: desk._outcomes(d) for d in dyads}
            if day in rule.backtest.origins:
                for dyad in dyads:
                    issued += desk._issue(dyad)
        progress("scoring")
        chosen = {
            day.isoformat(): choose_methods(_with_outcomes(issued, outcomes), rule)
            for day, outcomes in sorted(then.items())
        }
        cases = [
            dataclasses.replace(c, redrawn=cell.probabilities)
            if (cell := redrawn[c.dyad].get((c.target.removeprefix("level:"), c.ends.year)))
            else c
            for c in _with_outcomes(issued, full)
        ]
        versions, seed = (
            (self.record.version, self.codebook.rating_version),
            self.codebook.uncertainty["uncertainty"].seed,
        )
        return summarise_backtest(cases, chosen, rule, versions, rule.backtest.origins, seed)

    def backtest_at(self, dyad: Dyad, origin: date) -> tuple[Forecast, tuple[Case, ...]]:
        """The forecast from one vintage and all methods beside it, scored on what the whole record holds since."""
        from milcoop.trajectory.forecasting.backtest import CHOSEN

        if origin >= self.record.ends:
            raise InvalidArgument(
                f"found --origin {origin}, expected a day before the record's end on {self.record.ends}"
            )
        desk = self.at(origin)
        forecast = desk.forecast(dyad)
        outcomes = self._outcomes(dyad)
        rule = self.forecast_rule
        draws = self.codebook.uncertainty["uncertainty"].draws
        issued = desk._issue(dyad, draws)
        chosen = [
            Case(dyad.id, t.target, origin, h, CHOSEN, d, 0.0)
            for t in forecast.targets
            for h, d in t.by_horizon.items()
            if h <= rule.horizons
        ]
        return forecast, tuple(_with_outcomes([*chosen, *issued], {dyad.id: outcomes}))

    def _issue(self, dyad: Dyad, draws: int | None = None) -> list[Case]:
        """Forecasts of all methods at this vintage, without outcomes yet."""
        from milcoop.trajectory.forecasting.methods import forecast_by_all

        rule = self.forecast_rule
        targets, _ = self._targets(dyad, draws or rule.backtest.draws)
        return [
            Case(dyad.id, t.series.target, self.record.ends, h, method, found, 0.0)
            for t in targets
            for h in range(1, rule.horizons + 1)
            for method, found in forecast_by_all(t.series, h, rule).items()
        ]

    def _outcomes(self, dyad: Dyad) -> Outcomes:
        from milcoop.workbench.targets import find_outcomes

        return find_outcomes(self.assess(dyad), self.coverage(dyad), self.forecast_rule)

    def backtest_rows(self, found: Backtest) -> list[TableRow]:
        """Scores as rows of the contract, methods of a target from best to worst."""
        last = found.chosen.get(self.record.ends.isoformat(), {})
        return [
            {
                "target": s.target,
                "method": s.method,
                "cases": s.cases,
                "score": round(s.score, 4),
                "log_score": round(s.log_score, 4),
                "redrawn_score": None if s.redrawn_score is None else round(s.redrawn_score, 4),
                **{f"coverage_{percent}": round(share, 3) for percent, share in s.coverage.items()},
                "difference_lower": s.difference and round(s.difference[0], 4),
                "difference_upper": s.difference and round(s.difference[1], 4),
                "shipped": int(last.get(s.target, self.forecast_rule.default) == s.method),
            }
            for s in found.scores
        ]

    def case_rows(self, cases: Sequence[Case]) -> list[TableRow]:
        """Single forecasts beside their outcomes, with the middle 80 percent."""
        from milcoop.trajectory.forecasting.scores import log_score, ranked_score

        rows: list[TableRow] = []
        for c in cases:
            low, high = c.forecast.interval(80)
            rows.append(
                {
                    "location": c.dyad,
                    "target": c.target,
                    "reference_date": c.origin.isoformat(),
                    "horizon": c.horizon,
                    "target_end_date": c.ends.isoformat(),
                    "method": c.method,
                    "median": c.forecast.median,
                    "lower": low,
                    "upper": high,
                    "outcome": c.outcome,
                    "probability": round(c.forecast.against(c.outcome)[1], 4),
                    "score": round(ranked_score(c.forecast, c.outcome), 4),
                    "log_score": round(log_score(c.forecast, c.outcome), 4),
                }
            )
        return rows

    def backtest_json(self, found: Backtest) -> dict[str, Any]:
        """All numbers of a backtest."""
        from milcoop.trajectory.forecasting.backtest import CHOSEN

        return {
            "record_version": found.record_version,
            "codebook_version": found.codebook_version,
            "origins": [o.isoformat() for o in found.origins],
            "dyads": list(found.dyads),
            "claim": found.claim,
            "scores": self.backtest_rows(found),
            "calibration": [dataclasses.asdict(b) for b in found.calibration],
            "pit": {kind: [round(v, 4) for v in pit] for kind, pit in found.pit.items()},
            "chosen": {day: dict(methods) for day, methods in found.chosen.items()},
            "cases": self.case_rows([c for c in found.cases if c.method == CHOSEN]),
        }

    # --- question log --------------------------------------------------------------------------------------------------

    def check_freezable(self, scenario: str | None) -> None:
        """Raise InvalidArgument for a vintage or a scenario: what is frozen is said before the day, of the whole record."""
        if self.record.as_of is not None or scenario is not None:
            what = "a scenario" if scenario is not None else f"the vintage {self.record.as_of}"
            raise InvalidArgument(
                f"found {what} to be frozen, expected a forecast from the record's end without conditions"
            )

    def freeze(self, dyad: Dyad, forecast: Forecast, folder: Path, today: date) -> tuple[Path, int]:
        """Append a forecast to the question log of a record folder; returns the file and how many questions were new.

        Raises InvalidArgument for a vintage or a scenario.
        """
        from milcoop.trajectory.forecasting.methods import forecast_by
        from milcoop.trajectory.forecasting.questions import make_questions

        self.check_freezable(None if forecast.scenario == "none" else forecast.scenario)
        rule = self.forecast_rule
        targets, _ = self._targets(dyad, self.codebook.uncertainty["uncertainty"].draws)
        persistence = {
            (t.series.target, h): forecast_by("persistence", t.series, h, rule)
            for t in targets
            for h in range(1, rule.horizons + 1)
        }
        return append_questions(folder, dyad.id, make_questions(forecast, persistence, today))

    def questions(self, folder: Path) -> tuple[tuple[Resolved, LogLine], ...]:
        """Every frozen question of a record folder with what came of it on record."""
        from milcoop.trajectory.forecasting.questions import resolve_question

        lines = read_questions(folder)
        outcomes = {name: self._outcomes(self.dyad(*name.split("-"))) for name in {x.question.dyad for x in lines}}
        return tuple(
            (resolve_question(x.question, x.holds, outcomes[x.question.dyad], self.record.ends), x) for x in lines
        )


def _with_outcomes(issued: Sequence[Case], outcomes: Mapping[str, Outcomes]) -> list[Case]:
    """Cases whose outcome is on record."""
    found = []
    for case in issued:
        outcome = outcomes[case.dyad].get((case.target, case.ends.year))
        if outcome is not None:
            found.append(dataclasses.replace(case, outcome=outcome[0]))
    return found
