"""Which reading the evidence supports: the matrix, priors and posteriors, what tells, what says nothing, what is missing."""

from __future__ import annotations

from milcoop.codebook.readings_rule import Line
from milcoop.domain.finding import CANNOT_TELL, Moved, Value
from milcoop.domain.readings import Account, Readings, SeenLine
from milcoop.report.blocks import Block, Chart, Paragraph, Part, Ref, Section, Table, joined, para, words
from milcoop.report.inputs import ReportInputs
from milcoop.report.readings_chart import evidence_matrix
from milcoop.report.sections.phrases import chance, is_rated, likelihood, lower_first

SHOWN_MISSING = 10
"""Missing lines in the table, the most telling first."""
COMMON_RULES = ("readings.", "weighing.trust", "bundles.")
"""Moved rules that concern all lines."""


def readings_section(inputs: ReportInputs, found: Readings) -> Section:
    """Competing readings of the pair; a sentence alone where nothing is weighed."""
    title = "Which reading the evidence supports"
    if not found.accounts:
        return Section("readings", title, (para(f"No reading of the pair is weighed: {found.why_not}."),))
    blocks: list[Block] = [
        _lead(inputs, found),
        _totals(inputs, found),
        *_telling(inputs, found),
        Chart(
            "readings",
            evidence_matrix(found, lambda line: _ids(inputs, line)),
            "Weight of evidence of each line for (blue) and against (red) each reading, in decibans after discounts: ten are ten to one. Down a column, with the prior, they add up to "
            "the chances of the readings. Lines of the lower part fit every named reading.",
        ),
        _silent(inputs, found),
        *_missing(found),
        *_moved(inputs, found),
        _wrong(),
        _chances(inputs),
        _rules(inputs),
    ]
    return Section("readings", title, tuple(blocks))


def _ids(inputs: ReportInputs, line: SeenLine) -> tuple[str, ...]:
    """Events of a line; the last rated levels where what is seen is that there is none."""
    return tuple(e for e in line.events if e in inputs.by_id) or _rated(inputs)


def _rated(inputs: ReportInputs) -> tuple[str, ...]:
    return tuple(r.id for r in inputs.now.values() if is_rated(r))


def _all_ids(inputs: ReportInputs, found: Readings) -> tuple[str, ...]:
    """What the chances rest on most: events of the lines that tell readings apart, of all known ones where none does."""
    lines = found.diagnostic or found.known
    return tuple(dict.fromkeys(i for line in lines for i in _ids(inputs, line)))


def _lead(inputs: ReportInputs, found: Readings) -> Paragraph:
    ids = _all_ids(inputs, found)
    ordered = sorted(found.totals, key=lambda t: -t.posterior)
    shares: list[tuple[Part, ...]] = [
        (f"{t.label} ", Ref(chance(t.posterior), ids), f" ({likelihood(t.posterior)})") for t in ordered
    ]
    parts: list[Part] = [
        f"Competing readings of the pair in {found.found.years[-1]} are weighed against ",
        Ref(str(len(found.known)), ids),
        " lines of evidence with an outcome, by chances declared beforehand. Chances of the readings: ",
        *joined(shares),
        ". ",
    ]
    if found.answer == CANNOT_TELL:
        few = not found.why_not.startswith("no reading")
        why = "too few lines are known" if few else "no reading is likely enough against all others together"
        parts.append(f"By the rule fixed beforehand one cannot tell: {why}.")
    else:
        parts.append(f"By the rule fixed beforehand the answer is: {found.account(str(found.answer)).label}.")
    parts.append(f" {_directed(found)}")
    return para(*parts)


def _directed(found: Readings) -> str:
    """Which of the two states a directed reading is about."""
    said = []
    for total in found.totals:
        parts = [a for a in found.accounts if a.reading == total.id and a.state]
        if len(parts) == 2:
            first = max(parts, key=lambda a: a.posterior)
            p = likelihood(first.posterior / total.posterior)
            which = f"that the one is {first.label.rpartition(': ')[2]} is {p}"
            if p == "roughly even":
                which = "the evidence does not say of which of the two"
            said.append(f"Were it {total.label}, {which}.")
    return " ".join(said)


def _totals(inputs: ReportInputs, found: Readings) -> Table:
    ids = _all_ids(inputs, found)
    rows: list[tuple[Part, ...]] = []
    for total in sorted(found.totals, key=lambda t: -t.posterior):
        claim = inputs.codebook.readings[total.id].claim.strip()
        rows.append((total.label, claim, *_numbers(total, ids)))
        rows += [(f"– {a.label.rpartition(': ')[2]}", "", *_numbers(a, ids)) for a in found.accounts if a.reading == total.id and a.state]  # fmt: skip
    return Table(
        ("Reading", "What it claims", "Prior", "Chance", "Interval", "In words"),
        tuple(rows),
        "Chances of the readings. The interval holds nine in ten of the redraws of declared chances, discounts and measured values; priors are moved below.",
        numeric=(2, 3, 4),
    )


def _numbers(account: Account, ids: tuple[str, ...]) -> tuple[Part, ...]:
    return (
        chance(account.prior),
        Ref(chance(account.posterior), ids),
        Ref(f"{chance(account.low)} to {chance(account.high)}", ids),
        likelihood(account.posterior),
    )


def _telling(inputs: ReportInputs, found: Readings) -> list[Block]:
    if not found.diagnostic:
        return [para("No known line tells the readings apart.", head="What tells")]
    rows: list[tuple[Part, ...]] = []
    for line in found.diagnostic:
        ids = _ids(inputs, line)
        # A flat reading foretells nothing, so that no line is evidence for it alone.
        named = [a.id for a in found.accounts if not inputs.codebook.readings[a.reading].flat]
        ends = [end(line.decibans[i] for i in named) for end in (max, min)]
        speaks = [words(_short(inputs, [i for i in named if abs(line.decibans[i] - end) < 0.05])) for end in ends]
        rows.append(
            (
                line.label,
                f"{line.outcome_label} ?" if line.open else line.outcome_label,
                Ref(line.measured or str(line.value), ids),
                *speaks,
                Ref(f"{line.spread:.1f}", ids),
            )
        )
    return [
        Table(
            ("What tells", "What is seen", "Value measured", "Fits best", "Fits least", "Decibans between"),
            tuple(rows),
            "Lines whose outcome tells readings apart, the widest first; before discounts. ?: an end of the value's interval shows another outcome.",
            numeric=(2, 5),
        )
    ]


def _short(inputs: ReportInputs, accounts: list[str]) -> list[str]:
    """Ids of readings, states left out where both are meant."""
    names: list[str] = []
    for account in accounts:
        reading, _, state = account.partition(".")
        other = [a for a in accounts if a.startswith(f"{reading}.") and a != account]
        name = reading if other or not state else f"{reading} of {_state(inputs, state)}"
        if name not in names:
            names.append(name)
    return names


def _state(inputs: ReportInputs, iso3: str) -> str:
    return dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True)).get(iso3, iso3)


def _silent(inputs: ReportInputs, found: Readings) -> Paragraph:
    if not found.silent:
        return para("Every known line tells some readings apart.", head="What says nothing")
    said: list[tuple[Part, ...]] = [
        (f"{lower_first(x.label)} (", Ref(x.outcome_label, _ids(inputs, x)), ")") for x in found.silent
    ]
    return para(
        "These are cited for one reading or another and fit all named ones about equally well: ", *joined(said), ".",
        head="What says nothing",
    )  # fmt: skip


def _missing(found: Readings) -> list[Block]:
    if not found.missing:
        return []
    first, second = (found.account(a).label for a in found.leading)
    why: dict[str, list[str]] = {}
    for x in found.missing:
        reason = "not given by another command" if x.why_not.startswith("no finding") else x.why_not
        why.setdefault(reason, []).append(lower_first(x.label))
    parts = [f"{reason}: {'; '.join(labels)}" for reason, labels in why.items()]
    blocks: list[Block] = [para("Without evidence and so without weight. ", ". ".join(p[0].upper() + p[1:] for p in parts), ".", head="What is missing")]  # fmt: skip
    rows = tuple((x.label, *(x.speaks.get(a, "") for a in found.leading)) for x in found.missing if x.telling > 0)
    if rows:
        blocks.append(
            Table(
                ("What would tell the two apart", f"For {first}", f"For {second}"),
                rows[:SHOWN_MISSING],
                "Missing lines by the information that they would give on the two leading readings, the most first, with the outcome that would speak most for each.",
            )
        )
    return blocks


def _moved(inputs: ReportInputs, found: Readings) -> list[Block]:
    """What the leading reading becomes when rules that concern all lines are moved, and how often the answer changes."""
    ids = _all_ids(inputs, found)
    leader = max(found.totals, key=lambda t: t.posterior)
    moves = found.found[f"readings.{leader.id}"].sensitivity
    common: dict[str, list[Moved]] = {}
    for m in moves:
        if m.rule.startswith(COMMON_RULES):
            common.setdefault(m.rule, []).append(m)
    rows = [_both_ways(rule, steps, ids) for rule, steps in common.items()]
    changed = [m for m in found.found["readings.answer"].sensitivity if m.value != found.answer]
    said: list[Part] = [f"Each rule was moved by one step, everything else as it is. {leader.label.capitalize()} then varies as the table shows. "]  # fmt: skip
    if changed:
        said += ["The answer changes under ", Ref(str(len(changed)), ids), f" of them: {'; '.join(f'{m.rule} ({m.value})' for m in changed[:6])}."]  # fmt: skip
    else:
        said.append("The answer is the same under all of them.")
    return [
        para(*said, head="How much hangs on the rules"),
        Table(
            ("Rule", "Value", "Lower", "Chance, lower", "Higher", "Chance, higher"),
            tuple(rows),
            f"Chance of {leader.label} with priors, discounts and trust, each moved by one step.",
            numeric=(1, 2, 3, 4, 5),
        ),
    ]  # fmt: skip


def _both_ways(rule: str, steps: list[Moved], ids: tuple[str, ...]) -> tuple[Part, ...]:
    """A rule, its value, and the chance with it a step lower and higher; a dash where it has no such step."""
    lower = next((m for m in steps if _is_less(m.after, m.before)), None)
    higher = next((m for m in steps if _is_less(m.before, m.after)), None)
    cells: list[Part] = [rule, _plain(steps[0].before)]
    for m in (lower, higher):
        cells += ["–", "–"] if m is None else [_plain(m.after), Ref(_chance(m), ids)]
    return tuple(cells)


def _is_less(a: Value, b: Value) -> bool:
    return isinstance(a, int | float) and isinstance(b, int | float) and a < b


def _plain(value: Value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _chance(moved: Moved) -> str:
    return chance(moved.value) if isinstance(moved.value, float) else str(moved.value)


def _wrong() -> Paragraph:
    return para(
        "The chances of outcomes are judgements, argued line by line and fixed before a pair was weighed; no count of past pairs stands behind them. Readings are taken as rival main accounts, "
        "although a dependent state can also be an ally. Lines of one bundle are discounted together by one declared number. The method that this calculation replaces, the analysis of competing hypotheses, "
        "has not been shown to make judgements better (Dhami, Belton and Mandel; Karvetski and Mandel); to calculate spares it the counting of what fits all, and not a wrong list of readings or of lines.",
        head="How this could be wrong",
    )


def _chances(inputs: ReportInputs) -> Table:
    named = [r for r in inputs.codebook.readings.values() if not r.flat]
    scale = inputs.codebook.weighing["weighing"].words
    rows = tuple(
        (line.id, _outcomes(line), *(" / ".join(f"{100 * scale[w][1]:g}" for w in line.chances[r.id]) for r in named))
        for line in inputs.codebook.lines.values()
    )
    return Table(
        ("Rule", "Outcomes", *(f"Value, {r.id}" for r in named)),
        rows,
        "Lines of evidence with their outcomes, and the declared chance of each outcome under each reading: middle of its word, in percent, before they are brought to a hundred. On a directed line: for a "
        "directed reading the state itself, neither, the other; for others one-sided, neither. The words and reasons: milcoop codebook LINE.",
    )


def _outcomes(line: Line) -> str:
    return f"one state / {line.neither}" if line.directed else " / ".join(o.label for o in line.outcomes)


def _rules(inputs: ReportInputs) -> Table:
    book = inputs.codebook
    rule = book.weighing["weighing"]
    rows: list[tuple[Part, ...]] = [(f"readings.{r.id}.prior", f"{r.prior:g}") for r in book.readings.values()]
    rows += [(f"weighing.words.{w}", _range(r)) for w, r in rule.words.items()]
    rows += [("weighing.trust", _range(rule.trust)), ("weighing.odds", f"{rule.odds:g}"), ("weighing.says_nothing", f"{rule.says_nothing:g} decibans")]  # fmt: skip
    rows += [(f"bundles.{b.id}.shared", _range(b.shared)) for b in book.bundles.values()]
    return Table(("Rule", "Value"), tuple(rows), "Priors, words of chance, trust, odds and discounts in force: low, best, high.")  # fmt: skip


def _range(ends: tuple[float, float, float]) -> str:
    return ", ".join(f"{v:g}" for v in ends)
