"""Message against substance: how joint acts are, how loud, whether words run ahead of deeds, what both worry about."""

from __future__ import annotations

from collections.abc import Sequence

from milcoop.domain.finding import Finding, Value
from milcoop.domain.rating import NOT_MONITORED
from milcoop.domain.signals import JOINT, PARALLEL, UNKNOWN, ActScore, ConcernUse, Interval, Signals
from milcoop.report.blocks import Block, Chart, Part, Ref, Section, Table, joined, para
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import direction_phrase
from milcoop.report.signal_charts import frequency_chart, score_scatter, words_chart

EXTREMES = 6
"""Acts with the most and with the least substance in the table."""
DECLINED = 12
"""Latest refusals and limits in the table."""
CONCERNS = 30
"""Concerns in the table, those named by most texts first."""
FEWEST_MARKS = 3
"""Fewer acts or years than this are told in the text and not drawn."""


def signals_section(inputs: ReportInputs, found: Signals) -> Section:
    """The chapter; for a pair that was never searched one sentence."""
    blocks: list[Block] = []
    for part in (_joint, _growth, _words, _concerns, _declined):
        blocks += part(inputs, found)
    if tables := _weights(found):
        blocks += [*tables, _wrong()]
    if not blocks:
        blocks = [para("Joint acts, statements and joint texts of this pair are not monitored.")]
    return Section("signals", "Message against substance", tuple(blocks))


def _get(found: Signals, name: str) -> Finding:
    return found.found[f"signals.{name}"]


def _cell(value: Value, ids: Sequence[str], digits: int = 2) -> Part:
    """A number that opens its evidence; a word where there is none."""
    if value is None:
        return "unknown"
    text = f"{value:.{digits}f}" if isinstance(value, float) else str(value)
    return Ref(text, tuple(ids)) if ids else "none"


def _span(f: Finding, digits: int = 2) -> tuple[Part, ...]:
    """``0.48 (0.28 to 0.71)``, each with its evidence."""
    value, low, high = (_cell(v, f.events, digits) for v in (f.value, f.low, f.high))
    return value, " (", low, " to ", high, ")"


def _joint(inputs: ReportInputs, found: Signals) -> list[Block]:
    share, mean, message = (_get(found, n) for n in ("joint-share", "operational.mean", "message.mean"))
    if share.coverage == NOT_MONITORED:
        return (
            [para("Exercises and operations are not monitored, so that nothing can be said of them.")]
            if found.concerns
            else []
        )
    if not found.acts:
        return [para("No exercise or operation is on record in the years searched.", head="How joint")]
    kinds = {k: tuple(a.id for a in found.acts if a.joint == k) for k in (JOINT, PARALLEL, UNKNOWN)}
    told = kinds[JOINT] + kinds[PARALLEL]
    parts: list[Part] = [
        "Of ", Ref(str(len(found.acts)), tuple(a.id for a in found.acts)), " exercises and operations pages call ",
        _cell(len(kinds[JOINT]), kinds[JOINT]), " joint (one headquarters, mixed units or one communications system) and ",
        _cell(len(kinds[PARALLEL]), kinds[PARALLEL]), " side by side; of ", _cell(len(kinds[UNKNOWN]), kinds[UNKNOWN]),
        " none says which. ",
    ]  # fmt: skip
    if told:
        parts += [
            "The joint share is ", *_span(share),
            ": the first number among those told, which is too high since pages tell of it where it was notable, the others if all unknown acts were side by side or joint. ",
        ]  # fmt: skip
    parts += [
        "From nought to one, the acts score ", *_span(mean), " for what they train and ", *_span(message),
        " for what makes them speak to others; in brackets what the unknown parts allow, ",
        _cell(_percent(_get(found, "operational.unknown")), mean.events), " percent of the first score's weight and ",
        _cell(_percent(_get(found, "message.unknown")), message.events), " percent of the second's. ",
    ]  # fmt: skip
    lean = _get(found, "substance-against-message")
    if isinstance(lean.value, float):
        side = "substance" if lean.value > 0 else "message"
        sure = isinstance(lean.low, float) and isinstance(lean.high, float) and lean.low * lean.high > 0
        parts += [
            "Ranked among all acts of the window, those of the last years differ by ", *_span(lean),
            f" of the whole range between their two ranks: they lean to {side}" + (". " if sure else ", though the interval holds nought. "),
        ]  # fmt: skip
    blocks: list[Block] = [para(*parts, head="How joint, how loud")]
    if len(found.acts) >= FEWEST_MARKS:
        titles = {e.id: e.title for e in inputs.events}
        caption = "Each act by its two scores, from nought to one. Thin lines: what unknown fields allow of the operational score."
        blocks.append(Chart("signals-scores", score_scatter(found, titles), caption))
    return [*blocks, _extremes(inputs, found)]


def _percent(f: Finding) -> int | None:
    return round(100 * f.value) if isinstance(f.value, float) else None


def _extremes(inputs: ReportInputs, found: Signals) -> Table:
    most, least = found.extremes(EXTREMES)
    rows: list[tuple[Part, ...]] = []
    for name, acts in (("most shown", most), ("least possible", least)):
        for act in acts:
            rows.append((name, *_act(inputs, act)))
            name = ""
    return Table(
        ("Substance", "Act", "Date", "Operational", "Message", "Command"),
        tuple(rows),
        "Acts with the most and the least substance: by the lower and by the upper bound of the operational score, in brackets, which unknown fields allow.",
        numeric=(3, 4),
    )


def _act(inputs: ReportInputs, act: ActScore) -> tuple[Part, ...]:
    event = inputs.by_id[act.id]
    return (
        Ref(event.title, (act.id,)),
        Ref(str(event.when.start), (act.id,)),
        *(Ref(_interval(i), (act.id,)) for i in (act.operational, act.message)),
        act.joint,
    )


def _interval(i: Interval) -> str:
    value = "unknown" if i.value is None else f"{i.value:.2f}"
    return f"{value} ({i.low:.2f}-{i.high:.2f})"


def _growth(inputs: ReportInputs, found: Signals) -> list[Block]:
    word = _get(found, "growth")
    if word.value is None or not word.events:
        return []
    lines = [
        ("acts a year change by ", _get(found, "frequency.trend"), 2),
        ("services taking part by ", _get(found, "complexity.trend"), 3),
        ("the operational score by ", _get(found, "operational.trend"), 3),
        ("the message score by ", _get(found, "message.trend"), 3),
    ]
    told = [(text, *_span(f, digits)) for text, f, digits in lines if f.value is not None]
    years = found.trend
    parts: list[Part] = [f"From {years.start} to {years.stop - 1}, each year "]
    parts += [*joined(told), ". "] if told else ["no trend can be told, since too few acts or years are known. "]
    parts += [
        "By the regions of equivalence that were fixed beforehand, joint acts grow: ", Ref(str(word.value), word.events), " (",
        word.note.partition(";")[0], "). Depth can be followed on ", _cell(_followed(found), word.events),
        " percent of the score's weight, on what most acts tell: a short patrol of one service that is added lowers it, though no exercise becomes simpler.",
    ]  # fmt: skip
    blocks: list[Block] = [para(*parts, head="More often or deeper")]
    if sum(1 for y in found.years if y.acts) >= FEWEST_MARKS:
        caption = "Above: exercises and operations a year by how joint they are told to be. Below: services taking part, mean of the acts that tell."
        blocks.append(Chart("signals-frequency", frequency_chart(found), caption))
    return blocks


def _followed(found: Signals) -> int:
    """Percent of the operational score's weight whose components have a slope."""
    own = [c for c in found.components if c.score == "operational"]
    return round(100 * sum(c.weight for c in own if c.slope is not None) / sum(c.weight for c in own))


def _words(inputs: ReportInputs, found: Signals) -> list[Block]:
    gap, lead, warm, done = (_get(found, n) for n in ("rhetoric.gap", "rhetoric.lead", "rhetoric.trend", "deeds.trend"))
    if all(f.value is None and f.low is None for f in (gap, lead, warm, done)):
        return []
    parts: list[Part] = [
        "Officials' statements and joint texts are summed by warmth, cold ones subtracted; deeds are summed by declared weights. "
    ]
    for text, f in (("Warm words change by ", warm), ("Deeds change by ", done)):
        if f.value is not None:
            parts += [text, *_span(f), " a year. "]
    if isinstance(gap.value, float):
        ahead = "words ahead of deeds" if gap.value > 0 else "deeds ahead of words"
        sure = isinstance(gap.low, float) and isinstance(gap.high, float) and gap.low * gap.high > 0
        parts += [
            "Both standardised over the searched years, words less deeds are of late ", *_span(gap), f" standard deviations: {ahead}",
            ". " if sure else ", though the interval holds nought, so that one cannot tell. ",
        ]  # fmt: skip
    if lead.low is not None:
        if lead.value is None:
            parts += ["Which goes first cannot be told: the interval runs from ", _cell(lead.low, lead.events), " to ", _cell(lead.high, lead.events), " years."]  # fmt: skip
        else:
            parts += [
                "Changes of words go before those of deeds by ",
                *_span(lead),
                " years; below nought deeds go first.",
            ]
    blocks: list[Block] = [para(*parts, head="Words against deeds")]
    if sum(1 for y in found.years if y.words_standard is not None and y.deeds_standard is not None) >= FEWEST_MARKS:
        caption = "Words and deeds by year in standard deviations from their mean; bars: the gap between them. Only years in which all their families were searched."
        blocks.append(Chart("signals-words", words_chart(found), caption))
    return blocks


def _concerns(inputs: ReportInputs, found: Signals) -> list[Block]:
    if not found.concerns:
        return []
    overlap, own = _get(found, "concerns.overlap"), _get(found, "concerns.own-words")
    parts: list[Part] = [
        "Of ", Ref(str(len(found.concerns)), tuple(i for c in found.concerns for i in c.events)),
        " threats and third parties that statements and joint texts name, ",
    ]  # fmt: skip
    shared = [c for c in found.concerns if c.shared]
    parts += [
        _cell(len(shared), [i for c in shared for i in c.events]),
        " are named by a joint text or by both sides. ",
    ]
    if overlap.value is not None:
        parts += ["The overlap, joint texts counted for both, is ", *_span(overlap), ". "]
    if own.value is not None:
        parts += ["In each side's own words alone it is ", *_span(own), ". "]
    periods = [
        f
        for f in found.found.findings
        if f.id.startswith("signals.concerns.") and f.id[-1].isdigit() and f.value is not None
    ]
    if len(periods) > 1:
        told: list[tuple[Part, ...]] = [
            (f"{f.id.rpartition('.')[2].replace('-', ' to ')} ", _cell(f.value, f.events)) for f in periods
        ]
        parts += ["By period: ", *joined(told), "."]
    order = sorted(found.concerns, key=lambda c: (c.shared, -len(c.events), c.id))[:CONCERNS]
    states = inputs.assessment.dyad.states
    table = Table(
        ("Named", "Kind", *inputs.names, "Joint texts", "Shared"),
        tuple(_concern(c, states) for c in order),
        "Threats and third parties by who names them; what one side names alone comes first. Statements: officials who name a third state as a threat or back the partner.",
        numeric=(2, 3, 4),
    )
    return [para(*parts, head="Shared concerns"), table]


def _concern(c: ConcernUse, states: tuple[str, str]) -> tuple[Part, ...]:
    counts = [_cell(len(ids), ids) if ids else "–" for ids in (*(c.by_state[s] for s in states), c.joint)]
    return Ref(c.label, c.events), c.kind, *counts, "yes" if c.shared else "no"


def _declined(inputs: ReportInputs, found: Signals) -> list[Block]:
    ids = [i for declined in found.declined.values() for i in declined]
    if not ids:
        return []
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    counts: list[tuple[Part, ...]] = [(_cell(len(d), d), f" by {names[s]}") for s, d in found.declined.items()]
    events = sorted((inputs.by_id[i] for i in dict.fromkeys(ids)), key=lambda e: (e.when.first_day, e.id))
    rows: list[tuple[Part, ...]] = [
        (Ref(str(e.when.start), (e.id,)), direction_phrase(inputs, e.direction), Ref(e.title, (e.id,)))
        for e in reversed(events[-DECLINED:])
    ]
    return [
        para("Public refusals and limits on record: ", *joined(counts), ".", head="Where one declines"),
        Table(
            ("Date", "Direction", "Declined"),
            tuple(rows),
            "The latest refusals and limits by officials of either side.",
        ),
    ]


def _weights(found: Signals) -> list[Block]:
    ids = tuple(a.id for a in found.acts)
    rows: list[tuple[Part, ...]] = [
        (c.score, c.label, c.rule, f"{c.weight:g}", _cell(c.known, ids), _cell(c.mean, ids) if c.known else "–")
        for c in found.components
    ]
    tables: list[Block] = []
    if ids:
        tables.append(
            Table(
                ("Score", "Component", "Rule", "Weight", "Acts told", "Mean"),
                tuple(rows),
                "Components of both scores as they were used, with the acts on which each is known and its mean among these.",
                numeric=(3, 4, 5),
            )
        )
    used = [w for w in found.weights if w.events]
    if used:
        tables.append(
            Table(
                ("Sum", "What", "Weight", "Acts"),
                tuple(
                    (w.kind, w.label, f"{w.low:g} / {w.best:g} / {w.high:g}", _cell(len(w.events), w.events))
                    for w in used
                ),
                "Weights of words and deeds as low, best and high, with the acts that take them.",
                numeric=(2, 3),
            )
        )
    return tables


def _wrong() -> Block:
    return para(
        "Pages tell of one command, mixed units and live fire where they were notable, and hardly ever that there were none: the bounds say how little is known. "
        "Services taking part stand for complexity, since scenarios are coded in free words. Publicity grows with searching; words of the same days need not speak of the act; distances "
        "are from a place's middle to a coarse outline. Weights of words and deeds are judgement, and their ranges are moved all at once. Acts that no search found are in no interval.",
        head="How this could be wrong",
    )
