"""Who gains: balances by coin, turns, outlook, what both can do only together, words, costs, and what the border frees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from milcoop.codebook.gain_rule import COINS
from milcoop.domain.finding import CANNOT_TELL, Finding
from milcoop.domain.gains import Gains, Word
from milcoop.domain.rating import NOT_MONITORED
from milcoop.report.blocks import Block, Bullets, Chart, Paragraph, Part, Ref, Section, Table, joined, para
from milcoop.report.gains_charts import balance_chart, posture_chart, running_chart
from milcoop.report.inputs import ReportInputs

HEAVIEST = 8
"""Acts shown for each coin."""
FEWEST_YEARS = 3
"""Years with something at the border below which no chart is drawn."""
MOVES = 3
"""Rules shown that move a balance most."""
SENSES: Mapping[str, Mapping[int | None, str]] = {
    "partner": {1: "well", 0: "neither", -1: "ill", None: "not coded"},
    "need": {1: "for needing it", 0: "neither", -1: "against", None: "not coded"},
}


def gains_section(inputs: ReportInputs, gains: Gains) -> Section:
    """The chapter; one sentence where nothing was searched for."""
    if all(f.value is None for f in gains.found.findings):
        return Section("gains", "Who gains", (para("Not monitored: nothing was searched for on this pair."),))
    blocks: list[Block] = [
        _lead(inputs, gains),
        *(_coin(inputs, gains, coin) for coin in COINS),
        _periods(inputs, gains),
    ]
    if any(p.value is not None for p in gains.rolling):
        n = inputs.codebook.ledger["ledger"].rolling_years
        caption = f"Balance over the {_in_words(n)} years that end with each, and the middle four fifths of the draws. No line where a year was not searched."
        blocks.append(Chart("gains-balance", balance_chart(gains.rolling, inputs.names), caption))
    if gains.running:
        by_state = dict(zip(gains.found.dyad.states, inputs.names, strict=True))
        blocks.append(Chart("gains-running", running_chart(gains.running, by_state), "Net points of each state, added up. Coins have scales of their own and are never added to each other; years that were not searched add nothing."))  # fmt: skip
    blocks += [
        _turns(inputs, gains),
        _costs(inputs, gains),
        _outlook(inputs, gains),
        *_together(gains),
        *_words(inputs, gains),
    ]
    blocks += _border(inputs, gains)
    blocks += [_acts(inputs, gains), _moves(inputs, gains), _weights(inputs, gains), *_by_hand(gains), _limits()]
    return Section("gains", "Who gains", tuple(b for b in blocks if not (isinstance(b, Table) and not b.rows)))


def _lead(inputs: ReportInputs, gains: Gains) -> Paragraph:
    first, second = inputs.names
    return para(
        "Each act is booked by declared rules: who gives, who gets, in which of three coins, with costs below nought. A material point is a hundred million "
        "dollars of arms in the receiver's hands, an operational one what a side learns from an ordinary joint exercise, a symbolic one an official statement of support in "
        f"a crisis. A balance of plus one would mean that all net gain is {first}'s, of minus one that it is {second}'s. Weights are judgement, printed below with what hangs "
        "on them."
    )


def _coin(inputs: ReportInputs, gains: Gains, coin: str) -> Paragraph:
    found = gains.found
    balance = found[f"gains.balance.{coin}"]
    if balance.value is None:
        why = "Not monitored" if balance.coverage == NOT_MONITORED else "No act on record brings a gain"
        return para(f"{why}.", head=coin.capitalize())
    sides = [found[f"gains.total.{coin}.{s}"] for s in found.dyad.states]
    low, high = balance.low, balance.high
    sure = isinstance(low, float) and isinstance(high, float) and low * high > 0
    more = inputs.names[0] if float(balance.value) > 0 else inputs.names[1]
    verdict = f"{more} gains more" if sure else "Which side gains more cannot be told"
    return para(
        f"{verdict}: balance ",
        _ref(balance),
        ", net points ",
        *joined([(f"{name} ", _ref(side)) for name, side in zip(inputs.names, sides, strict=True)]),
        "." if balance.coverage == "monitored" else "; partly monitored.",
        head=coin.capitalize(),
    )


def _periods(inputs: ReportInputs, gains: Gains) -> Table:
    spans: dict[str, dict[str, Finding]] = {}
    for f in gains.found.findings:
        if f.id.startswith("gains.balance.") and f.id.count(".") == 3:
            _, _, coin, span = f.id.split(".")
            spans.setdefault(span, {})[coin] = f
    rows = tuple((_span(span), *(_cell(of[c]) for c in COINS)) for span, of in spans.items())
    first, second = inputs.names
    caption = f"Balance by half decade: above nought {first} gains more, below {second}; in brackets the middle four fifths of the draws."
    return Table(("Years", *(c.capitalize() for c in COINS)), rows, caption, numeric=(1, 2, 3))


def _turns(inputs: ReportInputs, gains: Gains) -> Paragraph:
    found = gains.found
    parts: list[Part] = []
    role = found["gains.role.turn"]
    if role.value is not None:
        parts += ["What one side has because the other gave it changed direction in ", _ref(role), " (", Ref(role.note, role.events), "). "]  # fmt: skip
    else:
        why = f", with {role.note}" if role.note.startswith("too few") else ""
        parts.append(f"No year is found in which supplier and supplied changed places{why}. ")
    for coin in COINS:
        turn = found[f"gains.turn.{coin}"]
        if turn.value is not None:
            parts += [f"The {coin} balance turned in ", _ref(turn), " (", Ref(turn.note, turn.events), "). "]
    if len(parts) > 1:
        parts.append("A balance that stays near nought turns easily, and such a turn means little.")
    return para(*parts, head="Where it turns")


def _costs(inputs: ReportInputs, gains: Gains) -> Paragraph:
    said: list[tuple[Part, ...]] = []
    for name, state in zip(inputs.names, gains.found.dyad.states, strict=True):
        f = gains.found[f"gains.costs.{state}"]
        if f.value is not None and f.events:
            said.append((f"{name} ", _ref(f, percent=True)))
    if not said:
        return para(
            "No cost is on record: no dispute, dropped sale, refusal or punishment.", head="Costs and frictions"
        )
    return para("Costs as a share of gains, mean of the coins: ", *joined(said), ".", head="Costs and frictions")


def _outlook(inputs: ReportInputs, gains: Gains) -> Paragraph:
    parts: list[Part] = []
    for i, state in enumerate(gains.found.dyad.states):
        f = gains.found[f"gains.outlook.{state}"]
        verdict = f.value or NOT_MONITORED
        verdict = "cannot be told" if verdict == CANNOT_TELL else verdict
        parts.append(f"The use of {inputs.names[1 - i]} for {inputs.names[i]}: {verdict}. ")
        slopes = [gains.found[f"gains.outlook.{c}.{state}"] for c in COINS]
        told: list[tuple[Part, ...]] = [
            (f"{c} ", _ref(s), " (", Ref(s.note, s.events), ")")
            for c, s in zip(COINS, slopes, strict=True)
            if s.value is not None
        ]
        if told:
            parts += ["Slopes as a share of the mean a year: ", *joined(told), ". "]
        else:
            parts.append("No coin has enough searched years and acts for a slope. ")
    return para(*parts, head="Outlook")


def _together(gains: Gains) -> list[Block]:
    f = gains.found["gains.together"]
    if f.value is None:
        return [para("Not monitored.", head="Only together")]
    shown = [s for s in gains.together if s.events]
    if not shown:
        return [para("No act on record shows something that neither could do alone.", head="Only together")]
    items = tuple(para(f"{s.label}: ", Ref(str(len(s.events)), s.events), f" act{'s' * (len(s.events) > 1)}. {s.why}") for s in shown)  # fmt: skip
    return [para("What acts on record show that the two can do together and neither alone: ", _ref(f), " of the declared capabilities.", head="Only together"), Bullets(items)]  # fmt: skip


def _words(inputs: ReportInputs, gains: Gains) -> list[Block]:
    parts: list[Part] = []
    for i, state in enumerate(gains.found.dyad.states):
        own, other = inputs.names[i], inputs.names[1 - i]
        for name, what in (("words", f"{own}'s voices on {other}"), ("need", f"Words on {own}'s need of {other}")):
            f = gains.found[f"gains.{name}.{state}"]
            if f.events:
                parts += [f"{what}: " if not parts else f" {what}: ", _ref(f), " (", Ref(f.note, f.events), ")."]
    if not parts:
        return [para("No coded word on the partner's performance or on needing it.", head="Words on the partner")]
    lead = "Share that speaks well of the partner, or for needing it, less the share that speaks against; words are no gains. "
    caption = "Positions of statements on the partner's performance and on needing it, with the number of statements."
    table = Table(("State", "On", "Speaks", "Positions"), tuple(_word_rows(inputs, gains)), caption)
    return [para(lead, *parts, head="Words on the partner"), table]


def _word_rows(inputs: ReportInputs, gains: Gains) -> Iterator[tuple[Part, ...]]:
    """One row a state, kind of words and sense."""
    names = dict(zip(gains.found.dyad.states, inputs.names, strict=True))
    groups: dict[tuple[str, str, int | None], list[Word]] = {}
    for w in sorted(
        gains.words, key=lambda w: (w.of != "partner", w.speaker_state, -2 if w.sense is None else -w.sense)
    ):
        groups.setdefault((w.speaker_state, w.of, w.sense), []).append(w)
    for (state, of, sense), members in groups.items():
        used = Counter(w.position.replace("-", " ") or "no position" for w in members)
        listed = ", ".join(f"{p} ({n})" if n > 1 else p for p, n in used.items())
        what = "the partner" if of == "partner" else "its own need"
        yield names[state], what, SENSES[of][sense], Ref(listed, tuple(w.event for w in members))


def _border(inputs: ReportInputs, gains: Gains) -> list[Block]:
    found = gains.found
    blocks: list[Block] = []
    parts: list[Part] = []
    for i, state in enumerate(found.dyad.states):
        f = found[f"gains.frees.{state}"]
        if f.high is None:
            parts.append(f"{inputs.names[i]}: not monitored, no cited figure on its forces there. ")
        else:
            what = (
                _ref(f)
                if f.value is not None
                else Ref((f"{_short(f.low)} to " if f.low else "up to ") + _short(f.high), f.events)
            )
            parts += [f"{inputs.names[i]} could move ", what, " persons (", Ref(f.note, f.events), "). "]
    for name, what in (("posture", "acts at the border"), ("posture.agreements", "of them texts and settlements"), ("posture.inspections", "inspections and control meetings")):  # fmt: skip
        f = found[f"gains.{name}"]
        if f.events:
            parts += [f"{what.capitalize()}: ", Ref(str(f.value), f.events)]
            if f.note:
                parts += [" (", Ref(f.note, f.events), ")"]
            parts.append(". ")
    blocks.append(para(*parts, head="What the border frees"))
    shown = [p for p in gains.posture if p.kind in ("forces", "beside", "ceiling") or not p.unit]
    if len({p.year for p in shown}) >= FEWEST_YEARS:
        by_state = dict(zip(found.dyad.states, inputs.names, strict=True))
        caption = "Acts at the shared border by kind."
        if any(p.unit for p in shown):
            caption = "Cited forces at the shared border, of zones that differ (above), and acts there by kind (below)."
        blocks.append(Chart("gains-posture", posture_chart(gains, by_state), caption))
    return blocks


def _acts(inputs: ReportInputs, gains: Gains) -> Table:
    names = dict(zip(gains.found.dyad.states, inputs.names, strict=True))
    rows = []
    for coin in COINS:
        for b in [b for b in gains.bookings if b.coin == coin][:HEAVIEST]:
            ids = (b.event,)
            title = inputs.by_id[b.event].title
            amounts = Ref(f"{b.amount:+.1f} ({b.low:+.1f} to {b.high:+.1f})", ids)
            rows.append((coin, Ref(str(b.year), ids), Ref(title, ids), names[b.state], b.part + (", set by hand" if b.by_hand else ""), amounts))  # fmt: skip
    caption = "Acts that weigh most in each coin; points with weight and factors at their ends."
    return Table(("Coin", "Year", "Act", "To", "Part", "Points"), tuple(rows), caption, numeric=(5,))


def _moves(inputs: ReportInputs, gains: Gains) -> Table:
    rows = []
    for coin in COINS:
        f = gains.found[f"gains.balance.{coin}"]
        for m in f.sensitivity[:MOVES]:
            after = "none" if m.value is None else _short(m.value)
            rows.append((coin, m.rule, f"{_short(m.before)} → {_short(m.after)}", Ref(f"{_short(f.value)} → {after}", f.events)))  # fmt: skip
    caption = "Rules whose move by one step moves a balance most; all of them: milcoop gains with format json."
    return Table(("Coin", "Rule", "Moved", "Balance"), tuple(rows), caption, numeric=(2, 3))


def _weights(inputs: ReportInputs, gains: Gains) -> Table:
    states = gains.found.dyad.states
    rows = tuple(
        (
            w.coin, w.label, w.to, w.part, f"{w.best:g} ({w.low:g} to {w.high:g})",
            *(Ref(f"{w.points[s]:.1f}", w.events) if w.points[s] else "–" for s in states),
        )
        for w in gains.weights
    )  # fmt: skip
    return Table(
        ("Coin", "Acts", "To", "Part", "Weight", *inputs.names),
        rows,
        "Weights used, with the points that each booked; reasons: milcoop codebook, and the folder gains of the codebook.",
        numeric=(4, 5, 6),
    )


def _by_hand(gains: Gains) -> list[Block]:
    if not gains.by_hand:
        return []
    items = tuple(para("Set by hand, ", Ref(event, (event,)), f": {why}") for event, why in gains.by_hand.items())
    return [Bullets(items)]


def _limits() -> Paragraph:
    return para(
        "Weights are points of an argument. The height of the material balance rests on what a seller's revenue is worth beside the goods: read its sign and its change. Exercises, meetings and texts are booked alike for both unless direction or place tell otherwise, so operational and symbolic "
        "balances lie near nought. Prices are known for few contracts. What stands for years is booked in its first year. Dual-use trade that no act tells of is not "
        "in the ledger. Forces freed are persons counted in zones that differ, not brigades.",
        head="How this could be wrong",
    )


def _span(span: str) -> str:
    first, last = span.split("-")
    return first if first == last else span


def _ref(f: Finding, percent: bool = False) -> Part:
    text = _short(f.value, percent)
    if f.low is not None and f.high is not None and (f.low, f.high) != (f.value, f.value):
        text += f" ({_short(f.low, percent)} to {_short(f.high, percent)})"
    return Ref(text, f.events) if f.events else text


def _cell(f: Finding) -> Part:
    if f.value is None:
        return NOT_MONITORED if f.coverage == NOT_MONITORED else "–"
    return _ref(f)


def _short(value: float | int | str | None, percent: bool = False) -> str:
    if percent and isinstance(value, int | float):
        return f"{value:.0%}"
    if isinstance(value, float):
        value = 0.0 if abs(value) < 0.005 else value
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)


def _in_words(n: int) -> str:
    words: Sequence[str] = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[n] if n < len(words) else str(n)
