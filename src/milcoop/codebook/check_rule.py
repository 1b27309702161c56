"""How the checks vary what a level rests on, as data."""

from __future__ import annotations

from pydantic import model_validator

from milcoop.codebook.entries import Entry, UncertaintyRule


class CheckRule(Entry):
    """What the sensitivity of levels is computed over (docs/checks.md)."""

    id: str
    draws: int
    """Redraws of each variation."""
    weights: tuple[str, ...]
    """Numbers of the entry ``uncertainty`` that are multiplied by each factor."""
    factors: tuple[float, ...]
    shown: float
    """Least shift of a level's probability that the report shows."""
    why: str

    @model_validator(mode="after")
    def _known(self) -> CheckRule:
        unknown = set(self.weights) - set(UncertaintyRule.model_fields)
        if unknown:
            raise ValueError(f"'uncertainty' has no weight {', '.join(sorted(unknown))}")
        return self
