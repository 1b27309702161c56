"""The directed dyad-year panel: levels and coverage by area, with COW and Gleditsch-Ward codes, both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from milcoop.codebook.entries import State
from milcoop.domain.assessment import Assessment
from milcoop.domain.tables import TableRow


def panel_columns(area_ids: Iterable[str]) -> tuple[str, ...]:
    """Columns of the panel for the areas of a scale."""
    ids = tuple(area_ids)
    keys = ("ccode1", "ccode2", "year", "iso3_1", "iso3_2", "gwcode1", "gwcode2")
    return (*keys, "overall", *ids, *(f"{a}_coverage" for a in ids))


def panel_rows(assessment: Assessment, actors: Mapping[str, State]) -> list[TableRow]:
    """Two rows a year, one for each direction; years before a state entered the system are left out."""
    a, b = (actors[s] for s in assessment.dyad.states)
    rows: list[TableRow] = []
    for whole in assessment.overall:
        ratings = assessment.of_year(whole.year)
        values: dict[str, Any] = {"overall": whole.level}
        for area_id, rating in ratings.items():
            values[area_id] = rating.level
            values[f"{area_id}_coverage"] = rating.coverage
        for first, second in ((a, b), (b, a)):
            codes = first.codes_in(whole.year), second.codes_in(whole.year)
            if codes[0] is None or codes[1] is None:
                continue
            rows.append(
                {
                    "ccode1": codes[0].cow,
                    "ccode2": codes[1].cow,
                    "year": whole.year,
                    "iso3_1": first.iso3,
                    "iso3_2": second.iso3,
                    "gwcode1": codes[0].gw,
                    "gwcode2": codes[1].gw,
                    **values,
                }
            )
    return rows
