"""``milcoop assess``: levels by area and year, with the events that decide them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_json, emit_rows, emit_table, note


@click.command(
    "assess",
    epilog="""\b
Examples:
  milcoop assess RUS CHN
  milcoop assess россия китай --from 2014 --to 2022
  milcoop assess RUS CHN --as-of 2022-11-30 --format json
  milcoop assess RUS CHN --scale korolev-8 --format csv > panel.csv""",
)
@dyad_arguments
@click.option("--from", "from_year", metavar="YEAR", type=int, help="First year; default: the first year searched.")
@click.option("--to", "to_year", metavar="YEAR", type=int, help="Last year; default: the record's end.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    from_year: int | None,
    to_year: int | None,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Rate the cooperation of two states in each area, at each year's end.

    A level is the highest rung whose criteria, and those of all lower rungs, are met by cited events. Where the
    record was not searched there is no level: "not monitored" is not zero. Beside a level stands the interval that
    holds 80 percent of redraws of the evidence (missed events, errors, conflicts, rules; docs/measurement.md).
    """
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    found = workbench.assess(dyad, from_year=from_year, to_year=to_year, scale_id=scale_id)
    if format_ == "json":
        kind = "real-time" if as_of else "retrospective"
        emit_json(_as_json(found, workbench.estimates(found), workbench.latent(found), kind))
        return
    if format_ == "csv":
        from milcoop.domain.tables import ASSESS_COLUMNS

        emit_rows(workbench.assess_rows(found), ASSESS_COLUMNS, "csv")
        return
    _print_table(workbench, found)


def why_not_monitored(found: Any) -> str:
    """Why an assessment has no level at all."""
    if not found.searched:
        return "The record has no log of searches for this pair"
    first, last = found.searched[0], found.searched[-1]
    return f"The record was searched for {first} to {last}, not for these years"


def _level(rating: Any) -> str:
    """A level as printed in the path: in brackets where it is partly monitored, ``-`` where there is none."""
    if rating.level is None:
        return "-"
    return f"({rating.level})" if rating.coverage == "partly" else str(rating.level)


def _probable(estimates: Any, area: str, year: int) -> dict[str, Any]:
    """Probability of each level and the 80 percent interval; null without a level."""
    from milcoop.record.exchange.frame import BAND

    cell = estimates.cells.get((area, year))
    if cell is None:
        return {"probabilities": None, "interval": None}
    shares = {f"{level:g}": round(p, 4) for level, p in cell.probabilities.items()}
    return {"probabilities": shares, "interval": list(cell.interval(BAND))}


def _bands(estimates: Any, area: str, year: int) -> dict[str, Any]:
    """The median and every interval; null without a level."""
    from milcoop.domain.estimate import INTERVALS

    cell = estimates.cells.get((area, year))
    if cell is None:
        return {"median": None, "intervals": None}
    return {"median": cell.median, "intervals": {str(p): list(cell.interval(p)) for p in INTERVALS}}


def _as_json(found: Any, estimates: Any, latent: Any, kind: str) -> dict[str, Any]:
    return {
        "dyad": list(found.dyad.states),
        "as_of": found.as_of.isoformat(),
        "scale": {"id": found.scale.id, "version": found.scale.version},
        "record_version": found.record_version,
        "overall": [
            {"year": o.year, "level": o.level, **_probable(estimates, "overall", o.year), "stage": o.stage,
             "areas_counted": o.areas_counted, **_bands(estimates, "overall", o.year),
             "latent": _latent(latent, "overall", o.year)}
            for o in found.overall
        ],
        "areas": [
            {
                "area": r.area,
                "year": r.year,
                "level": r.level,
                "label": r.label,
                **_probable(estimates, r.area, r.year),
                "coverage": r.coverage,
                "variants_kept": r.variants_kept,
                "criteria": [
                    {"id": c.id, "met": c.met, "events": list(c.events), "level": c.level, "text": c.text,
                     "value": c.value, "threshold": c.threshold, "window": c.window, "implied_by": list(c.implied_by)}
                    for c in r.criteria
                ],
                "events": list(r.events),
                "id": r.id,
                "variants": r.variants,
                "skipped": list(r.skipped),
                **_bands(estimates, r.area, r.year),
                "latent": _latent(latent, r.area, r.year),
            }
            for r in found.ratings
        ],
        "estimates": {"route": estimates.route, "draws": estimates.draws, "seed": estimates.seed,
                      "detection": estimates.detection, "kind": kind},
        "latent": None if latent is None else {
            "established": latent.fit.established, **asdict(latent.fit), "kind": kind, "draws": latent.estimates.draws,
            "growth": [asdict(g) for g in latent.growth]},
    }  # fmt: skip


def _latent(latent: Any, area: str, year: int) -> dict[str, Any] | None:
    """What the latent model says of a level; null without a fit or a level."""
    if latent is None or (area, year) not in latent.estimates.cells:
        return None
    return _probable(latent.estimates, area, year) | _bands(latent.estimates, area, year)


def _band(estimates: Any, area: str, year: int) -> str | None:
    """The 80 percent interval as words: ``3`` or ``3-4``."""
    from milcoop.record.exchange.frame import BAND

    cell = estimates.cells.get((area, year))
    if cell is None:
        return None
    low, high = cell.interval(BAND)
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _about_latent(found: Any, estimates: Any, latent: Any, year: int) -> str:
    """Whether the latent model may be believed, and where it is far from the redraws."""
    from milcoop.domain.latent import far_apart

    if latent is None:
        return "Latent model: no fit ships for this record, scale and date; levels rest on criteria and redraws of the evidence"
    areas = [*(a.id for a in found.scale.areas), "overall"]
    both = [a for a in areas if (a, year) in estimates.cells and (a, year) in latent.estimates.cells]
    apart = [a for a in both if far_apart(estimates.cells[a, year], latent.estimates.cells[a, year])]
    state = "established" if latent.fit.established else f"NOT ESTABLISHED: {'; '.join(latent.fit.reasons[:2])}"
    where = (
        f"; more than a level from the redraws in {', '.join(apart)}" if apart else "; within a level of the redraws"
    )
    return f"Latent model of all pairs ({latent.fit.answers} answers): {state}{where}"


def _print_table(workbench: Any, found: Any) -> None:
    names = " and ".join(workbench.state_name(s) for s in found.dyad.states)
    if not found.monitored:
        click.echo(f"{names}: not monitored. {why_not_monitored(found)}, so no level is given.")
        if found.events:
            click.echo(
                f"Events on record all the same: {len(found.events)} (milcoop events {' '.join(found.dyad.states)})"
            )
        return
    last = found.years[-1]
    now = found.of_year(last)
    click.echo(f"{names}, {now[found.scale.areas[0].id].on} ({found.scale.title}; record {found.record_version})\n")
    estimates, latent = workbench.estimates(found), workbench.latent(found)
    rows = []
    for area in found.scale.areas:
        rating = now[area.id]
        kept = f"{rating.variants_kept} of {rating.variants}" if rating.variants else None
        rows.append(
            {
                "area": area.id,
                "level": "-" if rating.level is None else str(rating.level),
                "80 %": _band(estimates, area.id, last),
                **({"latent 80 %": _band(latent.estimates, area.id, last)} if latent else {}),
                "meaning": next((g.label for g in area.rungs if g.level == rating.level), rating.label),
                "coverage": rating.coverage,
                "variants kept": kept,
                "events": len(rating.events),
                "explain": rating.id,
            }
        )
    emit_table(rows, list(rows[0]))
    whole = next(o for o in found.overall if o.year == last)
    level = "no overall level" if whole.level is None else f"overall {whole.level:g} of {len(found.scale.levels) - 1}"
    if (band := _band(estimates, "overall", last)) is not None:
        level += f" (80 %: {band}"
        second = _band(latent.estimates, "overall", last) if latent else None
        level += f"; latent model: {second})" if second else ")"
    click.echo(f"\n{level}, stage {whole.stage or 'below early'} ({whole.areas_counted} areas monitored)\n")
    years = found.years[-12:]
    path = []
    for area in found.scale.areas:
        by_year = {r.year: r for r in found.ratings if r.area == area.id}
        path.append({"area": area.id, **{str(y): _level(by_year[y]) for y in years}})
    wholes = {o.year: o.level for o in found.overall}
    path.append({"area": "overall", **{str(y): "-" if wholes[y] is None else f"{wholes[y]:g}" for y in years}})
    emit_table(path, ["area", *map(str, years)])
    if any("(" in cell for row in path for cell in row.values()):
        click.echo("\n(n): partly monitored, a lower bound: a language or a year of the window was not searched")
    click.echo("\n" + _about_latent(found, estimates, latent, last))
    note("\nOpen a number: milcoop explain " + now[found.scale.areas[0].id].id)
