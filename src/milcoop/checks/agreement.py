"""Agreement of raters: Krippendorff's alpha with a bootstrap interval, percent agreement beside.

Alpha is one less the ratio of observed to expected disagreement (Krippendorff 2011, "Computing Krippendorff's
alpha-reliability"; 2019, ch. 12). Disagreement of two values is a squared distance of scores: the values themselves
(interval), their mid-ranks among all paired ratings (ordinal), equal or not (nominal). Raters may leave units out.
The interval resamples units, the distances of ordinal ratings computed anew each time (Zapf et al. 2016 find this to hold
its promise where Krippendorff's own resampling does not).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Metric = Literal["nominal", "ordinal", "interval"]
METRICS: tuple[str, ...] = get_args(Metric)
MOST_UNDEFINED = 0.05
"""Share of resamplings without alpha above which no interval is given."""

Floats = NDArray[np.float64]
Ratings = Mapping[str, Mapping[str, str]]
"""Unit -> rater -> value; a rating that is missing is not there."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far raters of the same units agree, with what it was computed from."""

    metric: str
    units: int
    """Units with at least two ratings; the others say nothing of agreement."""
    left_out: int
    """Units with fewer."""
    raters: int
    ratings: int
    """Ratings of the units counted."""
    values: tuple[str, ...]
    """Values among them, in order."""
    alpha: float | None
    """None where it is undefined; ``why`` says so."""
    why: str
    interval: tuple[float, float] | None
    """Middle 95 percent of alpha over resampled units."""
    percent: float | None
    """Share of pairs of ratings of a unit that are equal, 0 to 1."""
    percent_interval: tuple[float, float] | None
    draws: int
    undefined: int
    """Resamplings in which alpha is undefined."""
    seed: int


def measure_agreement(
    ratings: Ratings, metric: str = "ordinal", order: Sequence[str] = (), draws: int = 1000, seed: int = 1
) -> Agreement:
    """Alpha and percent agreement of ratings by unit and rater.

    ``order`` lists the values from low to high; without it values must be numbers, but for ``nominal``. Raises ValueError
    for a value that is neither. A unit counts in percent agreement with as many pairs as it has.
    """
    paired = {u: by for u, by in ratings.items() if len(by) > 1}
    values, scores = _values([v for by in paired.values() for v in by.values()], metric, order)
    place = {v: i for i, v in enumerate(values)}
    counts = np.zeros((len(paired), len(values)))
    for row, by in enumerate(paired.values()):
        for value, n in Counter(by.values()).items():
            counts[row, place[value]] = n
    shape = (metric, len(paired), len(ratings) - len(paired), len({r for by in ratings.values() for r in by}))
    total = int(counts.sum())
    if not paired:
        return Agreement(
            *shape, total, values, None, "no unit has two ratings", None, None, None, draws, 0, seed
        )  # fmt: skip
    alpha = _alpha(counts, np.ones(len(paired)), metric, scores)
    percent = _percent(counts, np.ones(len(paired)))
    weights = np.random.default_rng(seed).multinomial(len(paired), np.full(len(paired), 1 / len(paired)), size=draws)
    again = [_alpha(counts, w, metric, scores) for w in weights]
    known = [a for a in again if a is not None]
    enough = alpha is not None and len(paired) > 1 and draws > 0 and len(known) >= (1 - MOST_UNDEFINED) * draws
    equal = [_percent(counts, w) for w in weights]
    return Agreement(
        *shape,
        total,
        values,
        alpha,
        "" if alpha is not None else f"every rating is {values[0]}, so no disagreement could be expected",
        _middle(known) if enough else None,
        percent,
        _middle(equal) if len(paired) > 1 and draws else None,
        draws,
        draws - len(known),
        seed,
    )


def _values(found: Sequence[str], metric: str, order: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    """Distinct values from low to high, and their scores where the metric takes the values themselves."""
    distinct = list(dict.fromkeys(found))
    if order:
        if unknown := [v for v in distinct if v not in order]:
            raise ValueError(f"found value '{unknown[0]}', expected one of {', '.join(order)}")
        ranked = [v for v in order if v in distinct]
        return tuple(ranked), np.array([list(order).index(v) for v in ranked], dtype=float)
    if metric == "nominal":
        return tuple(sorted(distinct)), np.zeros(len(distinct))
    numbers: dict[float, str] = {}
    for value in distinct:
        try:
            number = float(value)
        except ValueError:
            number = np.nan
        if not np.isfinite(number):
            raise ValueError(
                f"found value '{value}', expected a number for the metric '{metric}', or the order of values"
            )
        numbers.setdefault(number, value)
    if len(numbers) < len(distinct):
        raise ValueError("found one number written in two ways, expected one spelling for each value")
    ranked = [numbers[n] for n in sorted(numbers)]
    return tuple(ranked), np.array(sorted(numbers))


def _alpha(counts: Floats, weights: NDArray[np.int64] | Floats, metric: str, scores: Floats) -> float | None:
    """Alpha of units taken ``weights`` times each; ``counts`` is units by values. None where no two values differ."""
    in_unit = counts.sum(axis=1)
    of_value = weights @ counts
    total = float(of_value.sum())
    if np.count_nonzero(of_value) < 2:
        return None
    if metric == "nominal":
        observed = in_unit**2 - (counts**2).sum(axis=1)
        expected = total**2 - float((of_value**2).sum())
    else:
        score = scores if metric == "interval" else np.cumsum(of_value) - of_value / 2
        score = score - of_value @ score / total
        observed = 2 * (in_unit * (counts @ score**2) - (counts @ score) ** 2)
        expected = 2 * total * float(of_value @ score**2)
    return 1 - (total - 1) * float(weights @ (observed / (in_unit - 1))) / expected


def _percent(counts: Floats, weights: NDArray[np.int64] | Floats) -> float:
    """Share of pairs within units that are equal."""
    in_unit = counts.sum(axis=1)
    equal = (counts * (counts - 1)).sum(axis=1)
    return float(weights @ equal) / float(weights @ (in_unit * (in_unit - 1)))


def _middle(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
