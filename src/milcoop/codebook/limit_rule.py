"""Tests of alliance as data: what counts for and against each, and how a verdict follows (docs/limits.md)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection

Side = Literal["for", "mixed", "against"]


class LimitLine(Entry):
    """One kind of evidence on a test. An act takes the first line of its test that it passes."""

    side: Side
    select: Selection
    grade: Literal["full", "lesser"] = "full"
    """Of evidence for: whether it is the whole of what the test asks for."""
    counts: Literal["act", "in-force"] = "act"
    """``in-force``: a text or arrangement, while it is in force; ``act``: in the years that the act touches."""
    deed: bool = False
    """Something done, which outweighs words of the same year."""
    contested: bool = False
    """A denial of what others report: like the report, it moves the interval and not the value."""


class ImportedTexts(Entry):
    """A dataset of treaties that informs a test where a reader imported it."""

    name: str
    covers_to: int
    """Last year for which it covers all states."""
    known_from: int
    """Year of its release; an earlier vintage does not read it."""


class LimitTest(Entry):
    """One test of alliance."""

    id: str
    label: str
    question: str
    partly: str
    """What ``partly`` means on this test, for a reader of the verdict."""
    families: tuple[str, ...]
    """Families that must be searched for a nought to mean that there is none."""
    by_side: bool = False
    """Whether each state's conduct towards the other is judged by itself."""
    occasion: tuple[str, ...] = ()
    """Tests whose evidence shows that there was something to judge, as a partner in need; empty: always."""
    window: int = Field(ge=1)
    """Years, counted back inclusive, over which acts count."""
    lines: tuple[LimitLine, ...]
    datasets: tuple[ImportedTexts, ...] = ()
    would_change: str
    """An observable that would move the verdict."""
    source: str
    why: str

    @property
    def standing(self) -> bool:
        """Whether an arrangement in force decides it."""
        return any(line.counts == "in-force" for line in self.lines)


class VerdictRule(Entry):
    """How evidence turns into a verdict, for all tests alike."""

    id: str
    met_from: float = Field(gt=0, le=1)
    """Lowest score of ``met``."""
    against_to: float = Field(ge=0, lt=1)
    """Highest score of ``against``."""
    lesser: float = Field(gt=0, lt=1)
    """Score of evidence for that is not the whole of what a test asks for."""
    mixed: float = Field(gt=0, lt=1)
    """How far an act that says both counts for."""
    each: Literal["years", "acts"]
    """What counts the same in a window."""
    step: float
    """By how much sensitivity moves a share; windows move by a year."""
    why: str
