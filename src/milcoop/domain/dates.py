"""Dates with the precision that a source supports: a year, a month, a day, or a span of them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
PRECISIONS = ("year", "month", "day")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """An ISO 8601 date cut to what is known, e.g. ``2014``, ``2014-05`` or ``2014-05-20``."""

    text: str

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return PRECISIONS[self.text.count("-")]

    @property
    def year(self) -> int:
        """Calendar year."""
        return int(self.text[:4])

    @property
    def first_day(self) -> date:
        """Earliest day that the date allows."""
        return _bounds(self.text)[0]

    @property
    def last_day(self) -> date:
        """Latest day that the date allows."""
        return _bounds(self.text)[1]

    def __str__(self) -> str:
        return self.text


@cache
def _bounds(text: str) -> tuple[date, date]:
    year, *rest = (int(p) for p in text.split("-"))
    if not rest:
        return date(year, 1, 1), date(year, 12, 31)
    if len(rest) == 1:
        return date(year, rest[0], 1), date(year, rest[0], monthrange(year, rest[0])[1])
    exact = date(year, rest[0], rest[1])
    return exact, exact


@cache
def parse_date(text: str) -> PartialDate:
    """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises ValueError, with what was expected, for another shape or an impossible date.
    """
    text = str(text)
    if not _SHAPE.fullmatch(text) or text[:4] == "0000":
        raise ValueError(f"'{text}' is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        _bounds(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a possible date; expected YYYY, YYYY-MM or YYYY-MM-DD") from None
    return PartialDate(text)


@dataclass(frozen=True, slots=True)
class When:
    """The time of an act: a date, or a span ``start/end`` during which it went on.

    ``end`` is None for an act still open or whose end was not known at the vintage.
    """

    start: PartialDate
    end: PartialDate | None

    @property
    def precision(self) -> str:
        """The coarser precision of start and end."""
        both = (self.start, self.end or self.start)
        return min((d.precision for d in both), key=PRECISIONS.index)

    @property
    def first_day(self) -> date:
        """Earliest day that the act may have begun."""
        return self.start.first_day

    @property
    def last_day(self) -> date:
        """Latest day that the act may have ended, as far as known."""
        return (self.end or self.start).last_day

    @property
    def last_day_of_start(self) -> date:
        """Latest day that the act may have begun."""
        return self.start.last_day

    @property
    def years(self) -> range:
        """Calendar years that the act touches."""
        return range(self.start.year, (self.end or self.start).year + 1)

    def __str__(self) -> str:
        if self.end is None:
            return f"{self.start}/.."
        return str(self.start) if self.start == self.end else f"{self.start}/{self.end}"


@cache
def parse_when(text: str) -> When:
    """Read a date, a span ``start/end``, or one still open ``start/..``.

    Raises ValueError for another shape or a reversed span.
    """
    start_text, slash, end_text = str(text).partition("/")
    start = parse_date(start_text)
    if end_text == "..":
        return When(start, None)
    end = parse_date(end_text) if slash else start
    if end.last_day < start.first_day:
        raise ValueError(f"'{text}' ends before it begins")
    return When(start, end)
