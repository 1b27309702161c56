"""Standing mechanisms of consultation: how often they met, when last, and where they lapsed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from milcoop.codebook.entries import Mechanism
from milcoop.domain.event import Event


@dataclass(frozen=True, slots=True)
class MechanismFinding:
    """Rounds of one mechanism on record."""

    mechanism: Mechanism
    rounds: tuple[Event, ...]
    lapses: tuple[tuple[int, int], ...]
    """Runs of two or more years without a round on record, first to last year, up to the record's end."""

    @property
    def years_held(self) -> int:
        """Years with at least one round."""
        return len({e.when.start.year for e in self.rounds})

    @property
    def years_spanned(self) -> int:
        """Years from the first round to the last, inclusive."""
        return self.rounds[-1].when.start.year - self.rounds[0].when.start.year + 1

    @property
    def regularity(self) -> float:
        """Share of the spanned years with a round, 0 to 1."""
        return self.years_held / self.years_spanned


def find_mechanisms(
    events: Iterable[Event], mechanisms: Mapping[str, Mechanism], until_year: int
) -> tuple[MechanismFinding, ...]:
    """Mechanisms with at least one held round among ``events``, most rounds first."""
    rounds: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.mechanism and event.family == "consultation" and event.status == "held":
            rounds[event.mechanism].append(event)
    found = [
        MechanismFinding(mechanisms[name], tuple(held), _lapses(held, until_year))
        for name, held in rounds.items()
        if name in mechanisms
    ]
    return tuple(sorted(found, key=lambda f: (-len(f.rounds), f.mechanism.id)))


def _lapses(held: list[Event], until_year: int) -> tuple[tuple[int, int], ...]:
    years = sorted({e.when.start.year for e in held})
    bounds = [*years, until_year + 1]
    return tuple((a + 1, b - 1) for a, b in pairwise(bounds) if b - a > 2)
