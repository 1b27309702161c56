"""What a report is written from: findings as data, gathered by the workbench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from milcoop.codebook.loader import Codebook
from milcoop.codebook.states import name_of
from milcoop.domain.assessment import Assessment
from milcoop.domain.dependence import Dependence
from milcoop.domain.estimate import Estimates
from milcoop.domain.event import Event, Figure, Gap
from milcoop.domain.forecast import Forecast
from milcoop.domain.gains import Gains
from milcoop.domain.latent import LatentEstimates
from milcoop.domain.limit import Limits
from milcoop.domain.lull import LullTest
from milcoop.domain.path import Path
from milcoop.domain.rating import Rating
from milcoop.domain.readings import Readings
from milcoop.domain.rerating import Decisive
from milcoop.domain.sensitivity import Sensitivity
from milcoop.domain.signals import Signals
from milcoop.domain.watch import Watch
from milcoop.findings.facts import Facts, SourceMix, find_facts
from milcoop.findings.mechanisms import MechanismFinding
from milcoop.record.references import Reference, collect_references
from milcoop.trajectory.series import Change, Spell, YearCount

RECENT_YEARS = 5
"""Years of the window called recent, the last year of the record included."""


@dataclass(frozen=True)
class ReportInputs:
    """Everything that the sections read."""

    assessment: Assessment
    codebook: Codebook
    mechanisms: Sequence[MechanismFinding]
    changes: Sequence[Change]
    spells: Mapping[str, Sequence[Spell]]
    counts: Sequence[YearCount]
    source_mix: SourceMix
    n_searches: int
    gaps: Sequence[Gap]
    search_languages: Mapping[str, int]
    estimates: Estimates
    latent: LatentEstimates | None
    """What the latent model says; None where no fit ships for this record, scale and vintage."""
    path: Path | None
    """Direction over the last ten monitored years; None where the pair has too few."""
    sensitivity: Sensitivity | None
    """What the levels of the last year hang on, by the criteria alone; None where nothing is monitored."""
    lulls: Sequence[LullTest]
    """Lulls of joint acts, then of each area that holds other acts."""
    with_others: Sequence[Event]
    """Acts that other chapters than the chronology cite: of one of the two with other partners, of reference pairs, and imported texts, by date."""
    decisive: Sequence[Decisive]
    """Events whose loss alone changes a level of the last year."""
    forecast: Forecast | None
    """What next, from the record's end; None on a scale for which no method was chosen."""
    gains: Gains
    """Who gets what from each act, in which coin."""
    border: Sequence[Figure]
    """Figures on one state's forces at the shared border, whose rows name that state alone."""
    signals: Signals
    """Message against substance, over all searched years."""
    dependence: Dependence
    """Who depends on whom, with the deals of an imported register that it cites."""
    limits: Limits
    """Tests of alliance."""
    reference_limits: Sequence[Limits]
    """The same tests on the reference pairs."""
    watch: Watch
    """Indicators of what comes next, as they stand."""
    readings: Readings
    """Competing readings of the pair, weighed in the last year."""

    @property
    def events(self) -> tuple[Event, ...]:
        """Events of the dyad by date."""
        return self.assessment.events

    @cached_property
    def by_id(self) -> dict[str, Event | Figure]:
        """Events and figures by id, acts with other partners and cited deals of a register included."""
        events = (*self.events, *self.with_others, *self.dependence.deals)
        return {**{e.id: e for e in events}, **{f.id: f for f in self.figures}}

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures of the pair, then those on one state's forces at the shared border."""
        return (*self.assessment.figures, *self.border)

    @property
    def last_year(self) -> int:
        """Last year rated."""
        return self.assessment.years[-1]

    @property
    def now(self) -> dict[str, Rating]:
        """Ratings of the last year by area."""
        return self.assessment.of_year(self.last_year)

    @property
    def top(self) -> int:
        """Highest level of the scale."""
        return len(self.assessment.scale.levels) - 1

    @cached_property
    def names(self) -> tuple[str, str]:
        """English names of the two states."""
        a, b = self.assessment.dyad.states
        return name_of(self.codebook, a), name_of(self.codebook, b)

    @property
    def recent_from(self) -> int:
        """First year of the recent window."""
        return self.last_year - RECENT_YEARS + 1

    def recent(self, *families: str) -> tuple[Event, ...]:
        """Events of families that began in the recent window and took place."""
        return tuple(e for e in self.realised(*families) if self.recent_from <= e.when.start.year <= self.last_year)

    def realised(self, *families: str) -> tuple[Event, ...]:
        """Events of families with a status that the scale calls realised."""
        statuses = self.assessment.scale.realised
        return tuple(e for e in self.events if e.family in families and e.status in statuses)

    def facts(self, events: Sequence[Event]) -> Facts:
        """The four facts over a set of events."""
        return find_facts(events, self.codebook.types)

    def evidence_of(self, area_id: str) -> tuple[Event, ...]:
        """Events that are evidence for an area."""
        return tuple(e for e in self.events if area_id in self.codebook.areas_of(e.type, e.values))

    @cached_property
    def references(self) -> list[Reference]:
        """Every page cited by the dyad's events and figures."""
        return collect_references(self.by_id.values(), self.codebook)

    def series_name(self, series_id: str) -> str:
        """``Joint Sea (Морское взаимодействие, 海上联合)``."""
        entry = self.codebook.series[series_id]
        return f"{entry.label.en} ({entry.label.ru}, {entry.label.zh})"
