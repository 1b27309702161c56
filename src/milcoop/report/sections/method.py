"""Method, codebook and limits: how a number came about, and how it could be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from milcoop.codebook.changes import RuleChange, find_changes
from milcoop.report.blocks import Block, Part, Section, Table, para
from milcoop.report.inputs import ReportInputs


def method_section(inputs: ReportInputs, with_scale: bool) -> Section:
    """Coverage, rules, and in the full report the whole scale with its thresholds."""
    scale = inputs.assessment.scale
    languages = ", ".join(f"{lang} {n}" for lang, n in inputs.search_languages.items())
    blocks: list[Block] = [
        para(
            f"Scale: {scale.title} ({scale.id} {scale.version}, committed {scale.committed_on}). Record {inputs.assessment.record_version}, "
            f"codebook {inputs.codebook.version}. Every level, threshold and window is data in the codebook and can be changed in a "
            "reader's own folder."
        ),
        para(
            "One event is one act. Events with the status announced, alleged, postponed, cancelled or denied count for no criterion. "
            f"Exercises of more than {scale.max_parties} parties count only where a criterion says so. Fields that the sources do not "
            "support are unknown, and unknown meets no criterion."
        ),
        para(
            f"Searches: {inputs.n_searches} logged queries for this pair ({languages or 'none'}). An area is monitored in a year when each of "
            "its families was searched enough, in English and in a language of either state; partly when less; otherwise not monitored."
        ),
        _coverage(inputs),
    ]
    changed = find_changes(inputs.codebook)
    if changed:
        blocks.append(_changed(changed))
    if with_scale and inputs.gaps:
        blocks.append(_gaps(inputs))
    if with_scale:
        blocks += [_scale(inputs), para("Sources of the scale: " + " ".join(scale.sources))]
    return Section("method", "Method, codebook and limits", tuple(blocks))


def _changed(changes: Sequence[RuleChange]) -> Table:
    """Rules that are not as they come with the package."""
    return Table(
        ("Rule", "As it comes with milcoop", "In this report"),
        tuple((".".join(filter(None, (c.kind, c.id, c.key))), c.before, c.after) for c in changes),
        "Rules changed by the reader's own folder.",
    )


def _gaps(inputs: ReportInputs) -> Table:
    """What the record lacks, by name."""
    rows = tuple(
        (f"{g.years[0]}" if len(g.years) == 1 else f"{g.years[0]} to {g.years[-1]}", ", ".join(g.families), g.what)
        for g in inputs.gaps
    )
    return Table(("Years", "Families", "Looked for and not found"), rows, "Gaps known by name; there will be others.")


def _coverage(inputs: ReportInputs) -> Table:
    rows: list[tuple[Part, ...]] = []
    for area in inputs.assessment.scale.areas:
        ratings = [r for r in inputs.assessment.ratings if r.area == area.id]
        tally = Counter(r.coverage for r in ratings)
        cells = [str(tally.get(k, 0)) for k in ("monitored", "partly", "not monitored", "not applicable")]
        rows.append((area.label.en, *cells))
    return Table(
        ("Area", "Years monitored", "partly", "not monitored", "not applicable"),
        tuple(rows),
        "Coverage by area: number of years.",
        numeric=(1, 2, 3, 4),
    )


def _scale(inputs: ReportInputs) -> Table:
    rows: list[tuple[Part, ...]] = []
    for area in inputs.assessment.scale.areas:
        for rung in area.rungs:
            tests = "; ".join(c.text for c in rung.criteria)
            rows.append((area.label.en if rung.level == 1 else "", str(rung.level), rung.label, tests, rung.why))
    return Table(("Area", "Rung", "Meaning", "Criteria, all to be met", "Why"), tuple(rows), "The scale in full.")
