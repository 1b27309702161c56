"""How sure, where to: estimates and paths of a dyad."""

from __future__ import annotations

from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.domain.estimate import Estimates
from milcoop.domain.path import Path as DyadPath
from milcoop.domain.tables import TableRow
from milcoop.errors import InvalidArgument
from milcoop.measure.estimates import monte_carlo_estimates, read_bundled, redraw_levels
from milcoop.record.exchange.frame import assess_rows
from milcoop.trajectory.path import find_path
from milcoop.workbench.desk import Desk, check_years


class Estimation(Desk):
    """What can be asked about the uncertainty of levels and their change."""

    def estimates(self, assessment: Assessment) -> Estimates:
        """How probable each level of an assessment is: the bundled estimates where they fit, else computed."""
        scale, rule = assessment.scale, self.codebook.uncertainty["uncertainty"]
        versions = self.record.version, self.codebook.version
        bundled = read_bundled(assessment.dyad.id, scale.id, *versions, self.record.as_of)
        return bundled or self.compute_estimates(assessment.dyad, scale.id, rule.draws, rule.seed)

    def compute_estimates(self, dyad: Dyad, scale_id: str | None, draws: int, seed: int) -> Estimates:
        """Redraw the evidence of a dyad over all its monitored years (docs/measurement.md, route 1)."""
        return monte_carlo_estimates(self.assess(dyad, scale_id=scale_id), self.codebook, draws, seed)

    def path(
        self, dyad: Dyad, first: int | None = None, last: int | None = None, scale_id: str | None = None
    ) -> DyadPath:
        """Direction by area over a window, and breaks in yearly acts (docs/trajectory.md).

        Raises InvalidArgument when the window is shorter than three years or lies outside the monitored years.
        """
        assessment, rule = self.assess(dyad, scale_id=scale_id), self.codebook.trajectory["trajectory"]
        if not assessment.searched:
            raise InvalidArgument(f"{dyad.id} has no log of searches, so no level and no path is given")
        last = last or assessment.years[-1]
        first = first or max(assessment.years[0], last - rule.window + 1)
        check_years(first, last)
        if last - first < 2 or first < assessment.years[0] or last > assessment.years[-1]:
            raise InvalidArgument(
                f"found the window {first} to {last}, expected three years or more within {assessment.years[0]} to {assessment.years[-1]}"
            )
        seed = self.codebook.uncertainty["uncertainty"].seed
        levels = redraw_levels(assessment, self.codebook, rule.draws, seed)
        return find_path(assessment, levels, self.codebook, rule, first, last, seed)

    def assess_rows(self, assessment: Assessment) -> list[TableRow]:
        """An assessment as the tidy frame of the contract."""
        return assess_rows(assessment, self.estimates(assessment), self.codebook.actors)
