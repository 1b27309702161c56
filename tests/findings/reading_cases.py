"""Small codebooks, acts and facts for tests of competing readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from milcoop.codebook.loader import Codebook, load_codebook
from milcoop.codebook.readings_rule import Bundle, Line, ReadingClaim, WeighingRule
from milcoop.domain.dates import parse_date, parse_when
from milcoop.domain.dyad import Dyad
from milcoop.domain.event import Citation, Event, FieldValue
from milcoop.domain.readings import Fact, Readings
from milcoop.findings.evidence import Evidence
from milcoop.findings.readings.finding import weigh_readings

DYAD = Dyad("ARG", "BRA")
WORDS = {
    "very unlikely": [0.05, 0.12, 0.2],
    "unlikely": [0.2, 0.32, 0.45],
    "roughly even": [0.45, 0.5, 0.55],
    "likely": [0.55, 0.68, 0.8],
}
BUNDLED = load_codebook()


def reading(name: str, prior: float, **more: Any) -> ReadingClaim:
    return ReadingClaim(id=name, label=f"reading {name}", claim="c", source="s", prior=prior, why="w", **more)


def line(name: str, chances: dict[str, Sequence[str]], bundle: str = "one", **more: Any) -> Line:
    """A line with two bands around one half of the fact of its own name, unless ``more`` says otherwise."""
    row: dict[str, Any] = {"id": name, "label": f"line {name}", "bundle": bundle, "chances": chances}
    row |= {"observable": "look", "why": "w", "step": 0.1}
    if not {"acts", "finding"} & set(more):
        row["fact"] = name
    if "directed" not in more and "outcomes" not in more:
        row["outcomes"] = [{"id": "few", "label": "few", "below": 0.5}, {"id": "many", "label": "many"}]
    return Line.model_validate({k: v for k, v in (row | more).items() if v is not None})


def codebook(readings: Sequence[ReadingClaim], lines: Sequence[Line], **rule: Any) -> Codebook:
    """A codebook with these readings, bundles ``one`` and ``two`` and a rule that asks for no number of lines."""
    base = {
        "id": "weighing",
        "words": WORDS,
        "trust": [1, 1, 1],
        "odds": 4,
        "says_nothing": 5,
        "needs": "level.overall",
    }
    base |= {"needs_at_least": 1, "fewest_lines": 1, "fewest_bundles": 1, "fewest_acts": 5, "fewest_years": 3}
    base |= {"prior_step": 2, "draws": 200, "seed": 1, "why": "w"}
    bundles = [Bundle(id=b, label=b, shared=(0.25, 0.5, 1), why="w") for b in ("one", "two")]
    return replace(
        BUNDLED,
        readings={r.id: r for r in readings},
        lines={x.id: x for x in lines},
        bundles={b.id: b for b in bundles},
        weighing={"weighing": WeighingRule.model_validate(base | rule)},
    )


A_OR_B = [reading("a", 0.5), reading("b", 0.5)]
FOR_A: dict[str, Sequence[str]] = {"a": ["likely", "unlikely"], "b": ["unlikely", "likely"]}


def evidence(book: Codebook, events: Sequence[Event] = (), years: range = range(2001, 2011), **more: Any) -> Evidence:
    """Evidence of a pair whose every family was searched in every year, up to the end of 2010."""
    row: dict[str, Any] = {"coverage_of": lambda family, year: "monitored", "as_of": date(2010, 12, 31)} | more
    return Evidence(
        dyad=DYAD, codebook=book, scale=BUNDLED.scales["staged-7"], events=events, figures=(), record_version="r",
        years=years, **row,
    )  # fmt: skip


def fact(value: float | None, low: float | None = None, high: float | None = None, coverage: str = "monitored") -> Fact:
    return Fact(value, value if low is None else low, value if high is None else high, coverage, (f"event-{value}",))


def act(
    n: int, when: str, type_: str = "exercise.naval", direction: str = "both", status: str = "held", **fields: str
) -> Event:
    citation = Citation("a", "https://example.org", "p", "t", parse_date("2010-01-01"), "en", parse_date("2026-01-01"))
    return Event(
        f"act-{n}", type_, "t", DYAD.states, parse_when(when), status, (citation,), direction=direction,
        fields={k: (FieldValue(v),) for k, v in fields.items()},
    )  # fmt: skip


def weigh(book: Codebook, facts: dict[str, float] | None = None, events: Sequence[Event] = (), **more: Any) -> Readings:
    return weigh_readings(evidence(book, events, **more), {k: fact(v) for k, v in (facts or {}).items()}, {})


def seen(result: Readings, name: str) -> Any:
    return next(x for x in result.lines if x.id == name)
