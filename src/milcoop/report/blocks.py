"""What a report is made of before it is rendered: paragraphs whose every figure carries its evidence, tables, charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure or claim in the text, with the ids that it rests on: events, figures, ratings or criteria."""

    text: str
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.ids:
            raise ValueError(f"'{self.text}' would be printed without evidence")


Part = str | Ref


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, with a run-in head where one is given."""

    parts: tuple[Part, ...]
    head: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """All evidence of the paragraph, once each."""
        return tuple(dict.fromkeys(i for p in self.parts if isinstance(p, Ref) for i in p.ids))

    @property
    def text(self) -> str:
        """The text without links."""
        return "".join(p.text if isinstance(p, Ref) else p for p in self.parts)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of paragraphs."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Box(Bullets):
    """A list of paragraphs set apart in a frame."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a cell is a part, so that figures in it carry their evidence too."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    caption: str = ""
    numeric: tuple[int, ...] = ()
    """Columns set flush right."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite chart. Marks carry ``ids`` in their data, so that a click lists the evidence."""

    id: str
    spec: Mapping[str, Any]
    caption: str


@dataclass(frozen=True, slots=True)
class EventList:
    """Events shown as a list with date, title and number."""

    ids: tuple[str, ...]
    caption: str = ""


Block = Paragraph | Bullets | Table | Chart | EventList


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; ``level`` 1 is a chapter."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report as data."""

    title: str
    subtitle: str
    kind: str
    record_version: str
    as_of: str
    sections: tuple[Section, ...]
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Id of an event or figure -> its number in the report, ``E12`` or ``F3``."""


def para(*parts: Part, head: str = "") -> Paragraph:
    """A paragraph from text and refs."""
    return Paragraph(tuple(parts), head)


def count(ids: Iterable[str], singular: str, plural: str | None = None) -> tuple[Part, ...]:
    """``12 exercises`` with its evidence; ``no exercise`` in words when there is none."""
    ids = tuple(ids)
    if not ids:
        return (f"no {singular}",)
    noun = singular if len(ids) == 1 else plural or singular + "s"
    return (Ref(f"{len(ids)}", ids), f" {noun}")


def joined(items: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    """Items as ``a, b and c``."""
    out: list[Part] = []
    for i, item in enumerate(items):
        if i:
            out.append(" and " if i == len(items) - 1 else ", ")
        out += item
    return tuple(out)


def words(names: list[str]) -> str:
    """Names as ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
