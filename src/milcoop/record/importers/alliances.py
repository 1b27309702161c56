"""From members of alliances to what binds each pair of states, one event for each pair and spell.

Correlates of War and ATOP both publish one row for each member and spell of membership. Two members of one alliance whose
spells overlap are bound to each other for the overlap, from the later entry to the earlier exit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from milcoop.record.importers.reading import ImportReport, States, citation, digest

LAST_YEAR = 9999
"""End of a spell that goes on."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One state's spell in an alliance."""

    alliance: str
    code: str
    """Their number of the state (COW)."""
    name: str
    begin: str
    """ISO 8601 at its precision."""
    end: str | None
    """None while in force."""
    owes: frozenset[str]
    """Obligations in the codebook's words."""
    note: str = ""


def bonds(
    members: Mapping[str, list[Membership]], report: ImportReport, states: States, accessed: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One event for each pair and overlap; where the two owe different things, one for each who owes."""
    seen: set[str] = set()
    for alliance, spells in members.items():
        known: list[tuple[str, Membership]] = []
        for spell in spells:
            state = states.by_cow(spell.code, int(spell.begin[:4]), int(spell.end[:4]) if spell.end else LAST_YEAR)
            if state is None:
                report.leave_out(" ".join(f"no state in the codebook: COW {spell.code} {spell.name}".split()))
            else:
                known.append((state, spell))
        for i, (a, one) in enumerate(known):
            for b, other in known[i + 1 :]:
                begin = max(one.begin, other.begin)
                end = min(filter(None, (one.end, other.end)), key=_last_day, default=None)
                if a == b or (end is not None and _last_day(end) <= begin):
                    continue
                shared = one.owes & other.owes
                for owes, direction in (
                    (shared, "both"), (one.owes - shared, f"{a}>{b}"), (other.owes - shared, f"{b}>{a}"),
                ):  # fmt: skip
                    if owes or (direction == "both" and not one.owes | other.owes):
                        event = _event(report, alliance, (a, b), begin, end, owes, direction, one.note, accessed)
                        if event["id"] not in seen:  # a state may enter twice, as the partner of two successors
                            seen.add(event["id"])
                            yield "events", event


def _event(
    report: ImportReport, alliance: str, pair: tuple[str, str], begin: str, end: str | None, owes: frozenset[str],
    direction: str, note: str, accessed: str,
) -> dict[str, Any]:  # fmt: skip
    a, b = sorted(pair)
    return {
        "id": f"{report.name}-{alliance}-{a}-{b}-{digest(begin, end or '', direction, *sorted(owes))[:4]}".casefold(),
        "type": "policy.mutual-defence" if "mutual-defence" in owes else "agreement.treaty",
        "title": f"Alliance {alliance} of {report.publisher}: {a} and {b}",
        "participants": [a, b],
        "date": begin,
        "status": "ended" if end else "in-force",
        "direction": direction,
        "chain": f"{report.name}-{alliance}",
        "fields": {"obligations": sorted(owes), "in_force_from": begin} | ({"in_force_to": end} if end else {}),
        "note": note,
        "coding": f"import: {report.name} of {report.vintage}",
        "citations": citation(report, accessed),
    }


def date_of(year: str, month: str, day: str) -> str:
    """ISO 8601 at the precision that the parts support; an unknown month or day is empty, zero or negative in the files."""
    parts = [f"{int(year):04d}"]
    for part in (month, day):
        if not part.strip().isdigit() or int(part) == 0:
            break
        parts.append(f"{int(part):02d}")
    return "-".join(parts)


def _last_day(text: str) -> str:
    """Text that sorts as the last day of a date of any precision."""
    return f"{text}-99-99"[:10]
