"""What the findings answer, a paragraph each: how real, who gains, what limits it, what to watch, which reading."""

from __future__ import annotations

from collections.abc import Callable

from milcoop.codebook.gain_rule import COINS
from milcoop.domain.finding import CANNOT_TELL, Finding, FindingSet
from milcoop.domain.limit import MET
from milcoop.domain.rating import NOT_MONITORED
from milcoop.report.blocks import Paragraph, Part, Ref, joined, para
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import chance, likelihood, lower_first

Write = Callable[[float], str]


def _plain(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 10 or float(value).is_integer() else f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def _percent(value: float) -> str:
    return f"{100 * value:.0f} percent"


def _value(finding: Finding, write: Write = _plain) -> Part:
    """A value with its interval, which opens its evidence; in words that nothing is known where there is none."""
    if not isinstance(finding.value, int | float) or not finding.events:
        return NOT_MONITORED if finding.coverage == NOT_MONITORED else "not known"
    text = write(finding.value)
    low, high = finding.low, finding.high
    if isinstance(low, int | float) and isinstance(high, int | float) and low < high:
        text += f" ({write(low).removesuffix(' percent')} to {write(high).removesuffix(' percent')})"
    return Ref(text, finding.events)


def _side(finding: Finding) -> int:
    """1 or -1 where the whole interval lies on one side of nought, else 0."""
    if not isinstance(finding.low, int | float) or not isinstance(finding.high, int | float):
        return 0
    return 1 if finding.low > 0 else -1 if finding.high < 0 else 0


def _known(found: FindingSet, *ids: str) -> bool:
    return all(found[i].value is not None and found[i].events for i in ids)


def how_real(inputs: ReportInputs) -> Paragraph:
    """Joint or side by side with what no page tells; substance against message; depth against number; words against deeds."""
    found = inputs.signals.found
    if not _known(found, "signals.joint-share"):
        return para(
            "No exercise or operation of the two is on record of which a page says how joint it was.", head="How real"
        )
    parts: list[Part] = [
        "Of the exercises and operations that pages describe so far, ",
        _value(found["signals.joint-share"], _percent),
        " were joint rather than side by side; the range sets the ",
        _value(found["signals.unknown-share"], _percent),
        " of acts of which no page tells to either. ",
    ]
    lately = found["signals.substance-against-message"]
    if _known(found, lately.id):
        lean = {1: "lean to substance", -1: "lean to message", 0: "lean to neither message nor substance for sure"}
        parts += [f"Acts of the last years {lean[_side(lately)]}: ", _value(lately), " in ranks. "]
    frequency, depth = found["signals.frequency.trend"], found["signals.operational.trend"]
    if _known(found, frequency.id, depth.id):
        parts += [
            "Their number changes by ",
            _value(frequency),
            " a year and their operational score, from nought to one, by ",
        ]
        parts += [
            Ref(_trend(depth), depth.events),
            f" a year; {_growth(found['signals.growth'])}. ",
        ]
    gap = found["signals.rhetoric.gap"]
    if _known(found, gap.id):
        ahead = {
            1: "Words run ahead of deeds",
            -1: "Deeds run ahead of words",
            0: "Whether words run ahead of deeds cannot be told",
        }
        parts += [f"{ahead[_side(gap)]}: ", _value(gap), " standard deviations."]
    return para(*parts, head="How real")


def _trend(finding: Finding) -> str:
    return f"{finding.value:+.3f} ({finding.low:+.3f} to {finding.high:+.3f})"


def _growth(finding: Finding) -> str:
    if finding.value in (None, CANNOT_TELL):
        return "whether they grow more often or deeper cannot be told"
    return f"by the rule fixed beforehand they grow {finding.value}"


def who_gains(inputs: ReportInputs) -> Paragraph:
    """Balance of each coin, where supplier and supplied changed places, costs, and who depends on whom."""
    gains, names = inputs.gains.found, dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    first, second = inputs.names
    coins = [c for c in COINS if _known(gains, f"gains.balance.{c}")]
    if not coins:
        return para("No gain of either side is on record.", head="Who gains")
    said: list[tuple[Part, ...]] = []
    for coin in coins:
        balance = gains[f"gains.balance.{coin}"]
        who = {1: f"{first} gains more", -1: f"{second} gains more", 0: "neither side for sure"}[_side(balance)]
        said.append((f"in {coin} terms {who}, ", _value(balance)))
    parts: list[Part] = [f"On a balance from one, all to {first}, to minus one, all to {second}: ", *joined(said), ". "]
    turn = gains["gains.role.turn"]
    if isinstance(turn.value, int | float) and turn.events:
        parts += ["Supplier and supplied changed places in ", Ref(f"{turn.value:.0f}", turn.events), ". "]
    costs = [
        (f"{names[s]} ", _value(gains[f"gains.costs.{s}"], _percent))
        for s in names
        if _known(gains, f"gains.costs.{s}")
    ]
    if costs:
        parts += ["Costs and frictions take from the gains of ", *joined(costs), ". "]
    return para(*parts, *_dependence(inputs, names), head="Who gains")


def _dependence(inputs: ReportInputs, names: dict[str, str]) -> list[Part]:
    found, (a, b) = inputs.dependence.found, names
    parts: list[Part] = []
    trade = [
        (
            f"{names[partner]} holds ",
            _value(found[f"dependence.trade.{state}"], _percent),
            f" of the trade of {names[state]}",
        )
        for state, partner in ((b, a), (a, b))
        if _known(found, f"dependence.trade.{state}")
    ]
    if trade:
        parts += [*joined(trade), ". "]
    arms = [
        (
            f"{names[giver]} provided ",
            _value(found[f"dependence.arms.{giver}>{taker}"], _percent),
            f" of the arms imports of {names[taker]}",
        )
        for giver, taker in ((a, b), (b, a))
        if _known(found, f"dependence.arms.{giver}>{taker}")
    ]
    if arms:
        parts += ["By the newest shares on record ", *joined(arms), ". "]
    net = found["dependence.asymmetry"]
    if _known(found, net.id):
        rests = {1: f"{names[b]} rests more on {names[a]}", -1: f"{names[a]} rests more on {names[b]}"}
        parts += [
            f"All parts together, {rests.get(_side(net), 'who rests more on whom cannot be told')}: ",
            _value(net),
            ".",
        ]
    return parts


def what_limits(inputs: ReportInputs) -> Paragraph:
    """Tests of alliance met and failed, the words of officials, and what each declines."""
    limits, signals = inputs.limits, inputs.signals.found
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    judged = limits.found["limits.monitored"]
    if not judged.value or not judged.events:
        return para("Tests of alliance are not monitored for this pair.", head="What limits it")
    met = limits.found["limits.met"]
    parts: list[Part] = ["Of ", Ref(f"{judged.value}", judged.events), " tests of alliance with a verdict "]
    parts += [_value(met) if met.events else "none", " is met" if met.value == 1 else " are met"]
    kept = [t for t in limits.tests if t.now.word == MET]
    if kept:
        parts += [": ", *joined([(lower_first(t.label),) for t in kept])]
    parts.append(". ")
    if limits.holding_back:
        parts.append("Failed, with evidence against: ")
        parts += joined(
            [
                (Ref(lower_first(h.test.label), h.events), f" on the side of {names[h.state]}" if h.state else "")
                for h in limits.holding_back
            ]
        )
        parts.append(". ")
    yes = limits.found["limits.words.yes"]
    if _known(limits.found, "limits.words.no"):
        denied = limits.found["limits.words.no"]
        parts += ["Of officials' statements on alliance ", _value(denied, _percent), " say that it is none, "]
        parts += [_value(yes, _percent) if yes.events else "none", " that it is one. "]
    declined = [
        (f"{names[s]} ", _value(signals[f"signals.declined.{s}"]))
        for s in names
        if _known(signals, f"signals.declined.{s}")
    ]
    if declined:
        parts += ["Refusals and limits stated: ", *joined(declined), "."]
    return para(*parts, head="What limits it")


def what_to_watch(inputs: ReportInputs) -> Paragraph:
    """Indicators seen, undecided and quiet, and what the outcomes so far do to the odds."""
    found, readings = inputs.watch.found, inputs.watch.readings
    by_status: dict[str, list[str]] = {}
    for reading in readings:
        by_status.setdefault(reading.status, []).append(reading.label)
    if not found["watch.tripped"].events and set(by_status) <= {NOT_MONITORED}:
        return para("No indicator is monitored for this pair.", head="What to watch")
    parts: list[Part] = []
    seen = [r for r in readings if r.status == "seen"]
    if seen:
        parts.append("Seen within their horizon: ")
        parts += joined([(Ref(lower_first(r.label), found[f"watch.{r.id}"].events),) for r in seen])
        parts.append(". ")
    for status, lead in (
        ("overdue", "Overdue"),
        (CANNOT_TELL, "Cannot be told, mostly for want of an exact place"),
    ):
        if by_status.get(status):
            parts.append(f"{lead}: {'; '.join(map(lower_first, by_status[status]))}. ")
    if by_status.get("quiet"):
        parts.append("All others are quiet. " if seen or len(by_status) > 1 else "All are quiet. ")
    growth, decline = found["watch.shift.growth"], found["watch.shift.decline"]
    if _known(found, growth.id, decline.id):
        parts += ["Together these outcomes multiply the odds of growth against a plateau by ", _value(growth)]
        parts += [" and those of decline by ", _value(decline), "; signs hang together, so this is rough."]
    return para(*parts, head="What to watch")


def which_reading(inputs: ReportInputs) -> Paragraph:
    """Chances of the competing readings, and the answer by the odds fixed beforehand."""
    readings = inputs.readings
    if not readings.accounts:
        return para(f"No reading of the pair is weighed: {readings.why_not}.", head="Which reading")
    ordered = sorted(readings.totals, key=lambda t: -t.posterior)
    found = readings.found
    shares: list[tuple[Part, ...]] = []
    for total in ordered:
        finding = found[f"readings.{total.id}"]
        words = likelihood(total.posterior)
        told: tuple[Part, ...] = (
            (Ref(chance(total.posterior), finding.events), f" ({words})") if finding.events else (words,)
        )
        shares.append((f"{lower_first(total.label)} ", *told))
    answer = (
        "no reading reaches the odds fixed beforehand, so one cannot tell"
        if readings.answer == CANNOT_TELL
        else f"the answer by the odds fixed beforehand is {lower_first(readings.account(str(readings.answer)).label)}"
    )
    return para(
        "Chances of the competing readings, by declared judgements of each line of evidence: ",
        *joined(shares),
        f"; {answer}.",
        head="Which reading",
    )
