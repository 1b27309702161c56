"""``milcoop forecast``: what next, over one to five years?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_json, emit_rows, emit_table, note
from milcoop.domain.likelihood import chance, likelihood

if TYPE_CHECKING:
    from milcoop.codebook.forecast_rule import Driver
    from milcoop.domain.forecast import Distribution, Forecast, TargetForecast
    from milcoop.trajectory.forecasting.scenario import Shift
    from milcoop.workbench import Workbench

JUDGEMENT = "judgement"


@click.command(
    "forecast",
    epilog="""\b
Examples:
  milcoop forecast RUS CHN
  milcoop forecast RUS CHN --horizon 3 --format csv           hubverse rows
  milcoop forecast RUS CHN --as-of 2022-11-30                 from what could be known that day
  milcoop forecast RUS CHN --scenario war-ends                if a declared driver holds
  milcoop forecast RUS CHN --freeze --record my-record        into the question log""",
)
@dyad_arguments
@click.option("--horizon", metavar="N", type=int, help="Years ahead, 1 to 5; default: 5.")
@click.option("--scenario", metavar="ID", help="Condition on a declared driver; without, the drivers are listed.")
@click.option("--freeze", is_flag=True, help="Append the forecast to the question log of the record folder.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    horizon: int | None,
    scenario: str | None,
    freeze: bool,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Distributions of the level of each area and of the whole, and of yearly counts, one to five years from the record's end.

    Levels and counts are those on record at 31 December of each year. The method of each target is the one that the
    backtest favours, a baseline where none of ours beats it. An area that is not monitored has no forecast. Words of
    likelihood follow ICD 203. A scenario is an if-then with a declared size, not a probability. See docs/forecast.md.
    """
    from milcoop.domain.tables import FORECAST_COLUMNS
    from milcoop.errors import InvalidArgument
    from milcoop.record.exchange.hubverse import hubverse_rows
    from milcoop.settings import read_settings

    folder = record or read_settings().record
    if freeze and folder is None:
        raise InvalidArgument(
            "found --freeze without a record folder, expected --record DIR to keep the question log in"
        )
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    driver = workbench.driver(dyad, scenario) if scenario is not None else None
    if freeze:
        workbench.check_freezable(scenario)
    found = base = workbench.forecast(dyad, horizon)
    shifts: tuple[Shift, ...] = ()
    if driver is not None:
        found, shifts = workbench.scenario(base, driver)
    frozen = workbench.freeze(dyad, found, folder, date.today()) if freeze and folder is not None else None
    if format_ == "csv":
        emit_rows(hubverse_rows(found, workbench.forecast_rule.quantiles), FORECAST_COLUMNS, format_)
    elif format_ == "json":
        emit_json(as_json(workbench, found, driver, shifts))
    else:
        _print(workbench, found, base, driver, shifts)
    if frozen is not None:
        path, new = frozen
        note(f"{new} questions frozen in {path}" if new else f"every question was frozen today already in {path}")


def _print(
    workbench: Workbench, found: Forecast, base: Forecast, driver: Driver | None, shifts: tuple[Shift, ...]
) -> None:
    dyad = workbench.dyad(*found.dyad.split("-"))
    names = " and ".join(workbench.state_name(s) for s in dyad.states)
    day = f"the vintage {found.reference_date} (pseudo-prospective: the rules were written later)"
    origin = day if found.real_time else f"the record's end on {found.reference_date}"
    click.echo(f"{names}: forecast from {origin}; record {found.record_version}")
    if driver is not None:
        click.echo(f"If {driver.label}:")
        for s in shifts:
            click.echo(f"  {_bare(s.target)}: {s.text}, horizon {driver.from_horizon} on ({s.basis})")
        click.echo(f"  why: {driver.why}")
    for kind, title in (
        ("level", "Levels 0 to 5 on record at 31 December: median, in brackets four in five"),
        ("count", "Acts on record in the calendar year: median, in brackets four in five"),
    ):
        rows = [_row(t, found) for t in found.targets if t.kind == kind]
        if rows:
            click.echo(f"\n{title}\n")
            emit_table(rows, list(rows[0]))
    if any(t.note for t in found.targets):
        click.echo("\n*: " + "; ".join(sorted({t.note for t in found.targets if t.note})))
    if found.left_out:
        click.echo("\nNo forecast, which is not a forecast of zero:")
        for why in dict.fromkeys(found.left_out.values()):
            click.echo(f"  {', '.join(_bare(t) for t, reason in found.left_out.items() if reason == why)}: {why}")
    if found.targets:
        click.echo("\n" + choice_sentence(workbench, found))
    if found.targets and driver is None:
        click.echo("\nIf-then, by declared drivers (--scenario ID); sizes are judgements unless the record gives them:")
        for d in workbench.drivers(dyad):
            sizes = ", ".join(_size(s) for s in workbench.scenario(base, d)[1])
            click.echo(f"  {d.id}: {d.label}: {sizes or 'nothing that is forecast here'}")
    note("\nMethods, scores and limits: docs/forecast.md; how well it did: milcoop backtest")


def choice_sentence(workbench: Workbench, found: Forecast) -> str:
    """How the methods were chosen and whether skill is claimed."""
    fewest = workbench.forecast_rule.backtest.fewest_dyads
    if not found.choice:
        return "Methods: persistence throughout, since no scored outcome was on record by then."
    pairs = (
        "1 continuously monitored pair"
        if found.dyads_scored == 1
        else f"{found.dyads_scored} continuously monitored pairs"
    )
    claim = f"; with fewer than {fewest}, no skill is claimed" if found.dyads_scored < fewest else ""
    plain = [_bare(t.target) for t in found.targets if t.method in workbench.forecast_rule.baselines]
    shipped = f" A baseline is used where none of ours beat it: {', '.join(plain)}." if plain else ""
    return f"Methods: chosen by a backtest of the bundled record on outcomes known by {found.choice}, from {pairs}{claim}.{shipped}"


def _size(s: Shift) -> str:
    return f"{_bare(s.target)} {s.text}" + ("" if s.basis == JUDGEMENT else f" ({s.basis})")


def _bare(target: str) -> str:
    return target.partition(":")[2]


def _row(t: TargetForecast, found: Forecast) -> dict[str, str]:
    last = max(t.by_horizon)
    higher, same, lower = t.by_horizon[last].against(t.now)
    return {
        "target": _bare(t.target) + ("*" if t.note else ""),
        "now": f"{t.now:g}",
        **{str(found.end_of(h).year): _cell(d) for h, d in t.by_horizon.items()},
        f"higher in {found.end_of(last).year}": _word(higher),
        "same": _word(same),
        "lower": _word(lower),
        "method": t.method,
    }


def _cell(d: Distribution) -> str:
    low, high = d.interval(80)
    return f"{d.median:g} ({low:g})" if low == high else f"{d.median:g} ({low:g}-{high:g})"


def _word(p: float) -> str:
    return f"{likelihood(p)} ({chance(p)})" if p > 0 else "not possible"


def as_json(workbench: Workbench, found: Forecast, driver: Driver | None, shifts: tuple[Shift, ...]) -> dict[str, Any]:
    """The forecast as plain data."""
    return {
        "dyad": found.dyad.split("-"),
        "reference_date": found.reference_date.isoformat(),
        "real_time": found.real_time,
        "record_version": found.record_version,
        "evidence": found.evidence,
        "choice": {
            "outcomes_by": found.choice or None,
            "dyads": found.dyads_scored,
            "claim": found.dyads_scored >= workbench.forecast_rule.backtest.fewest_dyads,
        },
        "scenario": None
        if driver is None
        else {
            "id": driver.id,
            "label": driver.label,
            "basis": driver.basis,
            "why": driver.why,
            "from_horizon": driver.from_horizon,
            "to_horizon": driver.to_horizon,
            "shifts": [{"target": s.target, "size": round(s.size, 4), "basis": s.basis} for s in shifts],
        },
        "targets": [
            {
                "target": t.target,
                "label": t.label,
                "method": t.method,
                "now": t.now,
                "note": t.note or None,
                "ids": list(t.ids),
                "horizons": [_horizon(t, found, h, d) for h, d in t.by_horizon.items()],
            }
            for t in found.targets
        ],
        "left_out": dict(found.left_out),
    }


def _horizon(t: TargetForecast, found: Forecast, h: int, d: Distribution) -> dict[str, Any]:
    shares = d.against(t.now)
    return {
        "horizon": h,
        "target_end_date": found.end_of(h).isoformat(),
        "mean": round(d.mean, 4),
        "median": d.median,
        "intervals": {str(p): list(d.interval(p)) for p in (50, 80, 95)},
        "against_now": {
            name: {"probability": round(p, 4), "words": likelihood(p)}
            for name, p in zip(("higher", "same", "lower"), shares, strict=True)
        },
        "probabilities": {f"{v:g}": p for v, p in zip(d.values, d.rounded(), strict=True) if p > 0},
    }
