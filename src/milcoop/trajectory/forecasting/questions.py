"""Forecasts as questions to be frozen, and frozen questions with what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from milcoop.domain.forecast import Distribution, Forecast
from milcoop.domain.question import BROKEN, NOT_MONITORED, OPEN, RESOLVED, Question, Resolved
from milcoop.trajectory.forecasting.scores import log_score, ranked_score

Outcomes = Mapping[tuple[str, int], tuple[float, tuple[str, ...]]]


def make_questions(
    forecast: Forecast, persistence: Mapping[tuple[str, int], Distribution], today: date
) -> tuple[Question, ...]:
    """Every target and horizon whose day has not come; ``persistence`` by target and horizon."""
    return tuple(
        Question(
            dyad=forecast.dyad,
            target=t.target,
            label=t.label,
            frozen_on=today.isoformat(),
            reference_date=forecast.reference_date.isoformat(),
            target_end_date=forecast.end_of(h).isoformat(),
            method=t.method,
            record_version=forecast.record_version,
            values=d.values,
            probabilities=d.rounded(),
            persistence=persistence[t.target, h].rounded(),
        )
        for t in forecast.targets
        for h, d in t.by_horizon.items()
        if forecast.end_of(h) > today
    )


def resolve_question(question: Question, holds: bool, outcomes: Outcomes, record_ends: date) -> Resolved:
    """A question with its outcome and scores; an edited one is never scored, nor one whose day the record does not reach."""
    if not holds:
        return Resolved(question, BROKEN)
    ends = date.fromisoformat(question.target_end_date)
    if ends > record_ends:
        return Resolved(question, OPEN)
    if (question.target, ends.year) not in outcomes:
        return Resolved(question, NOT_MONITORED)
    outcome, ids = outcomes[question.target, ends.year]
    return Resolved(
        question,
        RESOLVED,
        outcome,
        ids,
        ranked_score(question.forecast, outcome),
        ranked_score(question.baseline, outcome),
        log_score(question.forecast, outcome),
    )
