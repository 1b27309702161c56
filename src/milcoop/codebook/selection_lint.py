"""Lint one selection of events: families, types, fields and values that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Selection

BUILT_IN_FIELDS = frozenset({"mechanism", "series", "type", "family", "status", "place", "chain"})


def lint_selection(codebook: Codebook, selection: Selection) -> Iterator[str]:
    """What a selection names that does not exist, as messages."""
    for family in selection.families:
        if family not in codebook.families:
            yield f"selects unknown family '{family}'"
    for name in (*selection.types, *selection.types_not):
        if name not in codebook.types:
            yield f"selects unknown type '{name}'"
    for name, values in selection.where.items():
        spec = codebook.fields.get(name)
        if spec is None and name not in BUILT_IN_FIELDS:
            yield f"selects by unknown field '{name}'"
        elif spec is not None and spec.values and not set(values) <= set(spec.values):
            yield f"selects values {sorted(set(values) - set(spec.values))} that field '{name}' does not allow"
    if selection.has and selection.has not in codebook.fields and selection.has not in BUILT_IN_FIELDS:
        yield f"needs unknown field '{selection.has}'"
    for member in selection.any:
        yield from lint_selection(codebook, member)
