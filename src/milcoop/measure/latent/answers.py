"""Likelihood of all answers and its gradients by states, loadings, cutpoints, intercepts, spreads and raters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.design import BETWEEN, COUNT, HIGHEST, LOWEST, Floats, Structure

LONGEST = 60.0
"""Distances beyond this add nothing to a logistic at double precision."""
HALVINGS = 64.0
FLUSH = 200
"""Answers whose factors between 1 and 4 are multiplied before a logarithm is taken."""
LEAST_SQUARE = 1e-7


class AnswerWork(NamedTuple):
    """Parameters as answers see them, and gradients by them; last axis chains."""

    v: Floats
    """States less the mean state, (nodes, chains)."""
    loading: Floats
    """Over the typical one, (items, chains)."""
    cut: Floats
    """Relative to the held mean of states of its place and to the mean severity."""
    intercept: Floats
    """(items, chains); unused for ordinal items, as is ``spread``."""
    spread: Floats
    """As sampled: square root of overdispersion up to sign (counts), log standard deviation (continuous)."""
    severity: Floats
    """Less the mean, (raters, chains)."""
    stretch: Floats
    """Reliability over the typical one, (raters, chains)."""
    offset: Floats
    """Mean state less the held mean of each place, (places, chains)."""
    g_offset: Floats
    g_v: Floats
    g_loading: Floats
    g_cut: Floats
    g_intercept: Floats
    g_spread: Floats
    g_severity: Floats
    g_reliability: Floats
    """By log reliability."""
    lean: Floats
    """Severity less loading times offset, of the row of answers at hand, (chains,), as all below."""
    slope: Floats
    shift: Floats
    lower: Floats
    g_slope: Floats
    g_eta: Floats
    g_upper: Floats
    product: Floats


def answer_work(nodes: int, items: int, cuts: int, raters: int, places: int, chains: int) -> AnswerWork:
    """Empty arrays."""

    def empty(size: int) -> NDArray[np.float64]:
        return np.zeros((size, chains))

    sizes = (nodes, items, cuts, items, items, raters, raters)
    scratch = [np.zeros(chains) for _ in range(8)]
    given, slopes = [empty(n) for n in sizes], [empty(n) for n in sizes]
    arrays = [*given, empty(places), empty(places), *slopes, *scratch]
    return AnswerWork._make(arrays)


@compiled
def exp_minus(distance: float) -> float:
    """exp(-distance) for 0 <= distance <= LONGEST to ten digits: arithmetic alone, so that loops over chains vectorise."""
    y = distance / HALVINGS
    e = 1.0 / 479001600.0
    e = 1.0 / 39916800.0 - y * e
    e = 1.0 / 3628800.0 - y * e
    e = 1.0 / 362880.0 - y * e
    e = 1.0 / 40320.0 - y * e
    e = 1.0 / 5040.0 - y * e
    e = 1.0 / 720.0 - y * e
    e = 1.0 / 120.0 - y * e
    e = 1.0 / 24.0 - y * e
    e = 1.0 / 6.0 - y * e
    e = 0.5 - y * e
    e = 1.0 - y * e
    e = 1.0 - y * e
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    return e


@compiled
def likelihood(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Add the log likelihood of all answers to ``value`` and fill the gradients of ``k``, which must be nought."""
    for r in range(len(m.row_form)):
        j, q, form = m.row_item[r], m.row_rater[r], m.row_form[r]
        for s in range(len(value)):
            k.slope[s] = k.loading[j, s] * k.stretch[q, s]
            k.lean[s] = k.severity[q, s] - k.loading[j, s] * k.offset[m.item_place[j], s]
            k.g_slope[s] = k.g_eta[s] = 0.0
            k.product[s] = 1.0
        if form == LOWEST:
            _one_side(r, m.row_above[r], -1.0, m, k, value)
        elif form == HIGHEST:
            _one_side(r, m.row_below[r], 1.0, m, k, value)
        elif form == BETWEEN:
            _between(r, m, k, value)
        elif form == COUNT:
            _counts(r, m, k, value)
        else:
            _continuous(r, m, k, value)
        for s in range(len(value)):
            value[s] -= np.log(k.product[s])
            k.g_loading[j, s] += k.g_slope[s] * k.stretch[q, s] + k.g_eta[s] * k.offset[m.item_place[j], s]
            k.g_offset[m.item_place[j], s] += k.g_eta[s] * k.loading[j, s]
            k.g_reliability[q, s] += k.g_slope[s] * k.slope[s]
            k.g_severity[q, s] -= k.g_eta[s]
    _gaps(m, k, value)
    _tails(m, k, value)


@compiled
def _one_side(r: int, edge: int, sign: float, m: Structure, k: AnswerWork, value: Floats) -> None:
    """Answers of the lowest or highest category: log logistic of ``sign`` times (predictor - cutpoint)."""
    chains = len(value)
    node, v, g_v, slope, g_slope, g_eta, product = m.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.product
    shift = k.shift
    for s in range(chains):
        shift[s] = k.lean[s] + k.cut[edge, s]
    first, last = m.row_at[r], m.row_at[r + 1]
    for a in range(first, last):
        i = node[a]
        for s in range(chains):
            x = sign * (slope[s] * v[i, s] - shift[s])
            e = exp_minus(min(abs(x), LONGEST))
            value[s] += min(x, 0.0)
            product[s] *= 1.0 + e
            g = sign * (e if x > 0 else 1.0) / (1.0 + e)
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]
        if (a - first) % FLUSH == FLUSH - 1:
            for s in range(chains):
                value[s] -= np.log(product[s])
                product[s] = 1.0
    for s in range(chains):
        k.g_cut[edge, s] -= g_eta[s]


@compiled
def _between(r: int, m: Structure, k: AnswerWork, value: Floats) -> None:
    """Answers between two cutpoints: both logistics; what depends on the cutpoints' distance alone is added in ``_gaps``."""
    chains, above, below = len(value), m.row_above[r], m.row_below[r]
    node, v, g_v, slope, g_slope, g_eta, product = m.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.product
    upper, lower, g_upper = k.shift, k.lower, k.g_upper
    for s in range(chains):
        upper[s] = k.lean[s] + k.cut[above, s]
        lower[s] = k.lean[s] + k.cut[below, s]
        g_upper[s] = 0.0
    first, last = m.row_at[r], m.row_at[r + 1]
    for a in range(first, last):
        i = node[a]
        for s in range(chains):
            eta = slope[s] * v[i, s]
            x, y = upper[s] - eta, eta - lower[s]
            e, f = exp_minus(min(abs(x), LONGEST)), exp_minus(min(abs(y), LONGEST))
            value[s] += min(x, 0.0) + min(y, 0.0)
            both = (1.0 + e) * (1.0 + f)
            product[s] *= both
            up = (e if x > 0 else 1.0) * (1.0 + f) / both
            g = (f if y > 0 else 1.0) * (1.0 + e) / both - up
            g_upper[s] += up
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]
        if (a - first) % FLUSH == FLUSH - 1:
            for s in range(chains):
                value[s] -= np.log(product[s])
                product[s] = 1.0
    for s in range(chains):
        k.g_cut[above, s] += g_upper[s]
        k.g_cut[below, s] -= g_upper[s] + g_eta[s]


@compiled
def _counts(r: int, m: Structure, k: AnswerWork, value: Floats) -> None:
    """Negative binomial answers, less the gamma functions (``_tails``)."""
    j = m.row_item[r]
    node, v, g_v, slope, g_slope, g_eta = m.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta
    for a in range(m.row_at[r], m.row_at[r + 1]):
        i, y = node[a], m.value[a]
        for s in range(len(value)):
            square = k.spread[j, s] ** 2 + LEAST_SQUARE
            log_rate = slope[s] * v[i, s] - k.lean[s] + k.intercept[j, s] + m.log_exposure[a]
            rate = square * np.exp(min(log_rate, 30.0))
            log_rest = np.log1p(rate)
            size = y + 1.0 / square
            value[s] += y * log_rate - size * log_rest
            g = y - size * rate / (1.0 + rate)
            g_square = log_rest / square**2 - size * rate / (square * (1.0 + rate))
            k.g_spread[j, s] += g_square * 2.0 * k.spread[j, s]
            k.g_intercept[j, s] += g
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]


@compiled
def _continuous(r: int, m: Structure, k: AnswerWork, value: Floats) -> None:
    """Normal answers."""
    j = m.row_item[r]
    node, v, g_v, slope, g_slope, g_eta, root = m.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.shift
    for s in range(len(value)):
        root[s] = np.exp(-k.spread[j, s])
    for a in range(m.row_at[r], m.row_at[r + 1]):
        i, y = node[a], m.value[a]
        for s in range(len(value)):
            gap = (y - slope[s] * v[i, s] + k.lean[s] - k.intercept[j, s]) * root[s]
            value[s] -= 0.5 * gap * gap + k.spread[j, s]
            g = gap * root[s]
            k.g_spread[j, s] += gap * gap - 1.0
            k.g_intercept[j, s] += g
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]


@compiled
def _gaps(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Between two cutpoints: log(1 - exp(-distance)) for each answer of the category."""
    for b in range(len(m.gap_counts)):
        if m.gap_counts[b] > 0:
            for s in range(value.shape[0]):
                e = np.exp(k.cut[b - 1, s] - k.cut[b, s])
                left = max(1.0 - e, 1e-300)
                value[s] += m.gap_counts[b] * np.log(left)
                g = m.gap_counts[b] * e / left
                k.g_cut[b, s] += g
                k.g_cut[b - 1, s] -= g


@compiled
def _tails(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Gamma functions of the negative binomial, as sums of log(1 + n square) over answers above n."""
    for j in range(len(m.form)):
        for b in range(m.tail_at[j], m.tail_at[j + 1]):
            n = float(b - m.tail_at[j])
            for s in range(value.shape[0]):
                square = k.spread[j, s] ** 2 + LEAST_SQUARE
                value[s] += m.tails[b] * np.log1p(n * square)
                k.g_spread[j, s] += m.tails[b] * n / (1.0 + n * square) * 2.0 * k.spread[j, s]
