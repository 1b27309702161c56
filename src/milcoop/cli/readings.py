"""``milcoop readings``: which reading of a pair does the evidence support, and which evidence tells?"""

from __future__ import annotations

from textwrap import fill, shorten
from typing import TYPE_CHECKING

import click

from milcoop.cli.finding_output import finding_command
from milcoop.cli.output import emit_table, note
from milcoop.domain.finding import CANNOT_TELL

WIDTH = 118
SHOWN_LETTERS = 34
"""Of what is seen in a table."""
SHOWN_LINES = 8
SHOWN_BITS = 0.01
"""Missing lines printed in a table: the most telling, and those that tell anything worth two digits."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from milcoop.domain.readings import Readings, SeenLine
    from milcoop.workbench import Workbench


@click.command(
    "readings",
    epilog="""\b
Examples:
  milcoop readings RUS CHN                       which reading, and which lines tell
  milcoop readings RUS CHN --to 2021             as things stood at the end of 2021
  milcoop readings USA KOR --format json         with every rule moved by one step
  milcoop codebook command-level                 a line: outcomes, chances, why""",
)
@finding_command("readings")
def command(found: Readings, workbench: Workbench) -> None:
    """Weigh competing readings of a pair: alliance in all but name, ceiling, convenience, dependence of one.

    Each line of evidence has an outcome and a declared chance of it under each reading; lines that share evidence are discounted
    together. A line whose outcome fits every reading says nothing, however often it is cited. Levels and directions are those
    of the window's last year; acts before its first year are not read (docs/readings.md).
    """
    _print(found, workbench.state_name)


def _print(found: Readings, name: Callable[[str], str]) -> None:
    a, b = (name(s) for s in found.found.dyad.states)
    if not found.accounts:
        click.echo(f"{a} and {b}: no reading is weighed ({found.why_not}).")
        return
    says = found.why_not if found.answer == CANNOT_TELL else "the evidence supports this reading"
    label = CANNOT_TELL if found.answer == CANNOT_TELL else found.account(str(found.answer)).label
    click.echo(f"{a} and {b} in {found.found.years[-1]}: {label} ({says})\n")
    _print_readings(found)
    _print_lines(f"Tell the named readings apart ({found.says_nothing:g} decibans or more):", found.diagnostic, found)
    _print_lines("Fit every named reading and say nothing:", found.silent, found)
    _print_missing(found)
    note(
        "?: an end of the interval shows something else. dB: decibans between the best and the worst named reading, 10 are ten to one.\n"
        "Then decibans for (+) or against (-) each reading after discounts; a state: its growing dependence. Chances of outcomes are judgements: milcoop codebook LINE."
    )


def _print_readings(found: Readings) -> None:
    from milcoop.domain.likelihood import chance, likelihood

    split = {a.reading for a in found.accounts if a.state}
    rows = []
    for total in sorted(found.totals, key=lambda t: -t.posterior):
        parts = [a for a in found.accounts if a.reading == total.id] if total.id in split else []
        for x in (total, *parts):
            rows.append(
                {
                    "reading": ("  " if x.state else "") + x.label,
                    "prior": chance(x.prior),
                    "chance": chance(x.posterior),
                    "from": chance(x.low),
                    "to": chance(x.high),
                    "in words": likelihood(x.posterior),
                }
            )
    emit_table(rows, list(rows[0]))


def _print_lines(head: str, lines: tuple[SeenLine, ...], found: Readings) -> None:
    click.echo(f"\n{head}")
    if not lines:
        click.echo("  none")
        return
    directed = {a.reading for a in found.accounts if a.state}
    heads = {a.id: a.state if a.state and len(directed) == 1 else a.id for a in found.accounts}
    rows = [
        {
            "line": x.id,
            "what is seen": shorten(x.outcome_label, SHOWN_LETTERS, placeholder=" …") + " ?" * x.open,
            "value": x.measured,
            "dB": f"{x.spread:.1f}",
            **{head: f"{x.decibans[a]:+.1f}" for a, head in heads.items()},
        }
        for x in lines
    ]
    emit_table(rows, list(rows[0]))


def _print_missing(found: Readings) -> None:
    if not found.missing:
        return
    first, second = (found.account(x).label for x in found.leading)
    telling = [x for x in found.missing if x.telling >= SHOWN_BITS][:SHOWN_LINES]
    if telling:
        click.echo(f"\nMissing, and would tell '{first}' from '{second}':")
        speaks = [{f"for {a}": x.speaks.get(a, "") for a in found.leading} for x in telling]
        rows = [{"line": x.id, "bits": f"{x.telling:.2f}", **s} for x, s in zip(telling, speaks, strict=True)]
        emit_table(rows, list(rows[0]))
    why: dict[str, list[str]] = {}
    for x in found.missing:
        why.setdefault("no such finding" if x.why_not.startswith("no finding") else x.why_not, []).append(x.id)
    click.echo("\nAll that is missing, with no weight:")
    for reason, ids in why.items():
        click.echo(
            fill(f"  {reason}: {', '.join(sorted(ids))}", WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        )
