"""What a reader's own folder changed in the codebook: entries and keys that differ from the bundled ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from milcoop.codebook.loader import KINDS, Codebook, load_codebook

MISSING = "(none)"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One value of an entry that is not as it comes with the package."""

    kind: str
    id: str
    key: str
    """Path to the value inside the entry, e.g. ``weights.material.best``; empty for a whole entry."""
    before: str
    after: str


def find_changes(codebook: Codebook) -> tuple[RuleChange, ...]:
    """Entries that were added and values that differ, by kind and id; nothing for the bundled codebook itself."""
    bundled = load_codebook()
    if codebook.version == bundled.version:
        return ()
    found = []
    for kind in KINDS:
        old, new = getattr(bundled, kind), getattr(codebook, kind)
        for name, entry in new.items():
            if name not in old:
                found.append(RuleChange(kind, name, "", MISSING, "(added)"))
            elif entry != old[name]:
                was, now = (dict(_leaves(e.model_dump(mode="json"))) for e in (old[name], entry))
                found += [
                    RuleChange(kind, name, key, was.get(key, MISSING), now.get(key, MISSING))
                    for key in dict.fromkeys([*was, *now])
                    if was.get(key) != now.get(key)
                ]
    return tuple(found)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(v, Mapping | list) for v in value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{index}")
    else:
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
