"""Coverage: whether the families behind an area were searched for a dyad and year. Unmonitored is never zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from milcoop.codebook.entries import CoverageRule, State
from milcoop.codebook.scale import Area
from milcoop.domain.event import Search
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY


class Coverage:
    """Coverage of a dyad by family and year, from the log of searches and the codebook's rule."""

    def __init__(self, searches: Sequence[Search], states: Sequence[State], rule: CoverageRule) -> None:
        self._rule = rule
        self._own = {language for state in states for language in state.languages}
        self._run: dict[tuple[str, int], list[str]] = defaultdict(list)
        for search in searches:
            for family in search.families:
                for year in search.years:
                    self._run[family, year].append(search.language)
        self.years = sorted({year for _, year in self._run})
        self._memo: dict[tuple[str, int], str] = {}

    def of_family(self, family: str, year: int) -> str:
        """``monitored``, ``partly`` or ``not monitored`` for a family of events in a year."""
        key = family, year
        if key not in self._memo:
            self._memo[key] = self._grade(self._run.get(key, []))
        return self._memo[key]

    def of_area(self, area: Area, year: int) -> str:
        """The same for an area: monitored when all its families are, not monitored when none is."""
        grades = {self.of_family(f, year) for f in area.families}
        return grades.pop() if len(grades) == 1 else PARTLY

    def _grade(self, languages: list[str]) -> str:
        if not languages:
            return NOT_MONITORED
        rule = self._rule
        enough = len(languages) >= rule.queries_at_least
        english = not rule.needs_english or "en" in languages
        own = not rule.needs_own_language or not self._own or bool(self._own.intersection(languages))
        return MONITORED if enough and english and own else PARTLY
