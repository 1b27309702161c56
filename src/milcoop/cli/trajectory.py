"""``milcoop trajectory``: where is it heading, since when, which areas run ahead of the rest?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from milcoop.cli.lull_output import lulls_as_json, print_lulls
from milcoop.cli.options import dyad_arguments, open_from, record_options
from milcoop.cli.output import emit_json, emit_table, note
from milcoop.domain.estimate import Growth
from milcoop.domain.path import signed, smallest_step


@click.command(
    "trajectory",
    epilog="""\b
Examples:
  milcoop trajectory RUS CHN                          the last ten years
  milcoop trajectory RUS CHN --from 2012 --to 2021
  milcoop trajectory RUS CHN --year 2008 --format json   another year beside the named ones
  milcoop trajectory RUS CHN --lulls                  lulls alone: circumstances or will?
  milcoop trajectory RUS CHN --lulls --area consultation""",
)
@dyad_arguments
@click.option(
    "--from", "first", metavar="YEAR", type=int, help="First year of the window; default: ten years to the last."
)
@click.option("--to", "last", metavar="YEAR", type=int, help="Last year of the window; default: the last monitored.")
@click.option(
    "--year", "more", metavar="YEAR", type=int, multiple=True, help="A year to look at beside the named ones."
)
@click.option("--scale", "scale_id", metavar="ID", help="Scale to rate on; default: staged-7.")
@click.option("--lulls", "lulls_alone", is_flag=True, help="Print the lull test alone.")
@click.option("--area", metavar="AREA", help="Lulls of this area's acts; default: joint exercises and operations.")
@record_options
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(
    state_a: str,
    state_b: str,
    first: int | None,
    last: int | None,
    more: tuple[int, ...],
    scale_id: str | None,
    lulls_alone: bool,
    area: str | None,
    record: Path | None,
    as_of: str | None,
    format_: str,
) -> None:
    """Probability that each area expanded, stayed or declined over a window, and of breaks in its yearly acts.

    Levels are those of redraws of the evidence (docs/measurement.md); a change of less than a tenth of a level a year is none.
    Acts and breaks are counted on record, over the last unbroken run of monitored years; beside them stands the same for the
    pages that tell of them, since more reporting can look like more acts. Strands tell apart whether the two train
    together more often, under closer command, farther from home, with more services at once. Lulls are looked for in all
    monitored years, and weighed: circumstances, will, both, or no real lull.
    """
    workbench = open_from(record, as_of)
    dyad = workbench.dyad(state_a, state_b)
    lulls = workbench.lulls(dyad, area, scale_id)
    lull_rule = workbench.codebook.lulls["lull"]
    if lulls_alone:
        if format_ == "json":
            emit_json(lulls_as_json(lulls))
        else:
            print_lulls(lulls, lull_rule)
        return
    found = workbench.path(dyad, first, last, scale_id)
    latent = workbench.latent(workbench.assess(dyad, scale_id=scale_id))
    rule = workbench.codebook.trajectory["trajectory"]
    named = {n.year: n.what for n in rule.named} | dict.fromkeys(more, "asked for")
    if format_ == "json":
        emit_json(
            _as_json(found, named)
            | {"growth": [asdict(g) for g in latent.growth] if latent else None, "lulls": lulls_as_json(lulls)}
        )
        return
    names = " and ".join(workbench.state_name(s) for s in dyad.states)
    click.echo(f"{names}, {found.first} to {found.last} ({found.draws} redraws; record {found.record_version})\n")
    if found.directions:
        rows = [_direction(d, rule.main) for d in found.directions]
        emit_table(rows, list(rows[0]))
    for area, why in found.left_out.items():
        click.echo(f"{area}: no direction, {why}")
    if latent:
        _print_growth(latent.growth_over(found.last - found.first + 1))
    if found.series:
        click.echo("\nYearly acts on record: probability of each form, and of a break in a year\n")
        rows = [_series(s, sorted(named)) for s in found.series]
        emit_table(rows, list(rows[0]))
    click.echo(
        "\nStrands of joint exercises and operations: change over the window, from the acts on which each is known\n"
    )
    rows = [_strand(s) for s in found.strands]
    emit_table(rows, list(rows[0]))
    if (step := smallest_step(found.last - found.first + 1)) > rule.main:
        note(
            f"\nA window of {found.last - found.first + 1} year-ends is short: one level in its last year alone is a slope of {step:.2f}, more than the "
            f"{rule.main:g} that counts as no change, so that no change is hard to find (docs/power.md)"
        )
    click.echo()
    print_lulls(lulls, lull_rule)
    note("\nBreaks: 'placebo' is the mean over the years that nobody named. Methods: docs/trajectory.md")


def _print_growth(growth: Sequence[Growth]) -> None:
    """Each area beside the mean of all by the latent model."""
    rows = [
        {
            "area": g.area,
            "window": f"{g.first}-{g.last}",
            "levels a year": signed(g.slope),
            "faster/same/slower than the mean of areas %": "/".join(map(_percent, g.against_areas)),
            "than the pair's depth %": "/".join(map(_percent, g.against_pair)),
            "trait rose more %": _percent(g.trait_rose_more),
        }
        for g in growth
    ]
    if rows:
        click.echo("\nEach area beside the whole, by the latent model\n")
        emit_table(rows, list(rows[0]))


def _percent(p: float) -> str:
    return f"{100 * p:.0f}"


def _direction(d: Any, main: float) -> dict[str, str]:
    up, flat, down = d.probabilities[main]
    others = [
        f"{half:g}: {'/'.join(_percent(p) for p in d.probabilities[half])}" for half in d.probabilities if half != main
    ]
    return {
        "area": d.area,
        "slope a year (80 %)": f"{d.slope:+.2f} ({d.interval[0]:+.2f} to {d.interval[1]:+.2f})",
        "up %": _percent(up),
        "flat %": _percent(flat),
        "down %": _percent(down),
        "other regions up/flat/down": ", ".join(others),
        "faster/same/slower than the whole %": "/".join(map(_percent, d.against_whole)) if d.against_whole else "",
        "at": d.at,
    }


def _series(s: Any, named: list[int]) -> dict[str, str]:
    forms = s.acts.forms
    breaks = forms["one break"] + forms["two breaks"]
    likeliest = s.acts.likeliest
    others = [p for y, p in s.acts.years.items() if y not in named]
    told = s.reporting.forms["one break"] + s.reporting.forms["two breaks"]
    return {
        "area": s.area,
        "years": f"{min(s.counts)}-{max(s.counts)}",
        "none %": _percent(forms["none"]),
        "trend %": _percent(forms["trend"]),
        "break %": _percent(breaks),
        "likeliest": f"{likeliest} ({_percent(s.acts.years[likeliest])} %)" if likeliest else "",
        **{str(y): _percent(s.acts.years[y]) if y in s.acts.years else "" for y in named},
        "placebo": _percent(sum(others) / len(others)) if others else "",
        "break in pages %": _percent(told),
        "reading": s.reading,
    }


def _strand(s: Any) -> dict[str, str]:
    slope = f"{signed(s.slope)} ({' to '.join(map(signed, s.interval))})" if s.interval else s.why
    return {
        "strand": s.id,
        "unit": s.unit,
        "known on": f"{len(s.events)} of {s.acts} acts",
        "slope a year (80 %)": slope,
        "rises %": _percent(s.rises) if s.rises is not None else "",
    }


def _as_json(found: Any, named: dict[int, str]) -> dict[str, Any]:
    return {
        "window": [found.first, found.last],
        "record_version": found.record_version,
        "draws": found.draws,
        "seed": found.seed,
        "directions": [
            {
                "area": d.area,
                "slope": round(d.slope, 4),
                "interval": [round(v, 4) for v in d.interval],
                "probabilities": {
                    f"{half:g}": dict(zip(("expansion", "plateau", "decline"), map(_round, shares), strict=True))
                    for half, shares in d.probabilities.items()
                },
                "against_whole": dict(zip(("faster", "same", "slower"), map(_round, d.against_whole), strict=True))
                if d.against_whole
                else None,
                "at": d.at or None,
            }
            for d in found.directions
        ],
        "left_out": dict(found.left_out),
        "acts": [
            {
                "area": s.area,
                "counts": {str(y): n for y, n in s.counts.items()},
                "pages": {str(y): n for y, n in s.pages.items()},
                "forms": {k: _round(p) for k, p in s.acts.forms.items()},
                "years": {str(y): _round(p) for y, p in s.acts.years.items()},
                "reporting_forms": {k: _round(p) for k, p in s.reporting.forms.items()},
                "pages_an_act_forms": {k: _round(p) for k, p in s.telling.forms.items()},
                "reading": s.reading or None,
            }
            for s in found.series
        ],
        "strands": [
            {
                "strand": s.id,
                "unit": s.unit,
                "known": len(s.events),
                "acts": s.acts,
                "means": {str(y): _round(m) for y, m in s.means.items()},
                "slope": _round(s.slope) if s.slope is not None else None,
                "interval": [_round(v) for v in s.interval] if s.interval else None,
                "rises": s.rises,
                "why": s.why or None,
                "events": list(s.events),
            }
            for s in found.strands
        ],
        "named": {str(y): what for y, what in sorted(named.items())},
    }


def _round(p: float) -> float:
    return round(p, 4)
