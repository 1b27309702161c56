"""Words of likelihood bound to probabilities (US Intelligence Community Directive 203)."""

from __future__ import annotations

BANDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)
"""Upper bound of probability -> words of likelihood."""


def likelihood(p: float) -> str:
    """Words of likelihood for a probability, by ICD 203's seven bands."""
    return next(words for bound, words in BANDS if p < bound)


def chance(p: float) -> str:
    """A probability as a percentage; the ends are never certain."""
    return "over 99%" if p > 0.995 else "under 1%" if p < 0.005 else f"{p:.0%}"
