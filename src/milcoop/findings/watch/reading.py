"""Each indicator as it stands on a day: its window, signs, status, base rate and what is new since another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from milcoop.codebook.watch_rule import Indicator, WatchRule
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.rating import MONITORED, NOT_MONITORED
from milcoop.domain.watch import BECAME_KNOWN, EXPIRED, HAPPENED, OVERDUE, QUIET, SEEN, BaseRate, News, Sign
from milcoop.findings.evidence import Evidence
from milcoop.findings.watch.rates import find_base_rate, months_before

LAST = 3
"""Latest sure signs that are named."""


@dataclass(frozen=True, slots=True)
class Window:
    """The months up to the reference day, and the day up to which signs after it count."""

    start: date
    end: date
    until: date

    @property
    def years(self) -> range:
        """Calendar years that it touches."""
        return range(self.start.year, self.end.year + 1)


def window_of(indicator: Indicator, reference: date, until: date, months: int = 0) -> Window:
    """The window of an indicator; ``months`` lengthens its horizon."""
    return Window(months_before(reference, indicator.horizon + months) + timedelta(days=1), reference, until)


def in_window(signs: Sequence[Sign], window: Window) -> tuple[Sign, ...]:
    """Signs of the window, latest first; one that may have come before it is in doubt."""
    out = []
    for sign in reversed(signs):
        if window.start <= sign.on <= window.until:
            out.append(sign)
        elif sign.on < window.start <= sign.until:
            doubt = "; ".join(filter(None, [sign.doubt, "date too vague"]))
            out.append(Sign(sign.event, sign.on, sign.until, sign.known, sign.direction, "", doubt))
    return tuple(out)


def base_rate_of(
    signs: Sequence[Sign], indicator: Indicator, rule: WatchRule, window: Window, evidence: Evidence
) -> BaseRate | None:
    """Base rate before a window."""
    return find_base_rate(
        signs,
        indicator,
        window.start,
        evidence.years.start,
        rule.base_at_least,
        lambda y: evidence.monitored(indicator.searched, y),
    )


def coverage_of(indicator: Indicator, window: Window, evidence: Evidence) -> str:
    """Coverage of what an indicator reads, over its window."""
    return evidence.coverage(indicator.searched, window.years)


def status_of(
    signs: Sequence[Sign], indicator: Indicator, rule: WatchRule, base: BaseRate | None, coverage: str, reference: date
) -> str:
    """Status of an indicator from the signs of its window."""
    if has_expired(indicator, reference):
        return EXPIRED
    if any(s.sure for s in signs):
        return SEEN
    if coverage != MONITORED:
        return NOT_MONITORED
    if signs:
        return CANNOT_TELL
    silent = exp(-base.rate * indicator.horizon / 12) if base else 1.0
    return OVERDUE if silent <= rule.overdue else QUIET


def has_expired(indicator: Indicator, reference: date) -> bool:
    """Whether its last day has passed."""
    return date.fromisoformat(indicator.expires) < reference


def find_news(signs: Sequence[Sign], window: Window, since: date) -> tuple[News, ...]:
    """Signs after a day, and those of the window whose first dated page is after it; latest first."""
    out = []
    for sign in reversed(signs):
        if sign.on > since:
            out.append(News(sign, HAPPENED))
        elif sign.on >= window.start and sign.known is not None and sign.known > since:
            out.append(News(sign, BECAME_KNOWN))
    return tuple(out)
