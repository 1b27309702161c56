"""Monte Carlo on the evidence: redraw what is uncertain, rate each redraw by the criteria, count (docs/measurement.md).

Everything is an array over draws. A redraw is a set of kept events and of copies that stand for missed ones; each
criterion is then a product of "kept" with "touches the year". With nothing redrawn the levels are those of
:class:`milcoop.measure.criteria.CriteriaRating`, which a test holds.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np

from milcoop.codebook.entries import FieldSpec, UncertaintyRule
from milcoop.codebook.scale import Area, Criterion, Scale
from milcoop.domain.dates import PartialDate, When
from milcoop.domain.event import Event, FieldValue, Figure
from milcoop.measure.counts import Bools, Copies, Counts, Floats, Ints, in_window
from milcoop.measure.criteria import one_step_variants
from milcoop.measure.detection import Detection, missing_rounds
from milcoop.record.expected import NOT_HELD, PERIOD
from milcoop.record.selection import Test, make_test

ONCE = frozenset({"consultation", "agreement", "statement", "policy"})
"""Families whose acts happen on one date: a span of years is an uncertain date."""
MOST_READINGS = 8
"""Of an event with conflicting values, at most this many combinations are drawn from."""


@dataclass(frozen=True)
class Evidence:
    """What may be redrawn for one pair: readings of events, figures, detection, rounds that must exist."""

    events: Sequence[Event]
    figures: Sequence[Figure]
    detection: Sequence[Detection]
    searched: range
    yearly: Mapping[str, int] = field(default_factory=dict)
    """Numbered class with an announced yearly rhythm -> last year in which a round is due."""


class MonteCarlo:
    """Redraws of one pair under one scale. ``levels`` gives levels by area as an array of draws by years."""

    def __init__(
        self, evidence: Evidence, scale: Scale, fields: Mapping[str, FieldSpec], rule: UncertaintyRule, ends: date
    ) -> None:
        self.scale, self.rule, self.ends = scale, rule, ends
        self._evidence = evidence
        self._tests: dict[str, Test] = {}
        self._longest = 1 + max((c.window or 0 for c in scale.criteria().values()), default=0)
        self._begun = np.array([e.when.start.year for e in evidence.events], dtype=np.int64)
        self._readings: list[Event] = []
        parents: list[int] = []
        self._n_readings: list[int] = []
        for i, event in enumerate(evidence.events):
            found = _readings(event, fields)
            self._readings += found
            parents += [i] * len(found)
            self._n_readings.append(len(found))
        self._parent = np.array(parents, dtype=np.int64)
        self._nth = np.array([k for n in self._n_readings for k in range(n)], dtype=np.int64)

    def levels(self, years: range, draws: int, seed: int, *, redraw: bool = True) -> dict[str, Floats]:
        """Area -> levels, shape (draws, years). Without ``redraw`` every draw is the record as it stands."""
        rng = np.random.default_rng(seed)
        axis = range(years.start - self._longest, years.stop)
        moved = [self._moved(rng, area, draws, redraw) for area in self.scale.areas]
        if redraw:
            active, copies = self._redraw(rng, draws)
            counts = Counts(self._readings, self._parent, active, copies, axis, self.ends)
        else:
            events = list(self._evidence.events)
            active, parent = np.ones((draws, len(events)), dtype=bool), np.arange(len(events))
            counts = Counts(events, parent, active, Copies.none(), axis, self.ends)
        figures = _figure_values(self._evidence.figures, rng, draws, redraw)
        out: dict[str, Floats] = {}
        for area, (which, variants) in zip(self.scale.areas, moved, strict=True):
            level = np.zeros((draws, len(years)))
            going = np.ones((draws, len(years)), dtype=bool)
            for rung in area.rungs:
                for c in rung.criteria:
                    going &= self._met(c, counts, figures, years, which, variants)
                level[going] = rung.level
            out[area.id] = level
        return out

    # --- what is redrawn ---------------------------------------------------------------------------------------------

    def _redraw(self, rng: np.random.Generator, draws: int) -> tuple[Bools, Copies]:
        """Readings kept in each draw, and copies of events that stand for missed ones."""
        events, n, rule = self._evidence.events, len(self._n_readings), self.rule
        wrong = rng.beta(1 + rule.coding_wrong, 1 + rule.coding_checked - rule.coding_wrong, draws)
        kept = rng.random((draws, n)) >= wrong[:, None]
        chosen = rng.integers(0, np.array(self._n_readings, dtype=np.int64)[None, :], (draws, n)) if n else kept
        active = kept[:, self._parent] & (chosen[:, self._parent] == self._nth)
        rounds, numbered = self._rounds(rng, draws)
        others = self._others(rng, draws, {id(e) for e in events if numbered & {e.series, e.mechanism}})
        return active, Copies.joined([rounds, others])

    def _rounds(self, rng: np.random.Generator, draws: int) -> tuple[Copies, set[str | None]]:
        """Copies for missing official numbers, one in every draw, and the numbered classes."""
        events = self._evidence.events
        copies: list[Copies] = []
        missing: dict[str, list[range]] = defaultdict(list)
        for name, _, span in missing_rounds(events):
            missing[name].append(span)
        classes: set[str | None] = {*missing, *self._evidence.yearly}
        editions: dict[str | None, list[int]] = defaultdict(list)
        for i, e in enumerate(events):
            if e.status not in NOT_HELD:
                for of in {e.series, e.mechanism}:
                    editions[of].append(i)
        for name in sorted({*missing, *self._evidence.yearly}):
            held = editions[name]
            for span in missing[name]:
                year = rng.integers(span.start, span.stop, draws)
                copies.append(Copies(np.arange(draws), self._donors(rng, held, year), year))
            if name in self._evidence.yearly and held:
                copies.append(self._due(rng, draws, held, len(missing[name]), self._evidence.yearly[name]))
        return Copies.joined(copies), classes

    def _due(self, rng: np.random.Generator, draws: int, held: list[int], n_missing: int, last_due: int) -> Copies:
        """Copies for due years after the last number in which no round was found: held and missed, or not held.

        How often a round is held a year, and found when held, is what the numbers up to the last say.
        """
        events = [self._evidence.events[i] for i in held]
        begun = {e.when.start.year for e in events}
        last = max((e.when.start.year for e in events if e.ordinals), default=max(begun))
        span, rounds = last - min(begun) + 1, len(held) + n_missing
        takes_place = rng.beta(1 + min(rounds, span), 1 + max(span - rounds, 0), draws)
        is_found = rng.beta(1 + len(held), 1 + n_missing, draws)
        missed = takes_place * (1 - is_found) / (takes_place * (1 - is_found) + 1 - takes_place)
        copies: list[Copies] = []
        for year in range(last + 1, min(last_due, self._evidence.searched.stop - 1) + 1):
            if year not in begun:
                draw = np.flatnonzero(rng.random(draws) < missed)
                years = np.full(len(draw), year)
                copies.append(Copies(draw, self._donors(rng, held, years) if len(draw) else years, years))
        return Copies.joined(copies)

    def _others(self, rng: np.random.Generator, draws: int, numbered: set[int]) -> Copies:
        """Copies for events missed in classes without numbers: Poisson by family and year."""
        by_family: dict[str, list[int]] = defaultdict(list)
        for i, event in enumerate(self._evidence.events):
            if id(event) not in numbered:
                by_family[event.family].append(i)
        searched, half = self._evidence.searched, self.rule.rate_years
        odds: dict[tuple[str, int], Floats] = {}
        for d in self._evidence.detection:
            p = np.clip(rng.beta(d.alpha, d.beta, draws), 0.02, 1)
            odds[d.family, d.period[0]] = (1 - p) / p
        copies: list[Copies] = []
        for family, members in by_family.items():
            found, begun = np.array(members), self._begun[members]
            gap = np.abs(begun - np.array(searched)[:, None])
            counted = (begun >= searched.start) & (begun < searched.stop)
            n_near = ((gap <= half) & counted).sum(axis=1)
            for year, gaps, n in zip(searched, gap, n_near.tolist(), strict=True):
                near = range(max(searched.start, year - half), min(searched.stop, year + half + 1))
                donors = found[gaps <= self.rule.donor_years]
                if not len(donors) or (family, year // PERIOD * PERIOD) not in odds:
                    continue
                rate = rng.gamma(0.5 + n, 1 / len(near), draws) * odds[family, year // PERIOD * PERIOD]
                missed = rng.poisson(rate)
                draw = np.repeat(np.arange(draws), missed)
                copies.append(Copies(draw, rng.choice(donors, len(draw)), np.full(len(draw), year)))
        return Copies.joined(copies)

    def _donors(self, rng: np.random.Generator, held: list[int], years: Ints) -> Ints:
        """For each year one of the class's editions within the donor years, the nearest where none is."""
        begun = self._begun[held]
        gap = np.abs(begun[None, :] - years[:, None])
        near = gap <= np.maximum(self.rule.donor_years, gap.min(axis=1, keepdims=True))
        pick = (rng.random(near.shape) * near).argmax(axis=1)
        chosen: Ints = np.array(held, dtype=np.int64)[pick]
        return chosen

    def _moved(
        self, rng: np.random.Generator, area: Area, draws: int, redraw: bool
    ) -> tuple[Ints, list[tuple[str, str, float]]]:
        """For each draw the one-step variant of the area's rules, -1 for the rules as they are."""
        variants = one_step_variants(area)
        which = np.full(draws, -1)
        if redraw and variants:
            moves = rng.random(draws) < self.rule.rules_moved
            which[moves] = rng.integers(0, len(variants), int(moves.sum()))
        return which, variants

    # --- criteria ----------------------------------------------------------------------------------------------------

    def _met(
        self,
        c: Criterion,
        counts: Counts,
        figures: list[tuple[Figure, Floats]],
        years: range,
        which: Ints,
        variants: list[tuple[str, str, float]],
    ) -> Bools:
        threshold = np.full(len(which), c.at_least, dtype=float)
        step = np.zeros(len(which), dtype=np.int64)
        for k, (criterion, what, by) in enumerate(variants):
            if criterion == c.id:
                (threshold if what == "threshold" else step)[which == k] += by
        value = self._value(c, c.window, counts, figures, years)
        if c.window is not None:
            for shift in (-1, 1):
                rows = step == shift
                if rows.any():
                    value[rows] = self._value(c, c.window + shift, counts, figures, years)[rows]
        met: Bools = value >= threshold[:, None]
        if c.implied_by is not None:
            met |= counts.in_force(make_test(c.implied_by, self.scale), years) >= 1
        return met

    def _value(
        self, c: Criterion, window: int | None, counts: Counts, figures: list[tuple[Figure, Floats]], years: range
    ) -> Floats:
        if c.figure is not None:
            names = set(c.figure.names)
            return _largest([(f, v) for f, v in figures if f.name in names], counts.draws, window or 1, years)
        assert c.select is not None  # the codebook's own check: a criterion has a selection or a figure
        test = self._tests.setdefault(c.id, make_test(c.select, self.scale))
        if window is None:
            return counts.in_force(test, years, c.by)
        if c.measure == "events":
            return counts.events(test, window, years)
        if c.measure == "years":
            return in_window(counts.by_year(test) >= c.per_year, window, years, counts.axis)
        total = np.zeros((counts.draws, len(years)))
        for per_value in counts.by_group(test, str(c.by)):
            total += in_window(per_value > 0, window, years, counts.axis) >= c.years_each
        return total


def _readings(event: Event, fields: Mapping[str, FieldSpec]) -> list[Event]:
    """One event for each combination of conflicting values and each year that an uncertain date allows."""
    choices = {
        name: values
        for name, values in (event.fields or {}).items()
        if len(values) > 1 and name in fields and fields[name].kind == "choice"
    }
    dated = [event]
    if event.family in ONCE and len(event.when.years) > 1:
        whens = [When(PartialDate(str(y)), PartialDate(str(y))) for y in event.when.years]
        dated = [dataclasses.replace(event, when=w) for w in whens]
    found: list[Event] = []
    options: list[list[FieldValue]] = [list(values) for values in choices.values()]
    for picked in product(*options):
        changed = dict(event.fields or {})
        for name, value in zip(choices, picked, strict=True):
            changed[name] = (value,)
        found += [dataclasses.replace(e, fields=changed) if choices else e for e in dated]
    return found[:MOST_READINGS]


def _figure_values(
    figures: Sequence[Figure], rng: np.random.Generator, draws: int, redraw: bool
) -> list[tuple[Figure, Floats]]:
    """Each figure with a value a draw: triangular over low, best and high, uniform without a best value."""
    out = []
    for f in figures:
        known = [v for v in (f.low, f.best, f.high) if v is not None]
        centre = f.best if f.best is not None else known[0]
        low, high = min(known), max(known)
        if not redraw or low == high:
            out.append((f, np.full(draws, centre)))
        elif f.best is None:
            out.append((f, rng.uniform(low, high, draws)))
        else:
            out.append((f, rng.triangular(low, f.best, high, draws)))
    return out


def _largest(figures: list[tuple[Figure, Floats]], draws: int, window: int, years: range) -> Floats:
    """Largest value among figures that touch the trailing window of each year."""
    best = np.zeros((draws, len(years)))
    for figure, values in figures:
        for k, year in enumerate(years):
            if figure.when.start.year <= year and figure.when.years[-1] > year - window:
                best[:, k] = np.maximum(best[:, k], values)
    return best
