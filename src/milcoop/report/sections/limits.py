"""What limits it: tests of alliance by year, evidence for and against, the same tests on reference pairs, the rules."""

from __future__ import annotations

from collections.abc import Sequence

from milcoop.domain.limit import CONTESTED, MET, NO_OCCASION, NOT_MET, PARTIAL, SILENT, Limits, TestResult, Verdict
from milcoop.domain.rating import NOT_MONITORED
from milcoop.report.blocks import (
    Block,
    Bullets,
    Chart,
    Paragraph,
    Part,
    Ref,
    Section,
    Table,
    count,
    joined,
    para,
    words,
)
from milcoop.report.inputs import ReportInputs
from milcoop.report.limit_chart import limit_grid
from milcoop.report.sections.phrases import lower_first, percent

SHORT = {NOT_MONITORED: "–", NO_OCCASION: "·", NOT_MET: "no"}
"""Words of the table of reference pairs, which is wide."""


def limits_section(inputs: ReportInputs, limits: Limits, references: Sequence[Limits]) -> Section:
    """The chapter; for a pair without any verdict one sentence and the rules."""
    title = "What limits it"
    if not limits.monitored:
        silence = para("Tests of alliance are not monitored for this pair: nobody searched for their evidence.")
        return Section("limits", title, (silence, *_rules(inputs)))
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    blocks: list[Block] = [
        _said(limits, names),
        Chart(
            "limits",
            limit_grid(limits, names),
            "Tests of alliance at each year's end; a row for each side whose conduct towards the other was ever tested. White: not monitored. A dot: "
            "the verdict would be another if acts only alleged, or words that say both, were read one way.",
        ),
        _evidence(limits, names),
        *_partly(limits),
    ]
    if references:
        blocks.append(_references(limits, references))
    return Section("limits", title, (*blocks, *_rules(inputs)))


def _said(limits: Limits, names: dict[str, str]) -> Paragraph:
    last = limits.found.years[-1]
    judged = [t for t in limits.tests if t.now.word not in SILENT]
    met = [t for t in judged if t.now.word == MET]
    parts: list[Part] = [
        f"How far have the two gone towards an alliance? Of the tests with a verdict at the end of {last}, "
    ]
    parts += [*_number(met), *((" of ", *_number(judged)) if met else ()), " is met" if len(met) < 2 else " are met"]
    if met:
        parts += [": ", *joined([(lower_first(t.label),) for t in met])]
    parts.append(". ")
    if limits.holding_back:
        parts.append("What fails with evidence against it, strongest first: ")
        parts += joined(
            [(lower_first(h.test.label) + _of(h.state, names), " (", Ref(str(len(h.events)), h.events), " against)") for h in limits.holding_back]
        )  # fmt: skip
        parts.append(". ")
    absent = [t for t in judged if t.now.word == NOT_MET]
    if absent:
        parts += ["Looked for and not found: ", *joined([(lower_first(t.label),) for t in absent]), ". "]
    contested = [t for t in judged if t.now.word == CONTESTED]
    if contested:
        parts += ["Alleged and not settled: ", *joined([(lower_first(t.label),) for t in contested]), ". "]
    total = tuple(i for ids in limits.words.values() for i in ids)
    if total:
        parts += [*count(total, "statement on alliance", "statements on alliance"), ": "]
        parts += joined(
            [(Ref(percent(len(ids), len(total)), ids), f" {_saying(w)}") for w, ids in limits.words.items() if ids]
        )
        parts.append(".")
    return Paragraph(tuple(parts))


def _number(tests: Sequence[TestResult]) -> tuple[Part, ...]:
    ids = tuple(dict.fromkeys(i for t in tests for i in t.now.ids()))
    return (Ref(str(len(tests)), ids),) if ids else ("none",)


def _of(state: str, names: dict[str, str]) -> str:
    return f", conduct of {names[state]}" if state else ""


def _saying(word: str) -> str:
    return {"yes": "call it one", "no": "say that it is none", "neither": "do neither"}[word]


def _evidence(limits: Limits, names: dict[str, str]) -> Table:
    rows: list[tuple[Part, ...]] = []
    for test in limits.tests:
        sides = "; ".join(f"{names[s]}: {v[-1].word}" for s, v in test.by_state.items() if v[-1].word not in SILENT)
        rows.append(
            (
                test.label,
                _verdict(test.now),
                sides or "–",
                "–" if test.now.word == NOT_MONITORED else str(test.since),
                _event(test, "for"),
                _event(test, "against"),
            )
        )
    return Table(
        ("Test", "Verdict", "By side", "Since", "Newest evidence for", "Newest evidence against"),
        tuple(rows),
        "Verdict at the last year, in brackets the verdicts if contested evidence is read against and for; the newest acts that count on either side, whenever they were, those of the highest grade first.",
    )


def _partly(limits: Limits) -> list[Block]:
    """What the word means on each test that has it."""
    tests = [t for t in limits.tests if t.now.word == PARTIAL]
    return [Bullets(tuple(para(f"Partly, {lower_first(t.label)}: {t.partly}.") for t in tests))] if tests else []


def _verdict(verdict: Verdict) -> Part:
    text = verdict.word + (f" ({verdict.low} to {verdict.high})" if verdict.open else "")
    return Ref(text, verdict.ids()) if verdict.ids() else text


def _event(test: TestResult, side: str) -> Part:
    event = test.newest(side)
    return Ref(f"{event.when.start}: {event.title}", (event.id,)) if event else "–"


def _references(limits: Limits, references: Sequence[Limits]) -> Table:
    pairs = (limits, *references)
    rows = []
    for test in limits.tests:
        cells = [next((t.now for t in x.tests if t.id == test.id), None) for x in pairs]
        rows.append((test.label, *(_cell(v) if v else "–" for v in cells)))
    years = words(sorted({str(x.found.years[-1]) for x in references}))
    return Table(
        ("Test", *(x.found.dyad.id for x in pairs)),
        tuple(rows),
        f"The same tests on the reference pairs in {years}, the last year for which each was searched. no: not met. A dot: no occasion, or nothing said. A dash: not monitored. "
        "A star: contested evidence could change it.",
    )


def _cell(verdict: Verdict) -> Part:
    text = SHORT.get(verdict.word, verdict.word) + ("*" if verdict.open else "")
    return Ref(text, verdict.cited) if verdict.cited else text


def _rules(inputs: ReportInputs) -> tuple[Block, ...]:
    tests = tuple((t.label, t.question, str(t.window), t.source) for t in inputs.codebook.limits.values())
    rule = inputs.codebook.verdicts["verdict"]
    keys = {
        "met_from": "lowest score of met",
        "against_to": "highest score of against",
        "lesser": "score of evidence that is not the whole of what a test asks for",
        "mixed": "how far an act that says both counts for",
        "each": "what counts the same within a window",
    }
    values = tuple((key, text, str(getattr(rule, key))) for key, text in keys.items())
    return (
        Table(("Test", "Asks", "Window", "Source"), tests, "The tests. Window: years over which acts count; what is in force counts while it is."),
        Table(("Rule", "Says", "Value"), values, "The thresholds, for all tests alike. What counts as evidence: milcoop codebook, by the id of a test."),
    )  # fmt: skip
