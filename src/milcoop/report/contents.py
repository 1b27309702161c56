"""Put a report together: full, summary or quick look."""

from __future__ import annotations

from milcoop.report.blocks import Contents, Section
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.areas import area_sections
from milcoop.report.sections.dependence import dependence_section
from milcoop.report.sections.gains import gains_section
from milcoop.report.sections.limits import limits_section
from milcoop.report.sections.method import method_section
from milcoop.report.sections.next import next_section
from milcoop.report.sections.readings import readings_section
from milcoop.report.sections.record import chronology, evidence_tables, map_section
from milcoop.report.sections.routes import routes_section
from milcoop.report.sections.sensitivity import sensitivity_section
from milcoop.report.sections.signals import signals_section
from milcoop.report.sections.summary import executive_summary, quick_look
from milcoop.report.sections.watch import watch_section
from milcoop.report.sections.whole import whole_section
from milcoop.report.sections.wrong import wrong_section

KINDS = ("full", "summary", "quicklook")


def build_contents(inputs: ReportInputs, kind: str) -> Contents:
    """The chapters of one kind of report, as data."""
    assessment = inputs.assessment
    sections: list[Section] = [quick_look(inputs, alone=kind == "quicklook")]
    if kind != "quicklook" and assessment.monitored:
        sections.append(executive_summary(inputs))
    if kind == "full" and assessment.monitored:
        sections += area_sections(inputs)
    if kind != "quicklook" and assessment.monitored:
        sections.append(whole_section(inputs))
        if inputs.forecast is not None:
            sections.append(next_section(inputs, inputs.forecast))
    if kind == "full":
        sections.append(gains_section(inputs, inputs.gains))
        sections.append(signals_section(inputs, inputs.signals))
        sections.append(dependence_section(inputs, inputs.dependence))
        sections.append(limits_section(inputs, inputs.limits, inputs.reference_limits))
        sections.append(watch_section(inputs, inputs.watch))
        sections.append(readings_section(inputs, inputs.readings))
    if kind == "full" and inputs.latent is not None:
        sections.append(routes_section(inputs, inputs.latent))
    if kind == "full" and inputs.sensitivity is not None:
        sections.append(sensitivity_section(inputs, inputs.sensitivity))
    if kind == "full":
        sections += [chronology(inputs), map_section(inputs), evidence_tables(inputs)]
    if kind != "quicklook":
        if assessment.monitored:
            sections.append(wrong_section(inputs))
        sections.append(method_section(inputs, with_scale=kind == "full"))
    numbers = {e.id: f"E{i}" for i, e in enumerate(inputs.events, 1)}
    numbers |= {e.id: f"P{i}" for i, e in enumerate(inputs.with_others, 1)}
    numbers |= {e.id: f"R{i}" for i, e in enumerate(inputs.dependence.deals, 1)}
    numbers |= {f.id: f"F{i}" for i, f in enumerate(inputs.figures, 1)}
    a, b = inputs.names
    first = min([assessment.years[0], *(e.when.start.year for e in inputs.events[:1])])
    return Contents(
        title=f"Military cooperation of {a} and {b}",
        subtitle=f"{first} to {assessment.as_of}, from {len(inputs.events)} cited events and {len(inputs.figures)} figures",
        kind=kind,
        record_version=assessment.record_version,
        as_of=assessment.as_of.isoformat(),
        sections=tuple(sections),
        numbers=numbers,
    )


def resolve(ids: tuple[str, ...], inputs: ReportInputs) -> tuple[str, ...]:
    """Ids of events and figures behind any ids: a rating stands for the events of its met criteria."""
    out: dict[str, None] = {}
    ratings = {r.id: r for r in inputs.assessment.ratings}
    for item in ids:
        if item in inputs.by_id:
            out[item] = None
        elif item in ratings:
            out.update(dict.fromkeys(ratings[item].events))
    return tuple(out)
