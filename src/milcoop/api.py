"""The Python API: the commands' answers as pandas frames."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from milcoop.domain.dates import PartialDate, parse_date
from milcoop.domain.tables import (
    ASSESS_COLUMNS,
    EVENT_COLUMNS,
    FIGURE_COLUMNS,
    FINDING_COLUMNS,
    FORECAST_COLUMNS,
    TableRow,
    finding_row,
)
from milcoop.errors import InvalidArgument
from milcoop.workbench import EventFilter, Workbench, open_workbench

if TYPE_CHECKING:
    from pandas import DataFrame


def load(record: str | Path | None = None, as_of: str | None = None) -> Milcoop:
    """Open the bundled record, with your own folder over it, at a vintage.

    ``record`` is a folder of events, figures, searches and codebook entries; ``as_of`` a date (YYYY, YYYY-MM or
    YYYY-MM-DD) that drops what could not be known then. Raises InvalidRecord, InvalidCodebook or InvalidArgument.
    """
    return Milcoop(open_workbench(Path(record) if record else None, as_of))


class Milcoop:
    """What can be asked of the record, with answers as frames. States are ISO3, COW codes or names."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    @property
    def record_version(self) -> str:
        """Version and digest of the record and codebook read."""
        return self._workbench.record.version

    def assess(
        self, a: str, b: str, *, from_year: int | None = None, to_year: int | None = None, scale: str | None = None
    ) -> DataFrame:
        """Levels by area and year: columns as of ``milcoop assess --format csv``, one row an area, year and measure."""
        workbench = self._workbench
        found = workbench.assess(workbench.dyad(a, b), from_year=from_year, to_year=to_year, scale_id=scale)
        return _frame(workbench.assess_rows(found), ASSESS_COLUMNS)

    def events(
        self,
        a: str,
        b: str,
        *,
        family: str | None = None,
        type: str | None = None,
        area: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        rule: str | None = None,
    ) -> DataFrame:
        """Events of a dyad by date: columns as of ``milcoop events --format csv``, one row an act."""
        workbench = self._workbench
        wanted = EventFilter(
            family=family,
            type=type,
            area=area,
            from_=_date(from_).first_day if from_ else None,
            to=_date(to).last_day if to else None,
            rule=rule,
        )
        return _frame(workbench.event_rows(workbench.events(workbench.dyad(a, b), wanted)), EVENT_COLUMNS)

    def figures(self, a: str, b: str) -> DataFrame:
        """Cited values about a dyad: columns as of ``milcoop figures --format csv``."""
        workbench = self._workbench
        figures = workbench.record.figures_of_dyad(workbench.dyad(a, b))
        return _frame(workbench.figure_rows(figures), FIGURE_COLUMNS)

    def forecast(self, a: str, b: str, *, horizon: int | None = None) -> DataFrame:
        """Levels and counts of the years to come: hubverse rows, columns as of ``milcoop forecast --format csv``."""
        from milcoop.record.exchange.hubverse import hubverse_rows

        workbench = self._workbench
        found = workbench.forecast(workbench.dyad(a, b), horizon)
        return _frame(hubverse_rows(found, workbench.forecast_rule.quantiles), FORECAST_COLUMNS)

    def findings(
        self, command: str, a: str, b: str, *, from_year: int | None = None, to_year: int | None = None
    ) -> DataFrame:
        """Findings of ``gains``, ``signals``, ``dependence``, ``limits``, ``watch`` or ``readings``: columns as of ``--format csv``.

        Raises InvalidArgument for another command, an unknown state or impossible years.
        """
        workbench = self._workbench
        found = workbench.findings(command, workbench.dyad(a, b), from_year, to_year)
        return _frame([finding_row(f, found) for f in found.findings], FINDING_COLUMNS)

    def citations(self, event_id: str) -> DataFrame:
        """Citations of one event or figure. Raises InvalidArgument for an unknown id."""
        workbench = self._workbench
        row = workbench.events_by_id.get(event_id) or workbench.figures_by_id.get(event_id)
        if row is None:
            raise InvalidArgument(f"found id '{event_id}', expected the id of an event or figure")
        rows: list[TableRow] = [
            {
                "publisher": c.publisher,
                "title": c.title,
                "date": str(c.date or ""),
                "language": c.language,
                "url": c.url,
            }
            for c in row.citations
        ]
        return _frame(rows, ("publisher", "title", "date", "language", "url"))

    def report(
        self, a: str, b: str, out: str | Path, *, kind: str = "full", formats: Sequence[str] = ("html", "pdf")
    ) -> list[Path]:
        """Write a report into folder ``out``; returns the paths written."""
        return self._workbench.report(self._workbench.dyad(a, b), out=Path(out), kind=kind, formats=formats)


def _frame(rows: list[TableRow], columns: Sequence[str]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def _date(text: str) -> PartialDate:
    try:
        return parse_date(text)
    except ValueError as error:
        raise InvalidArgument(str(error)) from None
