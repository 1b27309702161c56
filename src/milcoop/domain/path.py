"""The path of a dyad over a window: direction by area, breaks in yearly acts, reporting beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ACTS_CHANGED, REPORTING_CHANGED, BOTH_CHANGED = "acts changed", "only reporting changed", "acts and reporting changed"


def signed(slope: float) -> str:
    """A slope with its sign, in as many digits as its size supports."""
    return f"{slope:+.0f}" if abs(slope) >= 10 else f"{round(slope, 2) + 0:+.2f}"


def smallest_step(years: int) -> float:
    """Slope a year that a single level in the last of so many year-ends makes: what whole levels can show at the least."""
    return 6 / (years * (years + 1))


@dataclass(frozen=True, slots=True)
class Direction:
    """Change of one area (or the whole) over a window of years."""

    area: str
    """Area, or ``overall``."""
    first: int
    last: int
    slope: float
    """Median slope over redraws, levels a year."""
    interval: tuple[float, float]
    """Middle 80 percent of the slopes."""
    probabilities: Mapping[float, tuple[float, float, float]]
    """Half width of the equivalence region, levels a year -> probability of expansion, plateau, decline."""
    at: str
    """``floor`` or ``ceiling`` where all redraws lie at the scale's end through the window, else empty."""
    against_whole: tuple[float, float, float] | None
    """Probability that the area moved faster, the same, slower than the whole; None for the whole itself."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Posterior over the forms of one yearly series."""

    forms: Mapping[str, float]
    """``none``, ``trend``, ``one break``, ``two breaks`` -> probability; they sum to one."""
    years: Mapping[int, float]
    """Year -> probability that a segment begins in it; for two breaks a year may be either."""

    @property
    def changed(self) -> bool:
        """Whether a change of any form is likelier than none."""
        return self.forms["none"] < 0.5

    @property
    def likeliest(self) -> int | None:
        """The year most likely to begin a segment; None where no break is likelier than a break."""
        if self.forms["one break"] + self.forms["two breaks"] <= 0.5:
            return None
        return max(self.years, key=lambda y: self.years[y])


@dataclass(frozen=True, slots=True)
class YearlyActs:
    """Yearly acts that are evidence for an area, their breaks, and those of the pages that tell of them."""

    area: str
    counts: Mapping[int, int]
    pages: Mapping[int, int]
    acts: Breaks
    reporting: Breaks
    """Breaks in the number of pages."""
    telling: Breaks
    """Breaks in pages an act beyond the first: the acts held fixed, so that only reporting is left."""

    @property
    def reading(self) -> str:
        """What acts and telling say together: a change (trend or break) of telling alone is one of reporting."""
        found = self.acts.changed, self.telling.changed
        return {(True, True): BOTH_CHANGED, (True, False): ACTS_CHANGED, (False, True): REPORTING_CHANGED}.get(
            found, ""
        )


@dataclass(frozen=True, slots=True)
class Strand:
    """Change of one side of joint activity over a window."""

    id: str
    unit: str
    events: tuple[str, ...]
    """Acts on which it is known."""
    acts: int
    """All acts of the window."""
    means: Mapping[int, float]
    """Year -> mean over its acts, or number of acts; years without a known act are left out."""
    slope: float | None
    """Least-squares change a year, in the unit; None where too little is known."""
    interval: tuple[float, float] | None
    """Middle 80 percent over resampled acts."""
    rises: float | None
    """Share of resamplings whose slope is above zero."""
    why: str = ""
    """Why it has no slope."""


@dataclass(frozen=True, slots=True)
class Path:
    """All of it for one dyad, with what made it."""

    first: int
    last: int
    record_version: str
    draws: int
    seed: int
    directions: tuple[Direction, ...]
    left_out: Mapping[str, str]
    """Area -> why it has no direction."""
    series: tuple[YearlyActs, ...]
    strands: tuple[Strand, ...]
