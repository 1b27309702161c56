"""The four facts that stay apart in every area: promised, practised, quality, direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from milcoop.codebook.entries import TypeSpec
from milcoop.domain.event import Event

QUALITY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "command": ("combined", "coordinated", "parallel"),
    "mixed_units": ("yes", "no"),
    "shared_communications": ("yes", "no"),
    "live_fire": ("yes", "no"),
    "partner_landing": ("yes", "no"),
}
"""Quality fields of exercises and operations, and the order in which their values are shown."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was promised, done, how well and who gave, over one set of events."""

    promised: tuple[str, ...]
    practised: tuple[str, ...]
    quality: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Field -> value (``unknown`` included) -> ids of exercises and operations."""
    direction: Mapping[str, tuple[str, ...]]


def find_facts(events: Iterable[Event], types: Mapping[str, TypeSpec]) -> Facts:
    """Sort events into the four facts; every number is the length of a list of ids."""
    promised: list[str] = []
    practised: list[str] = []
    quality: dict[str, dict[str, list[str]]] = {name: {} for name in QUALITY_FIELDS}
    direction: dict[str, list[str]] = {}
    for event in events:
        standing = types[event.type].standing
        if standing != "neither":
            (promised if standing == "promise" else practised).append(event.id)
        direction.setdefault(event.direction, []).append(event.id)
        if event.family in ("exercise", "operation"):
            for name in QUALITY_FIELDS:
                for value in event.values(name) or ("unknown",):
                    quality[name].setdefault(value, []).append(event.id)
    return Facts(
        promised=tuple(promised),
        practised=tuple(practised),
        quality={n: {v: tuple(ids) for v, ids in values.items()} for n, values in quality.items() if values},
        direction={d: tuple(ids) for d, ids in sorted(direction.items())},
    )


@dataclass(frozen=True, slots=True)
class SourceMix:
    """Where the evidence comes from."""

    by_language: Mapping[str, int]
    by_ownership: Mapping[str, int]
    one_party_only: tuple[str, ...]
    """Events whose every citation is by an agency of one taking-part state or party."""


def find_source_mix(events: Iterable[Event], ownership: Mapping[str, tuple[str, str | None]]) -> SourceMix:
    """Citations by language and by ownership of the publisher; ``ownership`` maps address -> (kind, country)."""
    languages: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    one_party = []
    for event in events:
        voices = set()
        for citation in event.citations:
            kind, country = ownership.get(citation.url, ("unknown", None))
            languages[citation.language] += 1
            kinds[kind] += 1
            voices.add(country if kind in ("state", "party") and country in event.participants else "")
        if len(voices) == 1 and "" not in voices:
            one_party.append(event.id)
    return SourceMix(dict(languages.most_common()), dict(kinds.most_common()), tuple(one_party))
