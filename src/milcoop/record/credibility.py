"""Credibility (1-6) of an event's account, from who gives it, by the rule in the codebook."""

from __future__ import annotations

from milcoop.codebook.loader import Codebook
from milcoop.domain.event import Event


def grade_credibility(event: Event, codebook: Codebook) -> int:
    """Grade by the first conditions of ``codebook/credibility/admiralty.yaml`` that the event's citations meet."""
    sources = [codebook.source_of(c.url) for c in event.citations]
    for grade in codebook.credibility["admiralty"].grades:
        good = {s.id: s for s in sources if s and not s.mirror and s.reliability in grade.reliability}
        voices = {(s.ownership, s.country) for s in good.values()}
        if len(good) >= grade.publishers and len(voices) >= grade.voices:
            return grade.grade
    return 6


def party_agency(url: str, event: Event, codebook: Codebook) -> bool:
    """Whether the page's publisher belongs to a state or party that takes part in the event."""
    source = codebook.source_of(url)
    return bool(source and source.ownership in ("state", "party") and source.country in event.participants)
