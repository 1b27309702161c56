"""Findings: what analysts argue in prose, computed for a pair, a window and a vintage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from milcoop.domain.dyad import Dyad
from milcoop.domain.finding import Finding, FindingSet
from milcoop.domain.readings import Fact, Readings
from milcoop.findings.evidence import Evidence
from milcoop.workbench.desk import check_years
from milcoop.workbench.estimation import Estimation
from milcoop.workbench.reading_facts import direction_facts, level_facts


class Weighing(Estimation):
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

    def readings(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Readings:
        """Which reading of a pair the evidence supports at the window's end (docs/readings.md)."""
        from milcoop.findings.readings.finding import weigh_readings

        evidence = self.evidence(dyad, from_year, to_year, scale_id)
        found: dict[str, Finding] = {}
        for find in FINDERS.values():
            found |= {f.id: f for f in find(self, dyad, from_year, to_year, scale_id).findings}
        return weigh_readings(evidence, self.reading_facts(dyad, evidence.years, scale_id), found)

    def reading_facts(self, dyad: Dyad, years: range, scale_id: str | None = None) -> dict[str, Fact]:
        """Numbers of the assessment that lines of evidence read: levels in the window's last year, directions up to it."""
        last = years[-1]
        assessment = self.assess(dyad, scale_id=scale_id)
        if not assessment.searched:
            return {}
        if last not in assessment.years:
            return level_facts(self.assess(dyad, from_year=last, to_year=last, scale_id=scale_id), None, last)
        facts = level_facts(assessment, self.estimates(assessment), last)
        rule = self.codebook.trajectory["trajectory"]
        first = max(years[0], assessment.years[0], last - rule.window + 1)
        if last - first >= 2:
            path = self.path(dyad, first, last, scale_id)
            facts |= direction_facts(assessment, path.directions, path.left_out, rule.main)
        return facts


FINDERS: Mapping[str, Callable[[Weighing, Dyad, int | None, int | None, str | None], FindingSet]] = {}
"""Command -> its findings for a pair, a window and a scale: what lines of evidence read by id."""
