"""From acts to lines of the ledger: which rule takes an act, who gains, and how chains are kept from counting twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from milcoop.codebook.gain_rule import Gain, GainRule, Isolation, Range, Role
from milcoop.domain.event import Event
from milcoop.findings.evidence import Evidence
from milcoop.findings.gains.factors import Applied, amount_of, apply_factor
from milcoop.record.selection import ByType, make_test

Total = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One gain of one side from one act in one year."""

    event: Event
    rule: GainRule
    gain: Gain
    isolation: str
    """Id of the embargo that sets the side apart on the act's day, where the gain has a weight for that; else empty."""
    side: int
    """0 for the first state of the dyad, 1 for the second."""
    year: int
    unit: str
    """What counts as one in the resampling: the act, or its chain where the rule keeps chains together."""
    share: float
    """Share of the act's gain booked in this year."""
    factors: tuple[Applied, ...]

    @property
    def weight(self) -> Range:
        """The weight that holds for this side."""
        return self.gain.isolated if self.isolation and self.gain.isolated else self.gain.weight

    @property
    def key(self) -> str:
        """Name of the weight."""
        return f"{self.rule.id}.{self.gain.to}.{self.gain.part}" + (".isolated" if self.isolation else "")


def take_acts(evidence: Evidence) -> list[tuple[Event, GainRule]]:
    """Acts with the rule that takes them: an entry for the event itself, else the last rule read that selects it."""
    by_type, rules = ByType(evidence.events), evidence.codebook.gains.values()
    taker: dict[int, GainRule] = {}
    for rule in rules:
        if rule.select is not None:
            taker.update(dict.fromkeys(make_test(rule.select, evidence.scale).places(by_type), rule))
    own = {rule.id: rule for rule in rules if rule.event}
    taken = []
    for i, event in enumerate(evidence.events):
        found = own.get(event.id) or taker.get(i)
        if found is not None:
            taken.append((event, found))
    return taken


def draw_up(evidence: Evidence) -> tuple[list[Line], int]:
    """Lines of the window by date, and the number of its acts that a rule takes but whose sides no row gives."""
    taken = take_acts(evidence)
    chains: dict[tuple[str, str], list[Event]] = defaultdict(list)
    in_chain: dict[str, list[Event]] = defaultdict(list)
    for event in evidence.events:
        if event.chain:
            in_chain[event.chain].append(event)
    for event, rule in taken:
        chains[rule.id, event.chain or event.id].append(event)
    book = _Booker(evidence, chains, in_chain, {event.id for event, rule in taken if rule.chain == "share"})
    lines: list[Line] = []
    without_side = 0
    for event, rule in taken:
        if not any(y in evidence.years for y in _years(event, rule)):
            continue
        found = book.lines(event, rule)
        if found is None:
            without_side += 1
        else:
            lines += [line for line in found if line.year in evidence.years]
    return lines, without_side


class _Booker:
    def __init__(
        self, evidence: Evidence, chains: dict[tuple[str, str], list[Event]], in_chain: dict[str, list[Event]],
        sharing: set[str],
    ) -> None:  # fmt: skip
        self.evidence, self.chains, self.in_chain, self.sharing = evidence, chains, in_chain, sharing
        self.realised = frozenset(evidence.scale.realised)
        self.book = evidence.codebook
        self.spans = [i for i in self.book.isolations.values() if i.state in evidence.dyad.states]
        self.settled = {
            r.id: make_test(r.settled_by, evidence.scale) for r in self.book.gains.values() if r.settled_by is not None
        }
        self._gains: dict[tuple[str, Role], tuple[Gain, ...]] = {}
        contracts = [r for r in self.book.gains.values() if r.chain == "promise" and r.select is not None]
        self.contract = [make_test(r.select, evidence.scale) for r in contracts if r.select is not None]

    def gains_of(self, rule: GainRule, role: Role) -> tuple[Gain, ...]:
        """Gains of a state with a role, looked up once for each rule."""
        if (rule.id, role) not in self._gains:
            self._gains[rule.id, role] = _gains_of(rule, role)
        return self._gains[rule.id, role]

    def lines(self, event: Event, rule: GainRule) -> list[Line] | None:
        """Lines of one act; none where its chain has counted already; None where its sides are not known."""
        sides = [
            (side, gain)
            for side, role in enumerate(_roles_of(event, self.evidence))
            for gain in self.gains_of(rule, role)
        ]
        if not sides and rule.gains:
            return None
        chain = self.chains[rule.id, event.chain or event.id]
        if rule.chain == "first" and (chain[0] is not event or self._confirmed(event)):
            return []
        if rule.chain == "promise" and self._settled(event, rule):
            return []
        share, total = self._share(event) if rule.chain == "share" else (1.0, None)
        factors = [
            apply_factor(f, event, total if f.quantities else None)
            for f in (self.book.factors[i] for i in rule.factors)
        ]
        if rule.chain == "rise":
            factors = self._rise(event, rule, chain, factors)
            if not factors:
                return []
        applied = tuple(factors)
        unit = event.id if rule.chain == "each" else event.chain or event.id
        years = _years(event, rule)
        states, day = self.evidence.dyad.states, event.when.first_day
        return [
            Line(event, rule, gain, apart, side, year, unit, share / len(years), applied)
            for side, gain in sides
            for apart in [_embargo(self.spans, states[side], day) if gain.isolated is not None else ""]
            for year in years
        ]  # fmt: skip

    def _settled(self, contract: Event, rule: GainRule) -> bool:
        """Whether a delivery or a cancellation follows a contract in its chain."""
        return any(
            e.when.last_day >= contract.when.first_day and self.settled[rule.id](e)
            for e in self.in_chain.get(contract.chain or "", ())
        )

    def _confirmed(self, event: Event) -> bool:
        """Whether an act that is only alleged has one of its type and chain beside it that took place."""
        return event.status not in self.realised and any(
            e.type == event.type and e.status in self.realised for e in self.in_chain.get(event.chain or "", ())
        )

    def _share(self, event: Event) -> tuple[float, Total | None]:
        """Share of the contracts that a delivery stands for, and their price; all of its own where none has one.

        Contracts are those of its chain that were signed by then, deliveries all of the chain, alleged ones too.
        """
        chain = self.in_chain.get(event.chain or "", ())
        contracts = [
            e for e in chain if e.when.first_day <= event.when.last_day and any(test(e) for test in self.contract)
        ]
        for factor in (f for f in self.book.factors.values() if f.pieces):
            prices = [p for p in (amount_of(e, factor.quantities, factor.unit) for e in contracts) if p]
            if prices:
                deliveries = [e for e in chain if e.id in self.sharing]
                known = [p[1] for p in (amount_of(e, factor.pieces) for e in deliveries) if p]
                own = amount_of(event, factor.pieces)
                share = own[1] / sum(known) if own and len(known) == len(deliveries) else 1 / len(deliveries)
                return share, (sum(p[0] for p in prices), sum(p[1] for p in prices), sum(p[2] for p in prices))
        return 1.0, None

    def _rise(self, event: Event, rule: GainRule, chain: Iterable[Event], own: list[Applied]) -> list[Applied]:
        """What the act's fields exceed those of the chain's earlier acts by; empty where by nothing."""
        reached = 0.0
        factors = [self.book.factors[i] for i in rule.factors]
        for earlier in chain:
            if earlier is event:
                break
            value = 1.0
            for factor in factors:
                value *= apply_factor(factor, earlier).best
            reached = max(reached, value)
        low, best, high = 1.0, 1.0, 1.0
        for applied in own:
            low, best, high = low * applied.low, best * applied.best, high * applied.high
        if high <= reached or not own:
            return []
        rest = [max(0.0, v - reached) for v in (low, best, high)]
        return [replace(own[0], low=rest[0], best=rest[1], high=rest[2], log_ratio=None)]


def _roles_of(event: Event, evidence: Evidence) -> tuple[Role, Role]:
    """The closest role of each state in an act."""
    states = evidence.dyad.states
    giver, arrow, receiver = event.direction.partition(">")
    if arrow:
        of: Mapping[str, Role] = {giver: "giver", receiver: "receiver"}
        return of.get(states[0], "both"), of.get(states[1], "both")
    place = evidence.codebook.places.get(event.place or "")
    host = place.country if place is not None else None
    return "guest" if host == states[1] else "both", "guest" if host == states[0] else "both"


def _gains_of(rule: GainRule, role: Role) -> tuple[Gain, ...]:
    """The gain in each coin of a state with a role: that of the role, else that of both."""
    gains = {g.coin: g for to in ("both", role) for g in rule.gains if g.to == to}
    return tuple(gains.values())


def _years(event: Event, rule: GainRule) -> range:
    """Years in which the gain is booked: all that a delivery took, the first one of any other act."""
    start = event.when.start.year
    return event.when.years if rule.chain == "share" and event.when.end is not None else range(start, start + 1)


def _embargo(spans: Iterable[Isolation], state: str, day: date) -> str:
    """Id of the embargo on a state on a day; empty without one."""
    iso = day.isoformat()
    return next((i.id for i in spans if i.state == state and i.start <= iso and (i.end is None or iso <= i.end)), "")
