"""Take all rows of an import, so that its report is complete."""

from typing import Any

from milcoop.record.importers.reading import Import, ImportReport


def taken(imported: Import) -> tuple[ImportReport, list[dict[str, Any]]]:
    """The report and the rows without their kind."""
    rows = [row for _, row in imported.rows]
    return imported.report, rows
