"""``milcoop signals``: message against substance, words against deeds, shared concerns."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.finding_output import finding_command
from milcoop.cli.output import emit_table, note

if TYPE_CHECKING:
    from milcoop.domain.finding import Finding
    from milcoop.domain.signals import ActScore, Signals
    from milcoop.workbench import Workbench

WIDTH = 118
SHOWN_ACTS = 5
"""Acts with the most and the least substance in the table form."""


@click.command(
    "signals",
    epilog="""\b
Examples:
  milcoop signals RUS CHN
  milcoop signals RUS CHN --from 2012 --to 2021
  milcoop signals USA KOR --as-of 2024-12-31
  milcoop signals RUS CHN --format json""",
)
@finding_command("signals")
def command(found: Signals, workbench: Workbench) -> None:
    """Tell how joint acts really are, how much of them is message, and whether words run ahead of deeds.

    Exercises and operations have an operational and a message score, 0 to 1, with bounds for what no page tells. Then the
    warmth of words against deeds by year, which threats and third parties both name, and what each side declines.
    """
    _show(found)


def _show(found: Signals) -> None:
    main = [f for f in found.found.findings if not _in_series(f)]
    for line in headlines(found):
        click.echo(fill(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False))
    if all(f.coverage == "not monitored" for f in main):
        return
    click.echo()
    emit_table([_row(f) for f in main], ("finding", "value", "low", "high", "unit", "acts"))
    click.echo()
    for f in main:
        if text := f.coverage if f.coverage == "not monitored" else f.note:
            click.echo(fill(f"{_name(f)}: {text}", WIDTH, subsequent_indent="  ", break_on_hyphens=False))
    years = [
        {
            "year": y.year,
            "acts": len(y.acts),
            "operational": _number(y.operational),
            "services": _number(y.services),
            "words": _number(y.words.value if y.words else None),
            "deeds": _number(y.deeds.value if y.deeds else None),
        }
        for y in found.years
        if y.acts or y.word_events or y.deed_events
    ]
    if years:
        click.echo("\nBy year: acts, their mean operational score and services, sums of words and of deeds")
        emit_table(years, ("year", "acts", "operational", "services", "words", "deeds"))
    most, least = found.extremes(SHOWN_ACTS)
    for title, acts in (
        ("Most substance shown, by the lower bound", most),
        ("Least substance possible, by the upper bound", least),
    ):
        if acts:
            click.echo(f"\n{title}")
            emit_table([_act(a) for a in acts], ("act", "operational", "message", "joint"))
    if found.concerns:
        click.echo("\nThreats and third parties that texts name")
        states = found.found.dyad.states
        rows = [
            {"named": c.label, **{s: len(c.by_state[s]) for s in states}, "joint": len(c.joint), "shared": "yes" if c.shared else "no"}
            for c in found.concerns
        ]  # fmt: skip
        emit_table(rows, ("named", *states, "joint", "shared"))
    note("Bounds set what no page tells at its worst and best. Rules and weak points: docs/signals.md.")


def headlines(found: Signals) -> list[str]:
    """The answers in a few lines."""
    get = {f.id.removeprefix("signals."): f for f in found.found.findings}
    if get["operational.mean"].coverage == "not monitored":
        return ["Joint acts: not monitored."]
    joint, unknown = get["joint-share"], get["unknown-share"]
    lines = [
        f"Joint acts grow: {get['growth'].value or 'no act on record'} ({'; '.join(get['growth'].note.split('; ')[:2])})."
    ]
    if unknown.value is not None:
        told = "" if joint.value is None else f"; {float(joint.value):.0%} of the {len(joint.events)} that pages tell"
        lines.append(
            f"Joint rather than side by side: between {float(joint.low or 0):.0%} and {float(joint.high or 0):.0%} of the acts{told}; "
            f"{float(unknown.value):.0%} unknown."
        )
        lines.append(f"Operational score {_span(get['operational.mean'])}, message score {_span(get['message.mean'])}.")
    if (gap := get["rhetoric.gap"]).value is not None:
        lines.append(
            f"Words less deeds, {gap.note.partition(' against')[0]}: {_span(gap)} standard deviations; above nought words run ahead."
        )
    if (shared := get["concerns.overlap"]).value is not None:
        own = get["concerns.own-words"]
        alone = "" if own.value is None else f"; in each side's own words {_span(own)}"
        lines.append(f"Threats and third parties that both name, joint texts counted for both: {_span(shared)}{alone}.")
    return lines


def _in_series(finding: Finding) -> bool:
    """Whether it is one year or period of several, which the table form shows elsewhere."""
    return finding.id.rpartition(".")[2][:4].isdigit()


def _name(f: Finding) -> str:
    return f.id.removeprefix("signals.")


def _row(f: Finding) -> dict[str, Any]:
    return {
        "finding": _name(f),
        "value": _number(f.value) if f.value is not None else "-",
        "low": _number(f.low),
        "high": _number(f.high),
        "unit": f.unit,
        "acts": len(f.events),
    }


def _act(act: ActScore) -> dict[str, Any]:
    spans = [(i.value, i.low, i.high) for i in (act.operational, act.message)]
    told = [f"{_number(v)} ({low:.2f}-{high:.2f})" for v, low, high in spans]
    return {"act": act.id, "operational": told[0], "message": told[1], "joint": act.joint}


def _span(f: Finding) -> str:
    return f"{_number(f.value)} ({_number(f.low)} to {_number(f.high)})"


def _number(value: float | int | str | None) -> Any:
    return round(value, 3) if isinstance(value, float) else "-" if value is None else value
