"""What the latent model of the record reads, and how its trait becomes levels, as data (docs/measurement.md, route 2)."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection


class GradeStep(Entry):
    """One step of a grade: the acts that reach it."""

    grade: int = Field(ge=0)
    label: str
    select: Selection = Selection()
    of: str | None = None
    """A field of which the act needs ``at_least`` values."""
    at_least: int = 1


class ActGrade(Entry):
    """An ordered grade of each act of a count: the highest step that it reaches; none reached is unknown."""

    id: str
    steps: tuple[GradeStep, ...]
    why: str

    @model_validator(mode="after")
    def _in_order(self) -> ActGrade:
        if len(self.steps) < 2 or [s.grade for s in self.steps] != list(range(len(self.steps))):
            raise ValueError("a grade has two steps or more, numbered 0, 1, ... in order")
        return self


class PromiseItem(Entry):
    """Whether a text or standing arrangement of a kind is in force at the year's end."""

    id: str
    area: str
    select: Selection
    implied_by: Selection | None = None
    """Arrangements that, while in force, leave the question without an answer."""
    why: str


class CountItem(Entry):
    """Yearly number of acts of a class, and the grade of each act where one is declared."""

    id: str
    area: str
    select: Selection
    implied_by: Selection | None = None
    """Arrangements that make the acts routine while in force, so that their number says nothing."""
    grade: ActGrade | None = None
    why: str


class LeftOut(Entry):
    """Types that feed no item."""

    types: tuple[str, ...]
    why: str


class LevelMapRule(Entry):
    """Priors of the ordered logit of criteria levels on the trait."""

    slope: float = Field(gt=0)
    """Prior median of the slope, log odds per standard deviation of the trait over rated cells."""
    slope_sd: float = Field(gt=0)
    """Standard deviation of its logarithm."""
    middle_sd: float = Field(gt=0)
    """Standard deviation of the middle boundary around nought."""
    gap: float = Field(gt=0)
    """Prior median of the distance between neighbouring boundaries, in such standard deviations."""
    gap_sd: float = Field(gt=0)
    """Standard deviation of its logarithm."""
    trailing: int = Field(ge=1)
    """Years over which the trait is averaged before it meets a level."""
    draws: int = Field(ge=1)
    """Draws of the trait that the fit averages over."""
    seed: int
    why: str


class SamplerRule(Entry):
    """Length of a run of the sampler; see docs/measure.md."""

    chains: int = Field(ge=2)
    warmup: int = Field(ge=50)
    draws: int = Field(ge=50)
    thin: int = Field(ge=1, default=1)
    """Moves from one draw to the next."""
    seed: int
    longest: int = Field(ge=1)


class LatentRule(Entry):
    """Items of the latent model of the record; a promise goes before a count, an earlier item before a later one."""

    id: str
    committed_on: date
    review: int = Field(ge=1)
    """Years after which a promise that did not change is answered again."""
    bridging: int = Field(ge=1)
    """Pairs that must stand on either side of an item that changes within none; else it only tells one pair from others."""
    promises: tuple[PromiseItem, ...]
    counts: tuple[CountItem, ...]
    left_out: tuple[LeftOut, ...]
    levels: LevelMapRule
    sampler: SamplerRule
    windows: tuple[int, ...]
    """Years back from the last full one over which areas are compared with the whole."""
    why: str
