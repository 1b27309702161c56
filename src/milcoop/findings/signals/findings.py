"""Message against substance for one pair and window: from evidence to the findings and the tables behind them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import MEASURES, Component
from milcoop.domain.signals import ActScore, ComponentUse, Interval, Signals, SignalYear, WeightUse
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.act_findings import SERVICES, Scored, act_findings, jointness
from milcoop.findings.signals.acts import Context, measure
from milcoop.findings.signals.concern_findings import concern_findings, declined_findings, find_declined
from milcoop.findings.signals.concerns import named_concerns, use_concerns
from milcoop.findings.signals.scores import score_acts, vary
from milcoop.findings.signals.word_findings import ENDS, word_findings
from milcoop.findings.signals.words import Tally, standardised, tally

Floats = NDArray[np.float64]
RULE = "signalling"


def find_signals(evidence: Evidence) -> Signals:
    """Everything that ``milcoop signals`` says, by the rules of docs/signals.md."""
    codebook = evidence.codebook
    rule = codebook.signalling[RULE]
    context = Context(evidence, rule)
    scores, variants = {}, {}
    for score in ("operational", "message"):
        components = [c for c in codebook.signals.values() if c.score == score]
        raws = [measure(c, context) for c in components]
        scores[score] = score_acts(components, raws, rule.known_share)
        variants[score] = vary(scores[score], raws, rule.weight_step, rule.known_step)
    scored = Scored(evidence, rule, context.acts, scores, variants)
    values = scores["operational"].values()
    points = {i: float(v) for i, v in zip(scored.ids, values, strict=True) if np.isfinite(v)}
    words = tally(evidence, "words", tuple(codebook.words.values()), {})
    deeds = tally(evidence, "deeds", tuple(codebook.deeds.values()), points)
    named = named_concerns(evidence, rule)
    uses, declined = use_concerns(named, evidence), find_declined(evidence, rule)
    found = [
        *act_findings(scored),
        *word_findings(evidence, rule, words, deeds, scored.trend_years(rule.trend_years)),
        *concern_findings(evidence, rule, named, uses),
        *declined_findings(evidence, rule, declined),
    ]
    return Signals(
        found=evidence.found("signals", found),
        trend=scored.trend_years(rule.trend_years),
        acts=_acts(scored),
        years=_years(scored, words, deeds),
        components=tuple(u for score in scores for u in _components(scored, score)),
        weights=tuple(u for t in (words, deeds) for u in _weights(t)),
        concerns=uses,
        declined={s: declined[s] for s in evidence.dyad.states},
    )


def _acts(scored: Scored) -> tuple[ActScore, ...]:
    parts = {}
    for name, scores in scored.scores.items():
        parts[name] = (scores.values(), *scores.bounds(), scores.unknown())
    return tuple(
        ActScore(
            event.id,
            event.when.start.year,
            _interval(parts["operational"], i),
            _interval(parts["message"], i),
            float(parts["operational"][3][i]),
            float(parts["message"][3][i]),
            jointness(event, scored.rule),
        )
        for i, event in enumerate(scored.acts)
    )


def _interval(parts: tuple[Floats, Floats, Floats, Floats], i: int) -> Interval:
    return Interval(_number(parts[0][i]), float(parts[1][i]), float(parts[2][i]))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _years(scored: Scored, words: Tally, deeds: Tally) -> tuple[SignalYear, ...]:
    both = words.full & deeds.full
    sums = [[t.yearly(t.weights(end)) for end in ENDS] for t in (words, deeds)]
    standard = [standardised(s[1], both) for s in sums]
    values = scored.scores["operational"].values()
    field = next((c.field for c in scored.scores["operational"].components if c.measure == SERVICES), None) or ""
    services = [(e.when.start.year, e.id, len(set(e.values(field)))) for e in scored.acts if e.values(field)]
    found = []
    for i, year in enumerate(scored.evidence.years):
        mask = scored.years == year
        told = [(name, n) for y, name, n in services if y == year]
        scores = values[mask & np.isfinite(values)]
        searched = scored.evidence.monitored(scored.families, year)
        spans = [
            Interval(float(s[1][i]), float(s[0][i]), float(s[2][i])) if t.searched[i] else None
            for s, t in zip(sums, (words, deeds), strict=True)
        ]
        shown = [float(s[i]) if s is not None and both[i] else None for s in standard]
        found.append(
            SignalYear(
                year=year,
                acts=scored.chosen(mask),
                frequency=int(mask.sum()) if searched else None,
                operational=float(scores.mean()) if len(scores) else None,
                services=sum(n for _, n in told) / len(told) if told else None,
                services_known=tuple(i for i, _ in told),
                words=spans[0],
                word_events=tuple(words.ids([year])),
                deeds=spans[1],
                deed_events=tuple(deeds.ids([year])),
                words_standard=shown[0],
                deeds_standard=shown[1],
            )
        )
    return tuple(found)


def _components(scored: Scored, score: str) -> list[ComponentUse]:
    scores = scored.scores[score]
    slopes = scored.depth(scores, scored.rule.trend_years).components
    found = []
    for i, c in enumerate(scores.components):
        known = scores.best[scores.known[:, i], i]
        mean = float(known.mean()) if len(known) else None
        found.append(ComponentUse(c.id, score, c.label, rule_in_words(c), c.weight, len(known), mean, slopes[i]))
    return found


def rule_in_words(c: Component) -> str:
    """What a component measures and what counts nought and one, with its numbers as they are."""
    what = f"{MEASURES[c.measure]} ({c.field})" if c.field else MEASURES[c.measure]
    if c.points:
        return f"{what}: " + ", ".join(f"{value} {points:g}" for value, points in c.points.items())
    if c.amounts:
        return f"{what}: " + ", ".join(f"{kind} {low:g} to {high:g}" for kind, (low, high) in c.amounts.items())
    more = [
        f"within {c.within:g}" if c.within else "",
        f"from {c.away:g} km" if c.away else "",
        f"{c.years} years back" if c.years else "",
    ]
    return f"{what}: {c.zero:g} is 0, {c.full:g} is 1" + "".join(f", {m}" for m in more if m)


def _weights(tally: Tally) -> list[WeightUse]:
    return [
        WeightUse(e.id, tally.kind, e.label, e.low, e.best, e.high, tuple(x.id for x in tally.events[e.id]))
        for e in tally.entries
    ]
