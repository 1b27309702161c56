"""Needs that somebody named against the flows that fill them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from milcoop.codebook.dependence_rule import Need, NeedFlow
from milcoop.domain.dependence import FILLED, NOT_FILLED, PARTLY_FILLED, NeedMet
from milcoop.domain.event import Event
from milcoop.domain.rating import MONITORED, NOT_MONITORED
from milcoop.findings.dependence.composition import ALLEGED, Flows
from milcoop.findings.dependence.rules import Rules

SAYS = "statement.need"


class Needs:
    """Statements on needs and the acts that may fill them, matched once; answers under any rules."""

    def __init__(self, flows: Flows, rules: Rules) -> None:
        evidence = self.evidence = flows.evidence
        self.flows = flows
        self._realised = frozenset(evidence.scale.realised)
        over = [_pattern(p) for p in rules.words("need-over")]
        fields = rules.words("need-fields")
        self._said: dict[tuple[str, str], list[Event]] = {}
        self._denied: dict[tuple[str, str], list[Event]] = {}
        self._acts: dict[tuple[str, str], list[Event]] = {}
        statements = [
            e
            for e in evidence.events
            if e.type == SAYS and e.status in self._realised and e.when.start.year in evidence.years
        ]
        kinds = flows.types | {t for n in evidence.codebook.needs.values() for f in n.flows for t in f.types}
        acts = [
            e
            for e in evidence.events
            if (e.type in kinds or e.family in kinds)
            and (e.status in self._realised or e.status == ALLEGED)
            and e.when.start.year <= evidence.years[-1]
        ]
        text = {e.id: coded_text(e, fields) for e in acts}
        for need in evidence.codebook.needs.values():
            topics = [_pattern(p) for p in need.topics]
            for event in statements:
                if any(p.search(t) for t in event.values("topics") for p in topics):
                    denied = any(p.search(v) for v in event.values("position") for p in over)
                    for state in set(event.values("need_of")) & set(evidence.dyad.states):
                        into = self._denied if denied else self._said
                        into.setdefault((state, need.id), []).append(event)
            if any(key[1] == need.id for key in self._said):
                for state in evidence.dyad.states:
                    self._acts[state, need.id] = [e for e in acts if fills(need, e, state, text[e.id], flows.types)]

    def met(self, state: str, need: Need, rules: Rules) -> NeedMet:
        """What is said of one need of one state, and what fills it."""
        said = self._said.get((state, need.id), [])
        denied = _ids(self._denied.get((state, need.id), ()))
        if not said:
            return NeedMet(state, need.id, need.label, None, (), denied, (), (), ())
        last = self.evidence.years[-1]
        since = min(e.when.start.year for e in said) - int(rules["need-lead"])
        acts = [e for e in self._acts[state, need.id] if e.when.start.year >= since]
        alleged = [e for e in acts if e.status == ALLEGED]
        done = [e for e in acts if e.status in self._realised and self._practice(e)]
        promised = [e for e in acts if e.status in self._realised and not self._practice(e)]
        if len(done) >= rules["need-acts"]:
            answer = FILLED
        elif acts:
            answer = PARTLY_FILLED
        else:
            searched = self.evidence.coverage(self.flows.families, range(since, last + 1)) == MONITORED
            answer = NOT_FILLED if searched else NOT_MONITORED
        return NeedMet(
            state, need.id, need.label, answer, _ids(said), denied, _ids(done), _ids(promised), _ids(alleged)
        )

    def all(self, state: str, rules: Rules) -> list[NeedMet]:
        """Every need of the codebook for one state."""
        return [self.met(state, need, rules) for need in self.evidence.codebook.needs.values()]

    def _practice(self, event: Event) -> bool:
        return self.evidence.codebook.types[event.type].standing == "practice"


def fills(need: Need, event: Event, state: str, text: str, types: Collection[str]) -> bool:
    """Whether an act fills a need of a state; ``text`` is what its coded fields say.

    ``types`` are those whose acts pass something; a flow that names types of its own is held to these instead.
    """
    return any(_matches(flow, event, state, text, types) for flow in need.flows)


def _matches(flow: NeedFlow, event: Event, state: str, text: str, types: Collection[str]) -> bool:
    if event.type not in (flow.types or types) and event.family not in flow.types:
        return False
    if not flow.either_way and event.direction != "both" and not event.direction.endswith(f">{state}"):
        return False
    if flow.categories and not set(flow.categories) & set(event.values("category")):
        return False
    return not flow.words or mentions(flow.words, text)


def mentions(words: Iterable[str], text: str) -> bool:
    """Whether any pattern is found in a text, without regard to case."""
    return any(_pattern(w).search(text) for w in words)


def coded_text(event: Event, fields: Sequence[str]) -> str:
    """Coded values of an act's fields, in the order asked; its title where it carries none of them."""
    return " ; ".join(v for f in fields for v in event.values(f)) or event.title


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)  # re keeps compiled patterns


def _ids(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(e.id for e in events)
