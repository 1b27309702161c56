"""Findings: what analysts argue in prose, computed for a pair, a window and a vintage."""

from __future__ import annotations

from dataclasses import replace

from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Figure
from milcoop.domain.gains import Gains
from milcoop.findings.evidence import Evidence
from milcoop.workbench.desk import Desk, check_years


class Weighing(Desk):
    """What can be asked about gains, substance, dependence, limits, warnings and readings."""

    def evidence(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Evidence:
        """Evidence on a pair in a window; by default all searched years, or the record's last one where none was searched.

        Raises InvalidArgument for years reversed or out of range.
        """
        searched = self.assess(dyad, scale_id=scale_id).searched or range(
            self.record.ends.year, self.record.ends.year + 1
        )
        first = searched.start if from_year is None else from_year
        last = max(first, searched.stop - 1) if to_year is None else to_year
        check_years(first, last)
        return Evidence(
            dyad=dyad,
            codebook=self.codebook,
            scale=self.scale(scale_id),
            events=self.record.of_dyad(dyad),
            figures=self.record.figures_of_dyad(dyad),
            as_of=self.record.ends,
            record_version=self.record.version,
            years=range(first, last + 1),
            coverage_of=self.coverage(dyad).of_family,
        )

    def gains(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Gains:
        """Who gets what from each act, in which coin, and where the balance turns."""
        from milcoop.findings.gains.ledger import find_gains

        evidence = self.evidence(dyad, from_year, to_year, scale_id)
        return find_gains(replace(evidence, figures=[*evidence.figures, *self.border_figures(dyad)]))

    def border_figures(self, dyad: Dyad) -> list[Figure]:
        """Figures on one state's forces at the shared border, whose rows name that state alone."""
        facing = {i for i, a in self.codebook.attributions.items() if {a.state, a.facing} == set(dyad.states)}
        known = {f.id for f in self.record.figures_of_dyad(dyad)}
        return [f for f in self.record.figures if f.id in facing - known]
