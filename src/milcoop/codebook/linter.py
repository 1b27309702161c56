"""Lint the codebook: entries that refer to what is not there, labels that collide, ladders that are not ladders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from milcoop.codebook.entries import Labels
from milcoop.codebook.loader import Codebook
from milcoop.codebook.reading import Problem
from milcoop.codebook.scale import Area, Criterion, Scale, Selection

BUILT_IN_FIELDS = frozenset({"mechanism", "series", "type", "family", "status", "place", "chain"})


def lint_codebook(codebook: Codebook) -> list[Problem]:
    """All problems of a loaded codebook, those met while loading included."""
    problems = list(codebook.problems)
    problems += [Problem("codebook", 1, m) for m in _entries(codebook)]
    problems += [Problem("codebook", 1, m) for m in _totals(codebook)]
    for scale in codebook.scales.values():
        problems += [Problem(f"scale {scale.id}", 1, m) for m in _scale(codebook, scale)]
    return problems


def _entries(codebook: Codebook) -> Iterator[str]:
    for family in codebook.families.values():
        for name in family.fields:
            if name not in codebook.fields:
                yield f"family {family.id} names unknown field '{name}'"
        for also in family.also_evidence:
            spec = codebook.fields.get(also.when.field)
            if also.when.field not in family.fields or spec is None:
                yield f"family {family.id}: 'also_evidence' reads field '{also.when.field}', which it does not have"
            elif spec.values and not set(also.when.values) <= set(spec.values):
                yield f"family {family.id}: 'also_evidence' has values that field '{spec.id}' does not allow"
    areas = {a.id for s in codebook.scales.values() for a in s.areas}
    for act in codebook.types.values():
        if act.family not in codebook.families:
            yield f"type {act.id} has no family '{act.family}'"
        for area in act.areas:
            if area not in areas:
                yield f"type {act.id} is evidence for unknown area '{area}'"
        for text in ("definition", "includes", "excludes", "example", "near_miss"):
            if not getattr(act, text):
                yield f"type {act.id} has no '{text}'"
    for family_id in codebook.families:
        if not any(t.family == family_id for t in codebook.types.values()):
            yield f"family {family_id} has no type"
    for kind in ("types", "mechanisms", "series"):
        yield from _collisions(kind, {i: e.label for i, e in getattr(codebook, kind).items()})
    members = {i: e.members for i, e in codebook.mechanisms.items()} | {
        i: e.members for i, e in codebook.series.items()
    }
    for entry_id, states in members.items():
        for state in states:
            if state not in codebook.actors:
                yield f"{entry_id} has unknown member '{state}'"
    domains = Counter(d for s in codebook.sources.values() for d in s.domains)
    for domain, n in domains.items():
        if n > 1:
            yield f"domain {domain} belongs to {n} sources"
    for source in codebook.sources.values():
        if source.country is not None and source.country not in codebook.actors:
            yield f"source {source.id} has unknown country '{source.country}'"


def _collisions(kind: str, labels: dict[str, Labels]) -> Iterator[str]:
    for language in ("en", "ru", "zh"):
        seen: dict[str, str] = {}
        for entry_id, label in labels.items():
            word = getattr(label, language).casefold()
            if word in seen:
                yield f"{kind} {seen[word]} and {entry_id} share the {language} label '{word}'"
            seen[word] = entry_id


def _scale(codebook: Codebook, scale: Scale) -> Iterator[str]:
    ids = Counter(c.id for a in scale.areas for r in a.rungs for c in r.criteria)
    yield from (f"criterion '{i}' stands {n} times" for i, n in ids.items() if n > 1)
    for area in scale.areas:
        if area.stage not in scale.stages:
            yield f"area {area.id} has unknown stage '{area.stage}'"
        if [r.level for r in area.rungs] != list(range(1, len(scale.levels))):
            yield f"area {area.id}: rungs must be {', '.join(map(str, range(1, len(scale.levels))))} in order"
        for family in area.families:
            if family not in codebook.families:
                yield f"area {area.id} reads unknown family '{family}'"
        for criterion in _all_criteria(area):
            yield from _criterion(codebook, area, criterion)


def _totals(codebook: Codebook) -> Iterator[str]:
    for total in codebook.totals.values():
        yield from (f"total {total.id} {m}" for m in _selection(codebook, total.rule))
        for state in total.dyad:
            if state not in codebook.actors:
                yield f"total {total.id} has unknown state '{state}'"


def _all_criteria(area: Area) -> Iterator[Criterion]:
    for rung in area.rungs:
        yield from rung.criteria
    if area.not_applicable:
        yield area.not_applicable.criterion


def _criterion(codebook: Codebook, area: Area, criterion: Criterion) -> Iterator[str]:
    if criterion.by and criterion.by not in codebook.fields and criterion.by not in BUILT_IN_FIELDS:
        yield f"criterion {criterion.id} groups by unknown field '{criterion.by}'"
    for name in criterion.figure.names if criterion.figure else ():
        if name not in codebook.figures:
            yield f"criterion {criterion.id} reads unknown figure '{name}'"
    if criterion.select:
        yield from (f"criterion {criterion.id} {m}" for m in _selection(codebook, criterion.select))


def _selection(codebook: Codebook, selection: Selection) -> Iterator[str]:
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
        yield from _selection(codebook, member)
