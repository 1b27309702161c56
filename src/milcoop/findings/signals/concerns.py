"""Shared concerns: which threats and third parties each side's officials and the joint texts name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from milcoop.codebook.entries import State
from milcoop.codebook.signal_rule import Concern, SignalRule
from milcoop.domain.event import Event
from milcoop.domain.signals import ConcernUse
from milcoop.findings.evidence import Evidence

NAMED_IN = ("named_concerns", "position", "about", "topics")
"""Coded fields in which a concern may be named, beside the title."""
STATES, SPEAKER = "named_states", "speaker_state"
PARTY = "party"

Named = tuple[Event, str, frozenset[str]]
"""A text, its speaker's state (empty: joint), and ids of the concerns that it names."""


def named_concerns(evidence: Evidence, rule: SignalRule) -> list[Named]:
    """Texts of the window that name a concern, by date; one whose speaker belongs to neither side is left out."""
    codebook, pair = evidence.codebook, evidence.dyad.states
    words = _concern_reader(codebook.concerns.values())
    states = _state_reader([s for s in codebook.actors.values() if s.id not in pair])
    found: list[Named] = []
    joint, sides = evidence.select(rule.joint_words), evidence.select(rule.side_words)
    speakers = [("", e) for e in joint] + [(s, e) for e in sides for s in set(e.values(SPEAKER)) & set(pair)]
    for speaker, event in speakers:
        text = "\n".join((event.title, *(v for f in NAMED_IN for v in event.values(f))))
        named = words(text) | states(event.title) | (set(event.values(STATES)) - set(pair))
        found.append((event, speaker, frozenset(named)))
    return sorted(found, key=lambda n: (n[0].when.first_day, n[0].id))


def _concern_reader(concerns: Iterable[Concern]) -> Callable[[str], set[str]]:
    patterns = [(c.id, re.compile(r"\b(?:" + "|".join(c.words) + ")")) for c in concerns]

    def read(text: str) -> set[str]:
        plain = text.replace("-", " ").casefold()
        return {name for name, pattern in patterns if pattern.search(plain)}

    return read


def _state_reader(states: Sequence[State]) -> Callable[[str], set[str]]:
    """Names and adjectives of states as whole words, the longest first, upper and lower case as written."""
    by_name = {n: s.id for s in states for n in (*s.demonyms.en, *s.also.en, s.names.en)}
    longest = sorted(by_name, key=lambda n: (-len(n), n))
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b")

    def read(text: str) -> set[str]:
        return {by_name[n] for n in pattern.findall(text)}

    return read


def use_concerns(named: Sequence[Named], evidence: Evidence) -> tuple[ConcernUse, ...]:
    """Every concern that is named, with the texts by side; those named by most texts first."""
    codebook, pair = evidence.codebook, evidence.dyad.states
    texts: dict[str, dict[str, list[str]]] = {}
    for event, speaker, names in named:
        for name in names:
            texts.setdefault(name, {}).setdefault(speaker, []).append(event.id)
    found = []
    for name, by in texts.items():
        concern = codebook.concerns.get(name)
        state = codebook.actors.get(name)
        label = concern.label if concern else state.names.en if state else name
        own = {s: tuple(by.get(s, ())) for s in pair}
        found.append(ConcernUse(name, label, concern.kind if concern else PARTY, own, tuple(by.get("", ()))))
    return tuple(sorted(found, key=lambda c: (-len(c.events), c.id)))


def overlap(uses: Iterable[ConcernUse]) -> tuple[int, int]:
    """(shared concerns, all that are named)."""
    uses = list(uses)
    return sum(c.shared for c in uses), len(uses)


def own_overlap(uses: Iterable[ConcernUse]) -> tuple[int, int]:
    """(concerns that both sides name, those that either names), joint texts left out: the Jaccard index's two parts."""
    own = [c.by_state for c in uses if any(c.by_state.values())]
    return sum(all(by.values()) for by in own), len(own)


def texts_of(named: Iterable[Named], states: Sequence[str]) -> Mapping[str, int]:
    """State -> number of its texts; empty string: joint ones."""
    counts = dict.fromkeys(("", *states), 0)
    for _, speaker, _ in named:
        counts[speaker] += 1
    return counts
