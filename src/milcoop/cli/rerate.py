"""``milcoop rerate``: what if an event, a weight or a threshold were another, and on which events does a level hang?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milcoop.cli.options import dyad_arguments, format_option, open_from, record_options
from milcoop.cli.output import emit_json, emit_rows, emit_table, note
from milcoop.domain.rerating import RELIABLE

if TYPE_CHECKING:
    from milcoop.domain.rerating import CellChange, Decisive, Rerating


@click.command(
    "rerate",
    epilog="""\b
Examples:
  milcoop rerate RUS CHN --drop joint-sea-2012 --drop joint-sea-2014
  milcoop rerate RUS CHN --set exercises.4.several.per_year=4 --set exercises.4.several.window=4
  milcoop rerate RUS CHN --set uncertainty.rules_moved=0 --intervals --from 2020
  milcoop rerate RUS CHN --drop joint-sea-2012 --latent --from 2010 --to 2016
  milcoop rerate RUS CHN --decisive --year 2015            events whose loss alone changes a level
  milcoop rerate RUS CHN --drop joint-sea-2012 --all --format csv > diff.csv

\b
A file for --add holds events as a record folder does (docs/record.md); one with the id of an event on record takes its place.
What --set changes:
  CRITERION.KEY=NUMBER      at_least, window, per_year, years_each, step   milcoop codebook exercises
  scale.KEY=NUMBER          max_parties, at_least_areas, stage_level
  coverage.KEY=NUMBER       queries_at_least                               milcoop codebook monitored
  uncertainty.KEY=NUMBER    weights of the redraws, for --intervals        milcoop codebook uncertainty""",
)
@dyad_arguments
@click.option("--drop", metavar="ID", multiple=True, help="Leave out an event or figure; repeatable.")
@click.option(
    "--add",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="YAML file of events to add, or to put in the place of those with the same id; repeatable.",
)
@click.option("--set", "settings", metavar="RULE=NUMBER", multiple=True, help="Change a rule; repeatable.")
@click.option("--decisive", is_flag=True, help="List the events whose loss alone changes a level of one year.")
@click.option("--year", metavar="YEAR", type=int, help="Year of --decisive; default: the last.")
@click.option("--intervals", is_flag=True, help="Redraw the evidence before and after: probabilities and intervals.")
@click.option("--latent", is_flag=True, help="The same by the latent model: draws of the shipped fit weighed anew.")
@click.option("--from", "from_year", metavar="YEAR", type=int, help="First year shown.")
@click.option("--to", "to_year", metavar="YEAR", type=int, help="Last year shown.")
@click.option("--all", "everything", is_flag=True, help="Show every area and year, not only what changed.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@record_options
@format_option()
def command(
    state_a: str,
    state_b: str,
    drop: tuple[str, ...],
    add: tuple[Path, ...],
    settings: tuple[str, ...],
    decisive: bool,
    year: int | None,
    intervals: bool,
    latent: bool,
    from_year: int | None,
    to_year: int | None,
    everything: bool,
    scale_id: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Set levels before and after a change of evidence or rules beside each other, with the criteria that flipped and why.

    Nothing is written: the change holds for this run. Levels come at once; --intervals redraws the evidence twice, which
    takes seconds; --latent weighs the draws of the latent model anew, and fits it anew, which takes a minute or two, where
    the weights fail. With --decisive each deciding event of a year is left out in turn (after the changes, if any).
    """
    from milcoop.errors import InvalidArgument

    changes = bool(drop or add or settings)
    if not changes and not decisive:
        raise InvalidArgument("found nothing to change, expected --drop, --add, --set or --decisive")
    if year is not None and not decisive:
        raise InvalidArgument("found --year without --decisive, expected --from and --to for the years shown")
    if decisive and changes and format_ == "csv":
        raise InvalidArgument(
            "found --decisive beside changes as csv, which has one table only; expected json or table"
        )
    if latent and (intervals or not changes):
        raise InvalidArgument(
            f"found --latent {'beside --intervals' if intervals else 'without a change'}, expected one of the two with --drop, --add or --set"
        )
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    found = None
    if latent:
        found = workbench.rerate_latent(dyad, drop, add, settings, scale_id, note)
    elif changes:
        found = workbench.rerate(dyad, drop, add, settings, scale_id, intervals=intervals)
    hangs, desk = None, workbench
    if decisive:
        desk = workbench.edited(dyad, drop, add, settings, scale_id)[0] if changes else workbench
        hangs = desk.decisive(dyad, year, scale_id)
        year = year or desk.assess(dyad, scale_id=scale_id).years[-1]
    cells = [c for c in found.cells if _shown(c, from_year, to_year, everything)] if found else []
    if format_ == "json":
        emit_json(_as_json(found, cells, hangs, year))
    elif format_ == "csv":
        _emit_csv(dyad.id, found, cells, hangs)
    else:
        if found is not None:
            _print_changes(found, cells, intervals or latent)
        if hangs is not None:
            titles = {e.id: e.title for e in desk.record.of_dyad(dyad)}
            titles |= {f.id: f.title for f in desk.record.figures_of_dyad(dyad)}
            _print_decisive(hangs, dyad.id, year, titles)


def _shown(cell: CellChange, first: int | None, last: int | None, everything: bool) -> bool:
    inside = (first is None or cell.year >= first) and (last is None or cell.year <= last)
    return inside and (everything or cell.changed)


def _level(level: float | None, coverage: str) -> str:
    """A level, in brackets where it is partly monitored, or why there is none."""
    if level is None:
        return coverage
    return f"({level:g})" if coverage == "partly" else f"{level:g}"


def _band(estimate: Any) -> str:
    if estimate is None:
        return ""
    low, high = estimate.interval(80)
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _chances(estimate: Any) -> str:
    """Levels with their probabilities, those under half a percent left out."""
    if estimate is None:
        return ""
    return " ".join(f"{v:g}:{p:.0%}" for v, p in estimate.probabilities.items() if p >= 0.005)


def _flips(cell: CellChange) -> str:
    return "; ".join(("+" if f.after.met else "-") + f.after.id for f in cell.flips)


def _print_changes(found: Rerating, cells: Sequence[CellChange], intervals: bool) -> None:
    said = [("left out", found.dropped), ("added", found.added), ("replaced", found.replaced), ("set", found.settings)]
    click.echo(
        "; ".join(f"{what}: {', '.join(ids)}" for what, ids in said if ids) + f" (record {found.record_version})\n"
    )
    if found.reweighting is not None:
        click.echo(_weighed(found) + "\n")
    moved = sum(c.level_moved for c in found.cells)
    if all(c.before is None and c.after is None for c in found.cells):
        click.echo(f"{found.dyad} has no level before or after: not monitored.")
        return
    if not cells:
        click.echo("Nothing changes in these years." if any(c.changed for c in found.cells) else "Nothing changes.")
        if not intervals and any(s.startswith("uncertainty.") for s in found.settings):
            click.echo("Weights of the redraws act on intervals only: add --intervals.")
        return
    if not moved:
        click.echo("No level changes.\n")
    rows: list[dict[str, Any]] = []
    for group in _runs(cells, intervals):
        one = group[0]
        row = {
            "area": one.area,
            "years": f"{one.year}" if len(group) == 1 else f"{one.year}-{group[-1].year}",
            "before": _level(one.before, one.coverage_before),
            "after": _level(one.after, one.coverage_after),
        }
        if intervals:
            row |= {
                "80 % before": _band(one.estimate_before),
                "80 % after": _band(one.estimate_after),
                "chances before": _chances(one.estimate_before),
                "chances after": _chances(one.estimate_after),
            }
        rows.append(row | {"criteria": _flips(one)})
    emit_table(rows, list(rows[0]))
    _print_why(cells)
    if intervals and found.reweighting is None:
        note(
            f"\n{found.draws} redraws each: years whose shares moved by less than three standard errors are left out (--all shows them)"
        )


def _weighed(found: Rerating) -> str:
    """How the draws of the latent model were weighed, or that they were not."""
    said = found.reweighting
    assert said is not None
    head = f"latent model: {said.changed} answers change"
    if found.refitted:
        return f"{head}; weights fail ({said.why_not}), fitted anew"
    if said.k_hat is None:
        return f"{head}; the trait stays, levels may be read off it differently"
    return f"{head}; {found.draws} draws weighed anew, worth {said.effective:.0f}, k-hat {said.k_hat:.2f} (trusted up to {RELIABLE:g})"


def _runs(cells: Sequence[CellChange], intervals: bool) -> list[list[CellChange]]:
    """Consecutive years of an area that changed in the same way; year by year with intervals."""
    runs: list[list[CellChange]] = []
    for cell in cells:
        last = runs[-1][-1] if runs else None
        same = (
            last is not None
            and not intervals
            and (last.area, last.year + 1) == (cell.area, cell.year)
            and (last.before, last.after, last.coverage_before, last.coverage_after)
            == (cell.before, cell.after, cell.coverage_before, cell.coverage_after)
            and _flips(last) == _flips(cell)
        )
        if same:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _print_why(cells: Sequence[CellChange]) -> None:
    """Each criterion that flipped, with what moved in the last year in which it did."""
    last: dict[tuple[str, bool], tuple[list[int], Any]] = {}
    for cell in cells:
        for flip in cell.flips:
            years, _ = last.get((flip.after.id, flip.after.met), ([], flip))
            last[flip.after.id, flip.after.met] = [*years, cell.year], flip
    if not last:
        return
    click.echo("\nCriteria that flipped, with what moved in the last of the years\n")
    rows = [
        {
            "criterion": name,
            "verdict": "now met" if met else "no longer met",
            "years": f"{years[0]}" if len(years) == 1 else f"{len(years)} years, {min(years)} to {max(years)}",
            "why": flip.why,
        }
        for (name, met), (years, flip) in last.items()
    ]
    emit_table(rows, list(rows[0]))


def _print_decisive(found: Sequence[Decisive], dyad: str, year: int | None, titles: dict[str, str]) -> None:
    if not found:
        click.echo(
            f"No single event or figure decides a level of {dyad} in {year}: each level stands without any one of them."
        )
        return
    click.echo(f"\nEvents whose loss alone changes a level of {dyad} in {year}, the greatest loss first\n")
    rows = [
        {
            "id": d.id,
            "title": titles.get(d.id, ""),
            "levels": ", ".join(f"{area} {_or_none(b)} to {_or_none(a)}" for area, b, a in d.areas),
            "whole": " to ".join(map(_or_none, d.overall)) if d.overall[0] != d.overall[1] else "",
            "criteria that fail": "; ".join(f"{f.after.id} ({f.after.value:g} of {f.after.threshold:g})" for f in d.flips),
        }
        for d in found
    ]  # fmt: skip
    emit_table(rows, list(rows[0]))


def _or_none(level: float | None) -> str:
    return "none" if level is None else f"{level:g}"


def _emit_csv(dyad: str, found: Rerating | None, cells: Sequence[CellChange], hangs: Sequence[Decisive] | None) -> None:
    from milcoop.domain.tables import DECISIVE_COLUMNS, RERATE_COLUMNS

    if found is None:
        rows = [
            {
                "dyad_id": dyad, "id": d.id, "year": d.year, "area": area, "level_before": b, "level_after": a,
                "flipped": ";".join(map(_verdict, d.flips)),
            }
            for d in hangs or () for area, b, a in d.areas
        ]  # fmt: skip
        emit_rows(rows, DECISIVE_COLUMNS, "csv")
        return
    emit_rows([_row(dyad, c) for c in cells], RERATE_COLUMNS, "csv")


def _verdict(flip: Any) -> str:
    """No sign in front: a cell that begins with one is a formula to a spreadsheet."""
    return f"{flip.after.id}={'met' if flip.after.met else 'not met'}"


def _row(dyad: str, c: CellChange) -> dict[str, Any]:
    bands = [e.interval(80) if e else (None, None) for e in (c.estimate_before, c.estimate_after)]
    return {
        "dyad_id": dyad,
        "area": c.area,
        "year": c.year,
        "level_before": c.before,
        "level_after": c.after,
        "coverage_before": c.coverage_before,
        "coverage_after": c.coverage_after,
        "lower_before": bands[0][0],
        "upper_before": bands[0][1],
        "lower_after": bands[1][0],
        "upper_after": bands[1][1],
        "flipped": ";".join(map(_verdict, c.flips)),
        "lost": ";".join(dict.fromkeys(i for f in c.flips for i in f.lost)),
        "gained": ";".join(dict.fromkeys(i for f in c.flips for i in f.gained)),
    }


def _as_json(
    found: Rerating | None, cells: Sequence[CellChange], hangs: Sequence[Decisive] | None, year: int | None
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if found is not None:
        out = {
            "dyad": found.dyad.split("-"),
            "scale": found.scale,
            "record_version": found.record_version,
            "dropped": list(found.dropped),
            "added": list(found.added),
            "replaced": list(found.replaced),
            "set": list(found.settings),
            "draws": found.draws,
            "route": "latent model" if found.reweighting else "monte carlo" if found.draws else None,
            "reweighting": _reweighting(found),
            "changed": sum(c.changed for c in found.cells),
            "cells": [
                {
                    "area": c.area,
                    "year": c.year,
                    "before": {"level": c.before, "coverage": c.coverage_before, **_estimate(c.estimate_before)},
                    "after": {"level": c.after, "coverage": c.coverage_after, **_estimate(c.estimate_after)},
                    "flipped": [_flip(f) for f in c.flips],
                }
                for c in cells
            ],
        }
    if hangs is not None:
        out["decisive"] = {
            "year": year,
            "events": [
                {
                    "id": d.id,
                    "areas": [{"area": a, "level": b, "without": w} for a, b, w in d.areas],
                    "overall": {"level": d.overall[0], "without": d.overall[1]},
                    "flipped": [_flip(f) for f in d.flips],
                }
                for d in hangs
            ],
        }
    return out


def _reweighting(found: Rerating) -> dict[str, Any] | None:
    said = found.reweighting
    if said is None:
        return None
    return {
        "answers_changed": said.changed,
        "k_hat": None if said.k_hat is None else round(said.k_hat, 4),
        "effective_draws": round(said.effective, 1),
        "reliable": said.reliable,
        "refitted": found.refitted,
        "why_not": said.why_not,
    }


def _estimate(estimate: Any) -> dict[str, Any]:
    if estimate is None:
        return {"probabilities": None, "interval": None}
    shares = {f"{v:g}": round(p, 4) for v, p in estimate.probabilities.items()}
    return {"probabilities": shares, "interval": list(estimate.interval(80))}


def _flip(f: Any) -> dict[str, Any]:
    return {
        "criterion": f.after.id,
        "text": f.after.text,
        "met": f.after.met,
        "value": {"before": f.before.value, "after": f.after.value},
        "threshold": {"before": f.before.threshold, "after": f.after.threshold},
        "window": {"before": f.before.window, "after": f.after.window},
        "lost": list(f.lost),
        "gained": list(f.gained),
        "why": f.why,
    }
