"""The shared border: forces, agreements and inspections over time, and what each side could move elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from milcoop.codebook.gain_rule import LedgerRule, Range
from milcoop.domain.event import Figure
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.gains import Posture
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.evidence import Evidence

Ends = tuple[float, float, float]


def find_posture(evidence: Evidence) -> tuple[Posture, ...]:
    """Acts and cited figures at the shared border up to the window's end, by year; figures before it count as well."""
    rule = evidence.codebook.ledger["ledger"]
    found = [
        Posture(e.id, e.family if e.family != "confidence" else e.type.partition(".")[2], e.when.start.year, _actor(e.direction), None, None, None, "", e.title)
        for e in evidence.select(rule.border)
    ]  # fmt: skip
    kinds = {
        name: kind
        for kind, names in (
            ("forces", rule.forces), ("ceiling", rule.ceilings), ("inspections", rule.inspections),
            ("moved", rule.moved), ("beside", rule.beside),
        )
        for name in names
    }  # fmt: skip
    for figure in evidence.figures:
        if figure.name in kinds and figure.when.start.year < evidence.years.stop:
            owner = evidence.codebook.attributions.get(figure.id)
            state = _actor(figure.direction) or (owner.state if owner else "")
            found.append(
                Posture(
                    figure.id, kinds[figure.name], _year(figure), state, figure.low, figure.best, figure.high,
                    figure.unit, figure.title, owner.zone if owner else "",
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda p: (p.year, p.id)))


def posture_findings(evidence: Evidence, posture: Sequence[Posture]) -> Iterator[Finding]:
    """What lies at the border, and what each side could move away."""
    rule = evidence.codebook.ledger["ledger"]
    families = sorted(rule.border.named_families)
    coverage = evidence.coverage(families)
    acts = [p for p in posture if not p.unit]
    change = "an act or a cited figure on forces at the shared border"
    groups = (
        ("gains.posture", "Acts at the shared border", acts, None),
        ("gains.posture.agreements", "Texts, limits and settlements of the border", [p for p in acts if p.kind in ("agreement", "force-limit", "demarcation")], None),
        ("gains.posture.inspections", "Inspections and control meetings on record", [p for p in acts if p.kind == "inspection"], "inspections"),
    )  # fmt: skip
    for finding_id, label, members, figures in groups:
        beside = [p for p in posture if figures and p.kind == figures]
        note = "; ".join(f"{p.title}: {_number(p)} {p.unit}" for p in beside)
        if coverage == NOT_MONITORED and not members:
            yield Finding(finding_id, label, None, None, None, "acts", (), coverage, change)
        else:
            ids = tuple(p.id for p in (*members, *beside))
            yield Finding(finding_id, label, len(members), None, None, "acts", ids, coverage, change, note=note)
    for side, state in enumerate(evidence.dyad.states):
        yield _forces(evidence, posture, state, coverage)
        yield _frees(evidence, posture, state, evidence.dyad.states[1 - side], coverage)


def latest_forces(posture: Sequence[Posture], state: str, within: int) -> tuple[Ends, tuple[Posture, ...]] | None:
    """(low, best, high) persons of the latest figures on a state's forces and those figures; best is their middle."""
    own = [p for p in posture if p.kind == "forces" and p.state == state]
    if not own:
        return None
    last = max(p.year for p in own)
    used = tuple(p for p in own if p.year >= last - within + 1)
    ends = [_ends(p) for p in used]
    low, high = min(e[0] for e in ends), max(e[2] for e in ends)
    return (low, sum(e[1] for e in ends) / len(ends), high), used


def free_persons(forces: Ends, guard: Range, moved: Ends | None, same_zone: bool = True) -> Ends:
    """Persons that could move: forces less the guard; lifted to the share that was in fact moved where a page tells it.

    A share told of another zone than the count lifts value and high end alone.
    """
    low, best, high = forces[0] * (1 - guard.high), forces[1] * (1 - guard.best), forces[2] * (1 - guard.low)
    if moved is None:
        return low, best, high
    shares = tuple(m / 100 for m in moved)
    lifted = max(low, forces[0] * shares[0]) if same_zone else low
    return lifted, max(best, forces[1] * shares[1]), max(high, forces[2] * shares[2])


def _frees(evidence: Evidence, posture: Sequence[Posture], state: str, other: str, coverage: str) -> Finding:
    rule = evidence.codebook.ledger["ledger"]
    finding_id, unit = f"gains.frees.{state}", "persons"
    label = f"Persons that {state} could move from its forces facing {other}"
    change = f"a new cited count of {state}'s forces there, a move seen, or trouble at the border"
    found = latest_forces(posture, state, rule.latest_years)
    if found is None:
        ceilings = [p for p in posture if p.kind == "ceiling" and p.state in (state, "both")]
        if not ceilings:
            note = "no cited figure on its forces there"
            return Finding(finding_id, label, None, None, None, unit, (), NOT_MONITORED, change, note=note)
        top = ceilings[-1]
        high = _ends(top)[2] * (1 - rule.guard.low)
        note = f"no count of its forces; the ceiling of {_ends(top)[2]:,.0f} less a guard of {rule.guard.low:.0%} gives the high end alone"
        return Finding(finding_id, label, None, 0.0, high, unit, (top.id,), coverage, change, note=note)
    forces, used = found
    moves = [
        p for p in posture if p.kind == "moved" and p.state == state and p.year >= used[-1].year - rule.latest_years
    ]
    most = max(moves, key=lambda p: _ends(p)[1], default=None)
    moved, same_zone = (_ends(most), most.zone in {p.zone for p in used}) if most else (None, True)
    age = evidence.years[-1] - used[-1].year

    def free(rule: LedgerRule) -> Ends:
        counted = latest_forces(posture, state, rule.latest_years)
        return free_persons(counted[0] if counted else forces, rule.guard, moved, same_zone)

    def value(rule: LedgerRule) -> float | None:
        return free(rule)[1] if age <= rule.stale_years else None

    zones = ", ".join(dict.fromkeys(p.zone for p in used if p.zone))
    years = sorted({p.year for p in used})
    note = (
        f"latest count {_span(forces)} ({years[0]}{f'-{years[-1]}' if len(years) > 1 else ''}, {zones or 'zone not told'}); "
        f"less a guard of {rule.guard.low:.0%} to {rule.guard.high:.0%}, {rule.guard.best:.0%} in the middle"
    )
    if most and moved:
        note += f"; {moved[1]:.0f}% was in fact moved, by a cited share" + (
            "" if same_zone else f" (of {most.zone or 'a zone not told'})"
        )
    if age > rule.stale_years:
        note = f"a range and no value: counted {age} years before the window's end; {note}"
    peak = _peak(posture, state)
    if peak and _ends(peak)[1] > forces[1]:
        note += f"; most cited {_ends(peak)[1]:,.0f} ({peak.year}, {peak.zone or 'zone not told'})"
    low, _, high = free(rule)
    ids = tuple(p.id for p in (*used, *moves))
    return Finding(
        finding_id, label, value(rule), low, high, unit, ids, coverage if coverage != NOT_MONITORED else "partly", change,
        tuple(_moved(rule, value)), note,
    )  # fmt: skip


def _moved(rule: LedgerRule, value: Callable[[LedgerRule], float | None]) -> Iterator[Moved]:
    """Guard, years of the latest count and age of a count moved by one step."""
    steps: tuple[tuple[str, object, float, float], ...] = (
        *(("guard", rule.guard.model_copy(update={"best": e}), rule.guard.best, e) for e in (rule.guard.low, rule.guard.high)),
        *(("latest_years", n, rule.latest_years, n) for n in (max(1, rule.latest_years - 2), rule.latest_years + 2)),
        *(("stale_years", n, rule.stale_years, n) for n in (rule.stale_years // 2, rule.stale_years * 2)),
    )  # fmt: skip
    for key, put, before, after in steps:
        found = value(rule.model_copy(update={key: put}))
        if found != value(rule):
            yield Moved(f"ledger.ledger.{key}" + (".best" if key == "guard" else ""), before, after, found)


def _forces(evidence: Evidence, posture: Sequence[Posture], state: str, coverage: str) -> Finding:
    found = latest_forces(posture, state, evidence.codebook.ledger["ledger"].latest_years)
    label, change = f"Latest cited forces of {state} at the shared border", "a new cited count"
    finding_id = f"gains.posture.forces.{state}"
    if found is None:
        return Finding(finding_id, label, None, None, None, "persons", (), NOT_MONITORED, change)
    (low, best, high), used = found
    peak = _peak(posture, state)
    note = f"counted in {used[-1].year}" + (f"; most {_ends(peak)[1]:,.0f} in {peak.year}" if peak else "")
    grade = coverage if coverage != NOT_MONITORED else "partly"
    return Finding(finding_id, label, best, low, high, "persons", tuple(p.id for p in used), grade, change, note=note)


def _peak(posture: Sequence[Posture], state: str) -> Posture | None:
    own = (p for p in posture if p.kind == "forces" and p.state == state)
    return max(own, key=lambda p: (_ends(p)[1], p.year), default=None)


def _ends(p: Posture) -> Ends:
    given = [v for v in (p.low, p.best, p.high) if v is not None]
    low, high = min(given), max(given)
    return low, (p.best if p.best is not None else (low + high) / 2), high


def _span(ends: Ends) -> str:
    return f"{ends[1]:,.0f}" if ends[0] == ends[2] else f"{ends[0]:,.0f} to {ends[2]:,.0f}"


def _number(p: Posture) -> str:
    return _span(_ends(p)) if any(v is not None for v in (p.low, p.best, p.high)) else "unknown"


def _actor(direction: str) -> str:
    return direction.partition(">")[0] if ">" in direction else ""


def _year(figure: Figure) -> int:
    return figure.when.start.year
