"""``milcoop dependence``: who depends on whom, for what, and which needs are supplied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from milcoop.cli.finding_output import finding_command, say
from milcoop.cli.output import emit_table, note
from milcoop.domain.dependence import newest_of
from milcoop.domain.rating import NOT_MONITORED

if TYPE_CHECKING:
    from milcoop.domain.dependence import Dependence, NeedMet
    from milcoop.domain.finding import Finding
    from milcoop.workbench import Workbench


@click.command(
    "dependence",
    epilog="""\b
Examples:
  milcoop dependence RUS CHN
  milcoop dependence RUS CHN --from 2010 --to 2021
  milcoop dependence RUS IND --as-of 2020-12-31
  milcoop dependence RUS CHN --format json
  milcoop dependence RUS CHN --format csv > dependence.csv""",
)
@finding_command("dependence")
def command(found: Dependence, workbench: Workbench) -> None:
    """Who depends on whom: shares both ways, concentration, substitutes, critical inputs, where it turns.

    Then what passes between the two and which way, and which needs that somebody named are supplied. Shares come from the
    record's figures and, where one was imported (milcoop import sipri), from a register of arms deals. In brackets: the
    interval, as docs/dependence.md says.
    """
    print_dependence(found)


def print_dependence(found: Dependence) -> None:
    """The answer first, then shares, flows and needs as tables."""
    window = found.found.years
    first, second = found.found.dyad.states
    click.echo(f"Who depends on whom, {first} and {second}, {window[0]} to {window[-1]}, as of {found.found.as_of}\n")
    if all(f.coverage == NOT_MONITORED and f.value is None and not f.events for f in found.found.findings):
        click.echo("Not monitored: nothing was searched for on this pair in these years, so nothing can be said.")
        return
    for id_ in ("asymmetry", "turn", "turn.acts", "two-way", "know-how.trend", "arms-in-trade"):
        f = found.found[f"dependence.{id_}"]
        say(f, _shown(f), _remark(f, found))
    click.echo(
        "\nHow far one rests on the other: 0 not at all, 1 alone; in brackets the range over sources of the same period"
    )
    one, other = f"{first} on {second}", f"{second} on {first}"
    emit_table(_share_rows(found), ("share", one, "of years", other, "of years "))
    click.echo("\nConcentration (0 many, 1 one alone) and substitutes")
    told = [f for f in found.found.findings if f.id.startswith(("dependence.concentration", "dependence.substitutes"))]
    for f in told:
        if f.value is not None or f.low is not None:
            say(f, _shown(f), _remark(f, found))
    if not found.has_register:
        click.echo("What is not listed needs a register of arms deals")
    click.echo("\nWhat passes: acts by class and giver; an act of both directions is given by each")
    emit_table(
        _block_rows(found), ("years", *_classes(found), "unknown", f"{first} gave", f"{second} gave", "searched")
    )
    click.echo(
        "\nNeeds that somebody named, and what came from the other side (filled: supplied more than once on record)"
    )
    needs = [_need_row(n) for n in found.needs if n.answer is not None or n.denied]
    if needs:
        emit_table(needs, list(needs[0]))
    else:
        click.echo("Nobody on record names a need")
    note(f"\nShares from the record's figures; register: {found.source}.")
    note("Ids behind each value, what it is sensitive to and what would change it: --format json.")


def _need_row(need: NeedMet) -> dict[str, object]:
    return {
        "state": need.state,
        "need": need.label,
        "supplied": need.answer or "said not to be lacking",
        "named": len(need.said),
        "done": len(need.done),
        "promised": len(need.promised),
        "alleged": len(need.alleged),
        "denied": len(need.denied),
    }


def _share_rows(found: Dependence) -> list[dict[str, str]]:
    """One row a share, the two directions side by side with the years of the newest source of each."""
    first, second = found.found.dyad.states
    inputs = [f.id.rpartition(".")[2] for f in found.found.findings if f.id.startswith(f"dependence.inputs.{second}>{first}.")]  # fmt: skip
    rows = [("arms imports", f"arms.{second}>{first}", f"arms.{first}>{second}")]
    rows.append(("arms exports", f"sales.{first}>{second}", f"sales.{second}>{first}"))
    rows.append(("trade in goods", f"trade.{first}", f"trade.{second}"))
    rows.append(("critical inputs, median", f"inputs.{second}>{first}", f"inputs.{first}>{second}"))
    rows += [(f"  {i}", f"inputs.{second}>{first}.{i}", f"inputs.{first}>{second}.{i}") for i in inputs]
    out = []
    for name, one, other in rows:
        a, b = found.found[f"dependence.{one}"], found.found[f"dependence.{other}"]
        if a.value is None and b.value is None and not a.events and not b.events and name.startswith("  "):
            continue
        row = {"share": name, f"{first} on {second}": _shown_share(a), "of years": newest_of(a)}
        out.append(row | {f"{second} on {first}": _shown_share(b), "of years ": newest_of(b)})
    return out


def _shown_share(f: Finding) -> str:
    """The share; where none is cited but supplies are on record, how many."""
    if f.value is None and f.events and "supplied on record" in f.note:
        return f"no share; {len(f.events)} supplies"
    return _shown(f)


def _classes(found: Dependence) -> tuple[str, ...]:
    return tuple(found.blocks[-1].by_class)


def _block_rows(found: Dependence) -> list[dict[str, str | int]]:
    first, second = found.found.dyad.states
    return [
        {
            "years": f"{b.years[0]}-{b.years[-1]}",
            **{c: len(ids) for c, ids in b.by_class.items()},
            "unknown": len(b.unknown),
            f"{first} gave": len(b.first_gave),
            f"{second} gave": len(b.second_gave),
            "searched": {"monitored": "yes", NOT_MONITORED: "no"}.get(b.coverage, b.coverage),
        }
        for b in found.blocks
    ]


def _remark(finding: Finding, found: Dependence) -> str:
    """The note without what is said once, below the tables."""
    return finding.note.replace(f"; {found.source}", "").replace(f": {found.source}", "")


def _shown(finding: Finding) -> str:
    """``0.33 (0.27-0.39)``; the interval alone where there is no value, ``null`` in words without either."""
    ends = [f"{v:.2f}" if isinstance(v, float) else str(v) for v in (finding.low, finding.high) if v is not None]
    span = f"({' to '.join(ends)})" if len(set(ends)) == 2 else ""
    if finding.value is None:
        return span or ("not monitored" if finding.coverage == NOT_MONITORED else "unknown")
    value = f"{finding.value:.2f}" if isinstance(finding.value, float) else str(finding.value)
    return f"{value} {span}".strip()
