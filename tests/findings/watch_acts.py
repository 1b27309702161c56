"""Small acts and evidence for tests of the watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from milcoop.codebook.loader import Codebook, load_codebook
from milcoop.domain.dates import parse_date, parse_when
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Citation, Event
from milcoop.findings.evidence import Evidence

BOOK = load_codebook()
PAIR = Dyad("ARG", "BRA")


def page(day: str | None = "2010-06-02", key: str = "a") -> Citation:
    return Citation(key, f"https://example.org/{key}", "Example", "A page", parse_date(day) if day else None, "en", parse_date("2026-11-22"))  # fmt: skip


def act(id_: str = "act", when: str = "2010-06-01", **more: Any) -> Event:
    """A naval exercise of Argentina and Brazil with what ``more`` changes."""
    base = Event(id_, "exercise.naval", "An act", PAIR.states, parse_when(when), "held", (page(when[:10]),))
    return replace(base, **more)


def evidence(
    acts: Sequence[Event],
    years: range = range(2001, 2021),
    as_of: str = "2020-12-31",
    searched: range | None = None,
    book: Codebook = BOOK,
) -> Evidence:
    """Evidence on the pair, searched in all years of the window unless told otherwise."""
    seen = years if searched is None else searched
    return Evidence(
        dyad=PAIR,
        codebook=book,
        scale=BOOK.scales["staged-7"],
        events=sorted(acts, key=lambda e: e.when.first_day),
        figures=(),
        as_of=date.fromisoformat(as_of),
        record_version="test",
        years=years,
        coverage_of=lambda family, year: "monitored" if year in seen else "not monitored",
    )
