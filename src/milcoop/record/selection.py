"""Filter events by a codebook selection: the one filter that criteria, rules of trackers and ``events --rule`` share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from milcoop.codebook.scale import Scale, Selection
from milcoop.domain.event import Event

Match = Callable[[Event], bool]


class ByType:
    """Events with their places by type. Most fail a selection by their type, so that many selections are made quickly."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.places: dict[str, list[int]] = defaultdict(list)
        for i, event in enumerate(events):
            self.places[event.type].append(i)


class Test:
    """A selection as a test of events; the scale gives the limit on parties and the statuses."""

    __test__ = False  # no test case

    def __init__(self, selection: Selection, scale: Scale) -> None:
        self._selection = selection
        self._statuses = frozenset(selection.statuses or scale.realised)
        self._match = _matcher(selection)
        self._limit = party_limit(selection, scale)
        self._of_type: dict[str, bool] = {}

    def __call__(self, event: Event) -> bool:
        """Whether an event passes."""
        return self._may_pass(event.type) and self._passes(event)

    def places(self, events: ByType) -> list[int]:
        """Indices of the events that pass, in order. Types are looked at once, not event by event."""
        candidates = sorted(i for t, members in events.places.items() if self._may_pass(t) for i in members)
        return [i for i in candidates if self._passes(events.events[i])]

    def _may_pass(self, type_: str) -> bool:
        if type_ not in self._of_type:
            self._of_type[type_] = _may_match(self._selection, type_)
        return self._of_type[type_]

    def _passes(self, event: Event) -> bool:
        limit = self._limit
        return event.status in self._statuses and self._match(event) and (limit is None or n_parties(event) <= limit)


def select_events(events: Sequence[Event] | ByType, selection: Selection, scale: Scale) -> list[Event]:
    """Events that pass the selection, in the order given."""
    by_type = events if isinstance(events, ByType) else ByType(events)
    return [by_type.events[i] for i in make_test(selection, scale).places(by_type)]


def make_test(selection: Selection, scale: Scale) -> Test:
    """The selection as a test of one event or of many."""
    return Test(selection, scale)


def party_limit(selection: Selection, scale: Scale) -> int | None:
    """Most parties that an exercise or operation may have to be selected; None is no limit."""
    if selection.parties_at_most is not None:
        return selection.parties_at_most
    return None if selection.any_parties else scale.max_parties


def n_parties(event: Event) -> float:
    """Number of states taking part: the coded number where the full list is not coded, else the list's length."""
    if event.family not in ("exercise", "operation"):
        return 0
    coded = [float(v) for v in event.values("n_parties")]
    return max([len(event.participants), *coded])


def _may_match(selection: Selection, type_: str) -> bool:
    """Whether an event of this type can pass at all: most events fail a selection by their type, and quickly."""
    return (
        (not selection.families or type_.partition(".")[0] in selection.families)
        and (not selection.types or type_ in selection.types)
        and type_ not in selection.types_not
        and (not selection.any or any(_may_match(member, type_) for member in selection.any))
    )


def _matcher(selection: Selection) -> Match:
    """Conditions of the selection apart from status and parties; ``any`` members are matched the same way."""
    families, types = frozenset(selection.families), frozenset(selection.types)
    types_not = frozenset(selection.types_not)
    where = [(name, frozenset(values)) for name, values in selection.where.items()]
    members = [_matcher(s) for s in selection.any]
    has = selection.has

    def match(event: Event) -> bool:
        if (
            (families and event.family not in families)
            or (types and event.type not in types)
            or event.type in types_not
        ):
            return False
        for name, wanted in where:  # a loop: this runs for every event and selection
            if wanted.isdisjoint(event.values(name)):
                return False
        if has is not None and not event.values(has):
            return False
        return not members or any(m(event) for m in members)

    return match
