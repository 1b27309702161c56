"""The backtest from its cases: scores by target and method, intervals over resampled pairs, calibration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import fmean

import numpy as np

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.domain.forecast import Backtest, Case, MethodScore
from milcoop.trajectory.forecasting.scores import (
    find_calibration,
    find_pit,
    is_covered,
    log_score,
    ranked_score,
    redrawn_score,
)

CHOSEN = "chosen"
"""The rule of choice itself, scored with what it would have chosen at each origin."""


def with_chosen(cases: Sequence[Case], chosen: Mapping[str, Mapping[str, str]], default: str) -> list[Case]:
    """The cases, and for each origin, target and horizon that of the method chosen by that day, named ``chosen``."""
    picked = [
        Case(c.dyad, c.target, c.origin, c.horizon, CHOSEN, c.forecast, c.outcome, c.redrawn)
        for c in cases
        if c.method == chosen.get(c.origin.isoformat(), {}).get(c.target, default)
    ]
    return [*cases, *picked]


def summarise_backtest(
    cases: Sequence[Case],
    chosen: Mapping[str, Mapping[str, str]],
    rule: ForecastRule,
    versions: tuple[str, str],
    origins: Sequence[date],
    seed: int,
) -> Backtest:
    """Scores of every method and of the rule of choice. ``versions`` are those of record and codebook."""
    everything = with_chosen(cases, chosen, rule.default)
    dyads = tuple(sorted({c.dyad for c in cases}))
    scores = score_methods(everything, rule, seed)
    shipped = [c for c in everything if c.method == CHOSEN]
    return Backtest(
        *versions,
        origins=tuple(origins),
        dyads=dyads,
        claim=len(dyads) >= rule.backtest.fewest_dyads,
        scores=scores,
        calibration=find_calibration(shipped, rule.backtest.bins),
        pit={kind: find_pit(c for c in shipped if c.target.startswith(kind)) for kind in ("level", "count")},
        cases=tuple(everything),
        chosen=chosen,
    )


def score_methods(cases: Sequence[Case], rule: ForecastRule, seed: int) -> tuple[MethodScore, ...]:
    """Mean scores by target and method, methods from best to worst."""
    by_target: dict[str, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        by_target[case.target][case.method].append(case)
    found: list[MethodScore] = []
    for by_method in by_target.values():
        reference = by_method[rule.default]
        scored = [_score(group, reference, rule, seed) for group in by_method.values()]
        found += sorted(scored, key=lambda s: (s.score, s.method))
    return tuple(found)


def _score(cases: list[Case], reference: list[Case], rule: ForecastRule, seed: int) -> MethodScore:
    redrawn = [redrawn_score(c.forecast, c.redrawn) for c in cases if c.redrawn]
    return MethodScore(
        target=cases[0].target,
        method=cases[0].method,
        cases=len(cases),
        score=fmean(ranked_score(c.forecast, c.outcome) for c in cases),
        log_score=fmean(log_score(c.forecast, c.outcome) for c in cases),
        redrawn_score=fmean(redrawn) if redrawn else None,
        coverage={
            percent: fmean(is_covered(c.forecast, c.outcome, percent) for c in cases)
            for percent in rule.backtest.intervals
        },
        difference=resampled_difference(cases, reference, rule.backtest.resamplings, seed),
    )


def resampled_difference(
    cases: Sequence[Case], reference: Sequence[Case], resamplings: int, seed: int
) -> tuple[float, float] | None:
    """5 and 95 percent points of the mean score less the reference's, over resamplings of whole pairs; None with one pair."""
    by_dyad: dict[str, list[float]] = defaultdict(list)
    other = {(c.dyad, c.origin, c.horizon): ranked_score(c.forecast, c.outcome) for c in reference}
    for c in cases:
        by_dyad[c.dyad].append(ranked_score(c.forecast, c.outcome) - other[c.dyad, c.origin, c.horizon])
    if len(by_dyad) < 2:
        return None
    sums = np.array([sum(v) for v in by_dyad.values()])
    sizes = np.array([len(v) for v in by_dyad.values()])
    drawn = np.random.default_rng(seed).integers(0, len(sums), (resamplings, len(sums)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.05, 0.95])
    return float(low), float(high)
