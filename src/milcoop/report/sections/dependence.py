"""Who depends on whom: shares both ways, net dependence, what passes, needs against flows, and the rules used."""

from __future__ import annotations

from milcoop.domain.dependence import Dependence, NeedMet, newest_of
from milcoop.domain.finding import Finding
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY
from milcoop.report.blocks import Block, Chart, Paragraph, Part, Ref, Section, Table, para, words
from milcoop.report.dependence_charts import flow_chart, share_chart
from milcoop.report.inputs import ReportInputs

PARTS = {"arms": "Arms imports", "sales": "Arms exports", "trade": "Trade in goods", "input": "Critical inputs"}
IN_WORDS = {"arms": "arms imports", "sales": "arms exports", "trade": "trade", "input": "critical inputs"}
BLANK = "–"


def dependence_section(inputs: ReportInputs, found: Dependence) -> Section:
    """The chapter; a pair without any share, act or need on record says so and has no chart."""
    known = inputs.by_id
    has_shares = any(f.value is not None for f in found.found.findings if f.unit in ("share", "index"))
    has_acts = any(b.ids for b in found.blocks)
    named = [n for n in found.needs if n.answer is not None or n.denied]
    if not (has_shares or has_acts or named or found.source_shares):
        return Section("dependence", "Who depends on whom", (para(_nothing(found)),))
    blocks: list[Block] = [_net(inputs, found), _shares(inputs, found)]
    measures = {m.id: m.part for m in inputs.codebook.shares.values()}
    a, b = found.found.dyad.states
    sides = {a: f"{inputs.names[0]} on {inputs.names[1]}", b: f"{inputs.names[1]} on {inputs.names[0]}"}
    charted = [r for r in found.source_shares if measures[r.measure] in PARTS]
    if charted or any(
        r.register for n in found.nets for p in n.parts for s in (p.first, p.second) if s for r in s.same
    ):
        spec = share_chart(found.source_shares, found.nets, PARTS, sides, measures, known)
        caption = (
            "How far each side rests on the other by each part: a bar over the years that a source speaks of, with the range it gives as a thin line. "
            "Bars that disagree are sources that disagree. Arms exports: how far a maker rests on the other as a buyer."
        )
        blocks.append(Chart("dependence-shares", spec, caption))
    if has_acts:
        blocks.append(_flows(inputs, found))
        classes = {c: inputs.codebook.flows[c].label for c in found.blocks[-1].by_class}
        caption = "What passed between the two, acts that took place, by blocks of years; an act of both directions is given by each side."
        blocks.append(Chart("dependence-flows", flow_chart(found.blocks, classes, inputs.names), caption))
    if named:
        blocks += [_needs(inputs, found), _need_table(inputs, named)]
    blocks += [_weak(found), _rules(inputs)]
    return Section("dependence", "Who depends on whom", tuple(blocks))


def _nothing(found: Dependence) -> str:
    coverage = found.found["dependence.arms-in-trade"].coverage
    if coverage == NOT_MONITORED:
        return "Not monitored: nobody searched for transfers between the two, and no share of one in the other's arms or trade is on record."
    return "No share of one in the other's arms or trade, no act that passes something and no need is on record."


def _ids(inputs: ReportInputs, f: Finding) -> tuple[str, ...]:
    """Evidence of a finding that the report can open."""
    return tuple(i for i in f.events if i in inputs.by_id)


def _number(inputs: ReportInputs, f: Finding) -> Part:
    """``0.33 (0.27-0.39)`` with its evidence; a word where there is none to open."""
    ids = _ids(inputs, f)
    span = "" if f.low is None or _two(f.low) == _two(f.high) else f"{_two(f.low)} to {_two(f.high)}"
    if f.value is None:
        return Ref(span, ids) if span and ids else BLANK
    if not ids:
        return "none" if f.value == 0 else f.note.partition(";")[0] or BLANK
    return Ref(f"{_two(f.value)} ({span})" if span else _two(f.value), ids)


def _two(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _net(inputs: ReportInputs, found: Dependence) -> Paragraph:
    f, turn = found.found["dependence.asymmetry"], found.found["dependence.turn"]
    acts = found.found["dependence.turn.acts"]
    a, b = inputs.names
    net = found.nets[-1]
    both = [IN_WORDS[p.part] for p in net.parts if p.first and p.second]
    one = [IN_WORDS[p.part] for p in net.parts if not (p.first and p.second)]
    parts: list[Part] = [f"Net dependence is zero when each side rests on the other alike, plus one when {b} rests on {a} alone, minus one the other way round. "]  # fmt: skip
    ids = _ids(inputs, f)
    if isinstance(f.value, float) and ids:
        more, less = (b, a) if f.value > 0 else (a, b)
        sure = isinstance(f.low, float) and isinstance(f.high, float) and (f.low > 0 or f.high < 0)
        parts += [f"By {words(both)} it is ", Ref(f"{f.value:.2f}", ids), ", so that ", more, " rests more on ", less]
        parts += [
            ", and its interval, " if sure else ", but its interval, ",
            Ref(f"{_two(f.low)} to {_two(f.high)}", ids),
        ]
        parts.append(", is all on that side. " if sure else ", leaves the side open. ")
    elif f.low is not None and ids:
        parts += ["No part is known on both sides; with what is known on one it lies between ", Ref(f"{_two(f.low)} and {_two(f.high)}", ids), ". "]  # fmt: skip
    else:
        parts.append("It cannot be told: no fresh share is on record. ")
    if one and f.value is not None:
        parts.append(f"Known on one side only, so that the other may be anything: {words(one)}. ")
    turned = _ids(inputs, turn)
    if isinstance(turn.value, int) and turned:
        parts += ["It changed sides in ", Ref(str(turn.value), turned), ". "]
    elif turn.note.startswith("never"):
        parts.append("It has not changed sides in any year in which the side is sure. ")
    else:
        parts.append("Whether it ever changed sides cannot be told from shares: too few years have a sure side. ")
    given = _ids(inputs, acts)
    if isinstance(acts.value, int) and given:
        side = a if len(found.blocks[-1].first_gave) > len(found.blocks[-1].second_gave) else b
        parts += [f"By acts, {side} surely gives more often since ", Ref(str(acts.value), given), ". "]
    return para(*parts, head="Net dependence")


def _shares(inputs: ReportInputs, found: Dependence) -> Table:
    """One row a share, both directions, and the years of the newest source."""
    a, b = found.found.dyad.states
    rows: list[tuple[Part, ...]] = []

    def add(label: str, one: str, other: str, *, always: bool = True) -> None:
        f, g = found.found[f"dependence.{one}"], found.found[f"dependence.{other}"]
        if always or f.low is not None or g.low is not None:
            rows.append((label, _number(inputs, f), _number(inputs, g), _remark(inputs, f, g)))

    add("Arms imports", f"arms.{b}>{a}", f"arms.{a}>{b}")
    add("Arms exports", f"sales.{a}>{b}", f"sales.{b}>{a}")
    add("Trade in goods", f"trade.{a}", f"trade.{b}")
    add("Critical inputs, median", f"inputs.{b}>{a}", f"inputs.{a}>{b}")
    for m in inputs.codebook.shares.values():
        if m.part == "input":
            add(f"· {m.label}", f"inputs.{b}>{a}.{m.id}", f"inputs.{a}>{b}.{m.id}", always=False)
    add("Concentration of suppliers", f"concentration.{a}", f"concentration.{b}", always=False)
    add("Concentration of buyers", f"concentration.{a}.buyers", f"concentration.{b}.buyers", always=False)
    add("Got from others as well", f"substitutes.{b}>{a}", f"substitutes.{a}>{b}", always=False)
    return Table(
        (
            "Share",
            f"{inputs.names[0]} on {inputs.names[1]}",
            f"{inputs.names[1]} on {inputs.names[0]}",
            "Newest source",
        ),
        tuple(rows),
        "How far each side rests on the other, from nought to one; in brackets the range over sources of the same period. A dash: nobody on record says.",
    )


def _remark(inputs: ReportInputs, *pair: Finding) -> str:
    """Word, years of the newest source and conflict of the two shares of a row; amounts stand in the cells."""
    said = []
    for name, f in zip(inputs.names, pair, strict=True):
        if f.value is not None:
            told = f.note.split("; ")
            if f.id.startswith("dependence.substitutes"):
                told = [", ".join(told[:-1])]
            said.append(f"{name}: {', '.join(x for x in (told[0], newest_of(f)) if x)}")
    return "; ".join(said) or BLANK


def _flows(inputs: ReportInputs, found: Dependence) -> Paragraph:
    two, trend = found.found["dependence.two-way"], found.found["dependence.know-how.trend"]
    block = found.blocks[-1]
    span = f"{block.years[0]} to {block.years[-1]}"
    parts: list[Part] = []
    if block.ids:
        parts.append(f"From {span} there passed ")
        classes = [(inputs.codebook.flows[c].label.lower(), ids) for c, ids in block.by_class.items() if ids]
        for i, (label, ids) in enumerate(classes):
            parts += [", " if i else "", f"{label} in ", Ref(str(len(ids)), ids), " acts" if len(ids) > 1 else " act"]
        parts.append(". ")
    else:
        parts.append(f"No act that passes something is on record from {span}. ")
    if isinstance(two.value, float) and two.events:
        parts += [
            "How two-way that is, from nought for one-way to one for even: ",
            Ref(_interval(two), two.events),
            ". ",
        ]
    if isinstance(trend.value, float) and trend.events:
        sure = isinstance(trend.low, float) and isinstance(trend.high, float) and (trend.low > 0 or trend.high < 0)
        parts += ["The share of joint projects and know-how changed by ", Ref(_interval(trend), trend.events)]
        searched = (
            ""
            if trend.coverage == MONITORED
            else f" ({trend.coverage} monitored)"
            if trend.coverage == PARTLY
            else f" ({trend.coverage})"
        )
        parts.append(f", {trend.note}{searched}{'' if sure else '; chance can explain that'}. ")
    return para(*parts, head="What passes")


def _interval(f: Finding) -> str:
    return f"{_two(f.value)} ({_two(f.low)} to {_two(f.high)})"


def _needs(inputs: ReportInputs, found: Dependence) -> Paragraph:
    parts: list[Part] = []
    for name, state in zip(inputs.names, found.found.dyad.states, strict=True):
        f = found.found[f"dependence.needs.{state}"]
        ids = _ids(inputs, f)
        if f.value is None or not ids:
            parts.append(f"Nobody on record names a need of {name}. ")
            continue
        coded = sum(n.state == state and n.answer is not None for n in found.needs)
        parts += ["Of ", Ref(str(coded), ids), f" needs that somebody named for {name}, "]
        parts += [Ref(str(f.value), ids) if f.value else "none", " is" if f.value in (0, 1) else " are", " supplied more than once by the other side. "]  # fmt: skip
    parts.append("Supplied does not mean that the gap is closed.")
    return para(*parts, head="Needs against flows")


def _need_table(inputs: ReportInputs, needs: list[NeedMet]) -> Table:
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))

    def cell(ids: tuple[str, ...]) -> Part:
        return Ref(str(len(ids)), ids) if ids else BLANK

    rows = tuple(
        (
            names[n.state], n.label, n.answer or "said not to be felt", cell(n.said), cell(n.done), cell(n.promised),
            cell(n.alleged), cell(n.denied),
        )
        for n in needs
    )  # fmt: skip
    return Table(
        ("State", "Need", "Supplied", "Named", "Carried out", "Promised", "Alleged", "Met or not felt"),
        rows,
        "Needs that somebody named, against what came from the other side: acts carried out, only promised, only alleged.",
        numeric=(3, 4, 5, 6, 7),
    )


def _weak(found: Dependence) -> Paragraph:
    lead = "Shares are those that sources chose to print"
    if not found.has_register:
        lead += "; no register of arms deals was read, so that most are known for one side only, and concentration and substitutes are not known"
    return para(
        f"{lead}. Inputs are cited where the share is high. Volumes of arms leave out components and know-how. Acts are counted, not weighed. "
        "Words on needs were searched for few pairs.",
        head="How this could be wrong",
    )


def _rules(inputs: ReportInputs) -> Table:
    settings = inputs.codebook.dependence.values()
    rows = tuple(
        (s.label, f"{s.value:g}", ", ".join(f"{v:g}" for v in s.steps) or BLANK)
        for s in settings
        if not isinstance(s.value, tuple)
    )
    return Table(
        ("Setting", "Set to", "Tried"), rows,
        "Settings of this chapter as used here, and the steps tried for sensitivity; each with its reason in the codebook.",
        numeric=(1, 2),
    )  # fmt: skip
