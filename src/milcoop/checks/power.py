"""Would the trajectory methods find a change of a given size? Series at the record's noise, through the real code (docs/checks.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.trajectory_rule import TrajectoryRule
from milcoop.domain.assessment import Assessment
from milcoop.trajectory.breaks import find_breaks
from milcoop.trajectory.direction import find_direction, slope_of

Floats = NDArray[np.float64]
GROWTH, FLAT, DECLINE = "expansion", "no change", "decline"
ANSWERS = (GROWTH, FLAT, DECLINE)


@dataclass(frozen=True)
class Noise:
    """How far redraws of levels stray: residual paths of each area over the run of years in which it has a level."""

    residuals: Mapping[str, Floats]
    """Area -> redraws less their median path, shape (draws, years)."""
    top: int
    """Highest level of the scale."""

    @property
    def spread(self) -> dict[str, float]:
        """Area -> standard deviation of a redraw around the median path, levels."""
        return {area: float(r.std()) for area, r in self.residuals.items()}

    def window(self, years: int, rng: np.random.Generator) -> Floats:
        """Residuals of a random area with enough years, over a random run of years; areas weigh the same."""
        able = [r for r in self.residuals.values() if r.shape[1] >= years]
        if not able:
            raise ValueError(f"found no area with {years} years of levels, expected one")
        of = able[rng.integers(len(able))]
        start = rng.integers(of.shape[1] - years + 1)
        window: Floats = of[:, start : start + years]
        return window


def measure_noise(assessment: Assessment, levels: Mapping[str, Floats]) -> Noise:
    """Noise of an assessment's redraws; ``levels`` are by area, draws by the assessment's years."""
    first = assessment.years[0]
    residuals = {}
    for area in assessment.scale.areas:
        rated = {r.year for r in assessment.ratings if r.area == area.id and r.level is not None}
        year = max(rated, default=first)
        while year - 1 in rated:
            year -= 1
        if rated:
            paths = levels[area.id][:, year - first : max(rated) - first + 1]
            residuals[area.id] = paths - np.median(paths, axis=0)
    return Noise(residuals, len(assessment.scale.levels) - 1)


@dataclass(frozen=True, slots=True)
class DirectionPower:
    """How often each answer was found for one true effect and window."""

    effect: float
    """True slope, levels a year."""
    years: int
    simulations: int
    shares: Mapping[str, float]
    """Answer -> share of simulations in which it has a probability above one half."""

    @property
    def undecided(self) -> float:
        """Share in which no answer has."""
        return 1 - sum(self.shares.values())


def direction_power(
    noise: Noise, effect: float, years: int, rule: TrajectoryRule, simulations: int, seed: int
) -> DirectionPower:
    """Answers for a true slope over a window of ``years`` year-ends."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(simulations):
        depth = effect * np.arange(years, dtype=float)
        truth = _whole_levels(depth, noise.top, rng)
        found.append(_answer(_redraws(truth, noise, rng), rule))
    return DirectionPower(effect, years, simulations, {a: found.count(a) / simulations for a in ANSWERS})


@dataclass(frozen=True, slots=True)
class RegimePower:
    """How often growth and then a plateau were found."""

    effect: float
    grown: float
    """Share in which the years of growth are called expansion."""
    level: float
    """Share in which the years after are called no change."""
    both: float


def regime_power(
    noise: Noise, effect: float, grows: int, flat: int, rule: TrajectoryRule, simulations: int, seed: int
) -> RegimePower:
    """Growth of ``effect`` a year for ``grows`` years, then none for ``flat``; both windows hold the turning year-end."""
    rng = np.random.default_rng(seed)
    grown, level = [], []
    for _ in range(simulations):
        depth = effect * np.minimum(np.arange(grows + flat + 1, dtype=float), grows)
        paths = _redraws(_whole_levels(depth, noise.top, rng), noise, rng)
        grown.append(_answer(paths[:, : grows + 1], rule) == GROWTH)
        level.append(_answer(paths[:, grows:], rule) == FLAT)
    both = np.array(grown) & np.array(level)
    return RegimePower(effect, float(np.mean(grown)), float(np.mean(level)), float(both.mean()))


def _whole_levels(depth: Floats, top: int, rng: np.random.Generator) -> Floats:
    """Whole levels that follow a depth: it begins anywhere that keeps it inside the scale, and is cut down to the rung met."""
    room = max(top - float(depth.max() - depth.min()), 0.0)
    start = rng.uniform(0, room) - float(depth.min())
    levels: Floats = np.clip(np.floor(start + depth + rng.random()), 0, top)
    return levels


def _redraws(truth: Floats, noise: Noise, rng: np.random.Generator) -> Floats:
    """Redraws around a centre that itself errs by one of the residual paths."""
    residuals = noise.window(len(truth), rng)
    of_centre = rng.integers(len(residuals))
    others = np.delete(residuals, of_centre, axis=0)
    paths: Floats = np.clip(truth + others - residuals[of_centre], 0, noise.top)
    return paths


def _answer(paths: Floats, rule: TrajectoryRule) -> str:
    years = range(paths.shape[1])
    found = find_direction("made-up", years, paths, None, rule.regions, rule.main, int(paths.max()) + 1)
    return likelier_than_not(found.probabilities[rule.main])


def likelier_than_not(shares: Sequence[float]) -> str:
    """The answer with a probability above one half; empty where none has."""
    return next((a for a, p in zip(ANSWERS, shares, strict=True) if p > 0.5), "")


def true_answer(levels: Sequence[float], half: float) -> tuple[float, str]:
    """Slope of a known path of levels, and its answer under an equivalence region of this half width."""
    slope = float(slope_of(np.array([levels], dtype=float))[0])
    return slope, GROWTH if slope > half else DECLINE if slope < -half else FLAT


@dataclass(frozen=True, slots=True)
class BreakPower:
    """How often a break was called in yearly acts, and where."""

    rate: float
    """Acts a year on record before the change."""
    factor: float
    """Rate after the change over that before; for a trend, at the end over that at the beginning."""
    called: float
    """Share of series with a break likelier than none."""
    near: float
    """Share with the likeliest year within two of the true one."""
    none: float
    """Share in which 'none' is the likeliest form."""


def break_power(
    rate: float,
    factor: float,
    dispersion: float,
    years: int,
    priors: Mapping[str, float],
    simulations: int,
    seed: int,
    *,
    steady: bool = False,
) -> BreakPower:
    """Yearly acts at a rate, multiplied by ``factor`` from the middle year on, or ``steady``-ly over all years.

    ``dispersion`` is the variance over the mean; above one, counts are negative binomial.
    """
    rng = np.random.default_rng(seed)
    t = np.arange(years)
    rates = rate * (factor ** (t / (years - 1)) if steady else np.where(t >= years // 2, factor, 1.0))
    called = near = none = 0
    for _ in range(simulations):
        mean = rates if dispersion <= 1 else rng.gamma(rates / (dispersion - 1), dispersion - 1)
        found = find_breaks(dict(enumerate(rng.poisson(mean).tolist())), priors)
        called += found.likeliest is not None
        near += found.likeliest is not None and abs(found.likeliest - years // 2) <= 2
        none += max(found.forms, key=lambda f: found.forms[f]) == "none"
    return BreakPower(rate, factor, called / simulations, near / simulations, none / simulations)
