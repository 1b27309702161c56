"""How sure, where to: estimates and paths of a dyad. What needs arrays is imported where it is used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.domain.estimate import Estimates
from milcoop.domain.lull import LullTest
from milcoop.domain.path import Direction
from milcoop.domain.path import Path as DyadPath
from milcoop.domain.rating import MONITORED
from milcoop.domain.tables import TableRow
from milcoop.errors import InvalidArgument, check_known
from milcoop.measure.bundled import read_bundled
from milcoop.record.exchange.frame import assess_rows
from milcoop.record.selection import select_events
from milcoop.workbench.desk import Desk, check_years

if TYPE_CHECKING:
    from milcoop.measure.counts import Floats
    from milcoop.trajectory.lull import Searched


class Estimation(Desk):
    """What can be asked about the uncertainty of levels and their change."""

    def estimates(self, assessment: Assessment) -> Estimates:
        """How probable each level of an assessment is: the bundled estimates where they fit, else computed."""
        scale, rule = assessment.scale, self.codebook.uncertainty["uncertainty"]
        versions = self.record.version, self.codebook.rating_version
        bundled = read_bundled(assessment.dyad.id, scale.id, *versions, self.record.as_of)
        return bundled or self.compute_estimates(assessment.dyad, scale.id, rule.draws, rule.seed)

    def compute_estimates(self, dyad: Dyad, scale_id: str | None, draws: int, seed: int) -> Estimates:
        """Redraw the evidence of a dyad over all its monitored years (docs/measurement.md, route 1)."""
        from milcoop.measure.estimates import monte_carlo_estimates

        return monte_carlo_estimates(self.assess(dyad, scale_id=scale_id), self.codebook, draws, seed)

    def path(
        self, dyad: Dyad, first: int | None = None, last: int | None = None, scale_id: str | None = None
    ) -> DyadPath:
        """Direction by area over a window, and breaks in yearly acts (docs/trajectory.md).

        Raises InvalidArgument when the window is shorter than three years or lies outside the monitored years.
        """
        from milcoop.trajectory.path import find_path

        assessment, rule = self.assess(dyad, scale_id=scale_id), self.codebook.trajectory["trajectory"]
        if not assessment.searched:
            raise InvalidArgument(f"{dyad.id} has no log of searches, so no level and no path is given")
        last = last or assessment.years[-1]
        first = first or max(assessment.years[0], last - rule.window + 1)
        asked = dyad, first, last, scale_id
        if asked in self._paths:
            return self._paths[asked]
        check_years(first, last)
        if last - first < 2 or first < assessment.years[0] or last > assessment.years[-1]:
            raise InvalidArgument(
                f"found the window {first} to {last}, expected three years or more within {assessment.years[0]} to {assessment.years[-1]}"
            )
        seed = self.codebook.uncertainty["uncertainty"].seed
        levels = self._redrawn(dyad, scale_id)
        self._paths[asked] = find_path(assessment, levels, self.codebook, rule, first, last, seed)
        return self._paths[asked]

    def directions(
        self, dyad: Dyad, first: int, last: int, scale_id: str | None = None
    ) -> tuple[tuple[Direction, ...], dict[str, str]]:
        """Directions of a path alone, over a window inside the rated years, and why areas have none."""
        from milcoop.trajectory.path import find_directions

        assessment, rule = self.assess(dyad, scale_id=scale_id), self.codebook.trajectory["trajectory"]
        return find_directions(assessment, self._redrawn(dyad, scale_id), rule, first, last)

    def _redrawn(self, dyad: Dyad, scale_id: str | None) -> dict[str, Floats]:
        """Levels by area over redraws for the trajectory, made once."""
        from milcoop.measure.estimates import redraw_levels

        if (dyad, scale_id) not in self._redraws:
            rule, seed = self.codebook.trajectory["trajectory"], self.codebook.uncertainty["uncertainty"].seed
            assessment = self.assess(dyad, scale_id=scale_id)
            self._redraws[dyad, scale_id] = redraw_levels(assessment, self.codebook, rule.draws, seed)
        return self._redraws[dyad, scale_id]

    @cached_property
    def _redraws(self) -> dict[tuple[Dyad, str | None], dict[str, Floats]]:
        """Redraws made so far: nothing that they rest on changes."""
        return {}

    @cached_property
    def _paths(self) -> dict[tuple[Dyad, int, int, str | None], DyadPath]:
        """Paths found so far: nothing that they rest on changes."""
        return {}

    def lulls(self, dyad: Dyad, area: str | None = None, scale_id: str | None = None) -> LullTest:
        """Lulls of joint exercises and operations, or of an area's acts, and why they came (docs/trajectory.md).

        Raises InvalidArgument for an unknown area.
        """
        from milcoop.trajectory.lull import JOINT_ACTS, LullQuestion, find_lulls

        scale, rule, pair = self.scale(scale_id), self.codebook.lulls["lull"], self._searched_pair(dyad)
        series, families = JOINT_ACTS, rule.select.named_families
        acts = select_events(pair.events, rule.select, scale)
        if area is not None:
            check_known("area", area, [a.id for a in scale.areas])
            series, families = f"acts that are evidence for {area}", frozenset(scale.area(area).families)
            acts = [e for e in pair.events if e.status in scale.realised and area in self.areas_of(e)]
        # Exercises with others are a control for exercises, not for meetings or contracts.
        same_kind = area is None or families <= set(rule.control)
        sharing = [d for d in self.searched_dyads() if len(set(d.states) & set(dyad.states)) == 1]
        others = [self._searched_pair(d) for d in sharing] if same_kind else []
        question = LullQuestion(pair, others, series, area or "", acts, families, scale, self.record.ends)
        return find_lulls(question, rule, self.codebook.shocks.values(), self.codebook.uncertainty["uncertainty"].seed)

    def all_lulls(self, dyad: Dyad, scale_id: str | None = None) -> tuple[LullTest, ...]:
        """Lulls of joint acts, then of each area that rests on other families too."""
        joint = self.codebook.lulls["lull"].select.named_families
        areas = [a.id for a in self.scale(scale_id).areas if not set(a.families) <= joint]
        return (self.lulls(dyad, None, scale_id), *(self.lulls(dyad, a, scale_id) for a in areas))

    def _searched_pair(self, dyad: Dyad) -> Searched:
        from milcoop.trajectory.lull import Searched

        coverage = self.coverage(dyad)
        return Searched(
            dyad,
            self.record.of_dyad(dyad),
            self.record.searches_of_dyad(dyad),
            lambda family, year: coverage.of_family(family, year) == MONITORED,
        )

    def assess_rows(self, assessment: Assessment) -> list[TableRow]:
        """An assessment as the tidy frame of the contract."""
        return assess_rows(assessment, self.estimates(assessment), self.codebook.actors)
