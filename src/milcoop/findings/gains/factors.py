"""What multiplies a gain: the value of a field or the size of a quantity, with its range where it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from milcoop.codebook.gain_rule import GainFactor
from milcoop.domain.event import Event, Quantity

THOUSANDS = {("USD billion", "USD million"): 1000.0}
"""(unit of the record, unit of the rule) -> how many of the second make one of the first."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A factor as it falls on one act."""

    id: str
    low: float
    best: float
    high: float
    unknown: bool = False
    """No page tells: its draw is shared by all such acts."""
    worth: float = 1.0
    log_ratio: float | None = None
    """Logarithm of the quantity over the reference, so that the factor can be told for another power."""


def apply_factor(factor: GainFactor, event: Event, total: tuple[float, float, float] | None = None) -> Applied:
    """The factor on an act; ``total`` (low, best, high) takes the place of its own quantity."""
    if factor.field is not None:
        known = [factor.values[v] for v in event.values(factor.field) if v in factor.values]
        if known:
            return Applied(factor.id, min(known), sum(known) / len(known), max(known))
        return _unknown(factor, 1.0)
    amount = total or amount_of(event, factor.quantities, factor.unit)
    if amount is not None:
        return _sized(factor, amount, factor.reference, 1.0)
    batch = next((factor.batches[c] for c in event.values("category") if c in factor.batches), None)
    if batch is None:
        return _unknown(factor, 1.0)
    pieces = amount_of(event, factor.pieces) if batch.units else None
    return _sized(factor, pieces, batch.units, batch.worth) if pieces and batch.units else _unknown(factor, batch.worth)


def amount_of(event: Event, names: tuple[str, ...], unit: str = "") -> tuple[float, float, float] | None:
    """(low, best, high) of the first of the named quantities that the act carries in the unit; above nought only."""
    for name in names:
        if name.endswith("_"):
            parts = [q for q in event.quantities if q.name.startswith(name) and _is_state(q.name[len(name) :])]
        else:
            parts = [q for q in event.quantities if q.name == name][:1]
        ends = [e for e in (_ends(q, unit) for q in parts) if e is not None]
        if ends:
            return sum(e[0] for e in ends), sum(e[1] for e in ends), sum(e[2] for e in ends)
    return None


def at_power(factor: GainFactor, applied: Applied, power: float) -> float:
    """Best value of a sized factor under another power."""
    assert applied.log_ratio is not None
    return _clip(factor, applied.worth * float(2.718281828459045 ** (power * applied.log_ratio)))


def _is_state(text: str) -> bool:
    return len(text) == 3 and text.isupper()


def _ends(quantity: Quantity, unit: str) -> tuple[float, float, float] | None:
    times = 1.0 if not unit or quantity.unit == unit else THOUSANDS.get((quantity.unit, unit))
    given = [v for v in (quantity.low, quantity.best, quantity.high) if v is not None and v > 0]
    if times is None or not given:
        return None
    low, high = min(given) * times, max(given) * times
    best = quantity.best * times if quantity.best else (low + high) / 2
    return low, best, high


def _sized(factor: GainFactor, amount: tuple[float, float, float], reference: float, worth: float) -> Applied:
    low, best, high = (_clip(factor, worth * (a / reference) ** factor.power) for a in amount)
    return Applied(factor.id, low, best, high, worth=worth, log_ratio=log(amount[1] / reference))


def _unknown(factor: GainFactor, worth: float) -> Applied:
    u = factor.unknown
    return Applied(factor.id, u.low * worth, u.best * worth, u.high * worth, unknown=True)


def _clip(factor: GainFactor, value: float) -> float:
    return min(max(value, factor.floor), factor.ceiling)
