"""``milcoop watch``: indicators of what comes next, what changed since a day, a feed and an exit code."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.finding_output import emit_findings, window_options
from milcoop.cli.options import date_bound, dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_json, emit_table, note
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.rating import NOT_MONITORED
from milcoop.domain.watch import EXPIRED, OPEN, OVERDUE, QUIET, SEEN, leaning

if TYPE_CHECKING:
    from milcoop.domain.watch import Reading, Sign, Watch
    from milcoop.workbench import Workbench

SHOWN = ("indicator", "status", "acts", "months", "last")
ODDS = ("indicator", "a year", "so far", "growth: seen", "growth: not", "decline: seen", "decline: not")


@click.command(
    "watch",
    epilog="""\b
Examples:
  milcoop watch RUS CHN
  milcoop watch RUS CHN --since 2025-12-31               what is new; exit code 1 when something is
  milcoop watch RUS CHN --since 2025-12-31 --feed watch.atom
  milcoop watch RUS CHN --to 2021 --as-of 2021-12-31     as it stood then
  milcoop watch RUS CHN --format json""",
)
@dyad_arguments
@window_options
@click.option("--since", metavar="DATE", help="List what happened or became known after this date; exit code 1 when an indicator was tripped.")  # fmt: skip
@click.option("--feed", metavar="FILE", type=click.Path(path_type=Path), help="Also write the triggering acts as an Atom feed.")  # fmt: skip
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    from_year: int | None,
    to_year: int | None,
    since: str | None,
    feed: Path | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Say what to watch: the state of each indicator, its base rate, and how far it shifts the odds of growth, plateau and decline.

    Exit code: 0, or with --since 1 when an indicator that has not expired was tripped after that date.
    """
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    day = date_bound(since, "--since", last=True)
    watch = workbench.watch(dyad, from_year, to_year, since=day)
    if feed is not None:
        workbench.write_feed(watch, feed)
        note(f"Feed written to {feed}")
    if format_ == "table":
        _tell(workbench, watch)
    elif format_ == "json":
        emit_json(watch.found.as_json() | _more(watch))
    else:
        emit_findings(watch.found, format_)
    if day is not None and watch.tripped:
        sys.exit(1)


def _more(watch: Watch) -> dict[str, Any]:
    """Keys after those of the contract: each indicator's state, and what is new."""
    return {
        "reference": watch.reference.isoformat(),
        "since": watch.since.isoformat() if watch.since else None,
        "indicators": [
            {
                "id": r.id,
                "status": r.status,
                "horizon_months": r.horizon,
                "expires": r.expires.isoformat(),
                "expired": r.expired,
                "signs": [_sign(s) for s in r.signs],
                "last": [_sign(s) for s in r.last],
                "outcome": r.odds.outcome if r.odds else None,
                "if_seen": _rounded(r.odds.if_seen) if r.odds else None,
                "if_not_seen": _rounded(r.odds.if_not_seen) if r.odds else None,
                "basis": r.odds.basis if r.odds else None,
            }
            for r in watch.readings
        ],
        "changed": [
            {"indicator": r.id, "how": n.how, "counts": n.sign.sure and not r.expired, **_sign(n.sign)}
            for r in watch.readings
            for n in r.news
        ],
    }


def _rounded(factors: Mapping[str, float]) -> dict[str, float]:
    return {path: round(f, 4) for path, f in factors.items()}


def _sign(sign: Sign) -> dict[str, Any]:
    return {
        "event": sign.event,
        "on": sign.on.isoformat(),
        "known": sign.known.isoformat() if sign.known else None,
        "direction": sign.direction,
        "what": sign.what,
        "undecided": sign.doubt,
    }


def _tell(workbench: Workbench, watch: Watch) -> None:
    """Headline, what is new, then one line an indicator."""
    names = " and ".join(workbench.state_name(s) for s in watch.found.dyad.states)
    if not any(r.status != NOT_MONITORED or r.signs or r.last for r in watch.readings):
        click.echo(f"{watch.found.dyad.id}: not monitored: none of the families that indicators read was searched.")
        return
    count = Counter(r.status for r in watch.readings)
    click.echo(f"What to watch: {names}, on {watch.reference.isoformat()}")
    click.echo("Indicators: " + ", ".join(f"{n} {status}" for status, n in count.most_common()))
    _odds(watch)
    if watch.since is not None:
        _brief(workbench, watch)
    click.echo("")
    order = (SEEN, OVERDUE, CANNOT_TELL, QUIET, NOT_MONITORED, EXPIRED)
    readings = sorted(watch.readings, key=lambda r: order.index(r.status))
    emit_table([_row(r) for r in readings], SHOWN)
    note("acts: sure ones in the months, + those that cannot be told. last: the latest sure one, whenever it was.")
    weighed = [_odds_row(r) for r in readings if r.odds is not None]
    if weighed:
        click.echo("\nWhat each outcome multiplies the odds by, against plateau")
        emit_table(weighed, ODDS)
        note(
            "a year: how often it came before, with 90 percent interval. More on each: milcoop codebook INDICATOR, --format json"
        )


def _odds(watch: Watch) -> None:
    """How the outcomes known so far move growth and decline, in words a reader of odds and others can use."""
    known = [r for r in watch.readings if r.odds is not None and r.odds.outcome != OPEN]
    if not known:
        click.echo("Odds: no indicator has an outcome that could shift them")
        return
    open_ = sum(r.status == CANNOT_TELL for r in watch.readings)
    click.echo(
        f"What {len(known)} outcomes say together of the years to come ({open_} more cannot be told, either way in the brackets):"
    )
    for path in ("growth", "decline"):
        best, low, high = watch.shift[path]
        share = f"{100 * best / (1 + best):.0f} in 100"
        click.echo(
            f"  {path} against plateau: {leaning(low, high)}; odds times {best:.2f} ({low:.2f} to {high:.2f}), so that even odds become {share}"
        )
    click.echo("  Rough: signs hang together, and the weights are in good part judgement (docs/watch.md).")


def _brief(workbench: Workbench, watch: Watch) -> None:
    """One line an act that is new: how, what, and which indicators it trips or may trip."""
    acts: dict[tuple[Any, ...], list[str]] = {}
    for reading in watch.readings:
        for new in reading.news:
            sign = new.sign
            doubt = f" (cannot be told: {sign.doubt})" if sign.doubt else " (expired)" if reading.expired else ""
            what = f" ({sign.what})" if sign.what and not doubt else ""
            key = sign.on, new.how, sign.event, _way(sign)
            acts.setdefault(key, []).append(f"{reading.id}{what}{doubt}")
    tripped = ", ".join(r.id for r in watch.tripped) or "none"
    click.echo(f"\nChanged since {watch.since}. Indicators tripped: {tripped}")
    for (on, how, event, way), indicators in sorted(acts.items(), reverse=True):
        click.echo(f"  {on} {how}: {workbench.events_by_id[event].title}, {way} [{event}]")
        click.echo(f"    {'; '.join(indicators)}")
    if not acts:
        click.echo("  nothing new")


def _row(reading: Reading) -> dict[str, Any]:
    last = reading.last[0] if reading.last else None
    undecided = f" +{len(reading.undecided)}" if reading.undecided else ""
    way = f" {last.direction}" if last and last.direction != "both" else ""
    return {
        "indicator": reading.id,
        "status": reading.status + (f" on {reading.expires}" if reading.status == EXPIRED else ""),
        "acts": f"{len(reading.sure)}{undecided}",
        "months": str(reading.horizon),
        "last": f"{last.on} {last.event}{way}" if last else "none on record",
    }


def _odds_row(reading: Reading) -> dict[str, Any]:
    base, odds = reading.base, reading.odds
    assert base is not None and odds is not None
    return {
        "indicator": reading.id,
        "a year": f"{base.rate:.2f} ({base.low:.2f}-{base.high:.2f})",
        "so far": odds.outcome if odds.outcome != OPEN else reading.status,
        "growth: seen": f"{odds.if_seen['growth']:.2f}",
        "growth: not": f"{odds.if_not_seen['growth']:.2f}",
        "decline: seen": f"{odds.if_seen['decline']:.2f}",
        "decline: not": f"{odds.if_not_seen['decline']:.2f}",
    }


def _way(sign: Sign) -> str:
    return "both ways" if sign.direction == "both" else sign.direction
