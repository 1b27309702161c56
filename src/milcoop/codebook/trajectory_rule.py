"""What counts as a change over time, as data: windows, regions of equivalence, priors, strands."""

from __future__ import annotations

from milcoop.codebook.entries import Entry
from milcoop.codebook.scale import Selection


class Strand(Entry):
    """One side of joint activity that can change while the others stay: how often, how deep, how far, how complex."""

    id: str
    unit: str
    field: str | None = None
    """Field that each act is measured by; None counts the acts of a year."""
    values: tuple[str, ...] = ()
    """For a choice: the values that count as one, all others as zero."""
    what: str


class StrandRule(Entry):
    """Which acts the strands are measured on, and the least that a slope needs."""

    select: Selection
    acts: int
    """Fewest acts on which the field is known."""
    years: int
    """Fewest different years among them."""
    of: tuple[Strand, ...]


class NamedYear(Entry):
    """A year that reports name as a turning point."""

    year: int
    what: str


class TrajectoryRule(Entry):
    """What counts as a change over time (docs/trajectory.md)."""

    id: str
    window: int
    """Years of the default window."""
    regions: tuple[float, ...]
    """Half widths of the equivalence region, levels a year."""
    main: float
    """The half width that is printed first and used against the whole."""
    priors: dict[str, float]
    """Prior probability of each form of a yearly series."""
    draws: int
    named: tuple[NamedYear, ...]
    strands: StrandRule
    why: str
