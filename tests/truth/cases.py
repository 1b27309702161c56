"""Small acts, scales and ratings, built by hand so that every expected number can be counted on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from milcoop.codebook.entries import CoverageRule
from milcoop.codebook.scale import Area, Criterion, Scale
from milcoop.domain.dates import PartialDate, parse_when
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Citation, Event, FieldValue, Figure, StatusChange
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating
from milcoop.measure.evidence import Evidence
from milcoop.record.rows import SearchRow
from tests.layer import search_row

DYAD = Dyad("ARG", "BRA")
ENDS = date(2026, 6, 30)
REALISED = ["held", "delivered", "signed", "in-force", "made", "under-way", "ended", "expired", "terminated"]


def cited(key: str = "a", day: str = "2010-06-01", url: str = "https://example.org/a") -> Citation:
    return Citation(key, url, "Example", "A page", PartialDate(day), "en", PartialDate("2026-01-01"))


def act(when: str, type_: str = "exercise.naval", *, id_: str = "", status: str = "held", **more: Any) -> Event:
    """An act; ``fields`` as field -> words, ``history`` as (status, date)."""
    fields: Mapping[str, Sequence[str]] = more.pop("fields", {})
    history: Sequence[tuple[str, str]] = more.pop("history", ())
    return Event(
        id=id_ or f"act-{when.replace('/', '-to-')}",
        type=type_,
        title=f"Act of {when}",
        participants=more.pop("participants", ("ARG", "BRA")),
        when=parse_when(when),
        status=status,
        citations=more.pop("citations", (cited(),)),
        fields={name: tuple(FieldValue(v) for v in values) for name, values in fields.items()},
        history=tuple(StatusChange(s, PartialDate(d)) for s, d in history),
        **more,
    )


def number(when: str, *, low: float | None = None, best: float | None = None, high: float | None = None) -> Figure:
    return Figure(
        id=f"figure-{when.replace('/', '-to-')}",
        name="share",
        participants=("ARG", "BRA"),
        direction="ARG>BRA",
        when=parse_when(when),
        low=low,
        best=best,
        high=high,
        unit="percent",
        title="Share",
        citations=(cited(),),
    )


def criterion(id_: str = "x.1.one", **more: Any) -> dict[str, Any]:
    """A criterion over exercises and operations: one act in five years, unless ``more`` says otherwise."""
    row: dict[str, Any] = {
        "id": id_,
        "text": f"text of {id_}",
        "select": {"families": ["exercise", "operation"]},
        "measure": "events",
        "window": 5,
        "at_least": 1,
    }
    row |= more
    return {k: v for k, v in row.items() if v is not None}


def area(id_: str = "x", *rungs: Sequence[Mapping[str, Any]], stage: str = "early", **more: Any) -> dict[str, Any]:
    """An area with one list of criteria a rung."""
    return {
        "id": id_,
        "label": {"en": id_, "ru": id_, "zh": id_},
        "stage": stage,
        "families": ["exercise"],
        "rungs": [
            {"level": i, "label": f"rung {i}", "why": "because", "criteria": list(criteria)}
            for i, criteria in enumerate(rungs, 1)
        ],
    } | more


def scale(*areas: Mapping[str, Any], levels: int = 5, at_least_areas: int = 5, stage_level: int = 3) -> Scale:
    """A scale with stages early, moderate, advanced and at most five parties."""
    return Scale.model_validate(
        {
            "id": "small",
            "version": "1",
            "committed_on": date(2026, 1, 1),
            "title": "Small scale",
            "sources": [],
            "levels": [str(i) for i in range(levels + 1)],
            "stages": ["early", "moderate", "advanced"],
            "overall": {"at_least_areas": at_least_areas, "stage_level": stage_level},
            "max_parties": 5,
            "realised": REALISED,
            "areas": list(areas),
        }
    )


RULE = CoverageRule(id="monitored", queries_at_least=2, needs_english=True, needs_own_language=False, why="test")


def searched(first: int = 1990, last: int = 2026, *, languages: Sequence[str] = ("en", "en")) -> Coverage:
    """Coverage by one query a language on exercises and operations over all the years."""
    rows = [
        search_row(i, language, families=["exercise", "operation"], years=f"{first}/{last}")
        for i, language in enumerate(languages)
    ]
    searches = [SearchRow.model_validate(row).to_search("") for row in rows]
    return Coverage(searches, [], RULE)


def rater(
    made: Scale,
    events: Sequence[Event] = (),
    figures: Sequence[Figure] = (),
    coverage: Coverage | None = None,
    ends: date = ENDS,
) -> CriteriaRating:
    return CriteriaRating(DYAD, events, figures, made, coverage or searched(), ends)


def evidence(row: Mapping[str, Any], events: Sequence[Event] = (), figures: Sequence[Figure] = ()) -> Evidence:
    """Evidence of one criterion under the small scale."""
    return Evidence(Criterion.model_validate(row), events, figures, scale(area("x", [row])))


def the_area(made: Scale) -> Area:
    return made.areas[0]
