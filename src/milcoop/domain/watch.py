"""What to watch: signs found in the record, the state of each indicator, and what they do to the odds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from milcoop.domain.finding import FindingSet

SEEN, QUIET, OVERDUE, EXPIRED = "seen", "quiet", "overdue", "expired"
NOT_SEEN, OPEN = "not seen", "open"
HAPPENED, BECAME_KNOWN = "happened", "became known"


def leaning(low: float, high: float) -> str:
    """What a factor on odds says in words, from the ends of its interval."""
    return "more likely" if low > 1 else "less likely" if high < 1 else "no clear shift"


@dataclass(frozen=True, slots=True)
class Sign:
    """One act, change of status or lapse that sets an indicator off, or may."""

    event: str
    """Id of the act; of the last round for a lapse."""
    on: date
    """Earliest day of the act or change."""
    until: date
    """Latest day on which it may have begun."""
    known: date | None
    """Day of the first dated page; None where no page shows a date."""
    direction: str
    """``GIV>REC`` or ``both``."""
    what: str
    """What the act did to set it off, in words; may be empty."""
    doubt: str = ""
    """Why it cannot be told whether it does; empty for a sure sign."""

    @property
    def sure(self) -> bool:
        """Whether nothing about it is in doubt."""
        return not self.doubt


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Signs a year in the monitored years before the window, with the ends of a 90 percent Poisson interval."""

    signs: tuple[Sign, ...]
    years: tuple[int, ...]
    """Monitored years that were counted, the first and last maybe in part."""
    exposure: float
    """Monitored time in years."""
    rate: float
    low: float
    high: float
    """Upper end with undecided acts counted."""

    @property
    def cautious(self) -> float:
        """Rate with half an act added, so that never is not taken for impossible."""
        return (sum(s.sure for s in self.signs) + 0.5) / self.exposure


@dataclass(frozen=True, slots=True)
class PathTimes:
    """How often a sign comes on one path, as times its base rate: judged, and after history."""

    path: str
    judged: float
    times: float
    windows: float
    """Past windows of all pairs that led to the path, overlapping ones shared out."""
    seen: float
    """Signs in them, shared out alike."""
    expected: float
    """What the base rates led to expect in them."""
    pairs: int


@dataclass(frozen=True, slots=True)
class Odds:
    """What one indicator does to the odds of the three paths, seen or not seen."""

    outcome: str
    """``seen``, ``not seen``, or ``open`` where it is not known."""
    paths: tuple[PathTimes, ...]
    chances: Mapping[str, float]
    """Path -> chance that the sign is seen within the horizon."""
    if_seen: Mapping[str, float]
    """Path -> what its odds against plateau are multiplied by when the sign is seen; 1 for plateau."""
    if_not_seen: Mapping[str, float]
    basis: str
    """``history and judgement`` or ``judgement``."""

    @property
    def factors(self) -> Mapping[str, float]:
        """What the outcome so far multiplies the odds by; ones while it is open."""
        if self.outcome == OPEN:
            return dict.fromkeys(self.if_seen, 1.0)
        return self.if_seen if self.outcome == SEEN else self.if_not_seen

    @property
    def other(self) -> Mapping[str, float]:
        """What the other outcome would multiply them by."""
        return self.if_not_seen if self.outcome == SEEN else self.if_seen


@dataclass(frozen=True, slots=True)
class News:
    """A sign that is new after a day."""

    sign: Sign
    how: str
    """``happened`` or ``became known``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator as it stands on the reference day."""

    id: str
    label: str
    watch: str
    group: str
    status: str
    start: date
    """First day of the window."""
    end: date
    """The reference day, its last."""
    horizon: int
    expires: date
    expired: bool
    signs: tuple[Sign, ...]
    """Sure and undecided signs in the window, latest first."""
    last: tuple[Sign, ...]
    """Latest sure signs up to the reference day, whenever they were."""
    base: BaseRate | None
    odds: Odds | None
    """None where no base rate is known, or the indicator has expired."""
    news: tuple[News, ...]
    """New since the day asked for."""
    coverage: str

    @property
    def sure(self) -> tuple[Sign, ...]:
        """Sure signs in the window."""
        return tuple(s for s in self.signs if s.sure)

    @property
    def undecided(self) -> tuple[Sign, ...]:
        """Signs in the window that cannot be told."""
        return tuple(s for s in self.signs if not s.sure)

    @property
    def tripped(self) -> bool:
        """Whether something new and sure set it off and it has not expired."""
        return any(n.sign.sure for n in self.news) and not self.expired


@dataclass(frozen=True)
class Watch:
    """All indicators of one pair on one day."""

    found: FindingSet
    readings: tuple[Reading, ...]
    reference: date
    since: date | None
    shift: Mapping[str, tuple[float, float, float]]
    """Path -> factor on its odds against plateau: best, low, high."""

    @property
    def tripped(self) -> tuple[Reading, ...]:
        """Indicators that were tripped since the day asked for."""
        return tuple(r for r in self.readings if r.tripped)

    @property
    def events(self) -> tuple[str, ...]:
        """All acts named by a reading, once each."""
        return tuple(dict.fromkeys(s.event for r in self.readings for s in (*r.signs, *r.last)))
