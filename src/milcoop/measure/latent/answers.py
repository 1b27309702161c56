"""Likelihood of all answers and its gradients by states, loadings, cutpoints, intercepts, spreads and raters."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from milcoop.measure.latent.compiled import compiled, part
from milcoop.measure.latent.design import BETWEEN, CONTINUOUS, COUNT, LOWEST, Floats, Ints, Structure

LONGEST = 36.0
"""Distances beyond this add nothing to a logistic at double precision."""
HALVINGS = 64.0
FLUSH, FLUSH_SMALL = 200, 16
"""Answers whose factors are multiplied before a logarithm is taken: between 1 and 2, and down to exp(-LONGEST)."""
LEAST_SQUARE = 1e-7
FORM, ITEM, RATER, PLACE, ABOVE, BELOW, FIRST = range(7)
"""Columns of ``AnswerWork.rows``."""


class AnswerWork(NamedTuple):
    """Answers as compiled code reads them, parameters as answers see them, and gradients by them; last axis chains."""

    rows: Ints
    """Of each row its form, item, rater, place, the cutpoints above and below it, and its first answer, (rows + 1, 7)."""
    node: Ints
    value: Floats
    log_exposure: Floats
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
    g_v: Floats
    g_loading: Floats
    g_cut: Floats
    g_intercept: Floats
    g_spread: Floats
    g_severity: Floats
    g_reliability: Floats
    """By log reliability."""
    g_offset: Floats
    lean: Floats
    """Severity less loading times offset, of the row of answers at hand, (chains,), as all below."""
    slope: Floats
    upper: Floats
    lower: Floats
    g_slope: Floats
    g_eta: Floats
    g_upper: Floats
    product: Floats


def answer_work(m: Structure, v: Floats, g_v: Floats) -> AnswerWork:
    """Arrays of noughts, but for what the structure holds. ``v`` and ``g_v`` are those of the paths."""
    chains = v.shape[1]
    of_rows = (m.row_form, m.row_item, m.row_rater, m.item_place[m.row_item], m.row_above, m.row_below)
    rows = [*(np.append(column, -1) for column in of_rows), m.row_at]
    items, raters, cuts, places = len(m.form), m.raters, int(m.cut_at[-1]), len(m.place_share)
    sizes = {"loading": items, "intercept": items, "spread": items, "severity": raters, "cut": cuts, "offset": places}
    arrays = {f: np.zeros((n, chains)) for f, n in sizes.items()} | {"stretch": np.ones((raters, chains))}
    slopes = {f"g_{f}": np.zeros((n, chains)) for f, n in (sizes | {"reliability": raters}).items()}
    scratch = {f: np.zeros(chains) for f in AnswerWork._fields[-8:]}
    given = {"rows": np.stack(rows, axis=1), "node": m.node, "value": m.value, "log_exposure": m.log_exposure}
    filled: dict[str, Any] = {"v": v, "g_v": g_v} | given | arrays | slopes | scratch
    return AnswerWork(**filled)


@compiled
def exp_minus(distance: float) -> float:
    """exp(-distance) for 0 <= distance <= LONGEST to eight digits: arithmetic alone, so that loops over chains vectorise."""
    y = distance / HALVINGS
    e = 1.0 / 3628800.0
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
def log_plus(e: float) -> float:
    """log(1 + e) for 0 <= e <= 1 to ten digits, for the same reason: twice the area tangent of e / (2 + e)."""
    root = e / (2.0 + e)
    x = root * root
    y = 1.0 / 19.0
    y = 1.0 / 17.0 + x * y
    y = 1.0 / 15.0 + x * y
    y = 1.0 / 13.0 + x * y
    y = 1.0 / 11.0 + x * y
    y = 1.0 / 9.0 + x * y
    y = 1.0 / 7.0 + x * y
    y = 1.0 / 5.0 + x * y
    y = 1.0 / 3.0 + x * y
    return 2.0 * root * (1.0 + x * y)


def likelihood(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Add the log likelihood of all answers to ``value`` and fill the gradients of ``k``."""
    for array in (k.g_loading, k.g_cut, k.g_intercept, k.g_spread, k.g_severity, k.g_reliability, k.g_offset):
        array[:] = 0.0
    graded, counted, last = m.form_at[COUNT], m.form_at[CONTINUOUS], len(m.row_form)
    if graded:
        _graded(0, graded, k, value)
        _gaps(m, k, value)
    if counted > graded:
        _counted(graded, counted, k, value)
        _tails(m, k, value)
    if last > counted:
        _continuous(counted, last, k, value)


def _gaps(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Of answers between two cutpoints, what depends on the cutpoints' distance alone: log(1 - exp(-distance))."""
    counts = m.gap_counts[:, None]
    e = np.exp(k.cut[m.gap_at - 1] - k.cut[m.gap_at])
    left = np.maximum(1.0 - e, 1e-300)
    value += (counts * np.log(left)).sum(axis=0)
    g = counts * e / left
    k.g_cut[m.gap_at] += g
    k.g_cut[m.gap_at - 1] -= g


def _tails(m: Structure, k: AnswerWork, value: Floats) -> None:
    """Gamma functions of the negative binomial, as sums of log(1 + n square) over answers above n."""
    tails, above = m.tails[:, None], m.tail_above[:, None]
    passed = above * (k.spread**2 + LEAST_SQUARE)[m.tail_item]
    value += (tails * np.log1p(passed)).sum(axis=0)
    k.g_spread[:] += (m.tails_by_item @ (tails * above / (1.0 + passed))) * 2.0 * k.spread


@part
def _open(r: int, k: AnswerWork) -> None:
    """What is constant along a row."""
    j, q, b = k.rows[r, ITEM], k.rows[r, RATER], k.rows[r, PLACE]
    for s in range(len(k.slope)):
        k.slope[s] = k.loading[j, s] * k.stretch[q, s]
        k.lean[s] = k.severity[q, s] - k.loading[j, s] * k.offset[b, s]
        k.g_slope[s] = k.g_eta[s] = k.g_upper[s] = 0.0
        k.product[s] = 1.0


@part
def _close(r: int, k: AnswerWork, value: Floats) -> None:
    """Gradients by what is constant along a row."""
    j, q, b = k.rows[r, ITEM], k.rows[r, RATER], k.rows[r, PLACE]
    for s in range(len(value)):
        value[s] -= np.log(k.product[s])
        k.g_loading[j, s] += k.g_slope[s] * k.stretch[q, s] + k.g_eta[s] * k.offset[b, s]
        k.g_offset[b, s] += k.g_eta[s] * k.loading[j, s]
        k.g_reliability[q, s] += k.g_slope[s] * k.slope[s]
        k.g_severity[q, s] -= k.g_eta[s]


@compiled
def _graded(first_row: int, last_row: int, k: AnswerWork, value: Floats) -> None:
    """Answers of ordinal items: logistics of the distance from one cutpoint, or from two."""
    for r in range(first_row, last_row):
        _open(r, k)
        if k.rows[r, FORM] == BETWEEN:
            _between(r, k, value)
        else:
            _one_side(r, k, value)
        _close(r, k, value)


@part
def _one_side(r: int, k: AnswerWork, value: Floats) -> None:
    """Answers of the lowest or highest category: log logistic of ``sign`` times (predictor - cutpoint)."""
    sign, edge = (-1.0, k.rows[r, ABOVE]) if k.rows[r, FORM] == LOWEST else (1.0, k.rows[r, BELOW])
    node, v, g_v, slope, g_slope, g_eta, product = k.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.product
    shift = k.upper
    for s in range(len(value)):
        shift[s] = k.lean[s] + k.cut[edge, s]
    first, last = k.rows[r, FIRST], k.rows[r + 1, FIRST]
    for a in range(first, last):
        i = node[a]
        for s in range(len(value)):
            x = sign * (slope[s] * v[i, s] - shift[s])
            e = exp_minus(min(abs(x), LONGEST))
            value[s] += min(x, 0.0)
            product[s] *= 1.0 + e
            g = sign * (e if x > 0 else 1.0) / (1.0 + e)
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]
        if (a - first) % FLUSH == FLUSH - 1:
            for s in range(len(value)):
                value[s] -= np.log(product[s])
                product[s] = 1.0
    for s in range(len(value)):
        k.g_cut[edge, s] -= g_eta[s]


@part
def _between(r: int, k: AnswerWork, value: Floats) -> None:
    """Answers between two cutpoints: both logistics; what depends on the cutpoints' distance alone is added in ``_gaps``.

    With w from the middle of the cutpoints and h half their distance, both logistics are 1 / (1 + exp(-h ± w)): of exp(-|w|) and
    exp(-h), the second of which is constant along a row. A category wider than twice ``LONGEST`` is taken for about that wide.
    """
    above, below = k.rows[r, ABOVE], k.rows[r, BELOW]
    node, v, g_v, slope, g_slope, g_eta, product = k.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.product
    middle, half, g_upper = k.upper, k.lower, k.g_upper
    for s in range(len(value)):
        middle[s] = k.lean[s] + 0.5 * (k.cut[above, s] + k.cut[below, s])
        half[s] = exp_minus(min(0.5 * (k.cut[above, s] - k.cut[below, s]), LONGEST))
    first, last = k.rows[r, FIRST], k.rows[r + 1, FIRST]
    for a in range(first, last):
        i = node[a]
        for s in range(len(value)):
            w, h = slope[s] * v[i, s] - middle[s], half[s]
            away = abs(w)
            e = exp_minus(min(away, LONGEST))
            within, beyond = 1.0 + h * e, h + e  # the second over exp(-|w|) is 1 + exp(|w| - h)
            both = within * beyond
            value[s] -= away
            product[s] *= both
            near, far = h * e * beyond / both, h * within / both
            up = far if w > 0 else near
            g = near + far - 2.0 * up
            g_upper[s] += up
            g_eta[s] += g
            g_slope[s] += g * v[i, s]
            g_v[i, s] += g * slope[s]
        if (a - first) % FLUSH_SMALL == FLUSH_SMALL - 1:
            for s in range(len(value)):
                value[s] -= np.log(product[s])
                product[s] = 1.0
    for s in range(len(value)):
        k.g_cut[above, s] += g_upper[s]
        k.g_cut[below, s] -= g_upper[s] + g_eta[s]


@compiled
def _counted(first_row: int, last_row: int, k: AnswerWork, value: Floats) -> None:
    """Negative binomial answers, less the gamma functions (``_tails``): logistics of the log rate times the overdispersion."""
    node, v, g_v, slope, g_slope, g_eta, g_square = k.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.g_upper
    size, start = k.lower, k.upper
    for r in range(first_row, last_row):
        _open(r, k)
        j, total = k.rows[r, ITEM], 0.0
        for s in range(len(value)):
            square = k.spread[j, s] ** 2 + LEAST_SQUARE
            size[s] = 1.0 / square
            start[s] = k.intercept[j, s] - k.lean[s] + np.log(square)
        for a in range(k.rows[r, FIRST], k.rows[r + 1, FIRST]):
            i, y, log_exposure = node[a], k.value[a], k.log_exposure[a]
            total += y
            for s in range(len(value)):
                x = slope[s] * v[i, s] + log_exposure + start[s]
                e = exp_minus(min(abs(x), LONGEST))
                rest = max(x, 0.0) + log_plus(e)
                fall = (y + size[s]) * (1.0 if x > 0 else e) / (1.0 + e)
                value[s] += y * x - (y + size[s]) * rest
                g = y - fall
                g_square[s] += rest * size[s] - fall
                g_eta[s] += g
                g_slope[s] += g * v[i, s]
                g_v[i, s] += g * slope[s]
        for s in range(len(value)):
            value[s] += total * np.log(size[s])
            k.g_spread[j, s] += 2.0 * k.spread[j, s] * size[s] * g_square[s]
            k.g_intercept[j, s] += g_eta[s]
        _close(r, k, value)


@compiled
def _continuous(first_row: int, last_row: int, k: AnswerWork, value: Floats) -> None:
    """Normal answers."""
    node, v, g_v, slope, g_slope, g_eta, root = k.node, k.v, k.g_v, k.slope, k.g_slope, k.g_eta, k.upper
    for r in range(first_row, last_row):
        _open(r, k)
        j = k.rows[r, ITEM]
        for s in range(len(value)):
            root[s] = np.exp(-k.spread[j, s])
        for a in range(k.rows[r, FIRST], k.rows[r + 1, FIRST]):
            i, y = node[a], k.value[a]
            for s in range(len(value)):
                gap = (y - slope[s] * v[i, s] + k.lean[s] - k.intercept[j, s]) * root[s]
                value[s] -= 0.5 * gap * gap + k.spread[j, s]
                g = gap * root[s]
                k.g_spread[j, s] += gap * gap - 1.0
                k.g_intercept[j, s] += g
                g_eta[s] += g
                g_slope[s] += g * v[i, s]
                g_v[i, s] += g * slope[s]
        _close(r, k, value)
