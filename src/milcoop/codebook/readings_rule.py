"""Competing readings of a pair as data: what each claims, lines of evidence with their chances, how they are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection

Range = tuple[float, float, float]
"""Low, best, high."""


class ReadingClaim(Entry):
    """One reading of a pair: what it claims, who argues it, and its prior."""

    id: str
    label: str
    claim: str
    source: str
    prior: float = Field(gt=0, lt=1)
    directed: bool = False
    """It says something of one of the two states; each state is weighed for it, with half of the prior."""
    flat: bool = False
    """Foretells nothing: every outcome of a line has the same chance. It stands for readings that nobody named."""
    why: str


class Outcome(Entry):
    """One possible outcome of a line: a band of its value, or words."""

    id: str
    label: str
    below: float | None = None
    """Upper edge, not included; None for the last band and for words."""
    words: tuple[str, ...] = ()


class ActsOf(Entry):
    """A line computed from acts of a trailing window.

    Measures: ``rate`` acts a year; ``number`` acts in all; ``share`` of the acts with a known ``field`` whose value is among ``values``;
    ``change`` rate of the window over that of the window before; ``lean`` acts that point to the first state less those that
    point to the second, over both, from -1 to 1.
    """

    select: Selection
    measure: Literal["rate", "number", "share", "change", "lean"]
    years: int = Field(ge=1)
    field: str | None = None
    values: tuple[str, ...] = ()
    points_by: str | None = None
    """``receiver``, or a field that names a state."""

    @model_validator(mode="after")
    def _complete(self) -> ActsOf:
        if (self.measure == "share") != (self.field is not None and bool(self.values)):
            raise ValueError("'field' and 'values' go with measure 'share'")
        if (self.measure == "lean") != (self.points_by is not None):
            raise ValueError("'points_by' goes with measure 'lean'")
        if not self.select.named_families:
            raise ValueError("'select' names no family, so nothing says whether it was searched for")
        return self


class Line(Entry):
    """One line of evidence: how its outcome is computed, what it can be, and the chance of each under each reading."""

    id: str
    label: str
    bundle: str
    """Lines of one bundle share evidence and are discounted together."""
    fact: str | None = None
    """A fact of the assessment: ``level.AREA``, ``direction.AREA.expansion``."""
    finding: str | None = None
    """Id of another command's finding; ``{first}`` and ``{second}`` stand for the states, sorted by ISO3."""
    minus: str | None = None
    """A finding to subtract from it."""
    part_of: str | None = None
    """A line whose value holds this one's evidence; this line has weight only where that one is missing."""
    acts: ActsOf | None = None
    directed: bool = False
    """The value has a sign that points to one of the states. Outcomes are then one state, neither, the other."""
    positive: Literal["first", "second"] = "first"
    """The state, sorted by ISO3, that a value above nought points to."""
    even_within: float | None = None
    """Half width of the band in which a directed line points to neither."""
    points: str = ""
    """What pointing to a state says of it, with ``{state}``."""
    neither: str = ""
    """What pointing to neither says."""
    outcomes: tuple[Outcome, ...] = ()
    chances: Mapping[str, tuple[str, ...]]
    """Reading -> word of chance for each outcome, in order. On a directed line a directed reading of a state has three:
    it points to that state, to neither, to the other; any other reading has two: to one of them, to neither."""
    step: float | None = None
    """Step by which the edges are moved to show sensitivity; None for words."""
    observable: str
    """What to look for: the observable that would change the outcome."""
    why: str

    @model_validator(mode="after")
    def _complete(self) -> Line:
        if sum(x is not None for x in (self.fact, self.finding, self.acts)) != 1:
            raise ValueError("a line has one of 'fact', 'finding' and 'acts'")
        if self.minus is not None and self.finding is None:
            raise ValueError("'minus' goes with 'finding'")
        if self.directed:
            if self.even_within is None or not self.points or not self.neither or self.outcomes:
                raise ValueError("a directed line has 'even_within', 'points' and 'neither' in place of 'outcomes'")
        elif self.even_within is not None or len(self.outcomes) < 2:
            raise ValueError("a line has two outcomes or more; 'even_within' goes with 'directed'")
        if self.acts is not None and (self.acts.measure == "lean") != self.directed:
            raise ValueError("measure 'lean' goes with 'directed'")
        edges = [o.below for o in self.outcomes if o.below is not None]
        if self.words:
            if edges or not all(o.words for o in self.outcomes):
                raise ValueError("outcomes are either words or bands, not both")
        elif self.outcomes and (
            self.outcomes[-1].below is not None or len(edges) != len(self.outcomes) - 1 or edges != sorted(edges)
        ):
            raise ValueError("bands rise by 'below', and the last has none")
        if (self.step is None) != self.words:
            raise ValueError("'step' goes with bands, and every line with bands has one")
        return self

    @property
    def words(self) -> bool:
        """Whether outcomes are words."""
        return any(o.words for o in self.outcomes)

    @property
    def size(self) -> int:
        """Number of outcomes."""
        return 3 if self.directed else len(self.outcomes)


class Bundle(Entry):
    """Lines that share evidence, and how much of a further line is already told by the others."""

    id: str
    label: str
    shared: Range
    """0: lines are independent; 1: all of them together count once."""
    why: str


class WeighingRule(Entry):
    """How readings are weighed against lines of evidence (docs/readings.md)."""

    id: str
    words: Mapping[str, Range]
    """Word of chance -> low, best, high; from the least to the most likely."""
    trust: Range
    """Power of all likelihoods: 1 takes judged chances and the independence of bundles at face value."""
    odds: float
    """Odds of a reading against all others together from which it is the answer."""
    says_nothing: float
    """Decibans between the best and the worst reading below which an outcome fits all."""
    needs: str
    """Fact without which there is nothing to read."""
    needs_at_least: float
    fewest_lines: int
    fewest_bundles: int
    """Known lines, and bundles they are of, without which no answer is given."""
    fewest_acts: int
    """Acts with a known field or direction, or expected at the earlier rate, without which a share, lean or change is not given."""
    fewest_years: int
    """Monitored years of a window of five without which acts are not counted; longer windows in proportion."""
    prior_step: float
    """Factor by which the odds of a prior are moved to show sensitivity."""
    draws: int
    seed: int
    why: str
