"""The areas one by one: level over time, what decides it, what is missing for the next rung."""

from __future__ import annotations

from milcoop.codebook.scale import Area
from milcoop.domain.event import Event
from milcoop.findings.facts import QUALITY_FIELDS
from milcoop.findings.next_rung import find_next_rung
from milcoop.report.blocks import (
    Block,
    Bullets,
    Chart,
    EventList,
    Paragraph,
    Part,
    Ref,
    Section,
    Table,
    count,
    joined,
    para,
)
from milcoop.report.charts import FAMILY_COLOURS, area_chart, quality_bars
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import area_name, direction_phrase, is_rated, level_phrase

SHOWN_EVENTS = 8
"""Deciding events listed under an area: the latest; all of them open from the level."""


def area_sections(inputs: ReportInputs) -> list[Section]:
    """A chapter heading and one section an area."""
    head = Section(
        "areas",
        "The areas",
        (
            para(
                "Each area has a ladder of rungs. A level is the highest rung whose criteria, and those of all "
                "lower rungs, are met by cited acts in trailing windows. Under each chart stand the latest deciding acts and "
                "what is missing for the next rung."
            ),
        ),
    )
    return [head, *(_area(inputs, area) for area in inputs.assessment.scale.areas)]


def _area(inputs: ReportInputs, area: Area) -> Section:
    rating = inputs.now[area.id]
    evidence = inputs.evidence_of(area.id)
    order = [f for f in FAMILY_COLOURS if any(e.family == f for e in evidence)] or list(area.families)
    blocks: list[Block] = [
        _standing(inputs, area),
        _path(inputs, area),
        Chart(
            f"area-{area.id}",
            area_chart(inputs.assessment, area.id, evidence, order, inputs.estimates),
            f"{area.label.en}: level at year's end, with the interval of four in five redraws of the evidence (light), above the acts "
            "begun each year that are evidence for the area.",
        ),
    ]
    if is_rated(rating):
        blocks.append(_criteria(inputs, area))
        deciding = [inputs.by_id[i] for i in rating.events if i in inputs.by_id]
        latest = sorted((e for e in deciding if isinstance(e, Event)), key=lambda e: e.when.first_day)[-SHOWN_EVENTS:]
        if latest:
            blocks.append(EventList(tuple(e.id for e in reversed(latest)), "Latest deciding events"))
        blocks.append(_facts(inputs, evidence))
    if area.id in ("exercises", "command"):
        acts = inputs.recent("exercise", "operation")
        if acts:
            blocks.append(
                Chart(
                    f"quality-{area.id}",
                    quality_bars(inputs.facts(acts).quality, QUALITY_FIELDS),
                    f"Quality of exercises and operations since {inputs.recent_from}. Dark to light: the order of values in the "
                    "codebook; grey: the sources do not say. A click names the value.",
                )
            )
    return Section(f"area-{area.id}", f"{area.label.en} ({area.label.ru}, {area.label.zh})", tuple(blocks), level=2)


def _standing(inputs: ReportInputs, area: Area) -> Paragraph:
    rating = inputs.now[area.id]
    if not is_rated(rating):
        return para(f"No level is given: {rating.coverage}.")
    rung = next((r for r in area.rungs if r.level == rating.level), None)
    meaning = rung.label if rung else "no rung met"
    parts: list[Part] = [f"On {rating.on} the area stands at ", *level_phrase(rating), f": {meaning}. "]
    missing = find_next_rung(rating, area)
    if missing is None:
        parts.append("There is no higher rung.")
    else:
        parts.append(f"The next rung, {missing.label}, lacks ")
        items: list[tuple[Part, ...]] = [
            (Ref(f"{c.text} (found {c.value:g}, needs {c.threshold:g})", (rating.id,)),) for c in missing.missing
        ]
        parts += [*joined(items), "."]
    cell = inputs.estimates.cells.get((area.id, rating.year))
    if cell is not None:
        shares = ", ".join(f"level {v:g} in {p:.0%}" for v, p in cell.probabilities.items() if p >= 0.005)
        parts += [" Redraws of the evidence give ", Ref(shares, (rating.id,)), "."]
    if rating.skipped:
        parts += [" Met above the gap: rung ", Ref(", ".join(map(str, rating.skipped)), (rating.id,)), "."]
    return para(*parts)


def _path(inputs: ReportInputs, area: Area) -> Paragraph:
    """The level's path as spells, oldest first."""
    spells = [s for s in inputs.spells[area.id] if s.level is not None]
    if not spells:
        return para("No year of this area is monitored.")
    dyad = inputs.assessment.dyad.id
    items: list[tuple[Part, ...]] = [
        (
            Ref(f"{s.level:g}", (f"{dyad}:{area.id}:{s.to_year}",)),
            f" in {s.from_year}" if s.from_year == s.to_year else f" from {s.from_year} to {s.to_year}",
        )
        for s in spells
    ]
    return para("Path of the level: ", *joined(items), ".")


def _criteria(inputs: ReportInputs, area: Area) -> Table:
    rating = inputs.now[area.id]
    rows: list[tuple[Part, ...]] = []
    for c in rating.criteria:
        found = Ref(f"{c.value:g}", c.events or (rating.id,))
        verdict = "implied by what is in force" if c.implied_by else "met" if c.met else "not met"
        rows.append((f"{c.level}", c.text, found, f"{c.threshold:g}", verdict))
    return Table(
        ("Rung", "Criterion", "Found", "Needs", ""),
        tuple(rows),
        f"Criteria of {area_name(inputs, area.id)} on {rating.on}.",
        numeric=(2, 3),
    )


def _facts(inputs: ReportInputs, evidence: tuple[Event, ...]) -> Bullets:
    """Promised, practised and direction over the recent window; quality has its own chart."""
    recent = [e for e in evidence if inputs.recent_from <= e.when.start.year <= inputs.last_year]
    recent = [e for e in recent if e.status in inputs.assessment.scale.realised]
    facts = inputs.facts(recent)
    since = f"since {inputs.recent_from}"
    items = [
        para("Promised: ", *count(facts.promised, "text or contract", "texts and contracts"), f" {since}."),
        para("Practised: ", *count(facts.practised, "act", "acts"), f" {since}."),
    ]
    one_way = {d: ids for d, ids in facts.direction.items() if d != "both"}
    if one_way:
        ways: list[tuple[Part, ...]] = [
            (Ref(f"{len(ids)}", ids), f" {direction_phrase(inputs, d)}") for d, ids in one_way.items()
        ]
        items.append(para("Direction of one-sided acts: ", *joined(ways), "."))
    return Bullets(tuple(items))
