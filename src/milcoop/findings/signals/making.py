"""A finding with the coverage of what it reads: without searches it has no value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from milcoop.domain.finding import Finding, Moved, Value
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.trends import Slope

Ends = tuple[Value, Value, Value]
"""Value, low, high."""

NOTHING: Ends = (None, None, None)


def make_finding(
    evidence: Evidence,
    families: Iterable[str],
    finding_id: str,
    label: str,
    ends: Ends,
    unit: str,
    events: Sequence[str],
    change: str,
    moved: Sequence[Moved] = (),
    note: str = "",
    years: range | None = None,
) -> Finding:
    """One finding of ``signals``; where no family was searched in any year (default: of the window) it is empty.

    ``change`` is what would change it; ``moved`` its sensitivity, dropped where there is no value to move.
    """
    coverage = evidence.coverage(families, years)
    if coverage == NOT_MONITORED:
        return Finding(f"signals.{finding_id}", label, None, None, None, unit, (), coverage, change)
    kept = tuple(moved) if any(e is not None for e in ends) else ()
    ids = tuple(dict.fromkeys(events))
    return Finding(f"signals.{finding_id}", label, *ends, unit, ids, coverage, change, kept, note)


def ends_of(slope: Slope | None) -> Ends:
    """Value and ends of a slope; nothing where there is none."""
    return NOTHING if slope is None else (slope.value, slope.low, slope.high)
