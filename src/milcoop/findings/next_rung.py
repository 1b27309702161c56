"""What is missing for the next rung, and what the level rests on."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.codebook.scale import Area
from milcoop.domain.rating import CriterionResult, Rating


@dataclass(frozen=True, slots=True)
class NextRung:
    """The rung above a level: its name, and its criteria met and not met."""

    level: int
    label: str
    met: tuple[CriterionResult, ...]
    missing: tuple[CriterionResult, ...]


def find_next_rung(rating: Rating, area: Area) -> NextRung | None:
    """The rung above a rating's level; None at the top or where there is no level."""
    if rating.level is None:
        return None
    rung = next((r for r in area.rungs if r.level > rating.level), None)
    if rung is None:
        return None
    results = [c for c in rating.criteria if c.level == rung.level]
    return NextRung(
        rung.level,
        rung.label,
        tuple(c for c in results if c.met),
        tuple(c for c in results if not c.met),
    )
