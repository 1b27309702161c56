"""Lulls: circumstances or will? Each with its lines of evidence, the readings and the answer."""

from __future__ import annotations

from math import exp

from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.lull import Lull, LullLine, LullTest
from milcoop.report.blocks import Block, Part, Ref, Table, joined, para, words
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import area_name, chance, likelihood


def lull_blocks(inputs: ReportInputs) -> list[Block]:
    """One paragraph on all series, then a paragraph and a table for each lull."""
    looked = [t for t in inputs.lulls if not t.why_not]
    if not looked:
        return []
    calm = [series_name(inputs, t) for t in looked if not t.lulls]
    parts: list[Part] = [
        "A lull is a run of one to three years in which acts fell to half or less of what the years on both sides led to expect, further than chance alone explains. "
        "Short or shallow lulls are missed. "
    ]
    if calm:
        parts.append(f"None is found in {words(calm)}. ")
    near = [(series_name(inputs, t), t.closest) for t in looked if not t.lulls and not t.area and t.closest]
    parts += [
        f"In {name} the months from {c.start} to {c.end} come closest; chance can explain them. " for name, c in near
    ]
    found = [(t, lull) for t in looked for lull in t.lulls]
    if found:
        parts.append("Found: ")
        parts += joined([(f"{series_name(inputs, t)} from {lull.start} to {lull.end}",) for t, lull in found])
        parts.append(". Each series is looked at by itself, so that one in ten series without a lull shows one.")
    blocks: list[Block] = [para(*parts, head="Lulls, circumstances or will")]
    for test, lull in found:
        blocks += [_said(inputs, test, lull), _table(inputs, test, lull)]
    return blocks


def series_name(inputs: ReportInputs, test: LullTest) -> str:
    """What was counted, for running text."""
    return f"acts of {area_name(inputs, test.area)}" if test.area else test.series


def _ids(line: LullLine) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*line.events, *line.base_events)))


def _name(inputs: ReportInputs, test: LullTest, line: LullLine) -> str:
    """The line in words of the report: areas and states by their names."""
    if line.id == "joint":
        return series_name(inputs, test)
    text = line.what
    for state, name in zip(inputs.assessment.dyad.states, inputs.names, strict=True):
        text = text.replace(f" {state} ", f" {name} ")
    return text


def _said(inputs: ReportInputs, test: LullTest, lull: Lull) -> Block:
    joint = lull.lines[0]
    ids = _ids(joint)
    where = "the years before" if lull.open_end else "the years around"
    parts: list[Part] = [
        f"{lull.start} to {lull.end}: ",
        Ref(f"{lull.count:.3g}", ids),
        f" {series_name(inputs, test)}, where {where} led to expect ",
        Ref(f"{lull.expected:.3g}", ids),
        ". ",
    ]
    if lull.shocks:
        parts.append("A shock of these months that the years around do not have: ")
        parts += joined([(Ref(inputs.codebook.shocks[s].label.en, ids),) for s in lull.shocks])
        parts.append(". ")
    else:
        parts.append("No listed shock is peculiar to these months. ")
    shares: list[tuple[Part, ...]] = [
        (f"{reading} ", Ref(chance(p), ids), f" ({likelihood(p)})") for reading, p in lull.posterior.items()
    ]
    parts += ["Chances of the readings: ", *joined(shares), ". "]
    if lull.answer == CANNOT_TELL:
        parts.append("So one cannot tell. ")
        unknown = [_name(inputs, test, line) for line in lull.lines if line.why_not]
        if unknown:
            parts.append(f"What is not known and would help: {words(unknown)}.")
    else:
        parts.append(f"The answer by the rule fixed beforehand: {lull.answer}.")
    return para(*parts)


def _table(inputs: ReportInputs, test: LullTest, lull: Lull) -> Table:
    readings = list(lull.posterior)
    rows: list[tuple[Part, ...]] = []
    for line in lull.lines:
        ids = _ids(line)
        if line.why_not:
            rows.append((_name(inputs, test, line), line.why_not, *("–" for _ in range(2 + len(readings)))))
            continue
        best = max(line.log_likelihoods.values())
        times = (Ref(f"{exp(line.log_likelihoods[r] - best):.2f}", ids) for r in readings)
        told = Ref(f"{line.count:.3g}", ids), Ref(f"{line.expected:.3g}", ids), Ref(f"{line.reporting:.2f}", ids)
        rows.append((_name(inputs, test, line), *told, *times))
    return Table(
        ("What was counted", "Found", "Expected", "Reporting", *readings),
        tuple(rows),
        f"{series_name(inputs, test).capitalize()} from {lull.start} to {lull.end}: what the months around led to expect, the change of reporting that every reading allows for, "
        "and how well each reading foretells the count, the best as one.",
        numeric=tuple(range(1, 4 + len(readings))),
    )
