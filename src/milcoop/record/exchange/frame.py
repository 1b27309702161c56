"""An assessment as the tidy frame of the contract: one row a year, area and measure, with COW and GW codes of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milcoop.codebook.entries import State
from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates
from milcoop.domain.tables import TableRow

BAND = 80
"""Percent of the probability between ``lower`` and ``upper``."""


def assess_rows(assessment: Assessment, estimates: Estimates, actors: Mapping[str, State]) -> list[TableRow]:
    """Levels with their 80 percent interval and shares of kept variants by area, then the whole; in the ratings' order."""
    a, b = (actors[s] for s in assessment.dyad.states)
    publishers = {e.id: {c.publisher for c in e.citations} for e in assessment.events}
    rows: list[TableRow] = []

    def add(year: int, area: str, measure: str, value: float | None, events: Sequence[str], coverage: str) -> None:
        codes = [s.codes_in(year) for s in (a, b)]
        cell = estimates.cells.get((area, year)) if measure == "level" else None
        band = cell.interval(BAND) if cell else (None, None)
        sources = set().union(*(publishers.get(e, set()) for e in events))
        rows.append(
            {
                "dyad_id": assessment.dyad.id,
                "iso3_1": a.iso3,
                "iso3_2": b.iso3,
                "ccode1": codes[0].cow if codes[0] else None,
                "ccode2": codes[1].cow if codes[1] else None,
                "gwcode1": codes[0].gw if codes[0] else None,
                "gwcode2": codes[1].gw if codes[1] else None,
                "year": year,
                "area": area,
                "measure": measure,
                "value": value,
                "lower": band[0],
                "upper": band[1],
                "n_events": len(events),
                "n_sources": len(sources),
                "coverage": coverage,
                "as_of": assessment.as_of.isoformat(),
            }
        )

    for rating in assessment.ratings:
        add(rating.year, rating.area, "level", rating.level, rating.events, rating.coverage)
        share = rating.variants_kept / rating.variants if rating.variants_kept is not None and rating.variants else None
        add(rating.year, rating.area, "variants_kept_share", share, rating.events, rating.coverage)
    for whole in assessment.overall:
        ids = dict.fromkeys(e for r in assessment.of_year(whole.year).values() for e in r.events)
        add(whole.year, "overall", "level", whole.level, list(ids), f"{whole.areas_counted} areas monitored")
    return rows
