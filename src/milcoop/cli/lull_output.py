"""How lulls are printed by ``milcoop trajectory``."""

from __future__ import annotations

from typing import Any

import click

from milcoop.cli.output import emit_table


def print_lulls(found: Any, rule: Any) -> None:
    """Each lull with its lines of evidence, readings and answer."""
    click.echo(f"Lulls of {found.series}: circumstances or will?\n")
    if found.why_not:
        click.echo(f"Not looked for: {found.why_not}.")
        return
    spans = ", ".join(f"{first} to {last}" for first, last in found.runs)
    if not found.lulls:
        click.echo(f"No lull in {spans}: no window of whole years lies clearly below the years around it.")
        click.echo(f"Closest: {_closest(found)}.")
        return
    for lull in found.lulls:
        _print_lull(lull, rule)


def _closest(found: Any) -> str:
    if found.closest is None:
        return "none has half or less of what either side led to expect"
    c = found.closest
    needed = "" if _finite(found.threshold) is None else f" (a lull needs less than {found.threshold:.2f})"
    return f"{c.start} to {c.end} with {c.count:.3g} {'act' if c.count == 1 else 'acts'}, z {c.z:.2f}{needed}"


def _print_lull(lull: Any, rule: Any) -> None:
    around = "before, since too little after it is on record" if lull.open_end else "around"
    click.echo(
        f"{lull.start} to {lull.end}: {lull.count:.3g} acts where the years {around} led to expect {lull.expected:.3g} (z {lull.z:.2f})"
    )
    click.echo(f"shocks that speak for circumstances: {', '.join(lull.shocks) or 'none'}\n")
    rows = [
        {
            "line": line.what,
            "found": f"{line.count:.3g}" if not line.why_not else line.why_not,
            "expected": f"{line.expected:.3g}" if not line.why_not else "",
            "reporting": f"x {line.reporting:.2f}" if not line.why_not else "",
            **{r.id: _times(line, r.id, rule) for r in rule.readings},
            "note": line.note,
        }
        for line in lull.lines
    ]
    emit_table(rows, list(rows[0]))
    click.echo("\nreading: prior -> probability")
    for reading in rule.readings:
        share = lull.posterior[reading.id]
        click.echo(f"  {reading.id}: {lull.priors[reading.id]:.0%} -> {share:.0%}  ({reading.what})")
    first, second = sorted(lull.posterior, key=lambda r: -lull.posterior[r])[:2]
    ratio = lull.likelihood_ratio(first, second)
    click.echo(f"likelihood ratio of {first} to {second}: {ratio:.3g}")
    click.echo(f"answer: {lull.answer}")
    if lull.tell_apart:
        click.echo("what tells the two leading readings apart:")
        for text in lull.tell_apart:
            click.echo(f"  {text}")
    click.echo()


def _times(line: Any, reading: str, rule: Any) -> str:
    """Likelihood ratio of a reading to the best of the line."""
    if not line.log_likelihoods:
        return ""
    from math import exp

    return f"{exp(line.log_likelihoods[reading] - max(line.log_likelihoods.values())):.2f}"


def lulls_as_json(found: Any) -> dict[str, Any]:
    """The lull test with all that was counted."""
    c = found.closest
    return {
        "series": found.series,
        "runs": [list(r) for r in found.runs],
        "acts": found.acts,
        "dispersion": round(found.dispersion, 4),
        "threshold": _finite(found.threshold),
        "why_not": found.why_not or None,
        "closest": {"start": c.start, "end": c.end, "count": round(c.count, 4), "z": round(c.z, 4)} if c else None,
        "lulls": [
            {
                "start": lull.start,
                "end": lull.end,
                "months": lull.months,
                "count": round(lull.count, 4),
                "expected": round(lull.expected, 4),
                "z": round(lull.z, 4),
                "open_end": lull.open_end,
                "shocks": list(lull.shocks),
                "lines": [
                    {
                        "line": line.id,
                        "what": line.what,
                        "count": round(line.count, 4),
                        "expected": round(line.expected, 4),
                        "base_count": round(line.base_count, 4),
                        "reporting": round(line.reporting, 4),
                        "expects": dict(line.expects),
                        "log_likelihoods": {k: round(v, 4) for k, v in line.log_likelihoods.items()} or None,
                        "why_not": line.why_not or None,
                        "note": line.note or None,
                        "events": list(line.events),
                        "base_events": list(line.base_events),
                    }
                    for line in lull.lines
                ],
                "priors": dict(lull.priors),
                "posterior": {k: round(p, 4) for k, p in lull.posterior.items()},
                "answer": lull.answer,
                "tell_apart": list(lull.tell_apart),
            }
            for lull in found.lulls
        ],
    }


def _finite(value: float | None) -> float | None:
    """A number that JSON can hold; null for none and for infinity."""
    return None if value is None or value == float("inf") else round(value, 4)
