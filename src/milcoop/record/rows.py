"""The record's file format: one row an event, figure or search, checked at the edge and turned into the domain's nouns."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from milcoop.codebook.address import host_of
from milcoop.domain.dates import PartialDate, When, parse_date, parse_when
from milcoop.domain.event import Citation, Event, FieldValue, Figure, Gap, Quantity, Search, StatusChange, Withdrawal


def _text(value: Any) -> Any:
    """YAML reads 2014 as a number; dates and codes are text here."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]
SLUG = r"^[a-z0-9][a-z0-9.-]*$"
ISO3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
DIRECTION = r"^(both|[A-Z]{3}>[A-Z]{3})$"


class Row(BaseModel):
    """Base of all rows: no unknown keys."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class CitationRow(Row):
    url: str = Field(pattern=r"^https?://[^\s]+$")
    publisher: str = Field(min_length=1)
    title: Text = Field(min_length=1)
    date: Text
    """A date, or ``unknown``."""
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    accessed: Text

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        if not host_of(value):
            raise ValueError(f"'{value}' is not an address that can be read")
        return value

    @field_validator("date")
    @classmethod
    def _date(cls, value: str) -> str:
        return value if value == "unknown" else str(parse_date(value))

    @field_validator("accessed")
    @classmethod
    def _accessed(cls, value: str) -> str:
        return str(parse_date(value))


class StatusRow(Row):
    status: str
    date: Text
    cite: tuple[str, ...] = ()

    @field_validator("date")
    @classmethod
    def _date(cls, value: str) -> str:
        return str(parse_date(value))


class ValueRow(Row):
    value: Text | list[Text]
    cite: tuple[str, ...] = ()


class QuantityRow(Row):
    name: str
    low: float | None = None
    best: float | None = None
    high: float | None = None
    unit: str
    cite: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> QuantityRow:
        known = [v for v in (self.low, self.best, self.high) if v is not None]
        if not known:
            raise ValueError("one of low, best, high is needed")
        if known != sorted(known):
            raise ValueError(f"low, best, high must not fall; found {known}")
        return self


def _citations(rows: dict[str, CitationRow]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            key=key,
            url=row.url,
            publisher=row.publisher,
            title=row.title,
            date=None if row.date == "unknown" else PartialDate(row.date),
            language=row.language,
            accessed=PartialDate(row.accessed),
        )
        for key, row in rows.items()
    )


class EventRow(Row):
    """One event as written in a file."""

    id: str = Field(pattern=SLUG)
    type: str
    title: str = Field(min_length=1)
    participants: tuple[ISO3, ...] = Field(min_length=1)
    observers: tuple[ISO3, ...] = ()
    date: Text
    status: str
    history: tuple[StatusRow, ...] = ()
    direction: str = Field(default="both", pattern=DIRECTION)
    place: str | None = None
    series: str | None = None
    ordinal: int | dict[str, int] | None = None
    mechanism: str | None = None
    chain: str | None = None
    fields: dict[str, Text | list[Text] | ValueRow | list[ValueRow]] = {}
    quantities: tuple[QuantityRow, ...] = ()
    note: str = ""
    credibility: int | None = Field(default=None, ge=1, le=6)
    coding: str = Field(min_length=1)
    citations: dict[str, CitationRow] = Field(min_length=1)

    @field_validator("date")
    @classmethod
    def _date(cls, value: str) -> str:
        parse_when(value)
        return value

    def to_event(self, where_stored: str) -> Event:
        """The frozen noun; credibility is graded later, where the codebook is known."""
        ordinals: tuple[tuple[str, int], ...] = ()
        if isinstance(self.ordinal, int):
            ordinals = (("", self.ordinal),)
        elif self.ordinal:
            ordinals = tuple(sorted(self.ordinal.items()))
        return Event(
            id=self.id,
            type=self.type,
            title=self.title,
            participants=tuple(sorted(set(self.participants))),
            observers=tuple(sorted(set(self.observers))),
            when=parse_when(self.date),
            status=self.status,
            history=tuple(StatusChange(h.status, PartialDate(h.date), h.cite) for h in self.history),
            direction=self.direction,
            place=self.place,
            series=self.series,
            ordinals=ordinals,
            mechanism=self.mechanism,
            chain=self.chain,
            fields={name: _values(value) for name, value in self.fields.items()},
            quantities=tuple(Quantity(q.name, q.low, q.best, q.high, q.unit, q.cite) for q in self.quantities),
            note=self.note,
            credibility=self.credibility or 0,
            coding=self.coding,
            citations=_citations(self.citations),
            where_stored=where_stored,
        )


def _values(value: str | list[str] | ValueRow | list[ValueRow]) -> tuple[FieldValue, ...]:
    rows = value if isinstance(value, list) else [value]
    out: list[FieldValue] = []
    for row in rows:
        if isinstance(row, ValueRow):
            out += [FieldValue(v, row.cite) for v in (row.value if isinstance(row.value, list) else [row.value])]
        else:
            out.append(FieldValue(row))
    return tuple(out)


class FigureRow(Row):
    """One figure as written in a file."""

    id: str = Field(pattern=SLUG)
    name: str
    participants: tuple[ISO3, ...] = Field(min_length=1)
    direction: str = Field(default="both", pattern=DIRECTION)
    date: Text
    low: float | None = None
    best: float | None = None
    high: float | None = None
    unit: str
    title: str = Field(min_length=1)
    note: str = ""
    citations: dict[str, CitationRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _checks(self) -> FigureRow:
        parse_when(self.date)
        QuantityRow(name=self.name, low=self.low, best=self.best, high=self.high, unit=self.unit)
        return self

    def to_figure(self, where_stored: str) -> Figure:
        """The frozen noun."""
        return Figure(
            id=self.id,
            name=self.name,
            participants=tuple(sorted(set(self.participants))),
            direction=self.direction,
            when=parse_when(self.date),
            low=self.low,
            best=self.best,
            high=self.high,
            unit=self.unit,
            title=self.title,
            note=self.note,
            citations=_citations(self.citations),
            where_stored=where_stored,
        )


class SearchRow(Row):
    """One query of the search protocol as written in a file."""

    id: str = Field(pattern=SLUG)
    dyad: tuple[ISO3, ISO3]
    families: tuple[str, ...] = Field(min_length=1)
    years: Text
    """First and last year, ``1989/1999``."""
    language: str
    query: Text
    on: Text
    came_back: Text
    not_found: Text = ""

    @field_validator("years")
    @classmethod
    def _years(cls, value: str) -> str:
        parse_when(value)
        return value

    def to_search(self, where_stored: str) -> Search:
        """The frozen noun."""
        span: When = parse_when(self.years)
        first, second = sorted(self.dyad)
        return Search(
            id=self.id,
            where_stored=where_stored,
            dyad=(first, second),
            families=self.families,
            years=span.years,
            language=self.language,
            query=self.query,
            on=parse_date(self.on),
            came_back=self.came_back,
            not_found=self.not_found,
        )


class GapRow(Row):
    """Something looked for and not found, as written in a file."""

    id: str = Field(pattern=SLUG)
    dyad: tuple[ISO3, ISO3]
    families: tuple[str, ...] = Field(min_length=1)
    years: Text
    """First and last year, ``1989/1999``."""
    what: str = Field(min_length=1)
    on: Text

    @field_validator("years")
    @classmethod
    def _years(cls, value: str) -> str:
        parse_when(value)
        return value

    def to_gap(self, where_stored: str) -> Gap:
        """The frozen noun."""
        first, second = sorted(self.dyad)
        years = parse_when(self.years).years
        return Gap(self.id, (first, second), self.families, years, self.what, parse_date(self.on), where_stored)


class WithdrawnRow(Row):
    """An event or figure that was withdrawn, as written in a file."""

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=1)
    on: Text
    reason: str = Field(min_length=1)
    see: str | None = None

    @field_validator("on")
    @classmethod
    def _on(cls, value: str) -> str:
        return str(parse_date(value))

    def to_withdrawal(self, where_stored: str) -> Withdrawal:
        """The frozen noun."""
        return Withdrawal(self.id, self.title, PartialDate(self.on), self.reason, self.see, where_stored)


class ManifestRow(Row):
    """What a record folder says of itself in ``record.yaml``."""

    id: str
    title: str
    version: Text
    licence: str
    searched_to: Text
    """Date up to which the search protocol was run: the record's end."""

    @field_validator("searched_to")
    @classmethod
    def _searched_to(cls, value: str) -> str:
        return str(parse_date(value))
