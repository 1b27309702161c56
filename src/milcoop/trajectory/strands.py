"""Strands of joint activity: frequency, quality, geography, complexity, each with a slope of its own.

More exercises need not be better ones. Each strand is a least-squares line through the acts of a window (through yearly
numbers for frequency); its interval comes from resampling acts, each drawn a Poisson(1) number of times. An act whose field
no page tells is left out of that strand, and how many were left in stands beside.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.loader import Codebook
from milcoop.codebook.trajectory_rule import Strand as StrandSpec
from milcoop.codebook.trajectory_rule import StrandRule
from milcoop.domain.assessment import Assessment
from milcoop.domain.event import Event
from milcoop.domain.path import Strand
from milcoop.record.selection import select_events

RESAMPLINGS = 2000

Floats = NDArray[np.float64]


def find_strands(
    assessment: Assessment, rule: StrandRule, codebook: Codebook, years: range, seed: int
) -> tuple[Strand, ...]:
    """Slope of every strand over the window; a year that has not ended at the assessment's date is left out."""
    ended = (assessment.as_of + timedelta(days=1)).year - 1
    years = range(years[0], min(years[-1], ended) + 1)
    chosen = select_events(assessment.events, rule.select, assessment.scale)
    acts = [e for e in chosen if e.when.start.year in years]
    without = _years_without_level(assessment, rule, years)
    return tuple(_strand(spec, acts, rule, codebook, years, without, seed) for spec in rule.of)


def _years_without_level(assessment: Assessment, rule: StrandRule, years: range) -> int:
    areas = {a.id for a in assessment.scale.areas if set(rule.select.families) & set(a.families)}
    rated = {r.year for r in assessment.ratings if r.area in areas and r.level is not None}
    return len(set(years) - rated)


def _strand(
    spec: StrandSpec, acts: list[Event], rule: StrandRule, codebook: Codebook, years: range, without: int, seed: int
) -> Strand:
    known = [(e, v) for e in acts if (v := _value(spec, e, codebook)) is not None]
    when = np.array([e.when.start.year for e, _ in known], dtype=float)
    means = _yearly(spec, known, years)
    why = ""
    if without:
        why = f"no level in {without} of {len(years)} years"
    elif len(known) < rule.acts or len(means) < rule.years:
        why = f"known on {len(known)} acts in {len(means)} years; at least {rule.acts} in {rule.years} are needed"
    ids = tuple(e.id for e, _ in known)
    if why:
        return Strand(spec.id, spec.unit, ids, len(acts), means, None, None, None, why)
    weights = np.vstack([np.ones(len(known)), np.random.default_rng(seed).poisson(1, (RESAMPLINGS, len(known)))])
    if spec.field is None:
        slopes = slope_of_counts(weights, when, years)
    else:
        slopes = slope_of_values(weights, when, np.array([v for _, v in known]))
    again = slopes[1:][np.isfinite(slopes[1:])]
    low, high = np.quantile(again, [0.1, 0.9])
    return Strand(
        spec.id,
        spec.unit,
        ids,
        len(acts),
        means,
        float(slopes[0]),
        (float(low), float(high)),
        float((again > 0).mean()),
    )


def _value(spec: StrandSpec, event: Event, codebook: Codebook) -> float | None:
    """The act's value on the strand, the mean where sources conflict; None where no page tells."""
    if spec.field is None:
        return 1.0
    coded = event.values(spec.field)
    if not coded:
        return None
    kind = codebook.fields[spec.field].kind
    if kind == "list":
        return float(len(set(coded)))
    if kind == "number":
        return fmean(float(v) for v in coded)
    return fmean(v in spec.values for v in coded)


def _yearly(spec: StrandSpec, known: list[tuple[Event, float]], years: range) -> dict[int, float]:
    by_year = {y: [v for e, v in known if e.when.start.year == y] for y in years}
    if spec.field is None:
        return {y: float(len(values)) for y, values in by_year.items()}
    return {y: fmean(values) for y, values in by_year.items() if values}


def slope_of_counts(weights: Floats, when: Floats, years: range) -> Floats:
    """Slope a year of the weighted number of acts, years without an act included; one for each row of weights."""
    t = np.arange(len(years)) - (len(years) - 1) / 2
    counts = weights @ (when[:, None] == np.array(years))
    found: Floats = counts @ t / (t @ t)
    return found


def slope_of_values(weights: Floats, when: Floats, values: Floats) -> Floats:
    """Weighted least-squares slope a year of the acts' values, a row of weights each; nan where one year has all weight."""
    total = weights.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = when - weights @ when[:, None] / total
        v = values - weights @ values[:, None] / total
        found: Floats = (weights * t * v).sum(axis=1) / (weights * t * t).sum(axis=1)
    return found
