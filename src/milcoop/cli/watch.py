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
from milcoop.domain.watch import CANNOT_TELL, EXPIRED, NOT_SEEN, OVERDUE, QUIET, SEEN, UNWATCHED

if TYPE_CHECKING:
    from milcoop.domain.watch import Reading, Sign, Watch
    from milcoop.workbench import Workbench

SHOWN = ("indicator", "status", "acts", "last", "a year", "months", "if seen", "if not", "expires")


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
    count = Counter(r.status for r in watch.readings)
    click.echo(f"What to watch: {names}, on {watch.reference.isoformat()}")
    click.echo("Indicators: " + ", ".join(f"{n} {status}" for status, n in count.most_common()))
    _odds(watch)
    if watch.since is not None:
        _brief(workbench, watch)
    click.echo("")
    order = (SEEN, OVERDUE, CANNOT_TELL, QUIET, UNWATCHED, EXPIRED)
    emit_table([_row(r) for r in sorted(watch.readings, key=lambda r: order.index(r.status))], SHOWN)
    note("acts: sure ones in the window, + those that cannot be told. a year: base rate with its 90 percent interval.")
    note(
        "if seen, if not: what the odds of growth and of decline against plateau are multiplied by; * the outcome so far."
    )


def _odds(watch: Watch) -> None:
    shift = watch.found["watch.shift"]
    if shift.value is None:
        click.echo("Odds: no indicator has an outcome that could shift them")
        return
    ends = ", ".join(f"{p} {watch.shift[p][1]:.2f} to {watch.shift[p][2]:.2f}" for p in ("growth", "decline"))
    click.echo(
        f"Odds of growth : plateau : decline shift by {shift.value} ({ends}); signs hang together, so this is rough"
    )


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
    last, base = reading.last[0] if reading.last else None, reading.base
    undecided = f" +{len(reading.undecided)}" if reading.undecided else ""
    return {
        "indicator": reading.id,
        "status": reading.status,
        "acts": f"{len(reading.sure)}{undecided}",
        "last": f"{last.on} {last.event} ({_way(last)})" if last else "none on record",
        "a year": f"{base.rate:.2f} ({base.low:.2f}-{base.high:.2f})" if base else "-",
        "months": str(reading.horizon),
        "if seen": _shift(reading, SEEN),
        "if not": _shift(reading, NOT_SEEN),
        "expires": reading.expires.isoformat(),
    }


def _way(sign: Sign) -> str:
    return "both ways" if sign.direction == "both" else sign.direction


def _shift(reading: Reading, outcome: str) -> str:
    """What an outcome does to the odds of growth and of decline; a star marks the one so far."""
    if reading.odds is None:
        return "-"
    f = reading.odds.if_seen if outcome == SEEN else reading.odds.if_not_seen
    return f"{f['growth']:.2f}, {f['decline']:.2f}{'*' if reading.odds.outcome == outcome else ''}"
