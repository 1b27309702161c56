"""What changed between two records or vintages, for people: added, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from milcoop.record.exchange.tables import record_tables, rows_of_tables
from milcoop.record.loader import Record


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that differs: what was done to it, and which keys changed from what to what."""

    kind: str
    id: str
    change: str
    """``added``, ``corrected`` or ``withdrawn``."""
    title: str
    keys: tuple[tuple[str, Any, Any], ...] = ()
    """(key, before, after)"""
    reason: str = ""
    """Why it was withdrawn; empty when the newer record does not say."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """The row as it stands after the change, before it for a withdrawal."""


def diff_records(old: Record, new: Record) -> tuple[RowChange, ...]:
    """Changes of events, figures, searches and gaps, by kind and id; withdrawals with their reason."""
    before, after = (rows_of_tables(record_tables(r)) for r in (old, new))
    reasons = {w.id: w.reason + (f" (see {w.see})" if w.see else "") for w in new.withdrawn}
    return tuple(
        replace(c, reason=reasons.get(c.id, "")) if c.change == "withdrawn" else c
        for kind in before
        if kind != "withdrawn"
        for c in diff_rows(kind, before[kind], after[kind])
    )


def diff_rows(
    kind: str,
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
    ignore: frozenset[str] = frozenset(),
) -> list[RowChange]:
    """Changes between two lists of rows that have an ``id``, by id; keys in ``ignore`` make no difference."""
    old, new = (
        {row["id"]: {k: v for k, v in row.items() if k not in ignore} for row in side} for side in (before, after)
    )
    ids = sorted({*old, *new})
    return [_change(kind, i, old.get(i), new.get(i)) for i in ids if old.get(i) != new.get(i)]


def _change(kind: str, row_id: str, a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> RowChange:
    shown = b or a or {}
    title = str(shown.get("title") or shown.get("what") or shown.get("query") or "")
    if a is None:
        return RowChange(kind, row_id, "added", title, row=shown)
    if b is None:
        return RowChange(kind, row_id, "withdrawn", title, row=shown)
    keys = tuple((k, a.get(k), b.get(k)) for k in sorted({*a, *b}) if a.get(k) != b.get(k))
    return RowChange(kind, row_id, "corrected", title, keys, row=shown)
