"""Which method is shipped for a target: the best baseline, or one of ours where it beats it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from statistics import fmean
from typing import Any

from milcoop.codebook.forecast_rule import ForecastRule
from milcoop.domain.forecast import Backtest, Case
from milcoop.trajectory.forecasting.scores import ranked_score

CHOSEN_FILE = files("milcoop.trajectory") / "data" / "chosen.json"
"""Derived data, rebuilt by tools/backtest.py."""


def choose_methods(cases: Sequence[Case], rule: ForecastRule) -> dict[str, str]:
    """Target -> method with the lowest mean score; ours only when below the best baseline.

    Targets with fewer cases than the rule asks keep the default.
    """
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        scores[case.target][case.method].append(ranked_score(case.forecast, case.outcome))
    chosen = {}
    for target, by_method in scores.items():
        means = {method: fmean(values) for method, values in by_method.items()}
        best = min(rule.baselines, key=lambda m: means[m])
        ours = min((m for m in means if m not in rule.baselines), key=lambda m: means[m])
        enough = len(by_method[best]) >= rule.backtest.fewest_cases
        chosen[target] = rule.default if not enough else ours if means[ours] < means[best] else best
    return chosen


@dataclass(frozen=True, slots=True)
class Choice:
    """Methods chosen from outcomes on record by a day; targets without one keep the default."""

    methods: Mapping[str, str]
    day: str
    """The day; empty where no outcome was on record."""
    dyads: int
    """Continuously monitored pairs behind it."""


def read_choice(on: date) -> Choice:
    """The choice that ships with the package for a reference date: the last one made by that day."""
    held = json.loads(CHOSEN_FILE.read_text("utf-8"))
    days = [day for day in held["chosen"] if day <= on.isoformat()]
    if not days:
        return Choice({}, "", 0)
    return Choice(held["chosen"][max(days)], max(days), len(held["dyads"]))


def choice_to_json(found: Backtest) -> dict[str, Any]:
    """What ships: the choice by day, and the scores behind the last one."""
    scores: dict[str, dict[str, list[float]]] = defaultdict(dict)
    for s in found.scores:
        scores[s.target][s.method] = [s.cases, round(s.score, 4), round(s.log_score, 4)]
    return {
        "record_version": found.record_version,
        "codebook_version": found.codebook_version,
        "dyads": list(found.dyads),
        "chosen": {day: dict(methods) for day, methods in found.chosen.items() if methods},
        "scores": scores,
    }
