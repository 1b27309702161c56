"""The latent model's view of a pair: estimates of levels and growth, with the fit that they come from."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.domain.estimate import Estimates, Growth, LevelEstimate

APART = 1.0
"""Distance between the medians of two routes beyond which they are said to be apart."""


@dataclass(frozen=True, slots=True)
class LatentFit:
    """One fit of the latent model to the answers of all pairs, and whether it may be believed."""

    spec_hash: str
    data_hash: str
    seed: int
    answers: int
    rhat: float
    """Largest, over every number of the model."""
    ess: float
    """Smallest bulk effective sample size."""
    divergences: int
    checks: int
    """Posterior predictive checks made."""
    reasons: tuple[str, ...]
    """Why its estimates are not established; empty when they are."""
    notes: tuple[str, ...]
    """What was left out and why."""

    @property
    def established(self) -> bool:
        """Whether every gate was passed."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class LatentEstimates:
    """What a fit says of one pair."""

    fit: LatentFit
    estimates: Estimates
    growth: tuple[Growth, ...]
    """Each area beside the whole, over the windows of the codebook."""

    def growth_over(self, years: int) -> tuple[Growth, ...]:
        """Growth over the window nearest in length to ``years``."""
        lengths = sorted({g.last - g.first + 1 for g in self.growth}, key=lambda n: (abs(n - years), n))
        return tuple(g for g in self.growth if g.last - g.first + 1 in lengths[:1])


def far_apart(first: LevelEstimate, second: LevelEstimate) -> bool:
    """Whether two estimates of one level have medians more than one level from each other."""
    return abs(first.median - second.median) > APART
