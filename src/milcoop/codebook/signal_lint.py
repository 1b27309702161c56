"""Lint what message and substance are measured by: unknown fields and states, weights that do not sum, words that are no patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Selection
from milcoop.codebook.selection_lint import lint_selection

Found = Iterator[tuple[str, str, str]]
"""(kind of entry, id, message)"""


def lint_signals(codebook: Codebook) -> Found:
    """Problems of the kinds that ``milcoop signals`` reads."""
    yield from _components(codebook)
    for rule in codebook.signalling.values():
        for name in ("select", "summits", "texts", "side_words", "joint_words", "declined"):
            yield from (("signalling", rule.id, f"'{name}' {m}") for m in lint_selection(codebook, getattr(rule, name)))
        for where in (rule.jointness.joint, rule.jointness.parallel):
            yield from (
                ("signalling", rule.id, f"'jointness' {m}") for m in lint_selection(codebook, Selection(where=where))
            )
        yield from (
            ("signalling", rule.id, f"names unknown shock '{s}'") for s in rule.shocks if s not in codebook.shocks
        )
        unknown = sorted(set(rule.outlines.values()) - set(codebook.actors))
        yield from (("signalling", rule.id, f"'outlines' names unknown state '{s}'") for s in unknown)
    for kind in ("words", "deeds"):
        for entry in getattr(codebook, kind).values():
            yield from ((kind, entry.id, m) for m in lint_selection(codebook, entry.select))
            if not entry.select.named_families:
                yield kind, entry.id, "names no family, so nothing says whether it was searched for"
    for concern in codebook.concerns.values():
        for word in concern.words:
            try:
                re.compile(word)
            except re.error as error:
                yield "concerns", concern.id, f"'{word}' is no pattern: {error}"
    for point in codebook.flashpoints.values():
        unknown = [s for s in point.states if s not in codebook.actors]
        yield from (("flashpoints", point.id, f"names unknown state '{s}'") for s in unknown)
        try:
            date.fromisoformat(point.start)
        except ValueError:
            yield "flashpoints", point.id, f"'{point.start}' is not a day; expected YYYY-MM-DD"
        if not point.citations:
            yield "flashpoints", point.id, "has no page that gives its date"


def _components(codebook: Codebook) -> Found:
    for c in codebook.signals.values():
        spec = codebook.fields.get(c.field) if c.field else None
        if c.field and spec is None:
            yield "signals", c.id, f"reads unknown field '{c.field}'"
        elif spec and c.points and spec.values and not set(c.points) <= set(spec.values):
            yield "signals", c.id, f"has values that field '{spec.id}' does not allow"
    for score in ("operational", "message"):
        if codebook.signals and not any(c.weight for c in codebook.signals.values() if c.score == score):
            yield "signals", next(iter(codebook.signals)), f"leaves the {score} score without any weight"
