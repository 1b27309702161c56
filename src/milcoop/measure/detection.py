"""Detection: the share of public events that the searches found, by family and decade, and rounds that must exist.

Detection is estimated from two lists of pages (Lincoln-Petersen): of the events on one list, the share that the other has
too, and the reverse. The lists are pages in English and pages in the states' other languages; for a pair that has no other
language, pages of state publishers and of independent ones. See docs/measurement.md for what this cannot say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from milcoop.codebook.entries import Mechanism, Series, UncertaintyRule
from milcoop.codebook.loader import Codebook
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Event
from milcoop.record.expected import NOT_HELD, PERIOD, Numbered, find_numbered

Lists = Callable[[Event], tuple[bool, bool]]
"""Whether an event stands on the first and on the second list."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Beta(alpha, beta) distribution of detection for a family in a decade, and what it rests on."""

    family: str
    period: tuple[int, int]
    first: int
    """Events on the first list."""
    second: int
    both: int
    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """Expected detection, 0 to 1."""
        return self.alpha / (self.alpha + self.beta)


def two_lists(dyad: Dyad, codebook: Codebook) -> tuple[str, Lists]:
    """Name of the two lists for a pair, and the test of an event."""
    own = {language for state in dyad.states for language in codebook.actors[state].languages} - {"en"}
    if own:
        return "English and other languages", lambda e: (
            any(c.language == "en" for c in e.citations),
            any(c.language in own for c in e.citations),
        )

    def by_owner(event: Event) -> tuple[bool, bool]:
        owners = {s.ownership for c in event.citations if (s := codebook.source_of(c.url))}
        return bool(owners & {"state", "party"}), "independent" in owners

    return "state and independent publishers", by_owner


def estimate_detection(
    events: Sequence[Event], searched: Iterable[int], lists: Lists, rule: UncertaintyRule
) -> tuple[Detection, ...]:
    """Detection of every family that has an event, by decade of the years searched.

    The pair's own estimate over all events is the prior, with the codebook's weight; a family and decade adds its own
    overlap, with as much weight as it has events on both lists.
    """
    seen: dict[tuple[str, int], list[tuple[bool, bool]]] = defaultdict(list)
    for e in events:
        seen[e.family, e.when.start.year // PERIOD * PERIOD].append(lists(e))
    prior = pair_detection(events, lists)
    found = []
    for family in sorted({e.family for e in events}):
        for decade in sorted({y // PERIOD * PERIOD for y in searched}):
            sizes = _sizes(seen.get((family, decade), []))
            share = _share(*sizes)
            weight = 0 if share is None else sizes[2]
            alpha = rule.prior_weight * prior + weight * (share or 0)
            beta = rule.prior_weight * (1 - prior) + weight * (1 - (share or 0))
            found.append(Detection(family, (decade, decade + PERIOD - 1), *sizes, alpha, max(beta, 0.01)))
    return tuple(found)


def pair_detection(events: Sequence[Event], lists: Lists) -> float:
    """Share of a pair's public events that the searches found, over all families; one half without an overlap."""
    share = _share(*_sizes([lists(e) for e in events]))
    return 0.5 if share is None else share


def _sizes(pairs: Sequence[tuple[bool, bool]]) -> tuple[int, int, int]:
    return sum(a for a, _ in pairs), sum(b for _, b in pairs), sum(a and b for a, b in pairs)


def _share(first: int, second: int, both: int) -> float | None:
    """Share found by either list, if the lists are independent; None without an overlap."""
    return 1 - (1 - both / second) * (1 - both / first) if both else None


def missing_rounds(events: Sequence[Event]) -> list[tuple[str, int, range]]:
    """(class, missing official number, years in which it may have been held), for every numbered class.

    An edition on record without a number fills a missing number between its neighbours. A number before the first on
    record may lie in the years before it, one a year back. Where states number differently, the longer list is taken.
    """
    best: dict[str, Numbered] = {}
    for n in find_numbered(events):
        if n.expected > 1 and (n.class_id not in best or len(n.years) > len(best[n.class_id].years)):
            best[n.class_id] = n
    plain_years: dict[str | None, list[int]] = defaultdict(list)
    for e in events:
        if not e.ordinals and e.status not in NOT_HELD:
            for of in {e.series, e.mechanism}:
                plain_years[of].append(e.when.start.year)
    out: list[tuple[str, int, range]] = []
    for name, n in best.items():
        plain = plain_years[name]
        for first, last, before, after in n.missing_between:
            start = after - (last - first + 1) if before is None else before
            span = range(min(start, after), after + 1)
            filled = sum(y in span for y in plain)
            out += [(name, number, span) for number in range(first + filled, last + 1)]
    return out


def due_yearly(events: Sequence[Event], codebook: Codebook, until: int) -> dict[str, int]:
    """Numbered classes on record whose parties announce a yearly round, with the last year in which one is due."""
    entries: dict[str, Series | Mechanism] = {**codebook.series, **codebook.mechanisms}
    names = {n.class_id for n in find_numbered(events) if n.expected > 1}
    return {
        name: min(until, entry.until or until)
        for name in sorted(names)
        if (entry := entries.get(name)) is not None and entry.every == 1
    }
