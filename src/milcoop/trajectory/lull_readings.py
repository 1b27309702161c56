"""Why a lull came: likelihoods of the lines of evidence under each reading (docs/trajectory.md).

A count is negative binomial around base count x window share x the reading's ratio x the change of reporting. The joint
acts were picked for being few, so that their likelihood is conditional on a count that would have been picked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, expm1, floor, lgamma, log

from milcoop.codebook.lull_rule import LullRule, Reading
from milcoop.domain.finding import CANNOT_TELL
from milcoop.domain.lull import LullLine

JOINT, PARTNERS = "joint", "partners"
LEAST_REPORTING = 0.05
"""Floor of the change of reporting, so that no count is impossible under every reading."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted on one line, before it is weighed."""

    id: str
    """``joint``, ``cheap``, ``costly hit``, ``costly spared`` or ``partners AAA``."""
    what: str
    count: float
    base: float
    share: float
    """Months of the lull over months of the base."""
    reporting: float
    events: tuple[str, ...] = ()
    base_events: tuple[str, ...] = ()
    why_not: str = ""
    note: str = ""

    @property
    def expected(self) -> float:
        """Acts that the base led to expect."""
        return self.base * self.share


def expects(reading: Reading, line_id: str) -> str:
    """``fell`` or ``held``: what a reading expects of a line."""
    name = PARTNERS if line_id.startswith(PARTNERS) else line_id.replace(" ", "_")
    kind: str = getattr(reading, name)
    return kind


def log_probability(count: float, mean: float, base: float, spread: float) -> float:
    """Log probability of a count: negative binomial with variance ``spread`` x mean + mean squared / (base + 1/2).

    ``count`` may be fractional, where an act is dated to a year only. Hand check: mean 2, base 3.5, spread 1 give variance 3,
    size 4, and probability (2/3)^4 = 0.1975 for a count of nought.
    """
    if mean <= 0:
        return 0.0 if count == 0 else float("-inf")
    variance = spread * mean + mean**2 / (base + 0.5)
    size = mean**2 / (variance - mean)
    return (
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        + size * log(size / (size + mean))
        + count * log(mean / (size + mean))
    )


def log_likelihood(line: Counted, ratios: Sequence[float], spread: float, picked: int | None = None) -> float:
    """Log of the mean probability over ratios; conditional on a count of at most ``picked`` where that is given."""

    def mean_of(count: float) -> float:
        means = [line.expected * line.reporting * r for r in ratios]
        return sum(exp(log_probability(count, m, line.base, spread)) for m in means) / len(means)

    value = log(max(mean_of(line.count), 1e-300))
    if picked is not None:
        value -= log(max(sum(mean_of(k) for k in range(picked + 1)), 1e-300))
    return value


def weigh(
    counted: Sequence[Counted], rule: LullRule, spread: float, picked: int, with_shock: bool
) -> tuple[tuple[LullLine, ...], dict[str, float], dict[str, float], str]:
    """Lines with their likelihoods, priors, posterior and the answer."""
    lines = []
    for line in counted:
        logs: dict[str, float] = {}
        if not line.why_not:
            for reading in rule.readings:
                ratios = rule.fell if expects(reading, line.id) == "fell" else rule.held
                logs[reading.id] = log_likelihood(line, ratios, spread, picked if line.id == JOINT else None)
        lines.append(
            LullLine(
                line.id,
                line.what,
                line.count,
                line.expected,
                line.base,
                line.reporting,
                line.events,
                line.base_events,
                {r.id: expects(r, line.id) for r in rule.readings},
                logs,
                line.why_not,
                line.note,
            )
        )
    priors = {r.id: r.prior if with_shock else r.prior_without_shock for r in rule.readings}
    logs = {
        r: log(p) + sum(x.log_likelihoods[r] for x in lines if x.log_likelihoods) for r, p in priors.items() if p > 0
    }
    top = max(logs.values())
    weights = {r: exp(v - top) for r, v in logs.items()}
    total = sum(weights.values())
    posterior = {r: weights.get(r, 0.0) / total for r in priors}
    best = max(posterior, key=lambda r: posterior[r])
    others = 1 - posterior[best]
    return tuple(lines), priors, posterior, best if posterior[best] >= rule.odds * others else CANNOT_TELL


def tell_apart(lines: Sequence[LullLine], posterior: Mapping[str, float]) -> tuple[str, ...]:
    """Lines on which the two leading readings differ: those not known, and what known ones would have to show."""
    first, second = sorted(posterior, key=lambda r: -posterior[r])[:2]
    said = []
    for line in lines:
        a, b = line.expects[first], line.expects[second]
        if a == b:
            continue
        if line.why_not:
            said.append(f"{line.what} ({line.why_not}): {first} expects that they {a}, {second} that they {b}")
        else:
            said.append(
                f"{line.what}: found {line.count:.3g} where {line.expected:.3g} were expected; {first} expects that they {a}, {second} that they {b}"
            )
    return tuple(said)


def most_picked(scores: Callable[[int], float], threshold: float, at_most: float, expected: float) -> int:
    """Highest count with which the window would still have been a lull."""
    counts = [k for k in range(floor(at_most * expected) + 1) if scores(k) < threshold]
    return max(counts, default=0)


def detection_of(pages_per_act: float) -> float:
    """Chance that an act has a page at all, from pages per act found: zero-truncated Poisson.

    Solves rate / (1 - exp(-rate)) = pages per act. Hand check: a rate of 1 gives 1.582 pages per act and a chance of 0.632.
    """
    if pages_per_act <= 1:
        return 0.0
    low, high = 1e-9, pages_per_act
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if middle / -expm1(-middle) < pages_per_act else (low, middle)
    return -expm1(-low)


def reporting_change(
    queries: tuple[float, float], pages: tuple[float, float], acts: tuple[float, float], rule: LullRule
) -> float:
    """Change of reporting from base to lull, at most one: queries a month, and pages per act; (lull, base) each."""
    searched = min(1.0, queries[0] / queries[1]) ** rule.query_power if queries[1] > 0 else 1.0
    if not acts[1]:
        return max(searched, LEAST_REPORTING)
    per_act = pages[1] / acts[1]
    drawn = (pages[0] + rule.page_weight * per_act) / (acts[0] + rule.page_weight)
    before = detection_of(per_act)
    told = min(1.0, detection_of(drawn) / before) if before > 0 else 1.0
    return max(searched * told, LEAST_REPORTING)
