"""Lulls of joint activity: when, how deep, and what the lines of evidence say of why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def month_text(month: int) -> str:
    """``2020-02`` from a number of months since year nought."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@dataclass(frozen=True, slots=True)
class LullLine:
    """One line of evidence: what was counted in the lull's months beside what the months around led to expect."""

    id: str
    what: str
    count: float
    expected: float
    base_count: float
    reporting: float
    """Change of reporting, at most one."""
    events: tuple[str, ...]
    base_events: tuple[str, ...]
    expects: Mapping[str, str]
    """Reading -> ``fell`` or ``held``."""
    log_likelihoods: Mapping[str, float]
    """Reading -> natural logarithm; empty where the line says nothing."""
    why_not: str = ""
    """Why the line says nothing."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lull:
    """One lull with its competing readings."""

    first: int
    """First month, as a number of months since year nought."""
    months: int
    base_first: int
    base_last: int
    """First and last month of the base; the lull's own are not in it."""
    count: float
    expected: float
    z: float
    open_end: bool
    """Whether too few months after it are on record, so that only the years before say what was expected."""
    shocks: tuple[str, ...]
    """Shocks that speak for circumstances."""
    lines: tuple[LullLine, ...]
    priors: Mapping[str, float]
    posterior: Mapping[str, float]
    answer: str
    """The reading that reaches the odds, else ``cannot tell``."""
    tell_apart: tuple[str, ...]
    """What would tell the two leading readings apart."""

    @property
    def start(self) -> str:
        """First month, ``YYYY-MM``."""
        return month_text(self.first)

    @property
    def end(self) -> str:
        """Last month, ``YYYY-MM``."""
        return month_text(self.first + self.months - 1)

    def likelihood_ratio(self, reading: str, other: str) -> float:
        """How many times better one reading foretells all lines than another."""
        from math import exp

        logs = [line.log_likelihoods for line in self.lines if line.log_likelihoods]
        return exp(sum(found[reading] - found[other] for found in logs))


@dataclass(frozen=True, slots=True)
class Closest:
    """The window with the lowest z of those that have half or less of what either side led to expect."""

    start: str
    """First month, ``YYYY-MM``."""
    end: str
    count: float
    z: float


@dataclass(frozen=True, slots=True)
class LullTest:
    """Lulls of one series of a dyad."""

    series: str
    """What was counted."""
    area: str
    """Area whose acts they are; empty for joint exercises and operations."""
    runs: tuple[tuple[str, str], ...]
    """First and last month of each unbroken monitored run that was looked at."""
    acts: int
    dispersion: float
    threshold: float | None
    """z below which a window is a lull; None where nothing could be looked at."""
    lulls: tuple[Lull, ...]
    closest: Closest | None = None
    """The window that came closest to a lull; None where no window is low enough to be one."""
    why_not: str = ""
    """Why nothing could be looked at."""
