"""Phrases that several chapters share."""

from __future__ import annotations

from datetime import date

from milcoop.domain.likelihood import chance as chance
from milcoop.domain.likelihood import likelihood as likelihood
from milcoop.domain.rating import NOT_APPLICABLE, NOT_MONITORED, PARTLY, Rating
from milcoop.report.blocks import Part, Ref
from milcoop.report.inputs import ReportInputs


def level_ref(rating: Rating) -> Ref:
    """A level as a figure that opens its rating: criteria, then events."""
    return Ref(f"{rating.level}", (rating.id,))


def level_phrase(rating: Rating) -> tuple[Part, ...]:
    """``level 4 (moderate-high)``, or why there is none."""
    if rating.level is None:
        return (rating.coverage,)
    partly = ", partly monitored" if rating.coverage == PARTLY else ""
    return ("level ", level_ref(rating), f" ({rating.label}{partly})")


def area_name(inputs: ReportInputs, area_id: str) -> str:
    """English name of an area, lower case for running text."""
    return lower_first(inputs.assessment.scale.area(area_id).label.en)


def lower_first(label: str) -> str:
    """A label for the middle of a sentence."""
    return label[0].lower() + label[1:]


def is_rated(rating: Rating) -> bool:
    """Whether a level is given."""
    return rating.coverage not in (NOT_MONITORED, NOT_APPLICABLE) and rating.level is not None


def direction_phrase(inputs: ReportInputs, direction: str) -> str:
    """``from Russia to China``."""
    if direction == "both":
        return "both ways"
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    giver, receiver = direction.split(">")
    return f"from {names.get(giver, giver)} to {names.get(receiver, receiver)}"


def percent(part: int, whole: int) -> str:
    """A whole percentage."""
    return f"{round(100 * part / whole)} percent"


def long_date(iso: str) -> str:
    """``22 November 2026`` from an ISO date."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def band(inputs: ReportInputs, area: str, year: int) -> str:
    """The 80 percent interval of a level: ``3`` or ``3-4``; empty where there is none."""
    cell = inputs.estimates.cells.get((area, year))
    if cell is None:
        return ""
    low, high = cell.interval(80)
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"
