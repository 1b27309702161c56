"""Findings on shared concerns, and on what each side declines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milcoop.codebook.signal_rule import SignalRule
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.signals import ConcernUse
from milcoop.findings.bounds import wilson_interval
from milcoop.findings.evidence import Evidence
from milcoop.findings.signals.concerns import PARTY, SPEAKER, Named, overlap, own_overlap, texts_of, use_concerns
from milcoop.findings.signals.making import NOTHING, Ends, make_finding


def concern_findings(
    evidence: Evidence, rule: SignalRule, named: Sequence[Named], uses: Sequence[ConcernUse]
) -> list[Finding]:
    """Overlap of concerns over the window, of own words alone, and by periods of calendar years."""
    families = sorted(rule.side_words.named_families | rule.joint_words.named_families)
    ids = [i for c in uses for i in c.events]
    threats = [c for c in uses if c.kind != PARTY]
    counts = texts_of(named, evidence.dyad.states)
    few = f"{rule.statements}, and one of each side, are needed"
    told = f"{_texts(counts[''])} of both, " + ", ".join(f"{counts[s]} of {s}" for s in evidence.dyad.states)
    enough, sides = _enough(counts, evidence, rule), _own(counts, evidence) >= rule.statements
    found = [
        make_finding(
            evidence, families, "concerns.overlap", "Threats and third parties that both name, in joint texts or each", _ends(*overlap(uses), enough),
            "share of those named", ids, "joint texts or statements that name what so far one side names alone",
            [Moved("concerns.kind", "threats and third parties", "threats", _ends(*overlap(threats), enough)[0]),
             Moved("signalling.signalling.joint_words", "with joint texts", "own words alone", _ends(*own_overlap(uses), sides)[0])],
            told if enough else f"{told}; {few}",
        ),
        make_finding(
            evidence, families, "concerns.own-words", "The same in each side's own words", _ends(*own_overlap(uses), sides),
            "Jaccard index", [i for c in uses for own in c.by_state.values() for i in own],
            "statements of one side on what the other names",
            [Moved("concerns.kind", "threats and third parties", "threats", _ends(*own_overlap(threats), sides)[0])],
            told if sides else f"{told}; {rule.statements} of each side are needed",
        ),
    ]  # fmt: skip
    first, last, n = evidence.years[0], evidence.years[-1], rule.period_years
    for start in range(first // n * n, last + 1, n):
        years = range(max(start, first), min(start + n - 1, last) + 1)
        texts = [t for t in named if t[0].when.start.year in years]
        part = use_concerns(texts, evidence)
        enough = _enough(texts_of(texts, evidence.dyad.states), evidence, rule)
        found.append(
            make_finding(
                evidence, families, f"concerns.{start}-{start + n - 1}", f"Concerns that both name, {start} to {start + n - 1}",
                _ends(*overlap(part), enough), "share of those named", [i for c in part for i in c.events],
                "further texts of these years",
                [Moved("concerns.kind", "threats and third parties", "threats", _ends(*overlap([c for c in part if c.kind != PARTY]), enough)[0])],
                _texts(len(texts)) if enough else f"{_texts(len(texts))}; {few}", years,
            )
        )  # fmt: skip
    return found


def _own(counts: Mapping[str, int], evidence: Evidence) -> int:
    """Texts of the side that has fewer of its own."""
    return min(counts[s] for s in evidence.dyad.states)


def _enough(counts: Mapping[str, int], evidence: Evidence, rule: SignalRule) -> bool:
    """Whether an overlap can be told: from joint texts alone, or with one side silent, what is named is shared by definition."""
    return sum(counts.values()) >= rule.statements and _own(counts, evidence) > 0


def _texts(n: int) -> str:
    return "1 text" if n == 1 else f"{n} texts"


def _ends(shared: int, total: int, enough: bool) -> Ends:
    return (shared / total, *wilson_interval(shared, total)) if enough and total else NOTHING


def find_declined(evidence: Evidence, rule: SignalRule) -> Mapping[str, tuple[str, ...]]:
    """State -> refusals and limits by its officials, by date; empty string: no page says whose."""
    found: dict[str, list[str]] = {s: [] for s in (*evidence.dyad.states, "")}
    for event in evidence.select(rule.declined):
        for state in event.values(SPEAKER) or ("",):
            found.setdefault(state, []).append(event.id)
    return {s: tuple(ids) for s, ids in found.items()}


def declined_findings(evidence: Evidence, rule: SignalRule, declined: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """How often each side declines in public to back, recognise, supply or join the other."""
    types = {e.id: e.type for e in evidence.select(rule.declined)}
    found = []
    for state in evidence.dyad.states:
        ids, open_ = declined[state], declined[""]
        moved = [
            Moved("signalling.signalling.declined.types", t, "left out", sum(types[i] != t for i in ids))
            for t in rule.declined.types
        ]
        found.append(
            make_finding(
                evidence, sorted(rule.declined.named_families), f"declined.{state}", f"Refusals and limits by {state}",
                (len(ids), len(ids), len(ids) + len(open_)), "statements on record", ids,
                "a further case in which its officials decline in public, or give way", moved,
            )
        )  # fmt: skip
    return found
