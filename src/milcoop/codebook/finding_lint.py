"""Lint the rules of findings: gains, dependence, limits, watch, readings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from milcoop.codebook.loader import Codebook
from milcoop.codebook.readings_rule import Line
from milcoop.codebook.selection_lint import BUILT_IN_FIELDS, lint_selection

Found = Iterator[tuple[str, str, str]]
"""(kind of entry, id, message)"""


def lint_findings(codebook: Codebook) -> Found:
    """Problems of all rules that findings alone read, those of ``milcoop signals`` apart."""
    yield from _gains(codebook)
    yield from _dependence(codebook)
    yield from _limits(codebook)
    yield from _watch(codebook)
    yield from lint_readings(codebook)


def _dependence(codebook: Codebook) -> Found:
    kinds = {*codebook.types, *codebook.families}
    category = codebook.fields.get("category")
    classes = set(category.values) if category else set()
    for measure in codebook.shares.values():
        ratio = measure.ratio
        names = [*measure.figures, *measure.between, *((*ratio.numerator, *ratio.denominator) if ratio else ())]
        yield from (("shares", measure.id, f"names unknown figure '{n}'") for n in names if n not in codebook.figures)
        unknown = {*measure.categories, *measure.register_classes} - classes
        yield from (("shares", measure.id, f"names unknown category '{c}'") for c in sorted(unknown))
    for flow in codebook.flows.values():
        yield from (("flows", flow.id, m) for m in lint_selection(codebook, flow.select))
    for need in codebook.needs.values():
        for n in need.flows:
            yield from (("needs", need.id, f"names unknown type or family '{t}'") for t in n.types if t not in kinds)
            unknown = set(n.categories) - classes
            yield from (("needs", need.id, f"names unknown category '{c}'") for c in sorted(unknown))


def _limits(codebook: Codebook) -> Found:
    for test in codebook.limits.values():
        for line in test.lines:
            yield from (("limits", test.id, f"a line {m}") for m in lint_selection(codebook, line.select))
        unknown = [f for f in test.families if f not in codebook.families]
        yield from (("limits", test.id, f"names unknown family '{f}'") for f in unknown)
        unknown = [t for t in test.occasion if t not in codebook.limits]
        yield from (("limits", test.id, f"'occasion' names unknown test '{t}'") for t in unknown)
    for rule in codebook.verdicts.values():
        if rule.against_to >= rule.met_from:
            yield "verdicts", rule.id, "'against_to' must lie below 'met_from'"


def _gains(codebook: Codebook) -> Found:
    for rule in codebook.gains.values():
        for name in (n for n in rule.factors if n not in codebook.factors):
            yield "gains", rule.id, f"names unknown factor '{name}'"
        for selection in (s for s in (rule.select, rule.settled_by) if s):
            yield from (("gains", rule.id, m) for m in lint_selection(codebook, selection))
    for factor in codebook.factors.values():
        spec = codebook.fields.get(factor.field or "")
        if factor.field and (spec is None or (spec.values and not set(factor.values) <= set(spec.values))):
            yield "factors", factor.id, f"field '{factor.field}' does not exist or does not allow its values"
    for capability in codebook.together.values():
        yield from (("together", capability.id, m) for m in lint_selection(codebook, capability.select))
    for wording in codebook.wordings.values():
        yield from (("wordings", wording.id, m) for m in lint_selection(codebook, wording.select))
    for kind, entries in (("isolations", codebook.isolations), ("attributions", codebook.attributions)):
        for entry in entries.values():
            if entry.state not in codebook.actors and entry.state != "both":
                yield kind, entry.id, f"names unknown state '{entry.state}'"
    for ledger in codebook.ledger.values():
        yield from (("ledger", ledger.id, f"'border' {m}") for m in lint_selection(codebook, ledger.border))
        for name in (*ledger.forces, *ledger.ceilings, *ledger.inspections, *ledger.moved, *ledger.beside):
            if name not in codebook.figures:
                yield "ledger", ledger.id, f"reads unknown figure '{name}'"
        for type_id in set(ledger.left_out) - set(codebook.types):
            yield "ledger", ledger.id, f"leaves out unknown type '{type_id}'"


def _watch(codebook: Codebook) -> Found:
    for region in codebook.regions.values():
        named = (*region.concerns, *([region.zone_of] if region.zone_of else []))
        yield from (("regions", region.id, f"names unknown state '{s}'") for s in named if s not in codebook.actors)
        bounded = {n for w in codebook.waters.values() for n in w.names}
        yield from (("regions", region.id, f"'partly' names '{n}', whose bounds tell") for n in region.partly if n in bounded)  # fmt: skip
    statuses = codebook.fields["status"].values
    for entry in codebook.indicators.values():
        trigger = entry.trigger
        known: tuple[tuple[str, Iterable[str], Container[str]], ...] = (
            ("region", [trigger.region] if trigger.region else [], codebook.regions),
            ("state", [*trigger.actors, *([trigger.giver] if trigger.giver else [])], codebook.actors),
            ("place", trigger.places, codebook.places),
            ("status", trigger.becomes, statuses),
            ("family", entry.searched, codebook.families),
        )
        for what, names, words in known:
            yield from (("indicators", entry.id, f"names unknown {what} '{n}'") for n in names if n not in words)
        for name, selection in (("select", trigger.select), ("maybe", trigger.maybe)):
            if selection is not None:
                yield from (("indicators", entry.id, f"'{name}' {m}") for m in lint_selection(codebook, selection))


TAKEN_IDS = frozenset({"answer", "diagnostic", "says-nothing", "missing", "tells-apart"})
"""Findings of readings that are neither a reading nor a line."""
CHANCES_SUM = (0.85, 1.15)
"""Words of chance add up to about one, so that bringing them to one leaves them what they say."""


def lint_readings(codebook: Codebook) -> Found:
    """Problems of readings and lines of evidence, as (kind, id, message); those that weigh readings ask first."""
    named = {r.id for r in codebook.readings.values() if not r.flat}
    for reading in codebook.readings.values():
        if reading.id in codebook.lines or reading.id in TAKEN_IDS:
            yield "readings", reading.id, "has the id of a line or of another finding of readings"
    if abs(sum(r.prior for r in codebook.readings.values()) - 1) > 1e-9:
        yield "readings", next(iter(codebook.readings)), "priors of all readings must sum to one"
    for line in codebook.lines.values():
        yield from (("lines", line.id, m) for m in _line(codebook, line, named))


def _line(codebook: Codebook, line: Line, named: set[str]) -> Iterator[str]:
    if line.id in TAKEN_IDS:
        yield "has the id of another finding of readings"
    if line.bundle not in codebook.bundles:
        yield f"is of unknown bundle '{line.bundle}'"
    if line.part_of is not None:
        whole = codebook.lines.get(line.part_of)
        if whole is None or whole is line or whole.part_of is not None:
            yield f"is part of '{line.part_of}', expected another line that is no part itself"
    if line.acts is not None:
        yield from (f"'acts' {m}" for m in lint_selection(codebook, line.acts.select))
        for name in (line.acts.field, line.acts.points_by):
            if name not in (None, "receiver") and name not in codebook.fields and name not in BUILT_IN_FIELDS:
                yield f"reads unknown field '{name}'"
    if set(line.chances) != named:
        yield f"has chances for {', '.join(sorted(line.chances))}, expected {', '.join(sorted(named))}"
        return
    words = codebook.weighing["weighing"].words
    for reading, told in line.chances.items():
        size = 2 if line.directed and not codebook.readings[reading].directed else line.size
        if len(told) != size:
            yield f"has {len(told)} chances for {reading}, expected {size}"
        elif unknown := [w for w in told if w not in words]:
            yield f"has unknown word of chance '{unknown[0]}'"
        elif not CHANCES_SUM[0] <= (total := sum(words[w][1] for w in told)) <= CHANCES_SUM[1]:
            yield f"chances for {reading} add up to {total:.2f}, expected about one"
