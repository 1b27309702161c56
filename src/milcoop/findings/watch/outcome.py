"""The watch as findings: values with ends, evidence, rules moved by a step, and what would change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from milcoop.codebook.watch_rule import PATHS, Indicator, WatchRule
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.rating import MONITORED, NOT_MONITORED, PARTLY
from milcoop.domain.watch import EXPIRED, OPEN, SEEN, BaseRate, Odds, Reading, Sign
from milcoop.findings.watch.odds import product_of

DEPENDENCE = (
    "signs are not independent: a group counts as one sign; the ends hold the plain product of all, and acts that cannot be told read either way; "
    "to be put on odds that do not rest on the same acts"
)
Weighted = Mapping[str, Mapping[float, Odds]]
"""Indicator -> times of the judgement's weight -> odds."""


def count_finding(indicator: Indicator, reading: Reading, moved: tuple[Moved, ...]) -> Finding:
    """``watch.<indicator>``: sure acts in the window; undecided ones raise the upper end."""
    sure = len(reading.sure)
    known = sure > 0 or reading.coverage != NOT_MONITORED
    ways = Counter(s.direction for s in reading.sure)
    notes = [f"status: {reading.status}"]
    notes += [f"{n} {'both ways' if way == 'both' else way}" for way, n in sorted(ways.items())]
    notes += [f"undecided: {s.event} ({s.doubt})" for s in reading.undecided]
    return Finding(
        id=f"watch.{indicator.id}",
        label=f"{indicator.label}: {reading.status}",
        value=sure if known else None,
        low=sure if known else None,
        high=len(reading.signs) if known else None,
        unit=f"acts in {indicator.horizon} months to {reading.end.isoformat()}",
        events=_ids(reading.signs),
        coverage=reading.coverage,
        what_would_change_it=indicator.changed_by,
        sensitivity=moved if known else (),
        note="; ".join(notes),
    )


def base_finding(indicator: Indicator, base: BaseRate, moved: tuple[Moved, ...]) -> Finding:
    """``watch.<indicator>.base-rate``: acts a year before the window, with a 90 percent Poisson interval."""
    span = f"{base.years[0]} to {base.years[-1]}"
    return Finding(
        id=f"watch.{indicator.id}.base-rate",
        label=f"{indicator.label}: base rate",
        value=base.rate,
        low=base.low,
        high=base.high,
        unit="acts a monitored year",
        events=_ids([s for s in base.signs if s.sure]),
        coverage=MONITORED if round(base.exposure) == indicator.base_years else PARTLY,
        what_would_change_it=f"{indicator.changed_by}, found in a year of {span}",
        sensitivity=moved,
        note=f"{sum(s.sure for s in base.signs)} acts in {base.exposure:.3g} monitored years, {span}",
    )


def odds_finding(
    indicator: Indicator, reading: Reading, odds: Odds, weighted: Mapping[float, Odds], rule: WatchRule
) -> Finding:
    """``watch.<indicator>.odds``: what the outcome so far does to growth : plateau : decline."""
    moved = tuple(
        Moved("watch.watch.weight", rule.weight, rule.weight * times, ratio(other.factors))
        for times, other in weighted.items()
        if times != 1
    )
    told = ", ".join(
        f"{p.path} times {p.times:.2f} (judged {p.judged:g}; {p.windows:.3g} windows, {p.seen:.3g} acts for {p.expected:.3g} expected)"
        for p in odds.paths
    )
    return Finding(
        id=f"watch.{indicator.id}.odds",
        label=f"{indicator.label}: {odds.outcome}, shift of odds",
        value=ratio(odds.factors),
        low=None,
        high=None,
        unit="growth : plateau : decline",
        events=_ids(reading.sure),
        coverage=reading.coverage,
        what_would_change_it=f"{'none seen' if odds.outcome == SEEN else indicator.changed_by}: {ratio(odds.other)}",
        sensitivity=moved,
        note=f"{odds.basis}: {told}",
    )


def tripped_finding(readings: Sequence[Reading], since: date | None) -> Finding:
    """``watch.tripped``: indicators seen in their windows, or tripped since a day; expired ones do not count."""
    live = [r for r in readings if r.status != EXPIRED]
    hit = [r for r in live if r.tripped] if since else [r for r in live if r.status == SEEN]
    may = [r for r in live if r not in hit and r.undecided]
    signs = [n.sign for r in hit for n in r.news] if since else [s for r in hit for s in r.sure]
    grades = {r.coverage for r in readings}
    return Finding(
        id="watch.tripped",
        label=f"Indicators tripped since {since.isoformat()}" if since else "Indicators seen in their windows",
        value=len(hit),
        low=len(hit),
        high=len(hit) if since else len(hit) + len(may),
        unit=f"of {len(live)} indicators",
        events=_ids(signs),
        coverage=grades.pop() if len(grades) == 1 else PARTLY,
        what_would_change_it="an act named by an indicator, or a page that settles an undecided one",
        note=", ".join(r.id for r in hit),
    )


def shift_findings(
    readings: Sequence[Reading], odds: Weighted, shift: Mapping[str, tuple[float, float, float]], rule: WatchRule
) -> list[Finding]:
    """``watch.shift`` in words, and ``watch.shift.growth`` and ``.decline`` as odds against plateau."""
    used = [r for r in readings if r.odds is not None and r.odds.outcome != OPEN]
    ids = _ids([s for r in used for s in r.sure])
    grade = MONITORED if len(used) == len(readings) else PARTLY if used else NOT_MONITORED
    note = f"{len(used)} of {len(readings)} indicators; {DEPENDENCE}"
    change = "a sign that comes, or its absence to the end of its horizon"
    best = {p: factor for p, (factor, _, _) in shift.items()}
    whole = Finding(
        id="watch.shift",
        label="Shift of the odds by all outcomes so far",
        value=ratio(best) if used else None,
        low=None,
        high=None,
        unit="growth : plateau : decline",
        events=ids,
        coverage=grade,
        what_would_change_it=change,
        note=note,
    )
    out = [whole]
    for path in PATHS:
        if path == "plateau":
            continue
        moved = [
            Moved(
                "watch.watch.weight", rule.weight, rule.weight * w, product_of(readings, odds, path, w, as_groups=True)
            )
            for w in (1 / rule.distance_step, rule.distance_step)
            if used
        ]
        moved += [
            Moved(
                "groups",
                "one sign each",
                "every indicator by itself",
                product_of(readings, odds, path, 1.0, as_groups=False),
            )
            for _ in used[:1]
        ]
        factor, low, high = shift[path]
        out.append(
            Finding(
                id=f"watch.shift.{path}",
                label=f"Odds of {path} against plateau, times",
                value=factor if used else None,
                low=low if used else None,
                high=high if used else None,
                unit="times",
                events=ids,
                coverage=grade,
                what_would_change_it=change,
                sensitivity=tuple(moved),
                note=note,
            )
        )
    return out


def ratio(factors: Mapping[str, float]) -> str:
    """``1.3 : 1 : 0.7``, growth, plateau, decline."""
    return " : ".join("1" if p == "plateau" else f"{factors[p]:.2f}" for p in PATHS)


def _ids(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.event for s in signs))
