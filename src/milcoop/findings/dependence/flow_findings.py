"""Findings on what passes between the two, which way, and which needs it fills."""

from __future__ import annotations

from milcoop.codebook.states import name_of
from milcoop.domain.dependence import FILLED, NOT_FILLED, Block, NeedMet
from milcoop.domain.finding import Finding
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.dependence.composition import Flows, class_share, know_how_trend, two_way
from milcoop.findings.dependence.needs import SAYS, Needs
from milcoop.findings.dependence.net import acts_sides, find_turn
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.dependence.share_findings import counted

Ends = tuple[float | None, float | None, float | None]

COUNTING = ("window-years", "count-alleged", "chains-once")


def flow_findings(flows: Flows, rules: Rules) -> list[Finding]:
    """Composition by class, trend of know-how, how two-way it is, and the turn by acts."""
    return [*_composition(flows, rules), _trend(flows, rules), _two_way(flows, rules), _turn(flows, rules)]


def last_block(flows: Flows, rules: Rules, length: str = "window-years", back: int = 0) -> Block:
    """The last run of years of a setting's length inside the window, or the one ``back`` runs before it."""
    years, n = flows.evidence.years, int(rules[length])
    end = years[-1] - back * n
    return flows.block(range(max(years[0], end - n + 1), end + 1), rules)


def _if_searched(found: Ends, *blocks: Block) -> Ends:
    """Nothing where one of the blocks was not searched at all: what was met there by chance is no sample."""
    return (None, None, None) if any(b.coverage == NOT_MONITORED for b in blocks) else found


def _span(block: Block) -> str:
    return f"{block.years[0]} to {block.years[-1]}" if block.years else "no year"


def _composition(flows: Flows, rules: Rules) -> list[Finding]:
    block = last_block(flows, rules)
    out = []
    for id_, entry in ((c, flows.evidence.codebook.flows[c]) for c in flows.classes):
        value, low, high = _if_searched(class_share(block, id_), block)
        said = (
            f"{len(block.by_class[id_])} of {block.classed} acts, {_span(block)}"
            if block.classed
            else f"no act on record, {_span(block)}"
        )
        if block.unknown:
            said += f"; {len(block.unknown)} more without a known class"
        out.append(
            Finding(
                f"dependence.composition.{id_}",
                f"{entry.label} among what passes",
                value,
                low,
                high,
                "share",
                block.by_class[id_],
                block.coverage,
                f"Acts of {entry.label.lower()} that become more or fewer than the others",
                rules.move(COUNTING, lambda r, c=id_: _if_searched(class_share(b := last_block(flows, r), c), b)[0]),  # type: ignore[misc]
                said,
            )
        )
    return out


def _trend(flows: Flows, rules: Rules) -> Finding:
    def blocks(r: Rules) -> tuple[Block, Block]:
        return last_block(flows, r, "trend-years"), last_block(flows, r, "trend-years", 1)

    def trend(r: Rules) -> Ends:
        new, old = blocks(r)
        if len(old.years) < r["trend-years"]:
            return None, None, None
        return _if_searched(know_how_trend(new, old, flows.with_know_how), new, old)

    new, old = blocks(rules)
    value, low, high = trend(rules)
    if len(old.years) < rules["trend-years"]:
        said = f"the window is shorter than twice {rules['trend-years']:g} years"
    elif value is None and new.classed and old.classed:
        said = "one of the two runs of years was not searched"
    elif value is None:
        said = f"no act on record in {_span(old if not old.classed else new)}"
    else:
        said = f"{_span(new)} against {_span(old)}"
    ids = tuple(i for b in (new, old) for c in flows.classes if c in flows.with_know_how for i in b.by_class[c])
    both = range(old.years[0], new.years[-1] + 1) if old.years else new.years
    return Finding(
        "dependence.know-how.trend",
        "Change of the share of joint projects and know-how",
        value,
        low,
        high,
        "share",
        ids,
        flows.evidence.coverage(flows.families, both),
        "Joint projects and help with know-how that are begun while sales of finished arms are not, or the reverse",
        rules.move(("trend-years", "count-alleged", "chains-once"), lambda r: trend(r)[0]),
        said,
    )


def _two_way(flows: Flows, rules: Rules) -> Finding:
    def of(block: Block) -> Ends:
        return _if_searched(two_way(len(block.first_gave), len(block.second_gave)), block)

    block = last_block(flows, rules)
    value, low, high = of(block)
    a, b = flows.evidence.dyad.states
    said = f"acts given {_span(block)}: {a} {len(block.first_gave)}, {b} {len(block.second_gave)}"
    alleged = sum(e.when.start.year in block.years for e, _ in flows.alleged)
    if alleged and not rules["count-alleged"]:
        said += f"; not counted: {counted(alleged, 'alleged act')}"
    return Finding(
        "dependence.two-way",
        "How two-way the flows are",
        value,
        low,
        high,
        "0 one-way to 1 even",
        tuple(dict.fromkeys((*block.first_gave, *block.second_gave))),
        block.coverage,
        "Supplies or help from the side that gives less often",
        rules.move(COUNTING, lambda r: of(last_block(flows, r))[0]),
        said,
    )


def _turn(flows: Flows, rules: Rules) -> Finding:
    def turn(r: Rules) -> tuple[int | None, int | None, str]:
        return find_turn(acts_sides(flows.gave(r)))

    year, low, why = turn(rules)
    gave = flows.gave(rules)
    a, b = flows.evidence.dyad.states
    said = "; ".join(f"{end - int(rules['window-years']) + 1}-{end}: {a} {x}, {b} {y}" for end, x, y in gave if end in (year, gave[-1][0])) if gave else "no run of searched years in the window"  # fmt: skip
    block = last_block(flows, rules)
    if year is not None:
        block = flows.block(range(max(flows.evidence.years[0], year - int(rules["window-years"]) + 1), year + 1), rules)
    return Finding(
        "dependence.turn.acts",
        "Year from which the other side surely gives more often",
        year,
        low,
        year,
        "year",
        tuple(dict.fromkeys((*block.first_gave, *block.second_gave))),
        flows.evidence.coverage(flows.families),
        "A run of years in which the side that now gives more often gives less often",
        rules.move(COUNTING, lambda r: turn(r)[0]),
        "; ".join(x for x in (why, f"acts given, {said}") if x),
    )


def need_findings(needs: Needs, rules: Rules) -> list[Finding]:
    """Needs of each state: how many of the coded ones are filled, then each."""
    out = []
    for state in needs.evidence.dyad.states:
        met = needs.all(state, rules)
        out += [_count(needs, rules, state, met), *(_need(needs, rules, m) for m in met)]
    return out


def _count(needs: Needs, rules: Rules, state: str, met: list[NeedMet]) -> Finding:
    coded = [m for m in met if m.answer is not None]
    filled = sum(m.answer == FILLED for m in coded)
    families = (SAYS.partition(".")[0], *needs.flows.families)
    return Finding(
        f"dependence.needs.{state}",
        f"Needs of {name_of(needs.evidence.codebook, state)} that are supplied",
        filled if coded else None,
        filled if coded else None,
        sum(m.answer != NOT_FILLED for m in coded) if coded else None,
        "needs",
        tuple(dict.fromkeys(i for m in coded for i in m.ids)),
        needs.evidence.coverage(families),
        "A supply carried out that fills a named need for the first or second time; a need named anew",
        rules.move(
            ("need-acts", "need-lead"),
            lambda r: sum(m.answer == FILLED for m in needs.all(state, r)) if coded else None,
        ),
        f"of {len(coded)} named on record" if coded else "nobody on record names a need",
    )


def _need(needs: Needs, rules: Rules, met: NeedMet) -> Finding:
    need = needs.evidence.codebook.needs[met.need]
    if met.answer is None:
        said = "nobody on record says that it is lacking"
    else:
        said = f"named {counted(len(met.said), 'time')}; carried out {len(met.done)}, promised {len(met.promised)}, alleged {len(met.alleged)}"
    if met.denied:
        said += f"; {counted(len(met.denied), 'time')} said to be met, past or not felt"
    moved = ("need-acts", "need-lead") if met.answer is not None else ()
    return Finding(
        f"dependence.needs.{met.state}.{met.need}",
        f"{met.label}, needed by {name_of(needs.evidence.codebook, met.state)}",
        met.answer,
        None,
        None,
        "answer",
        met.ids,
        needs.evidence.coverage(needs.flows.families),
        f"A supply from the partner of what fills it ({met.label.lower()}), or words that it is no longer needed",
        rules.move(moved, lambda r: needs.met(met.state, need, r).answer),
        said,
    )
