"""Our transfers beside an imported register, deal by deal: what both have, what only one has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from milcoop.domain.event import Event

YEARS_APART = 3
"""Most years between a register's year of order and our contract, or our deliveries and the register's span."""


@dataclass(frozen=True, slots=True)
class DealMatch:
    """One deal of the register with our events that may be the same, by designation, direction and time."""

    deal: Event
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterFinding:
    """Both ledgers of one dyad."""

    deals: tuple[DealMatch, ...]
    only_ours: tuple[str, ...]
    """Our contracts and deliveries that no deal of the register matches."""


def match_register(events: Sequence[Event], deals: Sequence[Event]) -> RegisterFinding:
    """Match our transfer events with a register's deals of the same dyad.

    A deal matches an event of the same direction when a designation with a digit in it is the same, or begins the other,
    and the years fit. Several deals may match one event and the reverse; nothing is merged.
    """
    transfers = [e for e in events if e.type in ("transfer.contract", "transfer.delivery")]
    words = {e.id: _designations(" ".join((*e.values("item"), e.title))) for e in transfers}
    matches = [
        DealMatch(
            deal,
            tuple(
                e.id
                for e in transfers
                if e.direction == deal.direction
                and _near(e, deal)
                and _alike(words[e.id], _designations(deal.values("item")[0]))
            ),
        )
        for deal in deals
    ]
    met = {i for m in matches for i in m.ours}
    return RegisterFinding(tuple(matches), tuple(e.id for e in transfers if e.id not in met))


def amount_of(deal: Event, name: str) -> float:
    """An amount of a deal; 0 when the register gives none."""
    return next((q.best or 0.0 for q in deal.quantities if q.name == name), 0.0)


def _designations(text: str) -> set[str]:
    """Designations with a digit, ``Su-27SK`` as ``su27sk``; numbers alone only after ``Project``, ``Type`` or ``Class``."""
    named = re.findall(r"(?:Project|Type|Class)[ -]?(\d+\w*)", text)
    found = [w.replace("-", "") for w in re.findall(r"[A-Za-z][A-Za-z0-9-]*\d[A-Za-z0-9-]*", text)]
    return {w.casefold() for w in (*named, *found) if len(w) >= 3 and not w.casefold().startswith("project")}


def _alike(ours: set[str], theirs: set[str]) -> bool:
    return any(a.startswith(b) or b.startswith(a) for a in ours for b in theirs)


def _near(event: Event, deal: Event) -> bool:
    first = deal.when.start.year
    last = max([first, *(h.date.year for h in deal.history)])
    years = event.when.years
    return years[0] <= last + YEARS_APART and years[-1] >= first - YEARS_APART
