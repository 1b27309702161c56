"""How this could be wrong, in plain words, with the events on which a level hangs."""

from __future__ import annotations

from milcoop.domain.rating import MONITORED
from milcoop.domain.rerating import Decisive
from milcoop.report.blocks import Block, Box, Paragraph, Part, Ref, Section, Table, joined, para, words
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import area_name, band, chance, is_rated, percent

SHOWN = 12
"""Decisive events in the table, the greatest loss first."""


def wrong_section(inputs: ReportInputs) -> Section:
    """The box, then the re-rating diff of the most decisive events."""
    blocks: list[Block] = [Box(tuple(_items(inputs)))]
    if inputs.decisive:
        blocks.append(_decisive(inputs))
    return Section("wrong", "How this could be wrong", tuple(blocks))


def _items(inputs: ReportInputs) -> list[Paragraph]:
    said = (
        _single_events(inputs), _rules(inputs), _missed(inputs), _searched(inputs), _one_sided(inputs),
        _reporting(inputs), _quality(inputs), _lulls(inputs),
    )  # fmt: skip
    fixed = (
        para(
            "Events were coded by machine from page openings and await a person's acceptance. An error of type or status moves "
            "whatever rests on it.",
            head="Coding",
        ),
        para(
            "How much was missed is estimated from the overlap of two lists of pages. Searches stop early, so the overlap is too small and the "
            "intervals lean towards too many missed events. Secret acts are in no list.",
            head="Detection",
        ),
    )
    return [item for item in (*said, *fixed) if item is not None]


def _single_events(inputs: ReportInputs) -> Paragraph:
    n = len(inputs.decisive)
    if not n:
        return para(
            "No single event decides a level of the last year: each stands without any one of them.",
            head="Single events",
        )
    areas = list(dict.fromkeys(area for d in inputs.decisive for area, _, _ in d.areas))
    ids = tuple(d.id for d in inputs.decisive)
    names = words([area_name(inputs, a) for a in areas])
    lead = "The level of " if len(areas) == 1 else "The levels of "
    verb = " hangs on " if len(areas) == 1 else " hang on "
    some: tuple[Part, ...] = (Ref("a single event", ids),) if n == 1 else ("each of ", Ref(f"{n} events", ids))
    text = ": were it coded wrongly, a level would be another. The table below shows which."
    return para(lead, names, verb, *some, text, head="Single events")


def _rules(inputs: ReportInputs) -> Paragraph | None:
    rated = [r for r in inputs.now.values() if is_rated(r) and r.variants]
    fragile = [r for r in rated if (r.variants_kept or 0) < (r.variants or 0)]
    if not rated:
        return None
    if not fragile:
        text = "No one-step change of a threshold or window moves a level of the last year. Thresholds are argued, not estimated."
        return para(text, head="Rules")
    ids = tuple(r.id for r in fragile)
    return para(
        "Thresholds are argued, not estimated. A one-step change of some threshold or window moves the level of ",
        Ref(f"{len(fragile)} of {len(rated)}", ids), " areas: ", words([area_name(inputs, r.area) for r in fragile]), ".", head="Rules",
    )  # fmt: skip


def _missed(inputs: ReportInputs) -> Paragraph | None:
    cells: list[tuple[Part, ...]] = []
    for rating in inputs.now.values():
        between = band(inputs, rating.area, rating.year)
        if "-" in between:
            cells.append((f"{area_name(inputs, rating.area)} (", Ref(between, (rating.id,)), ")"))
    if not cells:
        return None
    return para(
        "Public events that no search found would mostly raise a level. Four in five redraws of the evidence leave more than one level "
        "open for ", *joined(cells), ".", head="Missed events",
    )  # fmt: skip


def _searched(inputs: ReportInputs) -> Paragraph | None:
    partly = [r for r in inputs.now.values() if r.coverage != MONITORED]
    early = "Early years have fewer pages that survive, so that early levels are lower bounds and a rise from them is partly one of reporting."
    if not partly:
        return para(early, head="Searches")
    names = words([f"{area_name(inputs, r.area)} ({r.coverage})" for r in partly])
    return para(f"Not fully searched for the last year: {names}. {early}", head="Searches")


def _one_sided(inputs: ReportInputs) -> Paragraph | None:
    alone = inputs.source_mix.one_party_only
    if not alone:
        return None
    n = len(inputs.events)
    return para(
        Ref(f"{len(alone)} of {n} events ({percent(len(alone), n)})", alone),
        " rest on the agencies of one of the two states alone, which share an interest in showing closeness.", head="Sources",
    )  # fmt: skip


def _reporting(inputs: ReportInputs) -> Paragraph | None:
    """Areas whose acts and pages break together."""
    cells: list[tuple[Part, ...]] = []
    dyad = inputs.assessment.dyad.id
    for s in inputs.path.series if inputs.path else ():
        acts, pages = (b.forms["one break"] + b.forms["two breaks"] for b in (s.acts, s.reporting))
        if acts > 0.5 and pages > 0.5:
            ids = tuple(f"{dyad}:{s.area}:{y}" for y in (min(s.counts), max(s.counts)))
            cells.append((f"{area_name(inputs, s.area)} (", Ref(chance(pages), ids), ")"))
    if not cells:
        return None
    return para(
        "Reporting is not acting. The number of cited pages breaks as that of acts does, with the chance given, in ", *joined(cells),
        "; more reporting could make such a break.", head="Reporting",
    )  # fmt: skip


def _quality(inputs: ReportInputs) -> Paragraph | None:
    acts = inputs.recent("exercise", "operation")
    unknown = inputs.facts(acts).quality["command"].get("unknown", ()) if acts else ()
    if not unknown:
        return None
    return para(
        "For ", Ref(f"{len(unknown)} of {len(acts)} exercises and operations", unknown),
        f" since {inputs.recent_from} no page says how they were commanded. Unknown meets no criterion, so that depth may be greater; pages tell of "
        "depth where it is notable, so that its share among the known is too high.", head="Quality",
    )  # fmt: skip


def _lulls(inputs: ReportInputs) -> Paragraph | None:
    found = [(t, lull) for t in inputs.lulls for lull in t.lulls]
    if not found:
        return None
    cells: list[tuple[Part, ...]] = [
        (
            f"the lull from {lull.start} to {lull.end} ",
            Ref(f"in acts of {area_name(inputs, t.area)}" if t.area else f"of {t.series}", lull.lines[0].base_events),
            f": {lull.answer}",
        )
        for t, lull in found
    ]
    return para("Circumstances or will: ", *joined(cells), ".", head="Lulls")


def _decisive(inputs: ReportInputs) -> Table:
    rows = tuple(row for d in inputs.decisive[:SHOWN] for row in _rows(inputs, d))
    more = " Only the most decisive are shown." if len(inputs.decisive) > SHOWN else ""
    return Table(
        ("Without this event", "Area", "Level", "becomes", "The whole", "becomes", "Criterion that fails"),
        rows,
        f"The re-rating diff of the most decisive events: levels on {inputs.assessment.ratings[-1].on} when one event alone is left out.{more}",
        numeric=(2, 3, 4, 5),
    )


def _rows(inputs: ReportInputs, d: Decisive) -> list[tuple[Part, ...]]:
    def level(value: float | None) -> Part:
        return Ref(f"{value:g}", (d.id,)) if value is not None else "none"

    rows = []
    for area, before, after in d.areas:
        criteria = {c.id for r in inputs.assessment.scale.area(area).rungs for c in r.criteria}
        flips = [f for f in d.flips if f.after.id in criteria]
        failing: list[tuple[Part, ...]] = [
            (f"{f.after.text} (", Ref(f"{f.after.value:g} of {f.after.threshold:g}", (d.id,)), ")") for f in flips
        ]
        text = "; ".join("".join(p.text if isinstance(p, Ref) else p for p in parts) for parts in failing)
        title = inputs.by_id[d.id].title
        label = inputs.assessment.scale.area(area).label.en
        rows.append(
            (
                Ref(title, (d.id,)),
                label,
                level(before),
                level(after),
                *map(level, d.overall),
                Ref(text, (d.id,)) if text else "–",
            )
        )
    return rows
