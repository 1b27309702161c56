"""Who gains what from an act, what raises or lowers it, and how the ledger is drawn up, as data (docs/gains.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from milcoop.codebook.entries import Entry
from milcoop.codebook.lull_rule import ShockCitation
from milcoop.codebook.scale import Selection

Coin = Literal["material", "operational", "symbolic"]
Role = Literal["giver", "receiver", "guest", "both"]
Part = Literal[
    "systems", "technology", "revenue", "components", "industrial",
    "learning", "procedures", "access", "reach", "forces freed",
    "support", "signalling",
]  # fmt: skip

COINS: tuple[Coin, ...] = ("material", "operational", "symbolic")
PARTS: Mapping[Coin, tuple[Part, ...]] = {
    "material": ("systems", "technology", "revenue", "components", "industrial"),
    "operational": ("learning", "procedures", "access", "reach", "forces freed"),
    "symbolic": ("support", "signalling"),
}
COIN_OF: Mapping[Part, Coin] = {part: coin for coin, parts in PARTS.items() for part in parts}
BREAKING_ISOLATION = "breaking isolation"
"""Name of the part under which a gain stands that a state makes while under an embargo."""


class Range(Entry):
    """A number that is argued, with the ends of what can be argued."""

    low: float
    best: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not self.low <= self.best <= self.high:
            raise ValueError(f"'low: {self.low:g}, best: {self.best:g}, high: {self.high:g}' is not in order")
        return self


class Gain(Entry):
    """What one side gets from an act in one coin; below nought it is a cost."""

    to: Role
    """giver and receiver by the act's direction; guest: of an act held in the other's country; both: each state without
    a closer role of this coin."""
    part: Part
    weight: Range
    """Points of the coin; docs/gains.md says what one point is."""
    isolated: Range | None = None
    """In place of ``weight`` for a state that the UN or the EU keeps under an arms embargo on the act's day."""

    @property
    def coin(self) -> Coin:
        """Coin of the part."""
        return COIN_OF[self.part]


class GainRule(Entry):
    """The gains of a group of acts. An act is taken by one rule only, the last one read that selects it.

    An entry with ``event: true`` has the id of one event and takes its place in the ledger, whatever the other rules
    say; its ``why`` is a person's reason and is printed.
    """

    id: str
    label: str
    select: Selection | None = None
    event: bool = False
    gains: tuple[Gain, ...]
    factors: tuple[str, ...] = ()
    """Ids of what multiplies each gain."""
    chain: Literal["each", "first", "rise", "share", "promise"] = "each"
    """How the acts of one chain are kept from counting twice. each: every act by itself. first: the first act alone.
    rise: what an act's factors exceed those of the earlier acts by. share: an equal or cited share of what the chain's
    contracts are worth. promise: nothing once an act that ``settled_by`` selects is on record in the chain."""
    settled_by: Selection | None = None
    why: str = Field(min_length=20)

    @model_validator(mode="after")
    def _complete(self) -> GainRule:
        if (self.select is None) != self.event:
            raise ValueError("a rule has either 'select' or 'event: true'")
        roles = [(g.coin, g.to) for g in self.gains]
        if len(set(roles)) < len(roles):
            raise ValueError("an act enters a coin once: two gains have the same coin and 'to'")
        if (self.chain == "promise") != (self.settled_by is not None):
            raise ValueError("'settled_by' goes with 'chain: promise'")
        return self

    @property
    def coins(self) -> frozenset[str]:
        """Coins in which somebody gains or loses."""
        return frozenset(g.coin for g in self.gains)


class Batch(Entry):
    """How much of a class makes a usual batch, and what it is worth beside an act of one reference."""

    units: float | None = None
    """None for a class too mixed for its pieces to say anything."""
    worth: float


class GainFactor(Entry):
    """What multiplies a gain: the value of a field, or a quantity. Exactly one of ``field`` and ``quantities``."""

    id: str
    label: str
    field: str | None = None
    values: Mapping[str, float] = {}
    quantities: tuple[str, ...] = ()
    """Names, the first that the act carries is read; a name that ends in ``_`` stands for it by ISO3 state, summed."""
    unit: str = ""
    reference: float = 1
    """Quantity at which the factor is one."""
    batches: Mapping[str, Batch] = {}
    """Class of the item -> batch, for acts without the quantity but with a number of pieces."""
    pieces: tuple[str, ...] = ()
    """Names of numbers of pieces."""
    power: float = 1
    step: float = 0.25
    """Step by which ``power`` is moved to see what hangs on it."""
    floor: float = 0
    ceiling: float = 1e9
    unknown: Range
    """Where no page tells; one draw for all such acts, so that they may all lie at one end."""
    why: str

    @model_validator(mode="after")
    def _complete(self) -> GainFactor:
        if (self.field is None) == (not self.quantities):
            raise ValueError("a factor has either 'field' or 'quantities'")
        if self.field is not None and not self.values:
            raise ValueError("a factor with 'field' has 'values'")
        return self


class Capability(Entry):
    """Something that two states can do together and neither alone, and which acts show it."""

    id: str
    label: str
    select: Selection
    why: str
    """Why neither could alone."""


class Wording(Entry):
    """Which coded positions of statements speak well or ill of the partner, or of needing it."""

    id: str
    label: str
    select: Selection
    of: Literal["partner", "need"]
    """partner: the speaker's state judges the other; need: ``need_of`` says whose need it is."""
    positions: Mapping[str, Literal[-1, 0, 1]]
    why: str


class Isolation(Entry):
    """A time in which an arms embargo of the UN or the EU set a state apart."""

    id: str
    state: str
    start: str
    end: str | None = None
    why: str
    citations: tuple[ShockCitation, ...]


class Attribution(Entry):
    """Whose forces a figure on the border speaks of, where its row names no direction. Its id is the figure's."""

    id: str
    state: str
    """ISO3, or ``both``."""
    facing: str | None = None
    """The state across the border; a figure that names one state counts for this pair alone."""
    zone: str
    why: str


class LedgerRule(Entry):
    """How the ledger is drawn up and read."""

    id: str
    draws: int
    seed: int
    interval: float
    """Share of the draws between low and high."""
    rolling_years: int
    period_years: int
    lasting_years: int
    """Years that a new sign of the rolling balance must keep for a turn."""
    flow: tuple[str, ...]
    """Parts of the material coin that flow from one side to the other, for the turn of roles."""
    bulk_share: float
    """A year is searched for a coin when every family that books this share of its points or more was."""
    outlook_years: int
    level_slope: float
    """Slope, as a share of the mean a year, below which gains are called level."""
    together_acts: int
    """Acts that show a capability of both."""
    fewest_acts: int
    """Acts in the outlook's years below which a coin has no slope."""
    border: Selection
    """Acts at the shared border."""
    forces: tuple[str, ...]
    """Names of figures on forces at the border."""
    ceilings: tuple[str, ...]
    inspections: tuple[str, ...]
    moved: tuple[str, ...]
    """Names of figures on the share of forces moved away."""
    beside: tuple[str, ...]
    """Names of figures on forces in a third state beside the border."""
    latest_years: int
    """Years before the latest figure on a state's forces whose figures count as the latest too."""
    stale_years: int
    """Years between a count and the window's end beyond which it gives a range and no value."""
    guard: Range
    """Share of the forces at the border that stays there however good relations are."""
    left_out: Mapping[str, str]
    """Type -> why it brings no gain and no cost."""
    why: str
