"""A measurement: what the latent model says about a panel, and whether it may be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHARES = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
"""Shares of the posterior below which quantiles are given."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Posterior summary of one number."""

    of: str
    """``state``, ``group``, ``loading``, ``cutpoint``, ``intercept``, ``spread``, ``severity``, ``reliability``, ``step``."""
    name: str
    """Unit, group, item or rater; empty for numbers of the whole."""
    at: int | None
    """Time of a state, number of a cutpoint; else None."""
    mean: float
    sd: float
    quantiles: Mapping[float, float]
    """Share below (``SHARES``) -> value."""
    rhat: float
    ess: float


@dataclass(frozen=True, slots=True)
class Misfit:
    """One posterior predictive check that the model fails."""

    check: str
    what: str
    """The failure in words, naming unit, item or rater."""
    observed: float
    expected: float
    """Mean over replications."""
    p: float
    """Tail probability times the number of checks of its kind."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Result of one fit with everything that made it."""

    id: str
    spec_hash: str
    data_hash: str
    version: str
    seed: int
    answers: int
    quantities: tuple[Quantity, ...]
    divergences: int
    checks: int
    """Number of posterior predictive checks made."""
    misfits: tuple[Misfit, ...]
    reasons: tuple[str, ...]
    """Why the estimates are not established; empty when they are."""
    notes: tuple[str, ...]
    seconds: float

    @property
    def established(self) -> bool:
        """Whether every gate was passed."""
        return not self.reasons

    @property
    def rhat(self) -> float:
        """Largest R-hat."""
        return max(q.rhat for q in self.quantities)

    @property
    def ess(self) -> float:
        """Smallest bulk effective sample size."""
        return min(q.ess for q in self.quantities)
