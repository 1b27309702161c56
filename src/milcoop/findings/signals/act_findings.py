"""Findings on the acts: jointness, both scores, their trends, growth, and substance against message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import SignalRule
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.signals import JOINT, PARALLEL, UNKNOWN
from milcoop.findings.bounds import share_bounds
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.making import NOTHING, Ends, ends_of, make_finding
from milcoop.findings.signals.scores import Scores, Variant
from milcoop.findings.signals.trends import (
    ScoreSlope,
    Slope,
    growth,
    mean_interval,
    ranks,
    rises,
    slope_of_score,
    slope_of_sums,
)

Floats = NDArray[np.float64]
LABELS = {"operational": "operational score", "message": "message score"}
SERVICES = "values"
"""Measure of the component that stands for complexity."""


@dataclass(frozen=True)
class Scored:
    """Acts of the window with both scores and the variants of their rules."""

    evidence: Evidence
    rule: SignalRule
    acts: Sequence[Event]
    scores: Mapping[str, Scores]
    """``operational`` and ``message``."""
    variants: Mapping[str, Sequence[Variant]]

    @cached_property
    def years(self) -> NDArray[np.int64]:
        """Year of each act."""
        return np.array([e.when.start.year for e in self.acts], dtype=np.int64)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Id of each act."""
        return tuple(e.id for e in self.acts)

    @cached_property
    def families(self) -> list[str]:
        """Families of the acts."""
        return sorted(self.rule.select.named_families)

    def trend_years(self, length: int) -> range:
        """The last ``length`` ended years of the window."""
        return range(max(self.evidence.years[0], self.evidence.ended - length + 1), self.evidence.ended + 1)

    def in_years(self, years: range) -> NDArray[np.bool_]:
        """Which acts began in the years."""
        return (self.years >= years.start) & (self.years < years.stop)

    def chosen(self, mask: NDArray[np.bool_]) -> tuple[str, ...]:
        """Ids of some of the acts."""
        return tuple(i for i, kept in zip(self.ids, mask, strict=True) if kept)

    def depth(self, scores: Scores, length: int) -> ScoreSlope:
        """Slope of a score over the last ``length`` ended years."""
        mask = self.in_years(self.trend_years(length))
        return slope_of_score(
            scores.of_acts(mask), self.years[mask], self.rule.acts, self.rule.years, self.rule.trend_weight
        )

    def searched(self, length: int) -> list[int]:
        """Ended years of the trend in which exercises and operations were searched enough."""
        return [y for y in self.trend_years(length) if self.evidence.monitored(self.families, y)]

    def counts(self, length: int) -> Floats:
        """Acts of each searched year."""
        return np.array([(self.years == y).sum() for y in self.searched(length)], dtype=float)

    def frequency(self, length: int) -> Slope | None:
        """Slope of acts a year; None with too few searched years."""
        counts, years = self.counts(length), self.searched(length)
        return slope_of_sums(years, counts, counts) if len(years) >= self.rule.years else None

    def grows(
        self, scores: Scores, length: int, depth_region: float, frequency_region: float
    ) -> tuple[bool | None, bool | None]:
        """Whether acts deepen, and whether they become more frequent, under given rules; None where one cannot tell."""
        mean = float(self.counts(length).mean()) if self.searched(length) else 0.0
        deeper = rises(self.depth(scores, length).slope, depth_region)
        return deeper, rises(self.frequency(length), frequency_region * mean)

    def growth(self, scores: Scores, length: int, depth_region: float, frequency_region: float) -> str:
        """The word for growth under given rules."""
        return growth(*self.grows(scores, length, depth_region, frequency_region))

    def lean(self, operational: Scores, message: Scores, recent: int) -> Slope | None:
        """Operational rank less message rank of the last ``recent`` years' acts; None where there is nothing to compare."""
        both = operational.values(), message.values()
        told = np.isfinite(both[0]) & np.isfinite(both[1])
        late = told & (self.years > self.evidence.years[-1] - recent)
        if late.sum() < 3 or (told & ~late).sum() < 3 or told.sum() < self.rule.acts:
            return None
        gap = np.full(len(self.years), np.nan)
        gap[told] = ranks(both[0][told]) - ranks(both[1][told])
        return mean_interval(gap[late])


def jointness(event: Event, rule: SignalRule, without: str | None = None) -> str:
    """``joint``, ``side by side`` or ``unknown`` by the coded fields; conflicting values are joint.

    ``without`` leaves one field out of what makes an act joint.
    """
    if any(set(event.values(f)) & set(v) for f, v in rule.jointness.joint.items() if f != without):
        return JOINT
    return PARALLEL if any(set(event.values(f)) & set(v) for f, v in rule.jointness.parallel.items()) else UNKNOWN


def act_findings(scored: Scored) -> list[Finding]:
    """All findings on the acts."""
    found = _joint(scored)
    for score in LABELS:
        found += _score(scored, score)
    return [*found, _complexity(scored), _frequency(scored), _growth(scored), _lean(scored)]


def _joint(scored: Scored) -> list[Finding]:
    rule, evidence = scored.rule, scored.evidence
    verdicts = [jointness(e, rule) for e in scored.acts]
    moved = [
        Moved(
            "signalling.signalling.jointness.joint",
            field,
            "left out",
            _share([jointness(e, rule, field) for e in scored.acts])[0],
        )
        for field in rule.jointness.joint
    ]
    n, unknown = len(verdicts), verdicts.count(UNKNOWN)
    known = [i for i, v in zip(scored.ids, verdicts, strict=True) if v != UNKNOWN]
    share = unknown / n if n else None
    told = (
        f"{n} acts, of which {verdicts.count(JOINT)} joint, {verdicts.count(PARALLEL)} side by side, {unknown} unknown"
    )
    ends: Ends = _share(verdicts) if n else NOTHING
    return [
        make_finding(
            evidence, scored.families, "joint-share", "Joint rather than side by side", ends, "share of acts told", known,
            "pages that say how forces were commanded in acts of which none says so yet", moved,
            f"{told}; pages tell of it mostly where it was notable, so the share among the known is too high" if n else "no act on record",
        ),
        make_finding(
            evidence, scored.families, "unknown-share", "No page says whether joint or side by side", (share, share, share),
            "share of acts", [i for i, v in zip(scored.ids, verdicts, strict=True) if v == UNKNOWN],
            "pages on command, mixed units or communications of these acts", (), told if n else "no act on record",
        ),
    ]  # fmt: skip


def _share(verdicts: Sequence[str]) -> tuple[float | None, float, float]:
    return share_bounds(verdicts.count(JOINT), verdicts.count(PARALLEL), verdicts.count(UNKNOWN))


def _score(scored: Scored, score: str) -> list[Finding]:
    evidence, rule, scores = scored.evidence, scored.rule, scored.scores[score]
    low, high = scores.bounds()
    ends: Ends = (_mean(scores), float(low.mean()), float(high.mean())) if len(scored.acts) else NOTHING
    unknown = float(scores.unknown().mean()) if len(scored.acts) else None
    slope = scored.depth(scores, rule.trend_years)
    years = scored.trend_years(rule.trend_years)
    mask = scored.in_years(years)

    def trend(s: Scores) -> float | None:
        moved = scored.depth(s, rule.trend_years).slope
        return moved.value if moved else None

    means = _moved(scored, score, _mean) if len(scored.acts) else []
    trends = [*_moved(scored, score, trend), *_lengths(scored, lambda n: _value(scored.depth(scores, n).slope))]
    note = f"{years.start} to {years.stop - 1}, {int(mask.sum())} acts; {slope.share:.0%} of the weight is known on enough of them to have a slope"
    if slope.slope is None:
        note += f"; {rule.trend_weight:.0%} on {rule.acts} acts in {rule.years} years are needed"
    change = {
        "operational": "acts with known command, mixed units, larger forces or longer duration",
        "message": "acts nearer to meetings of leaders, crises or third parties, or told by more publishers",
    }[score]
    return [
        make_finding(
            evidence, scored.families, f"{score}.mean", f"Mean {LABELS[score]}", ends, "score, 0 to 1", scored.ids, change,
            means, "bounds set every unknown component to its worst and best; chance is not in them",
        ),
        make_finding(
            evidence, scored.families, f"{score}.unknown", f"Unknown share of the {LABELS[score]}", (unknown,) * 3,
            "share of the weight", scored.ids, "pages that tell the unknown fields of these acts",
        ),
        make_finding(
            evidence, scored.families, f"{score}.trend", f"Trend of the {LABELS[score]}", ends_of(slope.slope),
            "score a year", scored.chosen(mask), f"{change}, year after year", trends, note,
        ),
    ]  # fmt: skip


def _mean(scores: Scores) -> float | None:
    values = scores.values()
    return float(np.nanmean(values)) if np.isfinite(values).any() else None


def _value(slope: Slope | None) -> float | None:
    return slope.value if slope else None


def _moved(scored: Scored, score: str, value: Callable[[Scores], float | str | None]) -> list[Moved]:
    """The value under each variant of a score's rules."""
    return [Moved(v.rule, v.before, v.after, value(v.scores)) for v in scored.variants[score]]


def _lengths(scored: Scored, value: Callable[[int], float | str | None]) -> list[Moved]:
    """The value with the trend's window a step shorter and longer."""
    n, step = scored.rule.trend_years, scored.rule.trend_step
    return [Moved("signalling.signalling.trend_years", n, n + s, value(n + s)) for s in (-step, step) if n + s > 1]


def _complexity(scored: Scored) -> Finding:
    """Slope of services taking part alone, in services an act."""
    scores, n = scored.scores["operational"], scored.rule.trend_years
    at = next((i for i, c in enumerate(scores.components) if c.measure == SERVICES), None)

    def slope(length: int) -> Slope | None:
        if at is None:
            return None
        span = abs(scores.components[at].full - scores.components[at].zero)
        weights = np.zeros(len(scores.weights))
        weights[at] = 1
        alone = Scores(scores.components, weights, scores.low, scores.best, scores.high, scores.known_share)
        s = scored.depth(alone, length).slope
        return Slope(s.value * span, s.low * span, s.high * span) if s else None

    mask = scored.in_years(scored.trend_years(n))
    known = mask & scores.known[:, at] if at is not None else mask
    return make_finding(
        scored.evidence, scored.families, "complexity.trend", "Trend of complexity", ends_of(slope(n)), "services an act a year",
        scored.chosen(known), "acts with more services taking part", _lengths(scored, lambda length: _value(slope(length))),
        f"services taking part, known on {int(known.sum())} of {int(mask.sum())} acts; cut at the rule's ends",
    )  # fmt: skip


def _frequency(scored: Scored) -> Finding:
    rule = scored.rule
    years = scored.searched(rule.trend_years)
    mask = np.isin(scored.years, years)
    note = f"{int(mask.sum())} acts in {len(years)} searched years"
    return make_finding(
        scored.evidence, scored.families, "frequency.trend", "Trend of frequency", ends_of(scored.frequency(rule.trend_years)),
        "acts a year, each year", scored.chosen(mask), "more or fewer acts in the coming years",
        _lengths(scored, lambda n: _value(scored.frequency(n))),
        note if len(years) >= rule.years else f"{note}; {rule.years} are needed",
    )  # fmt: skip


def _growth(scored: Scored) -> Finding:
    rule, scores = scored.rule, scored.scores["operational"]
    depth, often, n, step = rule.depth_region, rule.frequency_region, rule.trend_years, rule.region_step
    moved = [
        Moved("signalling.signalling.depth_region", depth, v, scored.growth(scores, n, v, often))
        for v in (depth / step, depth * step)
    ]
    moved += [
        Moved("signalling.signalling.frequency_region", often, v, scored.growth(scores, n, depth, v))
        for v in (often / step, often * step)
    ]
    moved += _lengths(scored, lambda length: scored.growth(scores, length, depth, often))
    moved += _moved(scored, "operational", lambda s: scored.growth(s, n, depth, often))
    deeper, oftener = scored.grows(scores, n, depth, often)
    word = growth(deeper, oftener) if len(scored.acts) else None
    share = scored.depth(scores, n).share
    return make_finding(
        scored.evidence, scored.families, "growth", "How joint acts grow", (word, None, None), "word",
        scored.chosen(scored.in_years(scored.trend_years(n))),
        "a trend of depth or frequency whose interval leaves its region of equivalence", moved,
        f"{_said('deeper', deeper)}, {_said('more often', oftener)}; depth followed on {share:.0%} of the score; no change: depth within {depth:g} of the score a year, frequency within {often:.0%} of its mean a year",
    )  # fmt: skip


def _said(what: str, verdict: bool | None) -> str:
    return {True: what, False: f"not {what}", None: f"{what}: cannot tell"}[verdict]


def _lean(scored: Scored) -> Finding:
    rule, both = scored.rule, scored.scores
    n = rule.recent_years
    slope = scored.lean(both["operational"], both["message"], n)
    moved = _moved(scored, "operational", lambda s: _value(scored.lean(s, both["message"], n)))
    moved += _moved(scored, "message", lambda s: _value(scored.lean(both["operational"], s, n)))
    for years in (n - rule.recent_step, n + rule.recent_step):
        value = _value(scored.lean(both["operational"], both["message"], years))
        moved.append(Moved("signalling.signalling.recent_years", n, years, value))
    last = scored.evidence.years[-1]
    return make_finding(
        scored.evidence, scored.families, "substance-against-message", "Substance less message, lately", ends_of(slope),
        "rank difference, -1 to 1", scored.chosen(scored.years > last - n),
        "acts of these years that score higher on one side than their rank on the other", moved,
        f"acts of {last - n + 1} to {last}, ranked among all of the window; above nought they lean to substance" if slope
        else f"too few acts in or before the last {n} years to compare",
    )  # fmt: skip
