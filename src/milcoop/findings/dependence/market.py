"""What a register tells beyond shares: concentration of suppliers and buyers, and substitutes."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.findings.dependence.rules import Rules
from milcoop.findings.dependence.shares import PLACINGS, Volumes


@dataclass(frozen=True, slots=True)
class Measured:
    """A value over placings of deliveries, with the deals behind it and what to say of it."""

    value: float
    low: float
    high: float
    ids: tuple[str, ...]
    said: str


def window_of(volumes: Volumes, last: int, length: float) -> range:
    """The run of years that ends with the register's last whole year or ``last``."""
    end = min(last, volumes.register.last_year)
    return range(end - int(length) + 1, end + 1)


def concentration(volumes: Volumes, state: str, last: int, rules: Rules, *, buyers: bool) -> Measured | None:
    """Herfindahl-Hirschman index of a state's suppliers, or of its buyers; None without a delivery in the window."""
    years = window_of(volumes, last, rules["window-years"])
    pairs = [p for p in volumes.pair_deals if p[0 if buyers else 1] == state]
    found = {}
    for placing in PLACINGS:
        amounts = [volumes.total(placing, (*p, None), years) for p in pairs]
        if total := sum(amounts):
            found[placing] = sum((a / total) ** 2 for a in amounts)
    if "even" not in found:
        return None
    ids = tuple(i for p in sorted(pairs) for i in volumes.ids(*p, (), years))
    n = sum(volumes.total("even", (*p, None), years) > 0 for p in pairs)
    said = f"{n} {'buyers' if buyers else 'suppliers'}, deliveries {years[0]} to {years[-1]}"
    return Measured(found["even"], min(found.values()), max(found.values()), ids, said)


def concentration_bounds(low: float, high: float) -> tuple[float, float]:
    """Least and most concentration that one share, known from low to high, leaves open."""
    return low**2, max(s**2 + (1 - s) ** 2 for s in (low, high))


def substitutes(volumes: Volumes, giver: str, receiver: str, last: int, rules: Rules) -> Measured | None:
    """Share of what a giver delivered in classes with another supplier; None where it delivered nothing."""
    years = window_of(volumes, last, rules["window-years"])
    wide = window_of(volumes, last, rules["rival-years"])
    classes = sorted({d.category for d in volumes.pair_deals.get((giver, receiver), ())})
    suppliers = sorted({g for g, r in volumes.pair_deals if r == receiver and g != giver})
    rivals: dict[str, list[str]] = {}
    for category in classes:
        total = volumes.total("even", (None, receiver, category), wide)
        rivals[category] = [
            s
            for s in suppliers
            if total and volumes.total("even", (s, receiver, category), wide) >= rules["rival-share"] * total
        ]
    found = {}
    for placing in PLACINGS:
        amounts = {c: volumes.total(placing, (giver, receiver, c), years) for c in classes}
        if total := sum(amounts.values()):
            found[placing] = sum(a for c, a in amounts.items() if rivals[c]) / total
    if "even" not in found:
        return None
    ids = volumes.ids(giver, receiver, (), years)
    ids += tuple(i for s in suppliers for i in volumes.ids(s, receiver, [c for c in classes if s in rivals[c]], wide))
    supplied = [c for c in classes if volumes.total("even", (giver, receiver, c), years)]
    said = "; ".join(f"{c}: {', '.join(rivals[c]) or 'nobody else'}" for c in supplied)
    return Measured(found["even"], min(found.values()), max(found.values()), ids, said)
