"""Findings on words and deeds: warmth by year, trends, the gap, and which goes before the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import SignalRule
from milcoop.domain.finding import Finding, Moved
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.making import NOTHING, Ends, make_finding
from milcoop.findings.signals.trends import Slope
from milcoop.findings.signals.words import Tally, find_gap, find_lead

Floats = NDArray[np.float64]
ENDS = ("low", "best", "high")


def word_findings(
    evidence: Evidence, rule: SignalRule, words: Tally, deeds: Tally, trend_years: range
) -> list[Finding]:
    """All findings on words and deeds."""
    return [
        *_by_year(evidence, words),
        _trend(evidence, rule, words, "rhetoric", "Trend of warm words", trend_years),
        _trend(evidence, rule, deeds, "deeds", "Trend of deeds", trend_years),
        _gap(evidence, rule, words, deeds),
        _lead(evidence, rule, words, deeds),
    ]


def families_of(*tallies: Tally) -> list[str]:
    """Families that the entries read."""
    return sorted({f for t in tallies for e in t.entries for f in e.select.named_families})


def _by_year(evidence: Evidence, words: Tally) -> list[Finding]:
    low, best, high = (words.yearly(words.weights(end)) for end in ENDS)
    families = families_of(words)
    shown = [bool(s) or bool(words.ids([y])) for y, s in zip(words.years, words.searched, strict=True)]

    def of_year(i: int) -> Callable[[Floats], float]:
        return lambda w: float((w @ words.sums)[i])

    return [
        make_finding(
            evidence, families, f"rhetoric.{year}", f"Warmth of words in {year}",
            (float(best[i]), float(low[i]), float(high[i])) if shown[i] else NOTHING,
            "sum of warmth", words.ids([year]), "further statements or joint texts of the year",
            _weights_moved(words, of_year(i), only=[year]) if shown[i] else (),
            _year_note(words, i, shown[i]), range(year, year + 1),
        )
        for i, year in enumerate(words.years)
    ]  # fmt: skip


def _year_note(words: Tally, i: int, shown: bool) -> str:
    if not words.searched[i]:
        return "not searched enough in the year" + "; what is on record" * shown
    return "" if words.full[i] else "the year had not ended"


def _weights_moved(
    tally: Tally, value: Callable[[Floats], float | None], only: Sequence[int] | None = None
) -> list[Moved]:
    """The value with each weight that an act takes moved from its best to its high end."""
    best, found = tally.weights("best"), []
    for k, entry in enumerate(tally.entries):
        if (
            not any(e.when.start.year in only if only else True for e in tally.events[entry.id])
            or entry.high == entry.best
        ):
            continue
        moved = best.copy()
        moved[k] = entry.high
        found.append(Moved(f"{tally.kind}.{entry.id}.best", entry.best, entry.high, value(moved)))
    return found


def _trend(evidence: Evidence, rule: SignalRule, tally: Tally, name: str, label: str, years: range) -> Finding:
    searched = [y for y, s in zip(tally.years, tally.full, strict=True) if s and y in years]
    families = families_of(tally)
    what = "warm or cold words" if name == "rhetoric" else "deeds"
    if len(searched) < rule.years or not tally.ids(searched):
        note = f"{len(searched)} searched years with {len(tally.ids(searched))} acts; {rule.years} years and an act are needed"
        return make_finding(evidence, families, f"{name}.trend", label, NOTHING, "sum of weights a year, each year", (), f"more {what}", (), note)  # fmt: skip
    slopes = [tally.slope(searched, tally.weights(end)) for end in ENDS]
    ends: Ends = (slopes[1].value, min(s.low for s in slopes), max(s.high for s in slopes))
    moved = _weights_moved(tally, lambda w: tally.slope(searched, w).value)
    if rule.trend_years > rule.trend_step and len(searched) - rule.trend_step >= 2:
        late = searched[rule.trend_step :]
        moved.append(
            Moved("signalling.signalling.trend_years", rule.trend_years, rule.trend_years - rule.trend_step, tally.slope(late, tally.weights("best")).value)
        )  # fmt: skip
    return make_finding(
        evidence, families, f"{name}.trend", label, ends, "sum of weights a year, each year", tally.ids(searched),
        f"more or fewer {what} in the coming years", moved, f"{searched[0]} to {searched[-1]}, {len(searched)} searched years",
    )  # fmt: skip


def _gap(evidence: Evidence, rule: SignalRule, words: Tally, deeds: Tally) -> Finding:
    def gap(w: Floats, d: Floats, recent: int = rule.recent_years) -> Slope | None:
        return find_gap(words, deeds, w, d, recent, rule.series_years)

    def value(slope: Slope | None) -> float | None:
        return slope.value if slope else None

    best = words.weights("best"), deeds.weights("best")
    found = gap(*best)
    families = families_of(words, deeds)
    searched = [y for y, s in zip(words.years, words.full & deeds.full, strict=True) if s]
    late = searched[-rule.recent_years :]
    if found is None:
        note = f"{len(searched)} searched years; {rule.series_years} are needed, and words and deeds that vary"
        return make_finding(evidence, families, "rhetoric.gap", "Words less deeds, lately", NOTHING, "standard deviations", (), "more searched years", (), note)  # fmt: skip
    corners = [gap(words.weights(a), deeds.weights(b)) for a, b in product(("low", "high"), repeat=2)]
    spans = [found, *(c for c in corners if c)]
    moved = _weights_moved(words, lambda w: value(gap(w, best[1]))) + _weights_moved(
        deeds, lambda d: value(gap(best[0], d))
    )
    moved += [
        Moved("signalling.signalling.recent_years", rule.recent_years, n, value(gap(*best, n)))
        for n in (rule.recent_years - rule.recent_step, rule.recent_years + rule.recent_step)
    ]
    return make_finding(
        evidence, families, "rhetoric.gap", "Words less deeds, lately",
        (found.value, min(s.low for s in spans), max(s.high for s in spans)), "standard deviations",
        [*words.ids(late), *deeds.ids(late)],
        "years in which words warm without deeds, or deeds come without words", moved,
        f"{late[0]} to {late[-1]} against {searched[0]} to {searched[-1]}; above nought words run ahead of deeds",
    )  # fmt: skip


def _lead(evidence: Evidence, rule: SignalRule, words: Tally, deeds: Tally) -> Finding:
    families, both = families_of(words, deeds), words.full & deeds.full
    run = _longest_run(both)
    years = [words.years[i] for i in run]
    label, unit = "Words before deeds", "years, positive where words go first"
    change = "years in which changes of words and of deeds follow each other more or less closely"
    if len(run) < max(rule.series_years, 2 * rule.lags + 4):
        note = f"{len(run)} searched years in a row; {max(rule.series_years, 2 * rule.lags + 4)} are needed"
        return make_finding(
            evidence, families, "rhetoric.lead", label, NOTHING, unit, (), "more searched years", (), note
        )
    w, d = words.yearly(words.weights("best"))[run], deeds.yearly(deeds.weights("best"))[run]

    def lead(lags: int = rule.lags, block: int = rule.block_years) -> tuple[int | None, float, float, float]:
        return find_lead(w, d, lags, rule.lead_width, block, rule.resamplings, rule.seed)

    value, low, high, correlation = lead()
    if correlation != correlation:
        return make_finding(
            evidence, families, "rhetoric.lead", label, NOTHING, unit, (), change, (), "words or deeds never change"
        )
    moved = [
        Moved(
            "signalling.signalling.block_years",
            rule.block_years,
            rule.block_years + 1,
            lead(block=rule.block_years + 1)[0],
        ),
        Moved("signalling.signalling.lags", rule.lags, rule.lags - 1, lead(lags=rule.lags - 1)[0]),
    ]
    verdict = "" if value is not None else "one cannot tell: "
    return make_finding(
        evidence, families, "rhetoric.lead", label, (value, int(low), int(high)), unit, [*words.ids(years), *deeds.ids(years)],
        change, moved,
        f"{verdict}changes from year to year, {years[0]} to {years[-1]} (the longest run of searched years), correlate at {correlation:.2f} where they do most, "
        f"on {len(run) - 1 - 2 * rule.lags} pairs of years",
    )  # fmt: skip


def _longest_run(searched: NDArray[np.bool_]) -> list[int]:
    """Indices of the longest unbroken run of searched years, the latest of equals."""
    best: list[int] = []
    run: list[int] = []
    for i, yes in enumerate(searched):
        run = [*run, i] if yes else []
        if len(run) >= len(best):
            best = run
    return best
