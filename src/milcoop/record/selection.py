"""Filter events by a codebook selection: the one filter that criteria, rules of trackers and ``events --rule`` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from milcoop.codebook.scale import Scale, Selection
from milcoop.domain.event import Event

Test = Callable[[Event], bool]


def select_events(events: Sequence[Event], selection: Selection, scale: Scale) -> list[Event]:
    """Events that pass the selection, in the order given. The scale gives the limit on parties and the statuses."""
    test = make_test(selection, scale)
    return [e for e in events if test(e)]


def make_test(selection: Selection, scale: Scale) -> Test:
    """The selection as a function of one event."""
    statuses = frozenset(selection.statuses or scale.realised)
    match = _matcher(selection)
    limit = party_limit(selection, scale)

    of_type: dict[str, bool] = {}

    def test(event: Event) -> bool:
        may = of_type.get(event.type)
        if may is None:
            may = of_type[event.type] = _may_match(selection, event.type)
        return may and event.status in statuses and match(event) and (limit is None or n_parties(event) <= limit)

    return test


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


def _matcher(selection: Selection) -> Test:
    """Conditions of the selection apart from status and parties; ``any`` members are matched the same way."""
    families, types = frozenset(selection.families), frozenset(selection.types)
    types_not = frozenset(selection.types_not)
    where = [(name, frozenset(values)) for name, values in selection.where.items()]
    members = [_matcher(s) for s in selection.any]
    has = selection.has

    def match(event: Event) -> bool:
        return (
            (not families or event.family in families)
            and (not types or event.type in types)
            and event.type not in types_not
            and (has is None or bool(event.values(has)))
            and all(not wanted.isdisjoint(event.values(name)) for name, wanted in where)
            and (not members or any(m(event) for m in members))
        )

    return match
