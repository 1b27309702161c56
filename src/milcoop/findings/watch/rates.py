"""Base rates: signs a monitored year, with the interval of a Poisson count."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date

from milcoop.codebook.watch_rule import Indicator
from milcoop.domain.watch import BaseRate, Sign
from milcoop.findings.bounds import poisson_interval

Monitored = Callable[[int], bool]
"""Whether what an indicator reads was searched in a year."""


def months_before(day: date, months: int) -> date:
    """The day a number of months earlier (later when negative), its month's last day where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def find_base_rate(
    signs: Sequence[Sign], indicator: Indicator, start: date, first_year: int, at_least: int, monitored: Monitored
) -> BaseRate | None:
    """Base rate over the monitored time in the years up to a window's start; None with too little of it.

    A calendar year that the period covers in part counts by that part.
    """
    opens = max(months_before(start, 12 * indicator.base_years), date(first_year, 1, 1))
    parts = {y: _part(y, opens, start) for y in range(opens.year, start.year + 1) if monitored(y)}
    years = {y: part for y, part in parts.items() if part > 0}
    exposure = sum(years.values())
    if exposure < at_least:
        return None
    counted = tuple(s for s in signs if opens <= s.on < start and s.on.year in years)
    sure = sum(s.sure for s in counted)
    low, high = poisson_interval(sure)[0], poisson_interval(len(counted))[1]
    return BaseRate(counted, tuple(years), exposure, sure / exposure, low / exposure, high / exposure)


def _part(year: int, opens: date, closes: date) -> float:
    """Share of a calendar year that lies from one day up to another."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return max(0, (min(closes, after) - max(opens, first)).days) / (after - first).days
