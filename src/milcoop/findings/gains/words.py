"""What each side says of the other's performance and of needing it, and what both can do only together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milcoop.codebook.gain_rule import Capability, Wording
from milcoop.codebook.scale import Selection
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.gains import Shown, Word
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.bounds import wilson_interval
from milcoop.findings.evidence import Evidence
from milcoop.record.selection import select_events

UNSURE = ("announced", "alleged")


def find_words(evidence: Evidence) -> tuple[Word, ...]:
    """Statements on the partner or on needing it by voices of either side, with the sense of their positions."""
    found = []
    for wording in evidence.codebook.wordings.values():
        for event in evidence.select(wording.select):
            name = "need_of" if wording.of == "need" else "speaker_state"
            about = next((s for s in event.values(name) if s in evidence.dyad.states), None)
            speaker = next(iter(event.values("speaker_state")), "")
            if about is None:
                continue
            kind = next(iter(event.values("speaker_kind")), "unknown")
            positions = event.values("position") or ("",)
            senses = [wording.positions[p] for p in positions if p in wording.positions]
            sense = senses[0] if senses and len(set(senses)) == 1 else (0 if senses else None)
            found.append(
                Word(
                    event.id, about if wording.of == "need" else speaker, kind, "; ".join(positions), sense, wording.of
                )
            )
    return tuple(found)  # fmt: skip


def word_findings(evidence: Evidence, words: Sequence[Word]) -> Iterator[Finding]:
    """Share that speaks well less the share that speaks ill, for each side."""
    for wording in evidence.codebook.wordings.values():
        name = "words" if wording.of == "partner" else "need"
        families = sorted(wording.select.named_families)
        coverage = evidence.coverage(families)
        for side, state in enumerate(evidence.dyad.states):
            other = evidence.dyad.states[1 - side]
            own = [w for w in words if w.of == wording.of and w.speaker_state == state]
            label = (
                f"Words of {state} on {other} as a partner: +1 all well, -1 all ill"
                if name == "words"
                else f"Words on {state}'s need of {other}: +1 all for it, -1 all against"
            )
            change = "a statement of the other kind by an office holder"
            unit = "share well less share ill"
            if coverage == NOT_MONITORED:
                yield Finding(f"gains.{name}.{state}", label, None, None, None, unit, (), coverage, change)
                continue
            value, low, high = net_share([w.sense for w in own])
            kinds = {k: sum(w.kind == k for w in own) for k in dict.fromkeys(w.kind for w in own)}
            note = ", ".join(f"{n} {k}" for k, n in kinds.items()) if own else "no such words on record"
            yield Finding(
                f"gains.{name}.{state}", label, value, low if own else None, high if own else None, unit,
                tuple(w.event for w in own), coverage, change, tuple(_moved(wording, own, value)), note,
            )  # fmt: skip


def net_share(senses: Sequence[int | None]) -> tuple[float | None, float, float]:
    """(value, low, high) of well less ill over all words with a sense.

    The bounds set words without a sense to ill, then to well, and hold Wilson's interval; a neutral word is half of each.
    """
    known = [s for s in senses if s is not None]
    total, well = len(senses), sum((s + 1) / 2 for s in known)
    unknown = total - len(known)
    low, high = wilson_interval(well, total)[0], wilson_interval(well + unknown, total)[1]
    return (sum(known) / len(known) if known else None), 2 * low - 1, 2 * high - 1


def _moved(wording: Wording, own: Sequence[Word], value: float | None) -> Iterator[Moved]:
    """Each position that was used taken as neither well nor ill."""
    used = dict.fromkeys(w.position for w in own if w.sense)
    for position in used:
        after = net_share([0 if w.position == position else w.sense for w in own])[0]
        if after != value:
            yield Moved(f"wordings.{wording.id}.positions.{position}", wording.positions.get(position), 0, after)


def find_together(evidence: Evidence) -> tuple[Shown, ...]:
    """Capabilities of both with the acts that show them, surely and unsurely."""
    found = []
    for capability in evidence.codebook.together.values():
        sure = evidence.select(capability.select)
        named = {e.id for e in sure}
        unsure = [e for e in _perhaps(evidence, capability) if e.id not in named]
        found.append(
            Shown(capability.id, capability.label, capability.why, _ids(sure), _ids(unsure))
        )  # fmt: skip
    return tuple(found)


def together_findings(evidence: Evidence, shown: Sequence[Shown]) -> Iterator[Finding]:
    """How many capabilities of both are shown, and by how many acts each."""
    at_least = evidence.codebook.ledger["ledger"].together_acts
    families = sorted({f for c in evidence.codebook.together.values() for f in c.select.named_families})
    coverage = evidence.coverage(families)
    label, unit = "What the two can do together and neither alone", "capabilities"
    change = "an act that shows a further capability, or proof that one side has it alone"
    if coverage == NOT_MONITORED:
        yield Finding("gains.together", label, None, None, None, unit, (), coverage, change)
        return
    value = sum(len(s.events) >= at_least for s in shown)
    low = sum(len(s.events) > at_least for s in shown)
    high = sum(len(s.events) + len(s.unsure) >= at_least for s in shown)
    note = "; ".join(s.label for s in shown if len(s.events) >= at_least) or "none shown"
    moved = (Moved("ledger.ledger.together_acts", at_least, at_least + 1, low),) if low != value else ()
    events = tuple(dict.fromkeys(e for s in shown for e in s.events))
    yield Finding("gains.together", label, value, low, high, unit, events, coverage, change, moved, note)
    for s, capability in zip(shown, evidence.codebook.together.values(), strict=True):
        yield Finding(
            f"gains.together.{s.id}", f"Acts that show: {s.label}", len(s.events), len(s.events),
            len(s.events) + len(s.unsure), "acts", s.events or s.unsure,
            evidence.coverage(sorted(capability.select.named_families)), f"acts of this kind on record; {s.why}",
        )  # fmt: skip


def _perhaps(evidence: Evidence, capability: Capability) -> list[Event]:
    """Acts that would show it if they took place, or if a field that no page tells had the value asked for."""
    wide = _widen(capability.select)
    statuses = (*evidence.scale.realised, *UNSURE)
    picked = select_events(evidence.by_type, wide.model_copy(update={"statuses": statuses}), evidence.scale)
    return [e for e in picked if _may_be(capability.select, e)]


def _widen(selection: Selection) -> Selection:
    return selection.model_copy(update={"where": {}, "has": None, "any": tuple(_widen(s) for s in selection.any)})


def _may_be(selection: Selection, event: Event) -> bool:
    """Whether no field that is told speaks against it."""
    if selection.any:
        return any(_may_be(s, event) for s in selection.any if _of_type(s, event))
    return all(
        not event.values(name) or set(values) & set(event.values(name)) for name, values in selection.where.items()
    )


def _of_type(selection: Selection, event: Event) -> bool:
    return (
        (not selection.families or event.family in selection.families)
        and (not selection.types or event.type in selection.types)
        and event.type not in selection.types_not
    )


def _ids(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(e.id for e in events)
