"""Why published totals disagree: each total's rule applied to our events, and the events that explain the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milcoop.codebook.scale import PublishedTotal, Scale, Selection
from milcoop.domain.dates import When, parse_when
from milcoop.domain.event import Event, Gap
from milcoop.record.selection import make_test, n_parties, party_limit


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One published total beside our count under its rule."""

    total: PublishedTotal
    ours: tuple[str, ...]
    """Events that the rule selects in the period."""
    outside: Mapping[str, tuple[str, ...]]
    """Reason -> our exercises and operations of the period that the rule leaves out."""
    gaps: tuple[str, ...]
    """What we looked for and did not find in the period: theirs that we may lack."""

    @property
    def difference(self) -> float | None:
        """Our count less theirs; None where theirs has no best value."""
        return None if self.total.best is None else len(self.ours) - self.total.best


def reconcile_total(
    total: PublishedTotal, events: Sequence[Event], gaps: Sequence[Gap], scale: Scale
) -> Reconciliation:
    """Apply a total's rule to the dyad's events of its period. The rule is used as it stands."""
    period = parse_when(total.period)
    acts = [e for e in events if e.family in ("exercise", "operation") and _begins_in(e.when, period)]
    selected = make_test(total.rule, scale)
    ours = tuple(e.id for e in acts if selected(e))
    outside: dict[str, list[str]] = {}
    for event in acts:
        if not selected(event):
            outside.setdefault(_reason(event, total.rule, scale), []).append(event.id)
    lacking = tuple(
        g.what for g in gaps if {"exercise", "operation"} & set(g.families) and set(g.years) & set(period.years)
    )
    return Reconciliation(total, ours, {r: tuple(ids) for r, ids in sorted(outside.items())}, lacking)


def _begins_in(when: When, period: When) -> bool:
    return period.first_day <= when.first_day <= period.last_day


def _reason(event: Event, rule: Selection, scale: Scale) -> str:
    """The first condition of the rule that the event does not meet."""
    if event.status not in (rule.statuses or scale.realised):
        return f"status {event.status}"
    if (rule.families and event.family not in rule.families) or event.type in rule.types_not:
        return event.type
    if rule.types and event.type not in rule.types:
        return event.type
    limit = party_limit(rule, scale)
    if limit is not None and n_parties(event) > limit:
        return f"more than {limit} parties"
    return "other conditions"
