"""The one place that wires rooms together. Commands, the Python API and the report reach data only through it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from milcoop.codebook.loader import load_codebook
from milcoop.domain.assessment import Assessment
from milcoop.domain.dates import parse_date
from milcoop.domain.rating import NOT_MONITORED
from milcoop.errors import InvalidArgument
from milcoop.record.ledger import EventFilter
from milcoop.record.loader import load_record
from milcoop.record.vintage import record_as_of
from milcoop.workbench.desk import check_years
from milcoop.workbench.writing import Workbench


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
    return Workbench(codebook, record, record_layer)


__all__ = ["NOT_MONITORED", "Assessment", "EventFilter", "Workbench", "check_years", "open_workbench"]
