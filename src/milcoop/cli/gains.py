"""``milcoop gains``: who gets what from each act, in which coin, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.finding_output import finding_command, say
from milcoop.cli.output import emit_table, note
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.gains import TOO_FEW_YEARS

if TYPE_CHECKING:
    from milcoop.domain.finding import Finding
    from milcoop.domain.gains import Gains
    from milcoop.workbench import Workbench

COINS = ("material", "operational", "symbolic")
HEAVIEST = 5
"""Acts shown for each coin."""


@click.command(
    "gains",
    epilog="""\b
Examples:
  milcoop gains RUS CHN
  milcoop gains RUS CHN --from 2014 --to 2023
  milcoop gains RUS IND --format json
  milcoop gains RUS CHN --as-of 2014-12-31 --format csv""",
)
@finding_command("gains")
def command(found: Gains, workbench: Workbench) -> None:
    """Who gains from the cooperation, in which coin, when it turned, and what it frees at a shared border.

    A balance runs from -1 (all net gain is the second state's) to +1 (all is the first's). Low and high hold the middle
    four fifths of draws over weights, unknowns and acts. The coins are never added up. Weights are judgement: each stands
    in the codebook with its reason and can be changed or overridden act by act (docs/gains.md).
    """
    _print(found)


def _print(gains: Gains) -> None:
    found = gains.found
    first, second = found.dyad.states
    of = {f.id: f for f in found.findings}
    click.echo(f"Who gains, {first} and {second}, {found.years.start} to {found.years.stop - 1}\n")
    if all(f.value is None for f in found.findings):
        click.echo("Not monitored: nothing was searched for on this pair in these years, so nothing can be said.")
        return
    rows = [_balance_row(gains, of, coin) for coin in COINS]
    emit_table(rows, list(rows[0]))
    click.echo(
        f"balance: +1 all net gain is {first}'s, -1 all is {second}'s; in brackets the middle four fifths of the draws"
    )
    click.echo(
        f"\nBalance by half decade: above nought {first} gains more, below {second}; ~ partly searched; [n] only n acts"
    )
    by_span: dict[str, dict[str, Any]] = {}
    for f in (f for f in found.findings if f.id.startswith("gains.balance.") and f.id.count(".") == 3):
        _, _, coin, span = f.id.split(".")
        by_span.setdefault(span, {"years": span})[coin] = _marked(f)
    emit_table(list(by_span.values()), ["years", *COINS])
    click.echo("\nYear in which a balance turned")
    for coin in (*COINS, "role"):
        f = of["gains.role.turn" if coin == "role" else f"gains.turn.{coin}"]
        name = "who supplies whom" if coin == "role" else coin
        turned = _number(f, none=CANNOT_TELL if f.note.startswith(TOO_FEW_YEARS) else "never")
        click.echo(f"  {name}: {turned}" + (f"; {f.note}" if f.note else ""))
    for state in (first, second):
        click.echo()
        for name in ("outlook", "costs", "words", "need"):
            say(of[f"gains.{name}.{state}"], _number(of[f"gains.{name}.{state}"]))
    click.echo()
    say(of["gains.together"], _number(of["gains.together"]))
    border = [of[f"gains.{name}"] for name in ("posture", "posture.agreements", "posture.inspections", f"frees.{first}", f"frees.{second}")]  # fmt: skip
    if any(f.events for f in border):
        for f in border:
            say(f, _number(f))
    else:
        click.echo("Shared border: no act and no figure on record")
    _print_acts(gains)
    note(
        "Weights are judgement: milcoop codebook supply-delivered, docs/gains.md; sensitivity to each in --format json."
    )


def _balance_row(gains: Gains, of: dict[str, Finding], coin: str) -> dict[str, Any]:
    balance = of[f"gains.balance.{coin}"]
    first, second = gains.found.dyad.states
    low, high = balance.low, balance.high
    told = isinstance(low, float) and isinstance(high, float) and low * high > 0
    more = (first if isinstance(low, float) and low > 0 else second) if told else CANNOT_TELL
    return {
        "coin": coin,
        "gains more": "-" if balance.value is None else more,
        "balance": _number(balance),
        **{f"points {s}": _number(of[f"gains.total.{coin}.{s}"]) for s in (first, second)},
        "acts": len(balance.events),
        "searched": {"monitored": "yes", "not monitored": "no"}.get(balance.coverage, balance.coverage),
    }


def _marked(f: Finding) -> str:
    few = f" [{len(f.events)}]" if f.value is not None and f.note else ""
    return ("~" if f.value is not None and f.coverage == "partly" else "") + _number(f) + few


def _print_acts(gains: Gains) -> None:
    if not gains.bookings:
        return
    click.echo("\nActs that weigh most (milcoop explain ID opens each)")
    rows = []
    for coin in COINS:
        of_coin = [b for b in gains.bookings if b.coin == coin]
        rows += [
            {
                "coin": coin, "id": b.event, "year": b.year, "to": b.state, "part": b.part,
                "points": f"{b.amount:+.2f}", "low": f"{b.low:+.2f}", "high": f"{b.high:+.2f}",
            }
            for b in of_coin[:HEAVIEST]
        ]  # fmt: skip
    emit_table(rows, list(rows[0]))
    for event, why in gains.by_hand.items():
        click.echo(f"set by hand: {event}: {why}")
    if gains.without_side:
        click.echo(f"{gains.without_side} acts are left out, since no row says who gave and who got")


def _number(f: Finding, none: str = "-") -> str:
    if f.value is None:
        if f.coverage == "not monitored":
            return "not monitored"
        if f.high is None or f.unit == "year":
            return none
        return f"{_short(f.low)} to {_short(f.high)}" if f.low else f"up to {_short(f.high)}"
    if f.low is None or f.high is None or (f.low, f.high) == (f.value, f.value):
        return _short(f.value)
    return f"{_short(f.value)} ({_short(f.low)} to {_short(f.high)})"


def _short(value: float | int | str | None) -> str:
    if isinstance(value, float):
        value = 0.0 if abs(value) < 0.005 else value
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return str(value)
