"""Reports and exports of what the workbench knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.domain.forecast import Backtest
from milcoop.domain.limit import Limits
from milcoop.domain.watch import Watch
from milcoop.findings.facts import find_source_mix
from milcoop.measure.rerate import find_decisive
from milcoop.report.inputs import ReportInputs
from milcoop.trajectory.series import change_over_window, count_by_family_year, spells_of_level
from milcoop.workbench.checking import Checking
from milcoop.workbench.forecasting import Forecasting
from milcoop.workbench.rerating import WhatIf
from milcoop.workbench.weighing import Weighing


class Workbench(Checking, WhatIf, Forecasting, Weighing):
    """Codebook and record at one vintage, and what can be asked of them and written from them."""

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
        lulls = self.all_lulls(dyad, scale_id) if assessment.monitored else ()
        weighed = {
            i for t in lulls for lull in t.lulls for line in lull.lines for i in (*line.events, *line.base_events)
        }
        limits, references = self.limits(dyad, scale_id=scale_id), self.reference_limits(dyad)
        weighed |= {i for x in references for t in x.tests for i in t.now.cited}
        own = {e.id for e in events}
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
            latent=self.latent(assessment),
            path=self.path(dyad, scale_id=scale_id) if len(assessment.searched) > 2 else None,
            sensitivity=self.sensitivity(dyad, scale_id=scale_id, draws=0) if assessment.monitored else None,
            lulls=lulls,
            with_others=[
                *(e for e in self.record.events if e.id in weighed - own),
                *self._imported(limits, references),
            ],
            decisive=find_decisive(assessment, self.coverage(dyad), last) if assessment.monitored else (),
            signals=self.signals(dyad, scale_id=scale_id),
            dependence=self.dependence(dyad, scale_id=scale_id),
            gains=self.gains(dyad, scale_id=scale_id),
            border=self.border_figures(dyad),
            forecast=self.forecast(dyad) if assessment.scale.id == self.scale(None).id else None,
            limits=limits,
            reference_limits=references,
            readings=self.readings(dyad, scale_id=scale_id),
            watch=self.watch(dyad, scale_id=scale_id),
        )

    @staticmethod
    def _imported(limits: Limits, references: Sequence[Limits]) -> list[Event]:
        """Texts of imported datasets that the chapter on limits cites."""
        cited = {i for x in references for t in x.tests for i in t.now.cited}
        return [*limits.imported, *(e for x in references for e in x.imported if e.id in cited)]

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

    def write_backtest(self, found: Backtest, out: Path, fonts: Path | None = None) -> list[Path]:
        """Write the calibration of a backtest as SVG and all of its numbers as JSON; returns the paths."""
        import vl_convert

        from milcoop.record.exchange.write import write_files
        from milcoop.report.fonts import fonts_folder
        from milcoop.report.forecast_charts import calibration_chart

        vl_convert.register_font_directory(str(fonts_folder(fonts)))
        svg = vl_convert.vegalite_to_svg(calibration_chart(found), allowed_base_urls=[])
        numbers = json.dumps(self.backtest_json(found), ensure_ascii=False, indent=1)
        return write_files(out, {"calibration.svg": svg.encode(), "backtest.json": numbers.encode()})

    def write_feed(self, watch: Watch, file: Path) -> Path:
        """Write the signs of a watch as an Atom feed and return the path. Raises OutputError where it cannot be written."""
        from milcoop.record.exchange.write import write_files
        from milcoop.report.render.atom import atom_feed

        return write_files(file.parent, {file.name: atom_feed(watch, self.events_by_id, self.state_name)})[0]

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
