"""Findings: what analysts argue in prose, computed for a pair, a window and a vintage."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from milcoop.domain.dyad import Dyad
from milcoop.domain.watch import Watch
from milcoop.errors import InvalidArgument
from milcoop.findings.evidence import Evidence
from milcoop.findings.watch.odds import PastPair
from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.watch import Watcher
from milcoop.measure.criteria import CriteriaRating
from milcoop.workbench.desk import Desk, check_years
from milcoop.workbench.paths import find_paths


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
        return self._evidence_of(dyad, range(first, last + 1), scale_id)

    def _evidence_of(self, dyad: Dyad, years: range, scale_id: str | None) -> Evidence:
        return Evidence(
            dyad=dyad,
            codebook=self.codebook,
            scale=self.scale(scale_id),
            events=self.record.of_dyad(dyad),
            figures=self.record.figures_of_dyad(dyad),
            as_of=self.record.ends,
            record_version=self.record.version,
            years=years,
            coverage_of=self.coverage(dyad).of_family,
        )

    # --- warning -------------------------------------------------------------------------------------------------------

    def watch(
        self,
        dyad: Dyad,
        from_year: int | None = None,
        to_year: int | None = None,
        scale_id: str | None = None,
        since: date | None = None,
    ) -> Watch:
        """Indicators of a pair on the last day of a window, with acts after it unless its last year is given.

        With ``since`` also what is new after that day. Raises InvalidArgument as ``evidence``, and for a day
        after the record's end.
        """
        if since is not None and since > self.record.ends:
            raise InvalidArgument(
                f"found --since {since} after the record's end on {self.record.ends}, expected an earlier date"
            )
        evidence = self.evidence(dyad, from_year, to_year, scale_id)
        return self._watcher(scale_id).watch(evidence, since, closed=to_year is not None)

    def _watcher(self, scale_id: str | None) -> Watcher:
        if scale_id not in self._watchers:
            self._watchers[scale_id] = Watcher(
                [self._past_pair(d, scale_id) for d in self.searched_dyads()], Geography(self.codebook)
            )
        return self._watchers[scale_id]

    @cached_property
    def _watchers(self) -> dict[str | None, Watcher]:
        """Watchers made so far, by scale: what past windows say does not depend on the pair asked for."""
        return {}

    def _past_pair(self, dyad: Dyad, scale_id: str | None) -> PastPair:
        scale, coverage, ends = self.scale(scale_id), self.coverage(dyad), self.record.ends
        rule, region = self.codebook.watch["watch"], self.codebook.trajectory["trajectory"].main
        events, figures = self.record.of_dyad(dyad), self.record.figures_of_dyad(dyad)
        years = [y for y in coverage.years if y <= ends.year]

        def rater() -> CriteriaRating:
            return CriteriaRating(dyad, events, figures, scale, coverage, ends)

        paths = find_paths(rater, coverage, scale.areas, rule, region, ends)
        return PastPair(
            self._evidence_of(dyad, range(min(years, default=0), max(years, default=0) + 1), scale_id), paths
        )
