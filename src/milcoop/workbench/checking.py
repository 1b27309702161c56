"""What a level hangs on: checks of a pair's own ratings."""

from __future__ import annotations

from milcoop.domain.dyad import Dyad
from milcoop.domain.sensitivity import Sensitivity
from milcoop.domain.tables import TableRow
from milcoop.errors import InvalidArgument
from milcoop.workbench.latent import Latent


class Checking(Latent):
    """What can be asked about how far levels rest on single sources, families, weights and thresholds."""

    def sensitivity(
        self, dyad: Dyad, year: int | None = None, scale_id: str | None = None, draws: int | None = None
    ) -> Sensitivity:
        """Levels of a year before and after one thing at a time is left out or moved (docs/checks.md).

        ``draws`` instead of the codebook's number; none leaves redraws out. Raises InvalidArgument for a pair without searches
        or a year without a level.
        """
        from milcoop.checks.sensitivity import SensitivityCheck

        assessment = self.assess(dyad, scale_id=scale_id)
        if not assessment.searched:
            raise InvalidArgument(f"{dyad.id} has no log of searches, so no level is given")
        rated = sorted({r.year for r in assessment.ratings if r.level is not None})
        year = rated[-1] if year is None and rated else year
        if year not in rated:
            known = f"one of {rated[0]} to {rated[-1]}" if rated else "a year that was searched"
            raise InvalidArgument(f"found year {year} without a level of {dyad.id}, expected {known}")
        return SensitivityCheck(assessment, self.coverage(dyad), self.codebook, year).run(draws)

    @staticmethod
    def sensitivity_rows(dyad: Dyad, found: Sensitivity) -> list[TableRow]:
        """Variations as rows of ``SENSITIVITY_COLUMNS``, one for each area concerned."""
        return [
            {
                "dyad_id": dyad.id,
                "year": found.year,
                "kind": v.kind,
                "variation": v.what,
                "area": a.area,
                "before": a.before,
                "after": a.after,
                "shift": _rounded(a.shift),
                "slope_before": _rounded(a.slope_before),
                "slope_after": _rounded(a.slope_after),
                "direction_before": _shares(a.direction_before),
                "direction_after": _shares(a.direction_after),
                "left_out": len(v.left_out),
                "record_version": found.record_version,
            }
            for v in found.variations
            for a in v.areas
        ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _shares(direction: tuple[float, float, float] | None) -> str | None:
    return None if direction is None else ";".join(f"{p:.2f}" for p in direction)
