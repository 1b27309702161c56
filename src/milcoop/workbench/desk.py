"""Codebook and record at one vintage: arguments, ratings, rows, completeness, comparisons with others' totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path

from milcoop.codebook.entries import Mechanism, Place, Series
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale
from milcoop.codebook.states import find_state, name_of
from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad, make_dyad
from milcoop.domain.event import Event, Figure
from milcoop.domain.rating import MONITORED, Rating
from milcoop.domain.tables import TableRow, event_row, figure_row
from milcoop.errors import InvalidArgument, check_known
from milcoop.findings.completeness import (
    Completeness,
    count_families,
    count_searches,
    find_language_mix,
)
from milcoop.findings.level_changes import LevelChange, find_level_changes
from milcoop.findings.mechanisms import MechanismFinding, find_mechanisms
from milcoop.findings.reconcile import Reconciliation, reconcile_total
from milcoop.findings.register import RegisterFinding, match_register
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating
from milcoop.record.datasets import Dataset, find_dataset, find_imported_event
from milcoop.record.expected import find_numbered, find_rhythms
from milcoop.record.ledger import EventFilter, filter_events
from milcoop.record.loader import Record

DEFAULT_SCALE = "staged-7"
FIRST_YEAR, LAST_YEAR = 1816, 2100


class Desk:
    """Codebook and record at one vintage, and what can be asked of them."""

    def __init__(self, codebook: Codebook, record: Record, layer: Path | None = None) -> None:
        """``layer``: the reader's record folder, for the datasets in it."""
        self.codebook = codebook
        self.record = record
        self.layer = layer

    # --- arguments ---------------------------------------------------------------------------------------------------

    def dyad(self, a: str, b: str) -> Dyad:
        """The dyad of two states given in any way that ``find_state`` reads."""
        return make_dyad(find_state(self.codebook, a), find_state(self.codebook, b))

    def state_name(self, iso3: str) -> str:
        """English name of a state."""
        return name_of(self.codebook, iso3)

    def scale(self, scale_id: str | None) -> Scale:
        """A scale by id; the default one for None."""
        return self.codebook.scale(scale_id or DEFAULT_SCALE)

    def place(self, place_id: str | None) -> Place | None:
        """A place by id."""
        return self.codebook.places.get(place_id or "")

    @cached_property
    def events_by_id(self) -> dict[str, Event]:
        """Events by id."""
        return {e.id: e for e in self.record.events}

    @cached_property
    def figures_by_id(self) -> dict[str, Figure]:
        """Figures by id."""
        return {f.id: f for f in self.record.figures}

    def imported_event(self, event_id: str) -> Event | None:
        """A row of an imported dataset that a finding may cite; None when there is none with this id."""
        return find_imported_event(self.layer, event_id)

    # --- assess ------------------------------------------------------------------------------------------------------

    def coverage(self, dyad: Dyad) -> Coverage:
        """Coverage of a dyad by the codebook's rule."""
        states = [self.codebook.actors[s] for s in dyad.states]
        return Coverage(self.record.searches_of_dyad(dyad), states, self.codebook.coverage["monitored"])

    def assess(
        self, dyad: Dyad, *, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Assessment:
        """Rate a dyad by criteria, by default from the first year monitored to the last, at most the record's end."""
        asked = dyad, from_year, to_year, scale_id
        if asked not in self._assessed:
            self._assessed[asked] = self._assess(dyad, from_year, to_year, scale_id)
        return self._assessed[asked]

    @cached_property
    def _assessed(self) -> dict[tuple[Dyad, int | None, int | None, str | None], Assessment]:
        """Assessments made so far: nothing that they rest on changes."""
        return {}

    def _assess(self, dyad: Dyad, from_year: int | None, to_year: int | None, scale_id: str | None) -> Assessment:
        scale = self.scale(scale_id)
        coverage = self.coverage(dyad)
        end = self.record.ends
        searched = self._searched(scale, coverage, end.year)
        last = to_year or (searched.stop - 1 if searched else end.year)
        first = from_year or (searched.start if searched else last)
        if from_year is None:
            first = min(first, last)
        elif to_year is None and last < first <= LAST_YEAR:
            raise InvalidArgument(f"found --from {first} after the record's end in {last}, expected an earlier year")
        check_years(first, last)
        events, figures = self.record.of_dyad(dyad), self.record.figures_of_dyad(dyad)
        rater = CriteriaRating(dyad, events, figures, scale, coverage, end)
        ratings = rater.rate(range(first, last + 1))
        return Assessment(
            dyad=dyad,
            scale=scale,
            as_of=end,
            record_version=self.record.version,
            ratings=ratings,
            overall=rater.overall(ratings),
            events=events,
            figures=figures,
            searched=searched,
        )

    @staticmethod
    def _searched(scale: Scale, coverage: Coverage, until: int) -> range:
        """From the first to the last year in which an area is monitored; single queries outside do not widen it."""
        logged = [y for y in coverage.years if y <= until]
        years = [y for y in logged if any(coverage.of_area(a, y) == MONITORED for a in scale.areas)] or logged
        return range(years[0], years[-1] + 1) if years else range(0)

    # --- rows --------------------------------------------------------------------------------------------------------

    def events(
        self,
        dyad: Dyad,
        wanted: EventFilter = EventFilter(),
        scale_id: str | None = None,
        dataset: Dataset | None = None,
    ) -> list[Event]:
        """Events of a dyad that pass a filter, by date; of an imported dataset instead of the record where one is given."""
        events = dataset.of_dyad(dyad) if dataset else self.record.of_dyad(dyad)
        return filter_events(events, wanted, self.codebook, self.scale(scale_id))

    def areas_of(self, event: Event) -> tuple[str, ...]:
        """Areas that an event is evidence for."""
        return self.codebook.areas_of(event.type, event.values)

    def event_rows(self, events: Iterable[Event], dataset: Dataset | None = None) -> list[TableRow]:
        """Events as rows of the contract; rows of a dataset carry its name and vintage as their version."""
        version = dataset.version if dataset else self.record.version
        rows = []
        for event in events:
            place = self.place(event.place)
            rows.append(
                event_row(
                    event,
                    areas=self.areas_of(event),
                    lat=place.lat if place else None,
                    lon=place.lon if place else None,
                    place=event.place or "",
                    record_version=version,
                )
            )
        return rows

    def figure_rows(self, figures: Iterable[Figure], dataset: Dataset | None = None) -> list[TableRow]:
        """Figures as rows of the contract; rows of a dataset carry its name and vintage as their version."""
        version = dataset.version if dataset else self.record.version
        return [figure_row(f, record_version=version) for f in figures]

    # --- mechanisms, explain -------------------------------------------------------------------------------------------

    def mechanisms(self, dyad: Dyad) -> tuple[MechanismFinding, ...]:
        """Standing mechanisms of a dyad with their rounds on record."""
        return find_mechanisms(self.record.of_dyad(dyad), self.codebook.mechanisms, self.record.ends.year)

    def searched_dyads(self) -> list[Dyad]:
        """Pairs for which the record logs searches, by id."""
        return sorted({Dyad(*s.dyad) for s in self.record.searches}, key=lambda d: d.id)

    def completeness(self, dyad: Dyad) -> Completeness:
        """What is on record for a dyad by class, beside what must exist."""
        events, years = self.record.of_dyad(dyad), self.coverage(dyad).years
        entries: dict[str, Series | Mechanism] = {**self.codebook.series, **self.codebook.mechanisms}
        return Completeness(
            numbered=find_numbered(events),
            rhythms=find_rhythms(events, entries, [y for y in years if y <= self.record.ends.year]),
            families=count_families(events, self.record.gaps_of_dyad(dyad)),
            languages=find_language_mix(events),
            searches=count_searches(self.record.searches_of_dyad(dyad)),
        )

    def reconcile(self, dyad: Dyad) -> tuple[Reconciliation, ...]:
        """Published totals about a dyad beside our counts under their rules."""
        scale, gaps = self.scale(None), self.record.gaps_of_dyad(dyad)
        return tuple(
            reconcile_total(total, self.record.of_dyad(dyad), gaps, scale)
            for total in self.codebook.totals.values()
            if tuple(sorted(total.dyad)) == dyad.states
        )

    def register(
        self, dyad: Dyad, record_folder: Path | None, name: str
    ) -> tuple[RegisterFinding, Dataset] | tuple[None, None]:
        """Our transfers beside an imported register of arms deals; (None, None) when none was imported."""
        dataset = find_dataset(record_folder, name)
        if dataset is None:
            return None, None
        return match_register(self.record.of_dyad(dyad), dataset.of_dyad(dyad)), dataset

    def rating(self, rating_id: str, scale_id: str | None = None) -> tuple[Assessment, Rating]:
        """The rating named ``AAA-BBB:area:year``. Raises InvalidArgument for another shape or an unknown part."""
        parts = rating_id.split(":")
        states = parts[0].split("-")
        if len(parts) != 3 or len(states) != 2 or not re.fullmatch(r"[0-9]+", parts[2]):
            raise InvalidArgument(
                f"found rating '{rating_id}', expected AAA-BBB:area:year, e.g. CHN-RUS:exercises:2021"
            )
        dyad, scale, year = self.dyad(*states), self.scale(scale_id), int(parts[2])
        check_known("area", parts[1], [a.id for a in scale.areas])
        assessment = self.assess(dyad, from_year=year, to_year=year, scale_id=scale_id)
        return assessment, assessment.of_year(year)[parts[1]]

    def level_changes(self, old: Desk, states: Iterable[Sequence[str]]) -> tuple[LevelChange, ...]:
        """Ratings that differ from those of an older workbench, for searched dyads among the sets of states given."""
        touched = {pair for group in states for pair in combinations(sorted(group), 2)}
        dyads = [d for d in self.searched_dyads() if d.states in touched]
        return tuple(change for d in dyads for change in find_level_changes(old.assess(d), self.assess(d)))


def check_years(first: int, last: int) -> None:
    """Raise InvalidArgument for reversed or impossible years."""
    for year in (first, last):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidArgument(f"found year {year}, expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    if last < first:
        raise InvalidArgument(f"found --to {last} before --from {first}, expected the later year second")
