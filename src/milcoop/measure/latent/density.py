"""Log density of the latent model and its gradient, in coordinates that a sampler likes.

The trait theta has prior mean 0 and standard deviation 1 at a path's start. An item j answers to ``a_j theta`` with cutpoints
or an intercept; a rater r subtracts a severity and stretches the distance from the mean state by a reliability. Three changes
of coordinates, none of which changes the model:

1. Data speak of ``u = abar * theta`` only, where abar is the typical loading times the typical reliability, for each set of units
   that answer to the same items (a place); how u divides into loading and trait is left to the priors. So u is sampled, and
   scales of steps as those of u at the mean of the places' abar, on a bent logarithm.
2. A shift of all states of a place, or of all severities, against all cutpoints is left to the priors too. Cutpoints are sampled
   relative to a mean of the states and the mean severity, and the shift is a parameter of its own: states are
   sampled without it, that mean held near nought with the precision that data would give: each year weighs as
   the answers inform about it, so that paths keep apart. Integrated over the held
   mean, the density is that of the model.
3. Each path is sampled in the eigenbasis of what the data say of it (``paths.py``).

Loops over answers and years are compiled (``answers.py``, ``paths.py``); all else is arrays whose last axis is chains.
"""

from __future__ import annotations

import numpy as np

from milcoop.measure.latent.answers import likelihood
from milcoop.measure.latent.design import ABAR, CONTINUOUS, STEP, UNIT_STEP, Floats, Structure
from milcoop.measure.latent.paths import Coordinates, states, states_backward
from milcoop.measure.latent.raters import fill_raters, pass_to_reliabilities, rater_prior
from milcoop.measure.latent.work import Work, bent, bent_slope

GAP = float(np.log(1.3))
"""Prior median of the log distance between cutpoints, and its spread."""
GAP_SD = 0.7
INTERCEPT_SD = 3.0
CUT_MEAN_SD = 2.0
SPREAD = float(np.log(0.6))
"""Prior median of the log standard deviation of a continuous item, whose answers are in their standard deviations."""
SPREAD_SD = 0.5
LEAST = 1e-12
"""Mean square of loadings from which a logarithm can be taken."""


def natural(x: Floats, m: Structure, c: Coordinates, k: Work) -> None:
    """Fill the parameters as paths and answers see them from the sampled ones, (parameters, chains)."""
    a, p, places = k.answers, k.paths, len(m.place_share)
    fill_raters(x, m, k)
    _loadings(x, m, k)
    log_abar = k.reliability_mean + m.place_share @ k.log_abar
    p.ratio[:places] = k.log_abar + k.reliability_mean - log_abar
    p.scales[:] = log_abar
    p.scales[[STEP, UNIT_STEP]] += m.fixed_step
    p.scales[m.scales] = np.log(m.scale_sd)[:, None] + bent(x[m.scale_at])
    at = m.item_at[m.plain] + 1
    a.intercept[m.plain], a.spread[m.plain] = x[at], x[at + 1]
    raw, lowest = x[m.cut_parameter], m.cut_lowest[:, None]
    k.gap[:] = np.where(lowest, raw, np.exp(raw))
    a.cut[:] = m.gaps_up_to @ k.gap
    np.exp(p.ratio, out=p.times)
    p.shift[:places] = x[m.shift : m.shift + places]
    p.shift[places] = m.place_share @ p.shift[:places]
    states(x, c, p)
    a.offset[:] = p.mean_state * p.times[:places] - p.shift[:places] - p.held


def _loadings(x: Floats, m: Structure, k: Work) -> None:
    """Loadings over the typical one of their place: a geometric mean where all are positive, else a root mean square."""
    raw = x[m.item_at]
    loading = np.where(m.free[:, None], raw, np.exp(raw))
    told = np.where(m.mixed[m.item_place][:, None], loading**2, raw)
    k.log_abar[:] = m.items_by_place @ (m.lead[:, None] * told)
    k.log_abar[m.mixed] = 0.5 * np.log(k.log_abar[m.mixed] + LEAST)
    np.multiply(loading, np.exp(-k.log_abar[m.item_place]), out=k.answers.loading)


def log_density(x: Floats, grad: Floats, value: Floats, m: Structure, c: Coordinates, k: Work) -> None:
    """Log posterior density up to a constant in ``value`` (chains,) and its gradient by ``x`` in ``grad``, both (parameters, chains)."""
    with np.errstate(all="ignore"):  # chains may go where numbers end; such moves are refused
        natural(x, m, c, k)
        _add_up(x, grad, value, m, c, k)


def _add_up(x: Floats, grad: Floats, value: Floats, m: Structure, c: Coordinates, k: Work) -> None:
    """The density from what ``natural`` has filled."""
    p, places = k.paths, len(m.place_share)
    value[:] = 0.0
    grad[int(m.node_at[-1]) :] = 0.0
    for array in (p.g_scales, p.g_ratio, p.g_shift):
        array[:] = 0.0
    likelihood(m, k.answers, value)
    rater_prior(x, grad, value, m, k, _item_prior(x, grad, value, m, k))
    _scale_prior(x, grad, value, m, k)
    value -= 0.5 * c.total @ p.held**2
    p.g_held[:] -= k.answers.g_offset + c.total[:, None] * p.held
    p.g_pivot[:] = k.answers.g_offset
    states_backward(x, grad, value, m.degrees, c, p)
    grad[m.shift : m.shift + places] += p.g_shift[:places] + m.place_share[:, None] * p.g_shift[places]
    _scales_backward(x, grad, m, k)


def _item_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work) -> Floats:
    """Add the log prior of items; gradients by held means and shifts. Returns the gradient by the mean severity, (chains,)."""
    a, p, places = k.answers, k.paths, len(m.place_share)
    raw, sd = x[m.item_at], m.loading_sd * np.where(m.free, 2.0, 1.0)[:, None]
    value -= 0.5 * ((raw / sd) ** 2).sum(axis=0)
    grad[m.item_at] -= raw / sd**2
    pivot = (p.held + p.shift[:places])[m.item_place]
    shift = a.loading * pivot - k.severity_mean
    g_shift = np.empty_like(shift)
    if len(m.plain):
        g_shift[m.plain] = _plain_prior(grad, value, m, k, shift[m.plain])
    if len(m.ordinal):
        g_shift[m.ordinal] = _cut_prior(x, grad, value, m, k, shift[m.ordinal])
    a.g_loading[:] += g_shift * pivot
    p.g_held[:] = m.items_by_place @ (g_shift * a.loading)
    p.g_shift[:places] += p.g_held
    g_severity_mean: Floats = -g_shift.sum(axis=0)
    return g_severity_mean


def _plain_prior(grad: Floats, value: Floats, m: Structure, k: Work, shift: Floats) -> Floats:
    """Prior of counted and continuous items' intercepts and spreads. Returns the gradient by the shift."""
    a, continuous, at = k.answers, (m.form[m.plain] == CONTINUOUS)[:, None], m.item_at[m.plain] + 1
    middle, sd = np.where(continuous, SPREAD, 0.0), np.where(continuous, SPREAD_SD, 1.0)
    gap, away = (a.intercept[m.plain] - shift) / INTERCEPT_SD, (a.spread[m.plain] - middle) / sd
    value -= 0.5 * (gap * gap + away * away).sum(axis=0)
    grad[at] += a.g_intercept[m.plain] - gap / INTERCEPT_SD
    grad[at + 1] += a.g_spread[m.plain] - away / sd
    g_shift: Floats = gap / INTERCEPT_SD
    return g_shift


def _cut_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work, shift: Floats) -> Floats:
    """Prior of each ordinal item's middle cutpoint and of the gaps between them. Returns the gradient by the shift."""
    centre = x[m.cut_mean] if m.cut_mean >= 0 else np.zeros_like(value)
    gap = (shift + m.middle_cuts @ k.answers.cut - centre) / m.cut_sd
    g_shift: Floats = -gap / m.cut_sd
    value -= 0.5 * (gap * gap).sum(axis=0)
    if m.cut_mean >= 0:
        value -= 0.5 * (centre / CUT_MEAN_SD) ** 2
        grad[m.cut_mean] -= g_shift.sum(axis=0) + centre / CUT_MEAN_SD**2
    g_gap = m.gaps_up_to.T @ (k.answers.g_cut + m.middle_cuts.T @ g_shift)
    lowest = m.cut_lowest[:, None]
    away = np.where(lowest, 0.0, (x[m.cut_parameter] - GAP) / GAP_SD)
    value -= 0.5 * (away * away).sum(axis=0)
    grad[m.cut_parameter] += g_gap * np.where(lowest, 1.0, k.gap) - away / GAP_SD
    return g_shift


def _scale_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work) -> None:
    """Half-normal priors of scales relative to the typical loading, for their sampled parameters."""
    p, raw = k.paths, x[m.scale_at]
    log_ratio = p.scales[m.scales] - p.scales[ABAR]
    square = (np.exp(log_ratio) / m.scale_sd[:, None]) ** 2
    value += (log_ratio - 0.5 * square + np.log(bent_slope(raw))).sum(axis=0)
    p.g_scales[m.scales] += 1.0 - square
    p.g_scales[ABAR] -= (1.0 - square).sum(axis=0)
    grad[m.scale_at] -= 1.0 / np.sqrt(4.0 + raw**2)


def _scales_backward(x: Floats, grad: Floats, m: Structure, k: Work) -> None:
    """From gradients by scales, ratios and loadings over the typical one to the parameters."""
    a, p, places = k.answers, k.paths, len(m.place_share)
    g_scales = p.g_scales.copy()
    grad[m.scale_at] += g_scales[m.scales] * bent_slope(x[m.scale_at])
    g_scales[m.scales] = 0.0  # the others move with the typical loading
    g_abar = g_scales.sum(axis=0)
    if m.reliability >= 0:
        pass_to_reliabilities(x, grad, m, g_abar)
    # Ratios are the places' typical loadings over their mean by answers, which is the typical loading of all.
    g_ratio = p.g_ratio[:places]
    g_log = (
        g_ratio + m.place_share[:, None] * (g_abar - g_ratio.sum(axis=0)) - m.items_by_place @ (a.g_loading * a.loading)
    )
    factor, lead, mixed = np.exp(k.log_abar)[m.item_place], m.lead[:, None], m.mixed[m.item_place][:, None]
    raw = a.loading * factor
    squares = (m.items_by_place @ (lead * raw**2))[m.item_place] + LEAST
    g_item = lead * g_log[m.item_place]
    g_raw = a.g_loading / factor + np.where(mixed, g_item * raw / squares, 0.0)
    grad[m.item_at] += g_raw * np.where(m.free[:, None], 1.0, raw) + np.where(mixed, 0.0, g_item)
