"""Forecasts: distributions of later levels and yearly counts, scored cases, frozen questions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate

DIGITS = 6
"""Digits of a printed probability."""


@dataclass(frozen=True)
class Distribution:
    """Probabilities of evenly spaced values, ascending. They sum to one."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    @property
    def step(self) -> float:
        """Distance of neighbouring values."""
        return self.values[1] - self.values[0]

    @property
    def mean(self) -> float:
        """Expected value."""
        return sum(v * p for v, p in zip(self.values, self.probabilities, strict=True))

    @cached_property
    def cumulative(self) -> tuple[float, ...]:
        """Probability of each value or less."""
        return tuple(accumulate(self.probabilities))

    def quantile(self, share: float) -> float:
        """Smallest value that at least this share of the probability does not exceed."""
        return self.values[min(bisect_left(self.cumulative, share - 1e-9), len(self.values) - 1)]

    @property
    def median(self) -> float:
        """The value in the middle."""
        return self.quantile(0.5)

    def interval(self, percent: int) -> tuple[float, float]:
        """Values between which the middle ``percent`` of the probability lies."""
        tail = (100 - percent) / 200
        return self.quantile(tail), self.quantile(1 - tail)

    def at_most(self, value: float) -> float:
        """Probability of ``value`` or less."""
        return sum(p for v, p in zip(self.values, self.probabilities, strict=True) if v <= value + 1e-9)

    def against(self, value: float) -> tuple[float, float, float]:
        """Probabilities of more than ``value``, of ``value``, of less."""
        up, below = 1 - self.at_most(value), self.at_most(value - self.step / 2)
        return max(up, 0.0), max(1 - up - below, 0.0), below

    def rounded(self) -> tuple[float, ...]:
        """Probabilities to six digits that still sum to one: what rounding leaves goes to the likeliest value."""
        cut = [round(p, DIGITS) for p in self.probabilities]
        top = max(range(len(cut)), key=lambda i: cut[i])
        cut[top] = round(cut[top] + 1 - sum(cut), DIGITS)
        return tuple(cut)


@dataclass(frozen=True)
class TargetForecast:
    """Forecast of one target from one reference date."""

    target: str
    """``level:AREA``, ``level:overall`` or ``count:ID``."""
    label: str
    method: str
    now: float
    """Level on record at the reference date; acts of the twelve months up to it."""
    by_horizon: Mapping[int, Distribution]
    ids: tuple[str, ...]
    """Ratings, or acts of the last five years, that it starts from."""
    note: str = ""
    """What a reader must know: a start from a lower bound."""
    past: Mapping[int, float] | None = None
    """Year -> level or count before, the year of the reference date included."""

    @property
    def kind(self) -> str:
        """``level`` or ``count``."""
        return self.target.partition(":")[0]


@dataclass(frozen=True)
class Forecast:
    """All targets of one pair from one reference date."""

    dyad: str
    reference_date: date
    record_version: str
    evidence: str
    """Digest of the pair's events and figures behind it; the same record at a vintage gives the same digest."""
    real_time: bool
    """Whether the reference date is a vintage (``--as-of``), not the record's end."""
    targets: tuple[TargetForecast, ...]
    left_out: Mapping[str, str]
    """Target -> why it has no forecast."""
    choice: str
    """Day up to which outcomes chose the methods, or why the default stands."""
    dyads_scored: int
    """Continuously monitored pairs behind the choice."""
    scenario: str = "none"

    def end_of(self, horizon: int) -> date:
        """Day that a horizon ends on: 31 December that many years after the reference date's year."""
        return date(self.reference_date.year + horizon, 12, 31)


@dataclass(frozen=True, slots=True)
class Case:
    """One distribution beside the outcome: a pair, target, origin, horizon and method."""

    dyad: str
    target: str
    origin: date
    horizon: int
    method: str
    forecast: Distribution
    outcome: float
    redrawn: Mapping[float, float] | None = None
    """Level -> probability of the outcome over redraws of the whole record; None for counts."""

    @property
    def ends(self) -> date:
        """Day that the forecast is for."""
        return date(self.origin.year + self.horizon, 12, 31)


@dataclass(frozen=True, slots=True)
class MethodScore:
    """Mean scores of one method on one target."""

    target: str
    method: str
    cases: int
    score: float
    """Ranked probability score (levels) or CRPS (counts): levels or acts, 0 is perfect."""
    log_score: float
    redrawn_score: float | None
    """The ranked probability score against the redrawn outcome; None for counts."""
    coverage: Mapping[int, float]
    """Percent of the interval -> share of outcomes inside."""
    difference: tuple[float, float] | None
    """90 percent of resamplings of whole pairs of the score less that of persistence; None with one pair."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Statements made with a probability in one bin, and how many came true."""

    kind: str
    low: float
    high: float
    statements: int
    mean_probability: float
    came_true: float


@dataclass(frozen=True)
class Backtest:
    """Scores of all methods over origins, with what made them."""

    record_version: str
    codebook_version: str
    origins: tuple[date, ...]
    dyads: tuple[str, ...]
    claim: bool
    """Whether enough pairs were scored to speak of skill."""
    scores: tuple[MethodScore, ...]
    calibration: tuple[CalibrationBin, ...]
    pit: Mapping[str, Sequence[float]]
    """Kind -> share of the probability integral transform in each tenth."""
    cases: tuple[Case, ...]
    chosen: Mapping[str, Mapping[str, str]]
    """Day -> target -> method chosen from outcomes on record by that day."""
