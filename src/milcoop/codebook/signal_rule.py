"""What message and substance are measured by, as data: components of both scores, words, deeds, concerns, flashpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.lull_rule import ShockCitation
from milcoop.codebook.scale import Selection

Measure = Literal[
    "field", "values", "days", "forces", "novelty", "distance", "presence", "summit", "crisis", "publishers", "near", "words"
]  # fmt: skip

MEASURES: Mapping[str, str] = {
    "field": "a coded field",
    "values": "number of values of a coded field",
    "days": "days from first to last",
    "forces": "amounts of forces on record",
    "novelty": "first of its series, type or place for the pair",
    "distance": "kilometres from the farther visitor's nearest territory",
    "presence": "earlier years with an act of the pair nearby, far from home",
    "summit": "days to the nearest meeting of leaders of the pair",
    "crisis": "days since a flashpoint that concerns one of the pair",
    "publishers": "distinct publishers that tell of it, mirrors left out",
    "near": "kilometres to the nearest territory of a state that takes no part",
    "words": "statements and joint texts of the pair in the same days",
}
"""Each measure in words."""


class Component(Entry):
    """One component of a score of an act: what is measured, how it becomes 0 to 1, its weight."""

    id: str
    score: Literal["operational", "message"]
    label: str
    measure: Measure
    field: str | None = None
    points: Mapping[str, float] = {}
    """Measure ``field`` and ``novelty``: value -> points, 0 to 1. A value that is not listed is unknown."""
    amounts: Mapping[str, tuple[float, float]] = {}
    """Measure ``forces``: kind of force -> amount that counts nought, amount that counts one."""
    zero: float = 0
    """Measured value that counts nought."""
    full: float = 1
    """Measured value that counts one; below ``zero`` where less is more."""
    spread: Literal["linear", "log"] = "linear"
    """Between the two ends: by the value or by its logarithm."""
    step: float = Field(default=1.5, gt=1)
    """Factor of the far end (the larger of ``zero`` and ``full``) that sensitivity moves it by."""
    within: float | None = None
    """Measure ``words``: days before and after. Measure ``presence``: kilometres that count as nearby."""
    away: float | None = None
    """Measure ``presence``: kilometres from home from which a presence counts."""
    years: int | None = None
    """Years looked back: of presence; for novelty, fewest searched years before that make a first."""
    weight: float = Field(ge=0)
    why: str

    @model_validator(mode="after")
    def _complete(self) -> Component:
        if self.measure in ("field", "values") and self.field is None:
            raise ValueError(f"measure '{self.measure}' needs 'field'")
        if self.measure in ("field", "novelty") and not self.points:
            raise ValueError(f"measure '{self.measure}' needs 'points'")
        if any(not 0 <= p <= 1 for p in self.points.values()):
            raise ValueError("'points' lie between 0 and 1")
        if self.measure == "forces" and not self.amounts:
            raise ValueError("measure 'forces' needs 'amounts'")
        if any(not 0 < low < high for low, high in self.amounts.values()):
            raise ValueError("'amounts' are two positive numbers, the smaller first")
        if self.zero == self.full:
            raise ValueError("'zero' and 'full' must differ")
        if self.spread == "log" and min(self.zero, self.full) <= 0:
            raise ValueError("the ends of a logarithmic spread are above nought")
        for measure, names in (
            ("words", ("within",)),
            ("presence", ("within", "away", "years")),
            ("novelty", ("years",)),
        ):
            missing = [n for n in names if self.measure == measure and getattr(self, n) is None]
            if missing:
                raise ValueError(f"measure '{measure}' needs '{missing[0]}'")
        return self


class Weighted(Entry):
    """Acts that count as words or as deeds, with their weight as low, best and high."""

    id: str
    label: str
    select: Selection
    low: float
    best: float
    high: float
    scored: bool = False
    """Multiply by the act's operational score."""
    why: str

    @model_validator(mode="after")
    def _ordered(self) -> Weighted:
        if not self.low <= self.best <= self.high:
            raise ValueError("'low', 'best' and 'high' must be in order")
        return self

    @property
    def conditions(self) -> int:
        """How narrow the selection is: an act takes the weight of the narrowest that it passes."""
        inner = max((len(s.where) + bool(s.types) for s in self.select.any), default=0)
        return len(self.select.where) + bool(self.select.types) + inner


class Concern(Entry):
    """A threat or third party, and the words by which statements and joint texts name it."""

    id: str
    label: str
    kind: Literal["threat", "party"]
    words: tuple[str, ...]
    """Regular expressions for words in lower case, hyphens read as blanks; matched from the start of a word."""


class Flashpoint(Entry):
    """Start of an international crisis that an act may answer."""

    id: str
    label: str
    start: str
    """Day, ISO 8601."""
    states: tuple[str, ...]
    """ISO3 of states that are parties to it or that keep forces committed in it."""
    why: str
    citations: tuple[ShockCitation, ...]


class Jointness(Entry):
    """When an act counts as joint, and when as merely side by side; neither is unknown."""

    joint: Mapping[str, tuple[str, ...]]
    """Field -> values, one of which makes it joint."""
    parallel: Mapping[str, tuple[str, ...]]
    """Field -> values that make it side by side, where nothing makes it joint."""


class SignalRule(Entry):
    """What message and substance are measured on, and what counts as a change (docs/signals.md)."""

    id: str
    select: Selection
    """Acts that are scored."""
    jointness: Jointness
    summits: Selection
    texts: Selection
    """Statements and joint texts that accompany an act."""
    shocks: tuple[str, ...]
    """Shocks of the codebook that count as flashpoints too."""
    outlines: Mapping[str, str]
    """Names on the map of coasts that states do not bear in the codebook -> ISO3."""
    known_share: float
    """Share of acts on which a component must be known to enter means, ranks and trends."""
    known_step: float
    weight_step: float
    """Factor by which sensitivity moves a weight."""
    acts: int
    """Fewest acts for a trend or a comparison of ranks."""
    years: int
    """Fewest searched years for a trend of yearly sums."""
    trend_weight: float
    """Least share of a score's weight that must have a slope for the score to have one."""
    trend_years: int
    trend_step: int
    depth_region: float
    """Slope of the operational score a year that counts as no change."""
    frequency_region: float
    """Slope of acts a year, as a share of their yearly mean, that counts as no change."""
    region_step: float
    recent_years: int
    recent_step: int
    series_years: int
    """Fewest searched years for the gap and the lead."""
    lags: int
    """Longest lead or lag, years."""
    lead_width: int
    """Widest interval of the lead, in years, that still gives one."""
    block_years: int
    resamplings: int
    seed: int
    side_words: Selection
    """One side's words that name threats and third parties."""
    joint_words: Selection
    declined: Selection
    statements: int
    """Fewest statements of each side for a comparison of its concerns."""
    period_years: int
    why: str
