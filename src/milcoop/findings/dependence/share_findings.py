"""Findings on shares: arms, sales, trade, inputs, concentration, substitutes, net dependence and its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from milcoop.codebook.dependence_rule import ShareMeasure
from milcoop.codebook.states import name_of
from milcoop.domain.dependence import Net, Share
from milcoop.domain.event import Event
from milcoop.domain.finding import Finding
from milcoop.findings.dependence.composition import ALLEGED, Flows
from milcoop.findings.dependence.market import Measured, concentration, concentration_bounds, substitutes
from milcoop.findings.dependence.needs import coded_text, mentions
from milcoop.findings.dependence.net import WEIGHT, find_turn, inputs_share, net_dependence, side_of
from milcoop.findings.dependence.rules import Rules
from milcoop.findings.dependence.shares import Shares

SEARCHED = ("transfer",)
"""Figures have no log of searches of their own; they were met in searches for transfers."""
OTHER_SUPPLIERS = "A large delivery from another supplier, or a new share from a source of these years"


class ShareFindings:
    """Findings on shares of one pair."""

    def __init__(self, shares: Shares, flows: Flows, rules: Rules, why_not: str) -> None:
        self.shares, self.flows, self.rules, self.why_not = shares, flows, rules, why_not
        self.evidence = shares.evidence
        self.codebook = self.evidence.codebook
        self.last = self.evidence.years[-1]
        self.coverage = self.evidence.coverage(SEARCHED)
        first, second = self.evidence.dyad.states
        self.ways = ((first, second), (second, first))
        """(giver, receiver) both ways."""

    def all(self, nets: Sequence[Net]) -> list[Finding]:
        """Every finding on shares, in the order of the docs."""
        by_part: dict[str, list[ShareMeasure]] = {}
        for measure in self.codebook.shares.values():
            by_part.setdefault(measure.part, []).append(measure)
        out = []
        for measure in by_part.get("arms", ()):
            out += [self._share(measure, f"arms.{g}>{r}", r, g) for g, r in self.ways]
        for measure in by_part.get("sales", ()):
            out += [self._share(measure, f"sales.{g}>{r}", g, r) for g, r in self.ways]
        for state in self.evidence.dyad.states:
            out += [self._concentration(by_part, state, buyers=False), self._concentration(by_part, state, buyers=True)]
        out += [self._substitutes(g, r) for g, r in self.ways]
        pair = self.evidence.dyad.id
        out += [self._share(m, "arms-in-trade", pair, pair) for m in by_part.get("arms-in-trade", ())]
        for measure in by_part.get("trade", ()):
            out += [self._share(measure, f"trade.{state}", state, other) for other, state in self.ways]
        for giver, receiver in self.ways:
            out.append(self._inputs(giver, receiver))
            out += [self._input(m, giver, receiver) for m in by_part.get("input", ())]
        return [*out, self._asymmetry(), self._turn(nets)]

    # --- shares --------------------------------------------------------------------------------------------------------

    def _label(self, measure: ShareMeasure, dependent: str, partner: str) -> str:
        if measure.depends == "both":
            return measure.label
        a, b = name_of(self.codebook, dependent), name_of(self.codebook, partner)
        return {
            "arms": f"{b} in the arms imports of {a}",
            "sales": f"{b} in the arms exports of {a}",
            "trade": f"{b} in the trade of {a}",
        }.get(measure.part, f"{measure.label} of {a} from {b}")

    def _moves(self, measure: ShareMeasure | None) -> tuple[str, ...]:
        """Settings that the value of a share rests on."""
        register = ("window-years",) if self.shares.volumes is not None else ()
        if measure is not None and measure.part == "input":
            return ("inputs-since", *(register if measure.register_classes else ()))
        return register if measure is None or measure.part in ("arms", "sales") else ()

    def _share(self, measure: ShareMeasure, subject: str, dependent: str, partner: str) -> Finding:
        share = self.shares.at(measure, dependent, partner, self.rules)
        if share is None:
            said = "no source on record gives this share in the window"
            if measure.part in ("arms", "sales"):
                said += (
                    f"; {self.why_not}" if self.shares.volumes is None else "; none delivered by the register either"
                )
            value = low = high = None
            ids: tuple[str, ...] = ()
        else:
            value, low, high, ids = share.value, share.low, share.high, share.ids
            said = self._said(share, measure.part)
            if measure.part in ("arms", "sales") and self.shares.volumes is None:
                said += f"; {self.why_not}"
        return Finding(
            f"dependence.{subject}", self._label(measure, dependent, partner), value, low, high, "share", ids,
            self.coverage, OTHER_SUPPLIERS,
            self.rules.move(self._moves(measure), lambda r: _value(self.shares.at(measure, dependent, partner, r))),
            said,
        )  # fmt: skip

    def _said(self, share: Share, part: str) -> str:
        """Word, source and age of a share, and what conflicts."""
        newest = share.newest[0]
        span = str(newest.years[0]) if len(newest.years) == 1 else f"{newest.years[0]} to {newest.years[-1]}"
        age = self.last - newest.end.year
        parts = [] if part == "arms-in-trade" else [words_for(share.low, share.high, self.rules)]
        parts.append(
            f"newest for {span}, {counted(age, 'year')} before the window's end" if age else f"newest for {span}"
        )
        if age > self.rules["stale-years"]:
            parts.append("old")
        bests = {r.best for r in share.newest}
        if len(bests) > 1:
            shown = ", ".join(f"{b:.3g}" for b in sorted(bests))
            parts.append(f"the newest conflict ({shown}): the value is their middle")
        if part == "trade" and len(newest.ids) > 1:
            parts.append("shares of exports and imports bound it: the value is their middle")
        parts.append(f"{len(share.same)} sources of the same period" if len(share.same) > 1 else "one source")
        if newest.register:
            parts.append(newest.source)
        return "; ".join(parts)

    def _input(self, measure: ShareMeasure, giver: str, receiver: str) -> Finding:
        found = self._share(measure, f"inputs.{giver}>{receiver}.{measure.id}", receiver, giver)
        if found.value is not None:
            return found
        since = int(self.rules["inputs-since"])
        if self.last < since:
            return _with(found, f"the window ends before {since}, from which inputs are read", ())
        acts = [e for e in self._supplied(measure, giver, receiver) if e.when.start.year >= since]
        alleged = sum(e.status == ALLEGED for e in acts)
        if not acts:
            return _with(found, f"no share cited and no supply on record since {since}", ())
        said = f"no share cited; supplied on record since {since}: {counted(len(acts) - alleged, 'act')}, {alleged} more alleged"
        return _with(found, said, tuple(e.id for e in acts))

    def _supplied(self, measure: ShareMeasure, giver: str, receiver: str) -> list[Event]:
        """Acts of the window from giver to receiver that name the input."""
        fields = self.rules.words("need-fields")
        acts = [
            e
            for e, _ in (*self.flows.realised, *self.flows.alleged)
            if e.direction == f"{giver}>{receiver}" and set(measure.categories) & set(e.values("category"))
        ]
        if not measure.words:
            return acts
        return [e for e in acts if mentions(measure.words, coded_text(e, fields))]

    def _inputs(self, giver: str, receiver: str) -> Finding:
        share = inputs_share(self.shares, receiver, giver, self.rules)
        since = int(self.rules["inputs-since"])
        measures = [m for m in self.codebook.shares.values() if m.part == "input"]
        said = f"the window ends before {since}" if self.last < since else f"no share of an input cited since {since}"
        if share is not None:
            named = [m.id for m in measures if self.shares.at(m, receiver, giver, self.rules) is not None]
            word = words_for(share.low, share.high, self.rules)
            said = f"{word}; median over {', '.join(named)}; sources cite inputs where the share is high"
        a, b = name_of(self.codebook, receiver), name_of(self.codebook, giver)
        return Finding(
            f"dependence.inputs.{giver}>{receiver}", f"Critical inputs of {a} from {b}, median of cited shares",
            _value(share), share.low if share else None, share.high if share else None, "share",
            share.ids if share else (), self.coverage,
            f"Output of such inputs in {a} itself, or a supplier other than {b}",
            self.rules.move(
                ("inputs-since", *(("window-years",) if self.shares.volumes is not None else ())),
                lambda r: _value(inputs_share(self.shares, receiver, giver, r)),
            ),
            said,
        )  # fmt: skip

    # --- what a register tells -----------------------------------------------------------------------------------------

    def _concentration(self, by_part: dict[str, list[ShareMeasure]], state: str, *, buyers: bool) -> Finding:
        what = "buyers" if buyers else "suppliers"
        id_ = f"dependence.concentration.{state}" + (".buyers" if buyers else "")
        label = f"Concentration of the arms {what} of {name_of(self.codebook, state)}"
        change = f"Deliveries {'to' if buyers else 'from'} more states, or fewer"
        volumes = self.shares.volumes
        if volumes is not None:
            compute = lambda r: concentration(volumes, state, self.last, r, buyers=buyers)  # noqa: E731
            return self._measured(id_, label, "index", change, ("window-years",), compute, graded=True)
        other = next(s for s in self.evidence.dyad.states if s != state)
        measure = next(iter(by_part.get("sales" if buyers else "arms", ())), None)
        share = self.shares.at(measure, state, other, self.rules) if measure is not None else None
        if share is None:
            return Finding(
                id_,
                label,
                None,
                None,
                None,
                "index",
                (),
                self.coverage,
                change,
                (),
                f"needs a register: {self.why_not}",
            )
        low, high = concentration_bounds(share.low, share.high)
        said = f"bounds from the share of {name_of(self.codebook, other)} alone; {self.why_not}"
        return Finding(id_, label, None, low, high, "index", share.ids, self.coverage, change, (), said)

    def _substitutes(self, giver: str, receiver: str) -> Finding:
        a, b = name_of(self.codebook, receiver), name_of(self.codebook, giver)
        id_, label = f"dependence.substitutes.{giver}>{receiver}", f"What {a} gets from {b} and from others as well"
        change = f"A first delivery to {a} by another state of a class that {b} alone supplies"
        volumes = self.shares.volumes
        if volumes is None:
            return Finding(
                id_,
                label,
                None,
                None,
                None,
                "share",
                (),
                self.coverage,
                change,
                (),
                f"needs a register: {self.why_not}",
            )
        names = ("rival-share", "rival-years", "window-years")
        compute = lambda r: substitutes(volumes, giver, receiver, self.last, r)  # noqa: E731
        return self._measured(id_, label, "share", change, names, compute, graded=False)

    def _measured(
        self, id_: str, label: str, unit: str, change: str, names: tuple[str, ...],
        compute: Callable[[Rules], Measured | None], *, graded: bool,
    ) -> Finding:  # fmt: skip
        register = self.shares.volumes.register if self.shares.volumes else None
        inside = register is not None and min(self.last, register.last_year) in self.evidence.years
        found = compute(self.rules) if inside else None
        if found is None:
            said = "no delivery in the window by the register" if inside else "the register ends before the window"
            return Finding(id_, label, None, None, None, unit, (), self.coverage, change, (), said)
        word = words_for(found.low, found.high, self.rules, "concentration-") if graded else ""
        source = f"{register.name} of {register.vintage}" if register else ""
        said = "; ".join(x for x in (word, found.said, source) if x)
        moved = self.rules.move(names, lambda r: _number(compute(r)))
        return Finding(id_, label, found.value, found.low, found.high, unit, found.ids, self.coverage, change, moved, said)  # fmt: skip

    # --- net dependence ------------------------------------------------------------------------------------------------

    def _asymmetry(self) -> Finding:
        net = net_dependence(self.shares, self.last, self.rules)
        both = [b.part for b in net.parts if b.first and b.second]
        one = [b.part for b in net.parts if b.part not in both]
        a, b = (name_of(self.codebook, s) for s in self.evidence.dyad.states)
        said = f"known on both sides: {', '.join(both) or 'none'}; on one: {', '.join(one) or 'none'}"
        if verdict := _verdict(net, a, b):
            said = f"{verdict}; {said}"
        weights = tuple(WEIGHT[part] for part in both)
        register = ("window-years",) if self.shares.volumes is not None else ()
        return Finding(
            "dependence.asymmetry", f"Net dependence: -1 {a} rests on {b}, +1 {b} on {a}",
            net.value, net.low, net.high, "-1 to +1", net.ids, self.coverage,
            "A share of the side or part that no source gives yet; a large change of trade or of inputs",
            self.rules.move(
                (*weights, "stale-years", *register),
                lambda r: net_dependence(self.shares, self.last, r).value,
            ),
            f"{said}; shares older than {self.rules['stale-years']:g} years left out",
        )  # fmt: skip

    def _turn(self, nets: Sequence[Net]) -> Finding:
        def sides(found: Sequence[Net], r: Rules) -> list[tuple[int, int]]:
            return [(n.year, side_of(n.low, n.high, r["turn-sure"])) for n in found]

        year, low, why = find_turn(sides(nets, self.rules))
        sure = [(y, s) for y, s in sides(nets, self.rules) if s]
        ids = tuple(dict.fromkeys(i for n in nets if any(n.year == y for y, _ in sure) for i in n.ids))
        register = ("window-years",) if self.shares.volumes is not None else ()
        moved = self.rules.move(
            ("turn-sure", "stale-years", "same-period", *register),
            lambda r: find_turn(sides([net_dependence(self.shares, y, r) for y in self.evidence.years], r))[0],
        )
        said = f"{len(sure)} of {len(nets)} years with a sure side"
        if self.shares.volumes is None:
            said += f"; {self.why_not}"
        return Finding(
            "dependence.turn", "Year in which net dependence changes sides", year, low, year, "year", ids,
            self.coverage, "Shares of both sides for the years that have only one", moved,
            "; ".join(x for x in (why, said) if x),
        )  # fmt: skip


def _verdict(net: Net, first: str, second: str) -> str:
    """Who rests more on whom, in words, and whether the interval leaves that open."""
    side = side_of(net.low, net.high, 0)
    if net.low is None:
        return ""
    if not side and net.value is None:
        return "which side rests more on the other is open"
    more, less = (second, first) if (side or net.value or 0) > 0 else (first, second)
    if side:
        return f"{more} rests more on {less}"
    return f"{more} rests more on {less} by what is known of both; the interval leaves the side open"


def words_for(low: float, high: float, rules: Rules, kind: str = "") -> str:
    """``low``, ``medium`` or ``high``; both words where the ends of the interval differ."""
    medium, top = rules[f"{kind}medium"], rules[f"{kind}high"]
    names = ["high" if v >= top else "medium" if v >= medium else "low" for v in (low, high)]
    return names[0] if names[0] == names[1] else f"{names[0]} to {names[1]}"


def counted(n: int, noun: str) -> str:
    """``1 year``, ``2 years``."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _value(share: Share | None) -> float | None:
    return None if share is None else share.value


def _number(measured: Measured | None) -> float | None:
    return None if measured is None else measured.value


def _with(found: Finding, note: str, ids: tuple[str, ...]) -> Finding:
    return Finding(
        found.id, found.label, None, None, None, found.unit, ids, found.coverage, found.what_would_change_it,
        found.sensitivity, note,
    )  # fmt: skip
