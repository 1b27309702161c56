"""Dependence as data: settings, which figures measure which share, classes of flow, needs and what fills them."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection

Part = Literal["arms", "sales", "trade", "input", "arms-in-trade"]


class Setting(Entry):
    """One number or list of words that dependence rests on, with the steps it is moved by for sensitivity."""

    id: str
    label: str
    value: float | tuple[str, ...]
    steps: tuple[float, ...] = ()
    """Other values tried, one step down and up."""
    unit: str = ""
    why: str

    @model_validator(mode="after")
    def _moved(self) -> Setting:
        if isinstance(self.value, tuple):
            if self.steps:
                raise ValueError("a list of words has no steps")
            for word in self.value:
                _check_pattern(word)
        elif self.value in self.steps:
            raise ValueError("a step must differ from the value")
        return self


class Ratio(Entry):
    """A share that no source gives, made of two figures of the same years and unit."""

    numerator: tuple[str, ...]
    """Names of figures, directed or of both states."""
    denominator: tuple[str, ...]


class ShareMeasure(Entry):
    """Which figures measure one share, and who depends by it."""

    id: str
    label: str
    part: Part
    depends: Literal["giver", "receiver", "both"]
    """Side of a figure's direction that depends on the other: the receiver of goods, the giver who needs the market."""
    figures: tuple[str, ...] = ()
    """Names of figures that give the share in percent."""
    between: tuple[str, ...] = ()
    """Names of two figures that bound the share together where both are cited for the same time; one alone says nothing."""
    ratio: Ratio | None = None
    register_classes: tuple[str, ...] = ()
    """Classes of an imported register that measure it; arms and sales read all classes."""
    categories: tuple[str, ...] = ()
    """Classes of supplies on record, for an input without a cited share; with ``words`` both must hold."""
    words: tuple[str, ...] = ()
    """Patterns over the items of supplies on record, for an input without a cited share."""
    why: str

    @field_validator("words")
    @classmethod
    def _patterns(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(words)


class FlowClass(Entry):
    """A class of what passes between the two; the first class whose selection holds takes an act."""

    id: str
    label: str
    order: int
    """Classes are tried from the lowest on."""
    select: Selection
    know_how: bool
    """Whether knowledge passes and not goods alone."""
    why: str


class NeedFlow(Entry):
    """A kind of supply that fills a need: all conditions given must hold."""

    types: tuple[str, ...] = ()
    """Types, or families."""
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Patterns, at least one of which is in the fields that the setting ``need-fields`` names."""
    either_way: bool = False
    """For acts whose direction is that of who travels and not of who gives."""

    @field_validator("words")
    @classmethod
    def _patterns(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(words)

    @model_validator(mode="after")
    def _some(self) -> NeedFlow:
        if not (self.types or self.categories or self.words):
            raise ValueError("a flow without a condition would fill the need by anything")
        return self


class Need(Entry):
    """A capability that a side may lack: which topics of statements name it, which flows fill it."""

    id: str
    label: str
    topics: tuple[str, ...]
    """Patterns over the topics of statements on needs."""
    flows: tuple[NeedFlow, ...]
    why: str

    @field_validator("topics")
    @classmethod
    def _patterns(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(topics)


def _checked(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        _check_pattern(pattern)
    return patterns


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"'{pattern}' is no pattern: {error}") from None
