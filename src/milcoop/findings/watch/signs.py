"""Which acts set an indicator off: sure signs and those that cannot be told, by date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from statistics import median

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Selection
from milcoop.codebook.watch_rule import Indicator, Lapse, Trigger
from milcoop.domain.event import Event, StatusChange
from milcoop.domain.watch import Sign
from milcoop.findings.evidence import Evidence
from milcoop.findings.watch.geometry import INSIDE, OUTSIDE
from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.rates import months_before
from milcoop.record.selection import ByType, select_events

MONTH_DAYS = 365.25 / 12

Candidate = tuple[Event, str]
"""An act that passes what is known of it, and why it is in doubt."""


class Signs:
    """Finds the signs of one pair up to a day."""

    def __init__(self, evidence: Evidence, geography: Geography, until: date) -> None:
        self._evidence, self._geography, self._until = evidence, geography, until
        self._by_type = ByType([e for e in evidence.events if e.when.first_day <= until])
        self._selected: dict[str, list[Event]] = {}
        self._searched_before: dict[tuple[str, int], int] = {}

    def with_distances(self, geography: Geography) -> Signs:
        """The same acts in another geography; what was selected is kept."""
        other = copy(self)
        other._geography = geography
        return other

    @property
    def codebook(self) -> Codebook:
        """The rules in force."""
        return self._evidence.codebook

    def of(self, indicator: Indicator) -> tuple[Sign, ...]:
        """Signs of one indicator, earliest first; none after the last day."""
        trigger = indicator.trigger
        if trigger.lapse is not None:
            found: Iterable[Sign] = self._lapses(trigger.select, trigger.lapse)
        else:
            candidates = self._candidates(trigger)
            if trigger.moved:
                found = self._moves(candidates)
            elif trigger.first_by is not None:
                found = self._firsts(candidates, trigger)
            elif trigger.becomes:
                found = (s for e, doubt in candidates for s in self._changes(e, trigger.becomes, doubt))
            else:
                found = (self._sign(e, self._where(e, trigger), doubt) for e, doubt in candidates)
        return tuple(sorted((s for s in found if s.on <= self._until), key=lambda s: (s.on, s.event)))

    # --- what every act must pass --------------------------------------------------------------------------------------

    def _candidates(self, trigger: Trigger) -> list[Candidate]:
        """Acts that pass the selection and every condition that can be told, by date."""
        select = trigger.select
        if trigger.becomes:
            select = select.model_copy(update={"statuses": self.codebook.fields["status"].values})
        chosen = [(e, "") for e in self._select(select)]
        if trigger.maybe is not None:
            chosen += [(e, e.status) for e in self._select(trigger.maybe)]
        out = []
        for event, doubt in chosen:
            if not _certain(event, trigger):
                continue
            doubts = [doubt]
            if trigger.region is not None:
                where, why = self._geography.locate(event, trigger.region)
                if where == OUTSIDE:
                    continue
                doubts.append("" if where == INSIDE else why)
            if trigger.one_sided:
                serves, why = self._serves_one(event)
                if serves is False:
                    continue
                doubts.append("" if serves else why)
            out.append((event, "; ".join(filter(None, doubts))))
        return sorted(out, key=lambda c: (c[0].when.first_day, c[0].id))

    def _select(self, selection: Selection) -> list[Event]:
        """Acts that pass a selection; several indicators share one."""
        key = selection.model_dump_json()
        if key not in self._selected:
            self._selected[key] = select_events(self._by_type, selection, self._evidence.scale)
        return self._selected[key]

    def _serves_one(self, event: Event) -> tuple[bool | None, str]:
        """Whether one side acts for the other, on the soil of one, or where exactly one has a coast or claim.

        None where it cannot be told.
        """
        if event.direction != "both" or "yes" in event.values("partner_territory"):
            return True, ""
        vague = ""
        for name, region in self._geography.regions.items():
            if len(set(region.concerns) & set(self._evidence.dyad.states)) == 1:
                where, why = self._geography.locate(event, name)
                if where == INSIDE:
                    return True, ""
                vague = vague or (why if where != OUTSIDE else "")
        return (None, vague) if vague else (False, "")

    def _where(self, event: Event, trigger: Trigger) -> str:
        return self._geography.locate(event, trigger.region)[1] if trigger.region else ""

    def _sign(self, event: Event, what: str, doubt: str) -> Sign:
        until = min(event.when.last_day_of_start, self._until)
        return Sign(event.id, event.when.first_day, until, _known(event), event.direction, "" if doubt else what, doubt)

    # --- projects, firsts, statuses ------------------------------------------------------------------------------------

    def _moves(self, candidates: Sequence[Candidate]) -> Iterator[Sign]:
        """Acts that bring their project to another stage, and dated changes of status after an act."""
        stage_of: dict[str, str] = {}
        for event, doubt in candidates:
            project = event.chain or next(iter(event.values("project")), event.id)
            stage = next(iter(event.values("stage")), "")
            before = stage_of.get(project)
            if before is None:
                yield self._sign(event, f"first step on record{f', {stage}' if stage else ''}", doubt)
            elif not stage:
                yield self._sign(event, "", "; ".join(filter(None, [doubt, "stage not reported"])))
            elif stage != before:
                yield self._sign(event, f"{before} to {stage}" if before else stage, doubt)
            if not doubt:
                stage_of[project] = stage or before or ""
            for change in event.history:
                if change.date.first_day > event.when.last_day_of_start:
                    yield self._change(event, change, doubt)

    def _firsts(self, candidates: Sequence[Candidate], trigger: Trigger) -> Iterator[Sign]:
        """First acts of a type or in a region, once the pair was monitored long enough for a first to mean something."""
        seen: set[str] = set()
        for event, doubt in candidates:
            if trigger.first_by == "type":
                new, vague = {event.type} - seen, ""
                what = self.codebook.types[event.type].label.en
            else:
                at = {r: self._geography.locate(event, r) for r in self._geography.regions if r not in seen}
                new = {r for r, (where, _) in at.items() if where == INSIDE}
                vague = next((why for where, why in at.values() if where not in (INSIDE, OUTSIDE)), "")
                what = ", ".join(self._geography.regions[r].label for r in sorted(new))
            if (new or vague) and self._years_searched(event) >= trigger.after_years:
                yield self._sign(event, f"first: {what}", doubt or ("" if new else vague))
            seen |= new

    def _years_searched(self, event: Event) -> int:
        """Years before an act in which its family was monitored."""
        key = event.family, event.when.start.year
        if key not in self._searched_before:
            first = min(self._by_type.events[0].when.start.year, self._evidence.years.start)
            years = range(first, event.when.start.year)
            self._searched_before[key] = sum(self._evidence.monitored([event.family], y) for y in years)
        return self._searched_before[key]

    def _changes(self, event: Event, becomes: Sequence[str], doubt: str) -> Iterator[Sign]:
        """Days on which an act got one of the statuses."""
        dated = [c for c in event.history if c.status in becomes]
        yield from (self._change(event, c, doubt) for c in dated)
        if event.status in becomes and event.status not in {c.status for c in dated}:
            yield self._sign(event, event.status, doubt)

    def _change(self, event: Event, change: StatusChange, doubt: str) -> Sign:
        day = change.date
        pages = [c.date.last_day for c in event.citations if c.date and c.key in change.cite]
        sign = self._sign(event, change.status, doubt)
        known = min(pages) if pages else sign.known and max(sign.known, day.first_day)
        return replace(sign, on=day.first_day, until=min(day.last_day, self._until), known=known)

    # --- lapses ----------------------------------------------------------------------------------------------------------

    def _lapses(self, select: Selection, rule: Lapse) -> Iterator[Sign]:
        """Days on which a series or mechanism had gone too long without a round, while it was looked for."""
        kept: dict[str, list[Event]] = {}
        for event in self._select(select):
            name = event.mechanism or event.series
            if name:
                kept.setdefault(name, []).append(event)
        for name, rounds in kept.items():
            rounds.sort(key=lambda e: (e.when.first_day, e.id))
            for i, last in enumerate(rounds):
                later = rounds[i + 1].when.first_day if i + 1 < len(rounds) else None
                if later and later <= months_before(last.when.last_day, -rule.months_at_least):
                    continue
                due = self._due(name, rounds[: i + 1], rule)
                if due is None or (later and later <= due):
                    continue
                years = range(last.when.start.year, due.year + 1)
                if all(self._evidence.monitored([last.family], y) for y in years):
                    what = f"{self._label(name)}: no round since {last.when.start}"
                    yield Sign(last.id, due, due, due, "both", what)

    def _due(self, name: str, rounds: Sequence[Event], rule: Lapse) -> date | None:
        """Day on which a further round has been missing too long; None where no rhythm is known or it has ended."""
        entry = self.codebook.mechanisms.get(name) or self.codebook.series.get(name)
        if entry is not None and entry.every is not None:
            rhythm = entry.every * 12.0
        else:
            days = sorted({e.when.first_day for e in rounds})
            if len(days) < rule.rounds:
                return None
            rhythm = median((b - a).days for a, b in pairwise(days)) / MONTH_DAYS
        due = months_before(rounds[-1].when.last_day, -round(max(rule.times * rhythm, rule.months_at_least)))
        return None if entry is not None and entry.until is not None and due.year > entry.until else due

    def _label(self, name: str) -> str:
        entry = self.codebook.mechanisms.get(name) or self.codebook.series.get(name)
        return entry.label.en if entry else name


def _certain(event: Event, trigger: Trigger) -> bool:
    """Conditions that the coding answers either way."""
    if not set(trigger.actors) <= set(event.participants):
        return False
    if trigger.flow == "one-way" and event.direction == "both":
        return False
    if trigger.giver is not None and event.direction.partition(">")[0] != trigger.giver:
        return False
    if trigger.places and event.place not in trigger.places:
        return False
    if not trigger.words:
        return True
    text = " ".join([event.title, *(v for f in ("project", "item", "what_flows") for v in event.values(f))]).casefold()
    return any(word.casefold() in text for word in trigger.words)


def _known(event: Event) -> date | None:
    """Day of the first dated page."""
    return min((c.date.last_day for c in event.citations if c.date), default=None)
