"""``milcoop limits``: tests of alliance, with evidence for and against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from milcoop.cli.finding_output import finding_command
from milcoop.cli.output import emit_table, note
from milcoop.domain.limit import PARTIAL
from milcoop.domain.rating import NOT_MONITORED

WIDTH = 118
PAIRS_A_ROW = 5
"""Columns of pairs that fit beside the tests in that width."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milcoop.domain.event import Event
    from milcoop.domain.limit import Limits, TestResult
    from milcoop.workbench import Workbench


@click.command(
    "limits",
    epilog="""\b
Examples:
  milcoop limits RUS CHN
  milcoop limits RUS CHN --from 2010 --to 2014
  milcoop limits USA KOR --as-of 2016-12-31
  milcoop limits RUS CHN --format json
  milcoop limits RUS CHN --format csv > limits.csv""",
)
@finding_command("limits")
def command(limits: Limits, workbench: Workbench) -> None:
    """Test how far two states have gone towards an alliance: duty, claims, support in crisis, command, bases, words.

    Verdicts are at the last year of the window: met, partly, not met, against (evidence against alone or nearly so),
    contested (nothing but what is alleged or denied), no occasion (no crisis of the partner on record), not monitored.
    In brackets the verdicts if what is contested is read against the partner and for it. The tests and thresholds: milcoop codebook claims, milcoop codebook verdict.
    """
    dyad = limits.found.dyad
    if not limits.monitored:
        click.echo(f"{dyad.id}: not monitored: no test of alliance was searched in {_years(limits)}.")
        return
    _headline(limits)
    emit_table([_row(t) for t in limits.tests], ("test", "verdict", "since", *dyad.states))
    _evidence(limits)
    _compare(limits, workbench.reference_limits(dyad))
    note("*: contested evidence could change it. All evidence: --format json. Open one: milcoop explain ID")


def _years(limits: Limits) -> str:
    years = limits.found.years
    return f"{years.start}-{years.stop - 1}" if len(years) > 1 else str(years.start)


def _headline(limits: Limits) -> None:
    found = limits.found
    met, held = found["limits.met"], found["limits.holding-back"]
    dyad, last = found.dyad.id, found.years[-1]
    click.echo(f"{dyad} at the end of {last}: tests met: {met.value} {met.note} ({met.low} to {met.high}).")
    click.echo(f"Holding back, strongest first: {held.value}.")
    if found["limits.words"].value is not None:
        said = ", ".join(f"{w} {len(ids)}" for w, ids in limits.words.items())
        click.echo(f"Officials on alliance, {_years(limits)}: {said}.")
    click.echo()


def _row(test: TestResult) -> dict[str, str | int]:
    now = test.now
    row: dict[str, str | int] = {
        "test": test.label,
        "verdict": now.word + (f" ({now.low} to {now.high})" if now.open else ""),
        "since": "" if now.word == NOT_MONITORED else test.since,
    }
    return row | {state: verdicts[-1].word for state, verdicts in test.by_state.items()}


def _starred(test: TestResult) -> str:
    return test.now.word + ("*" if test.now.open else "")


def _evidence(limits: Limits) -> None:
    """What ``partly`` means where it is the verdict, and the newest evidence on either side, the strongest first."""
    partly = [
        click.wrap_text(f"Partly, {t.label}: {t.partly}.", WIDTH, subsequent_indent="  ")
        for t in limits.tests
        if t.now.word == PARTIAL
    ]
    click.echo("\n".join(["", *partly, *([""] if partly else []), "Newest evidence"]))
    rows = [
        {"test": t.id, "for": _named(t.newest("for")), "against": _named(t.newest("against"))} for t in limits.tests
    ]
    emit_table([r for r in rows if r["for"] or r["against"]], ("test", "for", "against"))


def _named(event: Event | None) -> str:
    return event.id if event else ""


def _compare(limits: Limits, references: Sequence[Limits]) -> None:
    """The same tests of the reference pairs, a column each, at the last year searched for each."""
    pairs = (limits, *references)
    for first in range(0, len(pairs), PAIRS_A_ROW):
        columns = {f"{x.found.dyad.id} {x.found.years[-1]}": x for x in pairs[first : first + PAIRS_A_ROW]}
        rows = [
            {"test": test.label, **{name: next((_starred(t) for t in x.tests if t.id == test.id), "") for name, x in columns.items()}}
            for test in limits.tests
        ]  # fmt: skip
        click.echo()
        emit_table(rows, ("test", *columns))
