"""The one place that wires rooms together. Commands, the Python API and the report reach data only through it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from itertools import combinations
from pathlib import Path

from milcoop.codebook.entries import Mechanism, Place, Series
from milcoop.codebook.loader import Codebook, load_codebook
from milcoop.codebook.scale import Scale
from milcoop.codebook.states import find_state, name_of
from milcoop.domain.assessment import Assessment
from milcoop.domain.dates import parse_date
from milcoop.domain.dyad import Dyad, make_dyad
from milcoop.domain.estimate import Estimates
from milcoop.domain.event import Event, Figure
from milcoop.domain.path import Path as DyadPath
from milcoop.domain.rating import MONITORED, NOT_MONITORED, Rating
from milcoop.domain.tables import TableRow, event_row, figure_row
from milcoop.errors import InvalidArgument, check_known
from milcoop.findings.completeness import (
    Completeness,
    count_families,
    count_searches,
    find_language_mix,
)
from milcoop.findings.facts import find_source_mix
from milcoop.findings.level_changes import LevelChange, find_level_changes
from milcoop.findings.mechanisms import MechanismFinding, find_mechanisms
from milcoop.findings.reconcile import Reconciliation, reconcile_total
from milcoop.findings.register import RegisterFinding, match_register
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating
from milcoop.measure.estimates import monte_carlo_estimates, read_bundled, redraw_levels
from milcoop.record.datasets import Dataset, find_dataset
from milcoop.record.exchange.frame import assess_rows
from milcoop.record.expected import find_numbered, find_rhythms
from milcoop.record.ledger import EventFilter, filter_events
from milcoop.record.loader import Record, load_record
from milcoop.record.vintage import record_as_of
from milcoop.report.inputs import ReportInputs
from milcoop.trajectory.path import find_path
from milcoop.trajectory.series import change_over_window, count_by_family_year, spells_of_level

DEFAULT_SCALE = "staged-7"
FIRST_YEAR, LAST_YEAR = 1816, 2100


class Workbench:
    """Codebook and record at one vintage, and what can be asked of them."""

    def __init__(self, codebook: Codebook, record: Record) -> None:
        self.codebook = codebook
        self.record = record

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

    # --- assess ------------------------------------------------------------------------------------------------------

    def coverage(self, dyad: Dyad) -> Coverage:
        """Coverage of a dyad by the codebook's rule."""
        states = [self.codebook.actors[s] for s in dyad.states]
        return Coverage(self.record.searches_of_dyad(dyad), states, self.codebook.coverage["monitored"])

    def assess(
        self, dyad: Dyad, *, from_year: int | None = None, to_year: int | None = None, scale_id: str | None = None
    ) -> Assessment:
        """Rate a dyad by criteria, by default from the first year monitored to the last, at most the record's end."""
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

    def assess_rows(self, assessment: Assessment) -> list[TableRow]:
        """An assessment as the tidy frame of the contract."""
        return assess_rows(assessment, self.estimates(assessment), self.codebook.actors)

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

    def level_changes(self, old: Workbench, states: Iterable[Sequence[str]]) -> tuple[LevelChange, ...]:
        """Ratings that differ from those of an older workbench, for searched dyads among the sets of states given."""
        touched = {pair for group in states for pair in combinations(sorted(group), 2)}
        dyads = [d for d in self.searched_dyads() if d.states in touched]
        return tuple(change for d in dyads for change in find_level_changes(old.assess(d), self.assess(d)))

    # --- report --------------------------------------------------------------------------------------------------------

    def report_inputs(self, dyad: Dyad, scale_id: str | None = None) -> ReportInputs:
        """Findings for a report on a dyad."""
        assessment = self.assess(dyad, scale_id=scale_id)
        first, last = assessment.years[0], assessment.years[-1]
        events = assessment.events
        realised = [e for e in events if e.status in assessment.scale.realised]
        wholes = [(o.year, o.level) for o in assessment.overall]
        spells = {"overall": spells_of_level(wholes, "overall")}
        for area in assessment.scale.areas:
            series = [(r.year, r.level) for r in assessment.ratings if r.area == area.id]
            spells[area.id] = spells_of_level(series, area.id)
        searches = self.record.searches_of_dyad(dyad)
        return ReportInputs(
            assessment=assessment,
            codebook=self.codebook,
            mechanisms=self.mechanisms(dyad),
            changes=change_over_window(assessment.ratings, assessment.overall, max(first, last - 10), last),
            spells=spells,
            counts=count_by_family_year(realised, assessment.years),
            source_mix=find_source_mix(events, self._ownership(events)),
            n_searches=len(searches),
            gaps=self.record.gaps_of_dyad(dyad),
            search_languages=dict(Counter(s.language for s in searches).most_common()),
            estimates=self.estimates(assessment),
            path=self.path(dyad, scale_id=scale_id) if len(assessment.searched) > 2 else None,
        )

    def _ownership(self, events: Iterable[Event]) -> dict[str, tuple[str, str | None]]:
        """Ownership and country of the publisher of each cited page."""
        found: dict[str, tuple[str, str | None]] = {}
        for event in events:
            for citation in event.citations:
                source = self.codebook.source_of(citation.url)
                if source is not None:
                    found[citation.url] = (source.ownership, source.country)
        return found

    def report(
        self,
        dyad: Dyad,
        *,
        out: Path,
        kind: str = "full",
        formats: Sequence[str] = ("html", "pdf"),
        scale_id: str | None = None,
        fonts: Path | None = None,
        progress: Callable[[str], None] = lambda step: None,
    ) -> list[Path]:
        """Write a report and return the paths written."""
        from milcoop.report.write import write_report

        return write_report(self.report_inputs(dyad, scale_id), out, kind, formats, fonts, progress)

    # --- export --------------------------------------------------------------------------------------------------------

    def export(
        self, kind: str, folder: Path, *, dyads: Sequence[Dyad] | None = None, scale_id: str | None = None
    ) -> list[Path]:
        """Write a ``package``, ``panel``, ``references`` or ``plover`` into a folder and return the paths written."""
        from milcoop.domain.tables import to_csv
        from milcoop.record.exchange.package import package_files, reference_files
        from milcoop.record.exchange.panel import panel_columns, panel_rows
        from milcoop.record.exchange.write import write_files

        if kind == "package":
            return write_files(folder, package_files(self.record, self.codebook))
        if kind == "references":
            return write_files(folder, reference_files(self.record, self.codebook))
        if kind == "plover":
            from milcoop.record.exchange.plover import plover_files

            return write_files(folder, plover_files(self.record, self.codebook))
        wanted = dyads or self.searched_dyads()
        rows = [r for d in wanted for r in panel_rows(self.assess(d, scale_id=scale_id), self.codebook.actors)]
        columns = panel_columns(a.id for a in self.scale(scale_id).areas)
        return write_files(folder, {"dyad-years.csv": to_csv(rows, columns).encode()})


def check_years(first: int, last: int) -> None:
    """Raise InvalidArgument for reversed or impossible years."""
    for year in (first, last):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidArgument(f"found year {year}, expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    if last < first:
        raise InvalidArgument(f"found --to {last} before --from {first}, expected the later year second")


def open_workbench(record_layer: Path | None = None, as_of: str | date | None = None) -> Workbench:
    """Load codebook and record, with a user's folder over them, at a vintage.

    ``record_layer`` may hold events/, figures/, searches/ and codebook/. Raises InvalidRecord or InvalidCodebook with
    file and line, InvalidArgument for a date that is none.
    """
    on: date | None = None
    if isinstance(as_of, str):
        try:
            on = parse_date(as_of).last_day
        except ValueError as error:
            raise InvalidArgument(f"--as-of: {error}") from None
    else:
        on = as_of
    codebook = load_codebook(record_layer / "codebook" if record_layer else None)
    record = load_record(codebook, record_layer)
    if on is not None:
        record = record_as_of(record, on, codebook)
    return Workbench(codebook, record)


__all__ = ["NOT_MONITORED", "Assessment", "EventFilter", "Workbench", "check_years", "open_workbench"]
