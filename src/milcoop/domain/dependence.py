"""Who depends on whom: what sources say of shares, volumes of a register, blocks of acts, needs, and the findings of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from milcoop.domain.event import Event
from milcoop.domain.finding import Finding, FindingSet

FILLED, PARTLY_FILLED, NOT_FILLED = "filled", "partly", "not filled on record"


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal of an imported register: what was delivered, by whom to whom, in which years."""

    id: str
    giver: str
    receiver: str
    category: str
    tiv: float
    """Volume delivered, millions of SIPRI's trend-indicator value."""
    years: tuple[int, ...]
    """Years of delivery as the register gives them, sorted; never empty."""


@dataclass(frozen=True)
class Register:
    """Deals of two states with all partners, from one imported register at one vintage."""

    name: str
    vintage: date
    deals: Sequence[Deal]
    undated: int
    """Delivered deals of the two without a year of delivery, left out."""
    of_pair: Sequence[Event]
    """The deals between the two states as events, so that they can be opened."""

    @property
    def last_year(self) -> int:
        """Last year that the vintage holds as a whole."""
        return self.vintage.year - 1


@dataclass(frozen=True, slots=True)
class SourceShare:
    """What one source says of one share: 0 to 1, and the time it is for."""

    measure: str
    """Entry of the codebook's kind ``shares``."""
    dependent: str
    """ISO3 of the state that depends; both, joined by a hyphen, for a share of the pair."""
    partner: str
    low: float
    best: float
    high: float
    start: date
    end: date
    ids: tuple[str, ...]
    source: str
    register: bool = False

    @property
    def years(self) -> range:
        """Calendar years that it is for."""
        return range(self.start.year, self.end.year + 1)


@dataclass(frozen=True, slots=True)
class Share:
    """The newest source share, with the range over those of the same period."""

    value: float
    low: float
    high: float
    newest: tuple[SourceShare, ...]
    """Those that end last; more than one where sources conflict or agree."""
    same: tuple[SourceShare, ...]
    """Those of the same period, the newest included."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all of the period, the newest first."""
        return tuple(dict.fromkeys(i for r in (*self.newest, *self.same) for i in r.ids))


@dataclass(frozen=True, slots=True)
class PartBalance:
    """One part of net dependence: how far each side depends by it; None where unknown."""

    part: str
    first: Share | None
    second: Share | None


@dataclass(frozen=True, slots=True)
class Net:
    """Net dependence in one year: -1 the first state rests on the second alone, +1 the second on the first."""

    year: int
    value: float | None
    low: float | None
    high: float | None
    parts: tuple[PartBalance, ...]
    """Parts known on one side at least."""
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What passed in a run of years, by class and by giver."""

    years: range
    by_class: Mapping[str, tuple[str, ...]]
    """Class -> ids of acts."""
    unknown: tuple[str, ...]
    """Acts in no class for want of a category."""
    first_gave: tuple[str, ...]
    second_gave: tuple[str, ...]
    """Acts given by each side; one of both directions is in each."""
    coverage: str

    @property
    def classed(self) -> int:
        """Acts in a class."""
        return sum(map(len, self.by_class.values()))

    @property
    def ids(self) -> tuple[str, ...]:
        """All acts of the block."""
        return (*(i for ids in self.by_class.values() for i in ids), *self.unknown)


@dataclass(frozen=True, slots=True)
class NeedMet:
    """One need of one state, and what fills it on record."""

    state: str
    need: str
    label: str
    answer: str | None
    """``filled``, ``partly``, ``not filled on record``, ``not monitored``; None where nobody names the need."""
    said: tuple[str, ...]
    """Statements that name the need."""
    denied: tuple[str, ...]
    """Statements that it is met, past or not felt."""
    done: tuple[str, ...]
    """Supplies carried out."""
    promised: tuple[str, ...]
    alleged: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """All evidence, once each."""
        return tuple(dict.fromkeys((*self.said, *self.denied, *self.done, *self.promised, *self.alleged)))


@dataclass(frozen=True)
class Dependence:
    """All findings of the command, and the series and tables behind them."""

    found: FindingSet
    source_shares: tuple[SourceShare, ...]
    """Every one that ends in the window, by measure and date."""
    nets: tuple[Net, ...]
    """Net dependence of every year of the window."""
    blocks: tuple[Block, ...]
    """Windows counted back from the last year, the oldest first; the oldest may be shorter."""
    needs: tuple[NeedMet, ...]
    """Every need of both states, named or not."""
    source: str
    """Which register was read, or why none was and how to import it."""
    has_register: bool
    deals: tuple[Event, ...]
    """Deals of the register that findings cite, between the two states."""


def newest_of(share: Finding) -> str:
    """Years that the newest source of a share speaks of, and whether the newest conflict; empty without a value."""
    told = share.note.split("; ") if share.value is not None else []
    newest = [t.partition(",")[0].removeprefix("newest for ") for t in told if t.startswith("newest for")]
    return ", ".join([*newest, *(["sources conflict"] if any("conflict" in t for t in told) else [])])
