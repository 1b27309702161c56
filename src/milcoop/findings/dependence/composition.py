"""What passes between the two: classes of acts by block of years, the trend of know-how, how two-way it is."""

from __future__ import annotations

from collections.abc import Iterable

from milcoop.codebook.scale import Selection
from milcoop.domain.dependence import Block
from milcoop.domain.event import Event
from milcoop.domain.rating import NOT_MONITORED
from milcoop.findings.bounds import Z_90, wilson_interval
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.evidence import Evidence
from milcoop.record.selection import make_test

ALLEGED = "alleged"

Flow = tuple[Event, str | None]
"""An act with its class; None where its category is missing or in none."""


class Flows:
    """The acts of a window that pass something, each with its class, alleged ones apart."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        realised = frozenset(evidence.scale.realised)
        classes = sorted(evidence.codebook.flows.values(), key=lambda c: (c.order, c.id))
        statuses = (*evidence.scale.realised, ALLEGED)
        self.classes = tuple(c.id for c in classes)
        self.with_know_how = frozenset(c.id for c in classes if c.know_how)
        tests = [(c.id, make_test(c.select.model_copy(update={"statuses": statuses}), evidence.scale)) for c in classes]
        self.types = frozenset(t for c in classes for t in _types(c.select))
        """Types whose acts pass something from one side to the other."""
        self.families = tuple(sorted({t.partition(".")[0] for t in self.types}))
        self.realised: list[Flow] = []
        self.alleged: list[Flow] = []
        for event in evidence.events:
            if event.when.start.year in evidence.years and event.type in self.types:
                found = next((id_ for id_, test in tests if test(event)), None)
                if event.status in realised:
                    self.realised.append((event, found))
                elif event.status == ALLEGED:
                    self.alleged.append((event, found))

    def of(self, years: range, rules: Rules) -> list[Flow]:
        """Acts that begin in the years, by the rules on alleged acts and on chains."""
        flows = [*self.realised, *(self.alleged if rules["count-alleged"] else ())]
        flows = [f for f in flows if f[0].when.start.year in years]
        if not rules["chains-once"]:
            return flows
        once = {(e.chain or e.id, class_): (e, class_) for e, class_ in reversed(flows)}
        return list(reversed(once.values()))

    def block(self, years: range, rules: Rules) -> Block:
        """The acts of the years by class and giver."""
        flows = self.of(years, rules)
        by_class = {c: tuple(e.id for e, found in flows if found == c) for c in self.classes}
        unknown = tuple(e.id for e, found in flows if found is None)
        first, second = (
            tuple(e.id for e, _ in flows if e.direction == "both" or e.direction.startswith(f"{s}>"))
            for s in self.evidence.dyad.states
        )
        return Block(years, by_class, unknown, first, second, self.evidence.coverage(self.families, years))

    def gave(self, rules: Rules) -> list[tuple[int, int, int]]:
        """(year, acts given by the first, by the second) in the window that trails each year, from the first whole one.

        Windows with a year that was not searched are left out: acts missing there tell nothing.
        """
        length, years = int(rules["window-years"]), self.evidence.years
        searched = {y for y in years if self.evidence.coverage(self.families, range(y, y + 1)) != NOT_MONITORED}
        counts: dict[int, list[int]] = {y: [0, 0] for y in years}
        for event, _ in self.of(years, rules):
            for i, state in enumerate(self.evidence.dyad.states):
                if event.direction == "both" or event.direction.startswith(f"{state}>"):
                    counts[event.when.start.year][i] += 1
        out = []
        for end in years[length - 1 :]:
            trailing = range(end - length + 1, end + 1)
            if searched.issuperset(trailing):
                out.append((end, sum(counts[y][0] for y in trailing), sum(counts[y][1] for y in trailing)))
        return out


def _types(selection: Selection) -> list[str]:
    """Types named by a selection and by its members."""
    return [*selection.types, *(t for member in selection.any for t in _types(member))]


def block_years(years: range, length: int) -> list[range]:
    """Runs of ``length`` years counted back from the end, the oldest first; the oldest may be shorter."""
    ends = range(years[-1], years[0] - 1, -length)
    return [range(max(years[0], end - length + 1), end + 1) for end in reversed(ends)]


def class_share(block: Block, class_: str) -> tuple[float | None, float | None, float | None]:
    """Share of a class among classed acts, its Wilson interval widened by unknown acts: none of them in it, then all."""
    yes, total = len(block.by_class.get(class_, ())), block.classed + len(block.unknown)
    if not block.classed:
        return None, None, None
    return (
        yes / block.classed,
        wilson_interval(yes, total)[0],
        wilson_interval(yes + len(block.unknown), total)[1],
    )


def know_how_trend(new: Block, old: Block, classes: Iterable[str]) -> tuple[float | None, float | None, float | None]:
    """Share of the classes in the new block less that in the old, with its interval; None where a block has no act."""
    if not new.classed or not old.classed:
        return None, None, None
    wanted = tuple(classes)
    yes = [sum(len(block.by_class.get(c, ())) for c in wanted) for block in (new, old)]
    return share_difference(yes[0], new.classed, yes[1], old.classed)


def share_difference(yes: int, total: int, yes_2: int, total_2: int, z: float = Z_90) -> tuple[float, float, float]:
    """Difference of two shares with the score interval of Newcombe (1998, Statistics in Medicine 17, method 10)."""
    p, q = yes / total, yes_2 / total_2
    (p_low, p_high), (q_low, q_high) = wilson_interval(yes, total, z), wilson_interval(yes_2, total_2, z)
    low = p - q - ((p - p_low) ** 2 + (q_high - q) ** 2) ** 0.5
    high = p - q + ((p_high - p) ** 2 + (q - q_low) ** 2) ** 0.5
    return p - q, low, high


def two_way(a: int, b: int) -> tuple[float | None, float | None, float | None]:
    """1 - |a - b| / (a + b) with the interval that Wilson's for a / (a + b) gives; None without an act."""
    if not a + b:
        return None, None, None
    low, high = wilson_interval(a, a + b)
    ends = [1 - abs(2 * p - 1) for p in (low, high)]
    return 1 - abs(a - b) / (a + b), min(ends), 1.0 if low <= 0.5 <= high else max(ends)
