"""Lint the codebook: entries that refer to what is not there, labels that collide, ladders that are not ladders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from milcoop.codebook.finding_lint import lint_findings
from milcoop.codebook.latent_rule import CountItem, PromiseItem
from milcoop.codebook.loader import Codebook
from milcoop.codebook.reading import Problem, line_of
from milcoop.codebook.scale import Area, Criterion, Scale, Selection
from milcoop.codebook.selection_lint import BUILT_IN_FIELDS, lint_selection
from milcoop.codebook.signal_lint import lint_signals

Found = Iterator[tuple[str, str, str]]
"""(kind of entry, id, message)"""


def lint_codebook(codebook: Codebook) -> list[Problem]:
    """All problems of a loaded codebook with file and line, those met while loading included."""
    found = [*_families(codebook), *_types(codebook), *_labels(codebook), *_members(codebook), *_sources(codebook)]
    found += [
        *_crosswalks(codebook),
        *_references(codebook),
        *_strands(codebook),
        *_lulls(codebook),
        *_latent(codebook),
        *_forecast(codebook),
        *lint_signals(codebook),
        *lint_findings(codebook),
    ]
    found += [*_totals(codebook), *(f for s in codebook.scales.values() for f in _scale(codebook, s))]
    return [*codebook.problems, *(_problem(codebook, *f) for f in found)]


def _problem(codebook: Codebook, kind: str, entry_id: str, message: str) -> Problem:
    path, index = codebook.where[kind, entry_id]
    text = Path(path).read_text("utf-8")
    line = line_of(text, [index]) if text.lstrip().startswith("-") or "\n- " in text else 1
    return Problem(path, line, f"{entry_id}: {message}")


def _families(codebook: Codebook) -> Found:
    for family in codebook.families.values():
        for name in family.fields:
            if name not in codebook.fields:
                yield "families", family.id, f"names unknown field '{name}'"
        for also in family.also_evidence:
            spec = codebook.fields.get(also.when.field)
            if also.when.field not in family.fields or spec is None:
                yield "families", family.id, f"'also_evidence' reads field '{also.when.field}', which it does not have"
            elif spec.values and not set(also.when.values) <= set(spec.values):
                yield "families", family.id, f"'also_evidence' has values that field '{spec.id}' does not allow"
        if not any(t.family == family.id for t in codebook.types.values()):
            yield "families", family.id, "has no type"


def _types(codebook: Codebook) -> Found:
    areas = {a.id for s in codebook.scales.values() for a in s.areas}
    for act in codebook.types.values():
        if act.family not in codebook.families:
            yield "types", act.id, f"has no family '{act.family}'"
        for area in act.areas:
            if area not in areas:
                yield "types", act.id, f"is evidence for unknown area '{area}'"
        for text in ("definition", "includes", "excludes", "example", "near_miss"):
            if not getattr(act, text):
                yield "types", act.id, f"has no '{text}'"


def _labels(codebook: Codebook) -> Found:
    """Two entries of a kind with the same name in a language."""
    for kind in ("types", "mechanisms", "series"):
        for language in ("en", "ru", "zh"):
            seen: dict[str, str] = {}
            for entry_id, entry in getattr(codebook, kind).items():
                word = getattr(entry.label, language).casefold()
                if word in seen:
                    yield kind, entry_id, f"shares the {language} label '{word}' with {seen[word]}"
                seen[word] = entry_id


def _crosswalks(codebook: Codebook) -> Found:
    statuses = codebook.fields["status"].values if "status" in codebook.fields else ()
    for crosswalk in codebook.crosswalks.values():
        for ours in crosswalk.types:
            if ours not in codebook.types and ours not in codebook.families:
                yield "crosswalks", crosswalk.id, f"names unknown type or family '{ours}'"
        for status in crosswalk.left_out:
            if status not in statuses:
                yield "crosswalks", crosswalk.id, f"names unknown status '{status}'"


def _references(codebook: Codebook) -> Found:
    for reference in codebook.references.values():
        for state in reference.dyad:
            if state not in codebook.actors:
                yield "references", reference.id, f"names unknown state '{state}'"
        if list(reference.dyad) != sorted(reference.dyad) or reference.id != "-".join(reference.dyad).lower():
            yield "references", reference.id, "must be named by its two states in order"


def _members(codebook: Codebook) -> Found:
    entries = {("mechanisms", i): e.members for i, e in codebook.mechanisms.items()}
    entries |= {("series", i): e.members for i, e in codebook.series.items()}
    for (kind, entry_id), states in entries.items():
        for state in states:
            if state not in codebook.actors:
                yield kind, entry_id, f"has unknown member '{state}'"


def _sources(codebook: Codebook) -> Found:
    domains = Counter(d for s in codebook.sources.values() for d in s.domains)
    for source in codebook.sources.values():
        for domain in source.domains:
            if domains[domain] > 1:
                yield "sources", source.id, f"domain {domain} belongs to {domains[domain]} sources"
        if source.country is not None and source.country not in codebook.actors:
            yield "sources", source.id, f"has unknown country '{source.country}'"


def _totals(codebook: Codebook) -> Found:
    for total in codebook.totals.values():
        yield from (("totals", total.id, m) for m in lint_selection(codebook, total.rule))
        for state in total.dyad:
            if state not in codebook.actors:
                yield "totals", total.id, f"has unknown state '{state}'"


def _scale(codebook: Codebook, scale: Scale) -> Found:
    def found(message: str) -> tuple[str, str, str]:
        return "scales", scale.id, message

    ids = Counter(c.id for a in scale.areas for r in a.rungs for c in r.criteria)
    yield from (found(f"criterion '{i}' stands {n} times") for i, n in ids.items() if n > 1)
    for area in scale.areas:
        if area.stage not in scale.stages:
            yield found(f"area {area.id} has unknown stage '{area.stage}'")
        if [r.level for r in area.rungs] != list(range(1, len(scale.levels))):
            yield found(f"area {area.id}: rungs must be {', '.join(map(str, range(1, len(scale.levels))))} in order")
        for family in area.families:
            if family not in codebook.families:
                yield found(f"area {area.id} reads unknown family '{family}'")
        for criterion in _all_criteria(area):
            yield from (found(m) for m in _criterion(codebook, criterion))


def _all_criteria(area: Area) -> Iterator[Criterion]:
    for rung in area.rungs:
        yield from rung.criteria
    if area.not_applicable:
        yield area.not_applicable.criterion


def _criterion(codebook: Codebook, criterion: Criterion) -> Iterator[str]:
    if criterion.by and criterion.by not in codebook.fields and criterion.by not in BUILT_IN_FIELDS:
        yield f"criterion {criterion.id} groups by unknown field '{criterion.by}'"
    for name in criterion.figure.names if criterion.figure else ():
        if name not in codebook.figures:
            yield f"criterion {criterion.id} reads unknown figure '{name}'"
    for selection in (criterion.select, criterion.implied_by):
        if selection:
            yield from (f"criterion {criterion.id} {m}" for m in lint_selection(codebook, selection))


def _strands(codebook: Codebook) -> Found:
    for rule in codebook.trajectory.values():
        yield from (("trajectory", rule.id, f"strands {m}") for m in lint_selection(codebook, rule.strands.select))
        for strand in rule.strands.of:
            if strand.field is None:
                continue
            spec = codebook.fields.get(strand.field)
            if spec is None:
                yield "trajectory", rule.id, f"strand {strand.id} reads unknown field '{strand.field}'"
            elif not set(strand.values) <= set(spec.values):
                yield "trajectory", rule.id, f"strand {strand.id} has values that field '{strand.field}' does not allow"
            elif spec.kind not in ("list", "number") and not strand.values:
                yield (
                    "trajectory",
                    rule.id,
                    f"strand {strand.id} needs values, since field '{strand.field}' is a {spec.kind}",
                )


def _lulls(codebook: Codebook) -> Found:
    for shock in codebook.shocks.values():
        yield from (("shocks", shock.id, f"'hits' {m}") for m in lint_selection(codebook, shock.hits))
        yield from (
            ("shocks", shock.id, f"names unknown state '{s}'") for s in shock.states if s not in codebook.actors
        )
        if shock.end is not None and shock.end < shock.start[: len(shock.end)]:
            yield "shocks", shock.id, "ends before it begins"
        if not shock.citations:
            yield "shocks", shock.id, "has no page that gives its dates"
    for rule in codebook.lulls.values():
        for name in ("select", "cheap", "online", "costly"):
            yield from (("lulls", rule.id, f"'{name}' {m}") for m in lint_selection(codebook, getattr(rule, name)))
        unknown = [f for f in rule.control if f not in codebook.families]
        yield from (("lulls", rule.id, f"'control' names unknown family '{f}'") for f in unknown)
        for name in ("prior", "prior_without_shock"):
            if abs(sum(getattr(r, name) for r in rule.readings) - 1) > 1e-9:
                yield "lulls", rule.id, f"'{name}' of the readings must sum to one"
        if any(length % 12 for length in rule.lengths):
            yield "lulls", rule.id, "'lengths' must be whole years in months"


def _latent(codebook: Codebook) -> Found:
    areas = {a.id for s in codebook.scales.values() for a in s.areas}
    for rule in codebook.latent.values():
        items: list[PromiseItem | CountItem] = [*rule.promises, *rule.counts]
        grades = [c.grade for c in rule.counts if c.grade]
        ids = Counter([*(i.id for i in items), *(g.id for g in grades)])
        yield from (("latent", rule.id, f"item '{i}' stands {n} times") for i, n in ids.items() if n > 1)
        for item in items:
            if item.area not in areas:
                yield "latent", rule.id, f"item {item.id} has unknown area '{item.area}'"
            for selection in (s for s in (item.select, item.implied_by) if s):
                yield from (("latent", rule.id, f"item {item.id} {m}") for m in lint_selection(codebook, selection))
            if not item.select.named_families:
                yield "latent", rule.id, f"item {item.id} names no family, so nothing says whether it was searched for"
        for grade in grades:
            for step in grade.steps:
                yield from (("latent", rule.id, f"grade {grade.id} {m}") for m in lint_selection(codebook, step.select))
                if step.of is not None and step.of not in codebook.fields:
                    yield "latent", rule.id, f"grade {grade.id} counts values of unknown field '{step.of}'"
        left = {t for out in rule.left_out for t in out.types}
        yield from (("latent", rule.id, f"leaves out unknown type '{t}'") for t in left - set(codebook.types))
        for name in set(codebook.types) - left:
            if not any(_may_select(i.select, name) for i in items):
                yield "latent", rule.id, f"type '{name}' feeds no item and is not left out"


def _may_select(selection: Selection, type_id: str) -> bool:
    return (
        (not selection.families or type_id.partition(".")[0] in selection.families)
        and (not selection.types or type_id in selection.types)
        and type_id not in selection.types_not
        and (not selection.any or any(_may_select(s, type_id) for s in selection.any))
    )


def _forecast(codebook: Codebook) -> Found:
    areas = {a.id for s in codebook.scales.values() for a in s.areas}
    counts = {c.id for rule in codebook.forecast.values() for c in rule.counts}
    for rule in codebook.forecast.values():
        for target in rule.counts:
            yield from (
                ("forecast", rule.id, f"count {target.id} {m}") for m in lint_selection(codebook, target.select)
            )
            for family in target.searched:
                if family not in codebook.families:
                    yield "forecast", rule.id, f"count {target.id} needs unknown family '{family}'"
    for driver in codebook.drivers.values():
        for name, known in ((driver.levels, areas), (driver.counts, counts), (driver.states, set(codebook.actors))):
            for item in name:
                if item not in known:
                    yield "drivers", driver.id, f"names unknown area, count or state '{item}'"
