"""The shared border: forces, agreements and inspections over time, and what each side could move elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def free_persons(forces: Ends, guard: Range, moved: float | None) -> Ends:
    """Persons that could move: forces less the guard; lifted to what was in fact moved where a page tells its share."""
    low, best, high = forces[0] * (1 - guard.high), forces[1] * (1 - guard.best), forces[2] * (1 - guard.low)
    if moved is None:
        return low, best, high
    return max(low, forces[0] * moved), max(best, forces[1] * moved), max(high, forces[2] * moved)


def _frees(evidence: Evidence, posture: Sequence[Posture], state: str, other: str, coverage: str) -> Finding:
    rule = evidence.codebook.ledger["ledger"]
    finding_id, unit = f"gains.frees.{state}", "persons"
    label = f"Persons that {state} could move from the border with {other}"
    change = f"a new cited count of {state}'s forces there, a move seen, or trouble at the border"
    found = latest_forces(posture, state, rule.latest_years)
    if found is None:
        ceilings = [p for p in posture if p.kind == "ceiling" and p.state in (state, "both")]
        if not ceilings:
            return Finding(
                finding_id,
                label,
                None,
                None,
                None,
                unit,
                (),
                NOT_MONITORED,
                change,
                note="no cited figure on its forces there",
            )
        top = ceilings[-1]
        high = _ends(top)[2] * (1 - rule.guard.low)
        note = f"no count of its forces; the ceiling of {_ends(top)[2]:,.0f} less a guard of {rule.guard.low:.0%} gives the high end alone"
        return Finding(finding_id, label, None, 0.0, high, unit, (top.id,), coverage, change, note=note)  # fmt: skip
    forces, used = found
    moves = [
        p for p in posture if p.kind == "moved" and p.state == state and p.year >= used[-1].year - rule.latest_years
    ]
    share = max((_ends(p)[1] / 100 for p in moves), default=None)
    low, best, high = free_persons(forces, rule.guard, share)
    zones = ", ".join(dict.fromkeys(p.zone for p in used if p.zone))
    years = sorted({p.year for p in used})
    note = (
        f"latest count {_span(forces)} ({years[0]}{f'-{years[-1]}' if len(years) > 1 else ''}, {zones or 'zone not told'}); "
        f"less a guard of {rule.guard.low:.0%} to {rule.guard.high:.0%}, {rule.guard.best:.0%} in the middle"
    )
    if share is not None:
        note += f"; {share:.0%} was in fact moved, by a cited share"
    peak = _peak(posture, state)
    if peak and peak[0] > forces[1]:
        note += (
            f"; {peak[0] - forces[1]:,.0f} fewer than at the peak of {peak[1]}, of other zones where the words say so"
        )
    ids = tuple(p.id for p in (*used, *moves))
    return Finding(
        finding_id, label, best, low, high, unit, ids, coverage if coverage != NOT_MONITORED else "partly", change,
        tuple(_moved(posture, state, rule, share, best)), note,
    )  # fmt: skip


def _moved(
    posture: Sequence[Posture], state: str, rule: LedgerRule, share: float | None, best: float
) -> Iterator[Moved]:
    found = latest_forces(posture, state, rule.latest_years)
    assert found is not None
    for end in (rule.guard.low, rule.guard.high):
        moved = rule.guard.model_copy(update={"best": end})
        after = free_persons(found[0], moved, share)[1]
        if after != best:
            yield Moved("ledger.ledger.guard.best", rule.guard.best, end, after)
    for years in (rule.latest_years - 2, rule.latest_years + 2):
        other = latest_forces(posture, state, max(1, years))
        assert other is not None
        after = free_persons(other[0], rule.guard, share)[1]
        if after != best:
            yield Moved("ledger.ledger.latest_years", rule.latest_years, max(1, years), after)


def _forces(evidence: Evidence, posture: Sequence[Posture], state: str, coverage: str) -> Finding:
    found = latest_forces(posture, state, evidence.codebook.ledger["ledger"].latest_years)
    label, change = f"Latest cited forces of {state} at the shared border", "a new cited count"
    finding_id = f"gains.posture.forces.{state}"
    if found is None:
        return Finding(finding_id, label, None, None, None, "persons", (), NOT_MONITORED, change)
    (low, best, high), used = found
    peak = _peak(posture, state)
    note = f"counted in {used[-1].year}" + (f"; most {peak[0]:,.0f} in {peak[1]}" if peak else "")
    grade = coverage if coverage != NOT_MONITORED else "partly"
    return Finding(finding_id, label, best, low, high, "persons", tuple(p.id for p in used), grade, change, note=note)


def _peak(posture: Sequence[Posture], state: str) -> tuple[float, int] | None:
    own = [(_ends(p)[1], p.year) for p in posture if p.kind == "forces" and p.state == state]
    return max(own, default=None)


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
