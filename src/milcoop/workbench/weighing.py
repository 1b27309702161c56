"""Findings: what analysts argue in prose, computed for a pair, a window and a vintage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from milcoop.domain.dependence import Dependence
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event, Figure
from milcoop.domain.finding import Finding, FindingSet
from milcoop.domain.limit import Limits
from milcoop.domain.readings import Fact, Readings
from milcoop.domain.watch import Watch
from milcoop.errors import InvalidArgument, check_known
from milcoop.findings.dependence import find_dependence
from milcoop.findings.evidence import Evidence
from milcoop.findings.limits import weigh_limits
from milcoop.findings.watch.odds import PastPair
from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.watch import Watcher
from milcoop.measure.criteria import CriteriaRating
from milcoop.record.datasets import find_dataset
from milcoop.record.deals import REGISTER_NAME, read_register_of
from milcoop.workbench.desk import check_years
from milcoop.workbench.estimation import Estimation
from milcoop.workbench.paths import find_paths
from milcoop.workbench.reading_facts import direction_facts, level_facts

if TYPE_CHECKING:
    from milcoop.domain.gains import Gains
    from milcoop.domain.signals import Signals

Found = TypeVar("Found")


class Weighing(Estimation):
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

    @cached_property
    def _weighed(self) -> dict[tuple[Any, ...], Any]:
        """Findings made so far: nothing that they rest on changes."""
        return {}

    def _once(self, make: Callable[[], Found], *asked: Any) -> Found:
        """What was found for the same question before, else made now."""
        if asked not in self._weighed:
            self._weighed[asked] = make()
        found: Found = self._weighed[asked]
        return found

    def gains(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Gains:
        """Who gets what from each act, in which coin, and where the balance turns (docs/gains.md)."""
        from milcoop.findings.gains.ledger import find_gains

        asked = dyad, from_year, to_year, scale_id

        def find() -> Gains:
            evidence = self.evidence(*asked)
            return find_gains(replace(evidence, figures=[*evidence.figures, *self.border_figures(dyad)]))

        return self._once(find, "gains", *asked)

    def border_figures(self, dyad: Dyad) -> list[Figure]:
        """Figures on one state's forces at the shared border, whose rows name that state alone."""
        facing = {i for i, a in self.codebook.attributions.items() if {a.state, a.facing} == set(dyad.states)}
        known = {f.id for f in self.record.figures_of_dyad(dyad)}
        return [f for f in self.record.figures if f.id in facing - known]

    def signals(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Signals:
        """Message against substance: scored acts, words and deeds, shared concerns (docs/signals.md)."""
        from milcoop.findings.signals import find_signals

        asked = dyad, from_year, to_year, scale_id
        return self._once(lambda: find_signals(self.evidence(*asked)), "signals", *asked)

    def dependence(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Dependence:
        """Who depends on whom: shares, net dependence, what passes, needs against flows.

        A trade register in the record folder is read unless it is younger than the vintage.
        """
        asked = dyad, from_year, to_year, scale_id
        dataset = find_dataset(self.layer, REGISTER_NAME)

        def find() -> Dependence:
            evidence = self.evidence(*asked)
            if dataset is None:
                return find_dependence(evidence)
            if self.record.as_of is not None and dataset.vintage > self.record.as_of.isoformat():
                return find_dependence(evidence, why_not=f"{dataset.version} is younger than the vintage and not read")
            return find_dependence(evidence, read_register_of(dataset, dyad))

        return self._once(find, "dependence", *asked)

    def limits(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Limits:
        """Tests of alliance for a pair; treaties of datasets count where they were imported into the record folder."""
        asked = dyad, from_year, to_year, scale_id
        return self._once(lambda: weigh_limits(self.evidence(*asked), self._treaties(dyad)), "limits", *asked)

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

    def readings(
        self, dyad: Dyad, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Readings:
        """Which reading of a pair the evidence supports at the window's end (docs/readings.md)."""
        from milcoop.findings.readings.finding import weigh_readings

        asked = dyad, from_year, to_year, scale_id

        def weigh() -> Readings:
            evidence = self.evidence(*asked)
            found: dict[str, Finding] = {}
            for find in FINDERS.values():
                found |= {f.id: f for f in find(self, *asked).findings}
            return weigh_readings(evidence, self.reading_facts(dyad, evidence.years, scale_id), found)

        return self._once(weigh, "readings", *asked)

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
            directions, left_out = self.directions(dyad, first, last, scale_id)
            facts |= direction_facts(assessment, directions, left_out, rule.main)
        return facts

    def findings(
        self, command: str, dyad: Dyad, from_year: int | None = None, to_year: int | None = None
    ) -> FindingSet:
        """Findings of one of the six commands. Raises InvalidArgument for another."""
        asked = dyad, from_year, to_year, None
        if command in FINDERS:
            return FINDERS[command](self, *asked)
        check_known("findings", command, (*FINDERS, "watch", "readings"))
        return self.watch(*asked).found if command == "watch" else self.readings(*asked).found

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


FINDERS: Mapping[str, Callable[[Weighing, Dyad, int | None, int | None, str | None], FindingSet]] = {
    "gains": lambda bench, *asked: bench.gains(*asked).found,
    "signals": lambda bench, *asked: bench.signals(*asked).found,
    "dependence": lambda bench, *asked: bench.dependence(*asked).found,
    "limits": lambda bench, *asked: bench.limits(*asked).found,
}
"""Command -> its findings for a pair, a window and a scale: what lines of evidence read by id."""
