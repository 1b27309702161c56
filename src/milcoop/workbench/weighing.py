"""Findings: what analysts argue in prose, computed for a pair, a window and a vintage."""

from __future__ import annotations

from milcoop.domain.dependence import Dependence
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.domain.limit import Limits
from milcoop.findings.dependence import find_dependence
from milcoop.findings.evidence import Evidence
from milcoop.findings.limits import weigh_limits
from milcoop.record.datasets import find_dataset
from milcoop.record.deals import REGISTER_NAME, read_register_of
from milcoop.workbench.desk import Desk, check_years


class Weighing(Desk):
    """What can be asked about gains, substance, dependence, limits, warnings and readings."""

    def evidence(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Evidence:
        """Evidence on a pair in a window; by default all searched years, or the record's last one where none was searched.

        Raises InvalidArgument for years reversed or out of range.
        """
        end = self.record.ends.year
        searched = self._searched(self.scale(scale_id), self.coverage(dyad), end) or range(end, end + 1)
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

    def dependence(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Dependence:
        """Who depends on whom: shares, net dependence, what passes, needs against flows.

        A trade register in the record folder is read unless it is younger than the vintage.
        """
        evidence = self.evidence(dyad, from_year, to_year, scale_id)
        dataset = find_dataset(self.layer, REGISTER_NAME)
        if dataset is None:
            return find_dependence(evidence)
        if self.record.as_of is not None and dataset.vintage > self.record.as_of.isoformat():
            return find_dependence(evidence, why_not=f"{dataset.version} is younger than the vintage and not read")
        return find_dependence(evidence, read_register_of(dataset, dyad))

    def limits(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Limits:
        """Tests of alliance for a pair; treaties of datasets count where they were imported into the record folder."""
        return weigh_limits(self.evidence(dyad, from_year, to_year, scale_id), self._treaties(dyad))

    def reference_limits(self, dyad: Dyad) -> tuple[Limits, ...]:
        """The same tests on the codebook's reference pairs, each up to the last anchor year known at the vintage."""
        found = []
        for reference in self.codebook.references.values():
            pair, anchors = Dyad(*sorted(reference.dyad)), [a for a in reference.anchors if a <= self.record.ends.year]
            if pair != dyad and anchors and not reference.near_empty:
                found.append(self.limits(pair, None, anchors[-1]))
        return tuple(found)

    def _treaties(self, dyad: Dyad) -> tuple[Event, ...]:
        """Texts that imported datasets hold on a pair, by the year in which each dataset came out."""
        wanted = {d.name: d for t in self.codebook.limits.values() for d in t.datasets}
        found: list[Event] = []
        for name, texts in wanted.items():
            dataset = find_dataset(self.layer, name)
            if dataset is not None and texts.known_from <= self.record.ends.year:
                found += dataset.of_dyad(dyad)
        return tuple(found)
