"""The watch of a pair: every indicator read, the odds combined, findings with what would move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from milcoop.codebook.watch_rule import PATHS, Indicator, WatchRule
from milcoop.domain.finding import Finding, Moved
from milcoop.domain.rating import MONITORED
from milcoop.domain.watch import NOT_SEEN, OPEN, SEEN, Odds, Reading, Sign, Watch
from milcoop.findings.evidence import Evidence
from milcoop.findings.watch.odds import PastPair, PastWindow, find_odds, find_past_windows, shift_of
from milcoop.findings.watch.outcome import base_finding, count_finding, odds_finding, shift_findings, tripped_finding
from milcoop.findings.watch.places import Geography
from milcoop.findings.watch.reading import (
    LAST,
    Window,
    base_rate_of,
    coverage_of,
    find_news,
    has_expired,
    in_window,
    status_of,
    window_of,
)
from milcoop.findings.watch.signs import Signs


class Watcher:
    """Reads the indicators of one record and codebook; what past windows say is worked out once."""

    def __init__(self, pairs: Sequence[PastPair], geography: Geography) -> None:
        self._pairs, self._geography = pairs, geography

    @cached_property
    def _past_signs(self) -> dict[str, Signs]:
        return {}

    @cached_property
    def _windows(self) -> dict[str, tuple[PastWindow, ...]]:
        return {}

    def past_windows(self, indicator: Indicator, rule: WatchRule) -> tuple[PastWindow, ...]:
        """Past windows of all pairs for an indicator."""
        if indicator.id not in self._windows:

            def signs_of(pair: PastPair) -> tuple[Sign, ...]:
                name = pair.evidence.dyad.id
                if name not in self._past_signs:
                    self._past_signs[name] = Signs(pair.evidence, self._geography, pair.evidence.as_of)
                return self._past_signs[name].of(indicator)

            self._windows[indicator.id] = find_past_windows(indicator, rule, self._pairs, signs_of)
        return self._windows[indicator.id]

    def watch(self, evidence: Evidence, since: date | None = None, *, closed: bool = False) -> Watch:
        """All indicators on the last day of the evidence's window, at most of its vintage.

        Acts after that day count as well, unless the window is ``closed``; silence after it says nothing.
        """
        book = evidence.codebook
        rule = book.watch["watch"]
        end = date(evidence.years.stop - 1, 12, 31)
        reference = min(evidence.as_of, end)
        until = reference if closed else evidence.as_of
        signs = Signs(evidence, self._geography, until)
        steps = (1 / rule.distance_step, rule.distance_step)
        nearer_further = {t: signs.with_distances(self._geography.moved(t)) for t in steps}
        readings: list[Reading] = []
        found: list[Finding] = []
        odds: dict[str, dict[float, Odds]] = {}
        for indicator in book.indicators.values():
            mine = signs.of(indicator)
            window = window_of(indicator, reference, until)
            within = in_window(mine, window)
            base = base_rate_of(mine, indicator, rule, window, evidence)
            coverage = coverage_of(indicator, window, evidence)
            status = status_of(within, indicator, rule, base, coverage, reference)
            seen = any(s.sure for s in within)
            quiet = coverage == MONITORED and not within
            outcome = SEEN if seen else NOT_SEEN if quiet else OPEN
            if base is not None and not has_expired(indicator, reference):
                past = self.past_windows(indicator, rule)
                odds[indicator.id] = {
                    w: find_odds(indicator, rule, past, base, outcome, rule.weight * w)
                    for w in (1.0, rule.distance_step, 1 / rule.distance_step)
                }
            reading = Reading(
                id=indicator.id,
                label=indicator.label,
                watch=indicator.watch,
                group=indicator.group,
                status=status,
                start=window.start,
                end=window.end,
                horizon=indicator.horizon,
                expires=date.fromisoformat(indicator.expires),
                expired=has_expired(indicator, reference),
                signs=within,
                last=tuple([s for s in reversed(mine) if s.sure][:LAST]),
                base=base,
                odds=odds[indicator.id][1.0] if indicator.id in odds else None,
                news=find_news(mine, window, since) if since else (),
                coverage=coverage,
            )
            readings.append(reading)
            moved = self._moved(nearer_further, indicator, rule, mine, window)
            found.append(count_finding(indicator, reading, moved))
            if base is not None:
                found.append(base_finding(indicator, base, self._bases(evidence, indicator, rule, mine, window)))
            if reading.odds is not None and reading.odds.outcome != OPEN:
                found.append(odds_finding(indicator, reading, reading.odds, odds[indicator.id], rule))
        shift = {p: shift_of(readings, odds, p) for p in PATHS}
        summary = [tripped_finding(readings, since), *shift_findings(readings, odds, shift, rule)]
        return Watch(evidence.found("watch", [*summary, *found]), tuple(readings), reference, since, shift)

    @staticmethod
    def _bases(
        evidence: Evidence, indicator: Indicator, rule: WatchRule, signs: Sequence[Sign], window: Window
    ) -> tuple[Moved, ...]:
        """The base rate with its years moved by a step."""
        out = []
        for years in (indicator.base_years - rule.base_step, indicator.base_years + rule.base_step):
            if years > 0:
                other = indicator.model_copy(update={"base_years": years})
                base = base_rate_of(signs, other, rule, window, evidence)
                rate = base.rate if base else None
                out.append(Moved(f"indicators.{indicator.id}.base_years", indicator.base_years, years, rate))
        return tuple(out)

    @staticmethod
    def _moved(
        moved: Mapping[float, Signs], indicator: Indicator, rule: WatchRule, signs: Sequence[Sign], window: Window
    ) -> tuple[Moved, ...]:
        """Signs in the window with the horizon and, for places, the distances moved by a step."""
        out = []
        for step in (-rule.months_step, rule.months_step):
            if indicator.horizon + step > 0:
                within = in_window(signs, window_of(indicator, window.end, window.until, step))
                out.append(
                    Moved(
                        f"indicators.{indicator.id}.horizon",
                        indicator.horizon,
                        indicator.horizon + step,
                        sum(s.sure for s in within),
                    )
                )
        if indicator.trigger.region or indicator.trigger.one_sided or indicator.trigger.first_by == "region":
            for times, found in moved.items():
                within = in_window(found.of(indicator), window)
                out.append(Moved("watch.watch.place_km", "all", f"all times {times:g}", sum(s.sure for s in within)))
        return tuple(out)
