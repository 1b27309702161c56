"""What the components of both scores measure on each act: lowest, best and highest value that the record allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import inf, log, nan

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.signal_rule import Component, SignalRule
from milcoop.domain.event import Event, Quantity
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.geography import Distances
from milcoop.record.selection import ByType, select_events

Raw = tuple[float, float, float]
"""Lowest, best (nan where unknown) and highest value."""
Floats = NDArray[np.float64]

UNKNOWN: Raw = (-inf, nan, inf)
TOTAL, DURATION = "total", "duration"


class Context:
    """Acts of a pair with what stands around them: earlier acts, meetings of leaders, texts, flashpoints, the map."""

    def __init__(self, evidence: Evidence, rule: SignalRule) -> None:
        codebook = evidence.codebook
        self.evidence, self.rule = evidence, rule
        self._known: dict[tuple[tuple[str, ...], int], bool] = {}
        by_type = ByType(evidence.events)
        everything = select_events(by_type, rule.select, evidence.scale)
        self.acts = [e for e in everything if e.when.start.year in evidence.years]
        """Acts of the window, by date."""
        self.before = everything
        self.families = sorted(rule.select.named_families)
        self.summits = select_events(by_type, rule.summits, evidence.scale)
        self.texts = select_events(by_type, rule.texts, evidence.scale)
        self.flashpoints = self._flashpoints()
        used = {e.place for e in everything if e.place in codebook.places}
        self.map = Distances([codebook.places[str(p)] for p in sorted(map(str, used))], codebook.actors, rule.outlines)

    def _flashpoints(self) -> list[date]:
        """First days of flashpoints and named shocks that concern one of the pair, by date."""
        codebook, pair = self.evidence.codebook, set(self.evidence.dyad.states)
        own = [date.fromisoformat(f.start) for f in codebook.flashpoints.values() if pair & set(f.states)]
        shocks = [codebook.shocks[s] for s in self.rule.shocks if s in codebook.shocks]
        own += [date.fromisoformat((s.start + "-01-01")[:10]) for s in shocks if pair & set(s.states) or not s.states]
        return sorted(own)

    def monitored(self, families: Iterable[str], years: Iterable[int]) -> bool:
        """Whether all families were searched enough in all years."""
        names = tuple(sorted(families))
        return all(self._searched(names, y) for y in years)

    def _searched(self, families: tuple[str, ...], year: int) -> bool:
        if (families, year) not in self._known:
            self._known[families, year] = self.evidence.monitored(families, year)
        return self._known[families, year]


def measure(component: Component, context: Context) -> Floats:
    """One row an act of the window: lowest, best and highest measured value."""
    rows = MEASURES[component.measure](component, context)
    return np.array(rows, dtype=float).reshape(-1, 3)


def _field(c: Component, context: Context) -> list[Raw]:
    found = []
    for event in context.acts:
        points = [c.points[v] for v in event.values(str(c.field)) if v in c.points]
        found.append((min(points), sum(points) / len(points), max(points)) if points else UNKNOWN)
    return found


def _values(c: Component, context: Context) -> list[Raw]:
    counts = [float(len(set(e.values(str(c.field))))) for e in context.acts]
    return [(n, n, n) if n else UNKNOWN for n in counts]


def _days(c: Component, context: Context) -> list[Raw]:
    return [_duration(e) for e in context.acts]


def _duration(event: Event) -> Raw:
    told = next((q for q in event.quantities if q.name == DURATION and q.unit.startswith("day")), None)
    if told is not None and told.best is not None:
        return _ends(told)
    longest = float((event.when.last_day - event.when.first_day).days + 1)
    if event.when.end is None:
        return 1, nan, inf
    return (longest, longest, longest) if event.when.precision == "day" else (1, nan, longest)


def _ends(q: Quantity) -> Raw:
    """Low, best and high of an amount; what is missing is the best, or what the other end allows."""
    best = nan if q.best is None else q.best
    low = q.low if q.low is not None else (q.best or 0)
    high = q.high if q.high is not None else (q.best if q.best is not None else inf)
    return low, best, high


def _forces(c: Component, context: Context) -> list[Raw]:
    states = context.evidence.dyad.states
    return [_force(event, c, states) for event in context.acts]


def _force(event: Event, c: Component, states: Sequence[str]) -> Raw:
    """Largest of the kinds of forces, 0 to 1; amounts of one side only are a lower bound."""
    amounts = {q.name: _ends(q) for q in event.quantities}
    low, best, high = 0.0, nan, inf
    for kind, (nought, one) in c.amounts.items():
        sides = [amounts[f"{kind}_{s}"] for s in states if f"{kind}_{s}" in amounts]
        total = amounts.get(f"{kind}_{TOTAL}") or amounts.get(kind)
        if total is None and len(sides) == len(states):
            total = sides[0][0] + sides[1][0], sides[0][1] + sides[1][1], sides[0][2] + sides[1][2]
        if total is None and sides:
            low = max(low, _position(sum(s[0] for s in sides), nought, one))
        elif total is not None:
            ends = tuple(_position(v, nought, one) for v in total)
            low = max(low, ends[0])
            if total[1] == total[1]:
                best = ends[1] if best != best else max(best, ends[1])
                high = ends[2] if high == inf else max(high, ends[2])
    return (low, max(best, low), max(high, low)) if best == best else (low, nan, inf)


def _position(amount: float, nought: float, one: float) -> float:
    return nan if amount != amount else log(min(max(amount, nought), one) / nought) / log(one / nought)


def _novelty(c: Component, context: Context) -> list[Raw]:
    first: dict[tuple[str, str], str] = {}
    for event in context.before:
        for key in ("series", "type", "place"):
            for value in event.values(key):
                first.setdefault((key, value), event.id)
    none, found = c.points.get("none", 0.0), []
    for event in context.acts:
        year, years = event.when.start.year, c.years or 0
        if not context.monitored(context.families, range(year - years, year)):
            found.append(UNKNOWN)
            continue
        new = [
            c.points.get(k, none)
            for k in ("series", "type", "place")
            for v in event.values(k)
            if first[k, v] == event.id
        ]
        points = max([none, *new])
        unknown_place = event.place is None and c.points.get("place", none) > points
        found.append((points, nan, c.points["place"]) if unknown_place else (points, points, points))
    return found


def _home(event: Event, context: Context) -> Raw:
    """Kilometres from the nearest territory of the side that is farther away."""
    coded = [float(v) for v in event.values("distance_home_km")]
    if coded:
        return min(coded), sum(coded) / len(coded), max(coded)
    to = [context.map.to_state(event.place, s) for s in context.evidence.dyad.states]
    known = [km for km in to if km is not None]
    if not known:
        return UNKNOWN
    return (max(known),) * 3 if len(known) == len(to) else (max(known), nan, inf)


def _distance(c: Component, context: Context) -> list[Raw]:
    return [_home(e, context) for e in context.acts]


def _presence(c: Component, context: Context) -> list[Raw]:
    near = context.map.near(c.within or 0)
    placed, unplaced = defaultdict[int, set[str]](set), set()
    for event in context.before:
        year = event.when.start.year
        if event.place in near:
            placed[year].add(str(event.place))
        else:
            unplaced.add(year)
    found: list[Raw] = []
    for event in context.acts:
        low_km, _, high_km = _home(event, context)
        if high_km < (c.away or 0):
            found.append((0, 0, 0))
            continue
        if event.place not in near:
            found.append((0, nan, inf))
            continue
        looked = range(event.when.start.year - (c.years or 0), event.when.start.year)
        back = {y for y in looked if placed[y] & near[str(event.place)]}
        open_years = {y for y in looked if y in unplaced or not context.monitored(context.families, [y])} - back
        low, high = (len(back) if low_km >= (c.away or 0) else 0), len(back) + len(open_years)
        found.append((low, low if low == high else nan, high))
    return found


def _summit(c: Component, context: Context) -> list[Raw]:
    if not context.acts:
        return []
    days = _spans(context.summits)
    families = context.rule.summits.named_families
    found = []
    for event in context.acts:
        first, last, loose = _span(event)
        gaps = np.maximum(np.maximum(days[:, 0] - last, first - days[:, 1]), 0) if len(days) else np.array([inf])
        slack = gaps + loose + (days[:, 2] if len(days) else 0)
        low, high = float(gaps.min()), float(slack.min())
        if not context.monitored(families, {event.when.first_day.year, event.when.last_day.year}):
            low = 0.0
        found.append((low, low if low == high else nan, high))
    return found


def _span(event: Event) -> tuple[int, int, int]:
    """First and last day as ordinals, and by how many days the act may lie inside them."""
    first, last = event.when.first_day.toordinal(), event.when.last_day.toordinal()
    return first, last, 0 if event.when.precision == "day" else last - first


def _spans(events: Sequence[Event]) -> NDArray[np.int64]:
    return np.array([_span(e) for e in events], dtype=np.int64).reshape(-1, 3)


def _crisis(c: Component, context: Context) -> list[Raw]:
    """Days from the last flashpoint to the act's first day; without one before it, endless."""
    found: list[Raw] = []
    for event in context.acts:
        ends = [_since(d, context.flashpoints) for d in (event.when.first_day, event.when.last_day_of_start)]
        same = ends[0] == ends[1] or event.when.start.precision == "day"
        between = any(event.when.first_day <= f <= event.when.last_day_of_start for f in context.flashpoints)
        low = 0.0 if between and not same else min(ends)
        found.append((ends[0],) * 3 if same else (low, nan, max(ends)))
    return found


def _since(day: date, flashpoints: Sequence[date]) -> float:
    return min(((day - f).days for f in flashpoints if f <= day), default=inf)


def _publishers(c: Component, context: Context) -> list[Raw]:
    codebook, found = context.evidence.codebook, []
    for event in context.acts:
        sources = [(cite.publisher, codebook.source_of(cite.url)) for cite in event.citations]
        own = {publisher for publisher, source in sources if source is None or not source.mirror}
        n = float(max(1, len(own)))
        found.append((n, n, n))
    return found


def _near(c: Component, context: Context) -> list[Raw]:
    found: list[Raw] = []
    for event in context.acts:
        entered = set(event.values("adiz_entered")) - set(event.participants)
        km = 0.0 if entered else context.map.to_others(event.place, event.participants)
        found.append(UNKNOWN if km is None else (km, km, km))
    return found


def _words(c: Component, context: Context) -> list[Raw]:
    days, reach = _spans(context.texts), int(c.within or 0)
    families, found = context.rule.texts.named_families, []
    for event in context.acts:
        first, last, loose = _span(event)
        gaps = np.maximum(np.maximum(days[:, 0] - last, first - days[:, 1]), 0)
        low, high = float(((gaps + loose + days[:, 2]) <= reach).sum()), float((gaps <= reach).sum())
        if not context.monitored(families, {event.when.first_day.year, event.when.last_day.year}):
            high = inf
        found.append((low, low if low == high else nan, high))
    return found


MEASURES: dict[str, Callable[[Component, Context], list[Raw]]] = {
    "field": _field, "values": _values, "days": _days, "forces": _forces, "novelty": _novelty, "distance": _distance,
    "presence": _presence, "summit": _summit, "crisis": _crisis, "publishers": _publishers, "near": _near, "words": _words,
}  # fmt: skip
"""How each measure of the codebook is taken."""
