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
"""

from __future__ import annotations

import numpy as np

from milcoop.measure.latent.answers import likelihood
from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.design import ABAR, CONTINUOUS, COUNT, STEP, UNIT_STEP, WITHIN, Floats, Structure
from milcoop.measure.latent.paths import Coordinates, path_prior, states, states_backward
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


@compiled
def natural(x: Floats, m: Structure, c: Coordinates, k: Work) -> None:
    """Fill the parameters as paths and answers see them from the sampled ones."""
    chains, items = x.shape[1], len(m.form)
    a, p = k.answers, k.paths
    fill_raters(x, m, k)
    _loadings(x, m, k)
    for s in range(chains):
        log_abar = k.reliability_mean[s]
        for b in range(len(m.place_share)):
            log_abar += m.place_share[b] * k.log_abar[b, s]
        for b in range(len(m.place_share)):
            p.ratio[b, s] = k.log_abar[b, s] + k.reliability_mean[s] - log_abar
        p.scales[ABAR, s] = log_abar
        p.scales[STEP, s] = p.scales[UNIT_STEP, s] = log_abar + m.fixed_step
        p.scales[WITHIN, s] = log_abar
        if m.step >= 0:
            p.scales[STEP, s] = np.log(m.step_sd) + bent(x[m.step, s])
        if m.unit_step >= 0:
            p.scales[UNIT_STEP, s] = np.log(m.step_sd) + bent(x[m.unit_step, s])
        if m.within >= 0:
            p.scales[WITHIN, s] = np.log(m.within_sd) + bent(x[m.within, s])
    for j in range(items):
        at = m.item_at[j] + 1
        for s in range(chains):
            if m.form[j] >= COUNT:
                a.intercept[j, s], a.spread[j, s] = x[at, s], x[at + 1, s]
            else:
                for b in range(m.cut_at[j], m.cut_at[j + 1]):
                    raw = x[at + b - m.cut_at[j], s]
                    a.cut[b, s] = raw if b == m.cut_at[j] else a.cut[b - 1, s] + np.exp(raw)
    states(x, m, c, p)
    for b in range(len(m.place_share)):
        for s in range(chains):
            a.offset[b, s] = p.mean_state[s] * np.exp(p.ratio[b, s]) - p.shift[b, s] - p.held[b, s]
    away = np.empty(chains)
    for i in range(len(m.parent)):
        for s in range(chains):
            away[s] = p.shift[m.place[i], s] - p.mean_state[s] * np.exp(p.ratio[m.place[i], s])
        for t in range(m.node_at[i], m.node_at[i + 1]):
            for s in range(chains):
                a.v[t, s] = p.u[t, s] + away[s]


@compiled
def _loadings(x: Floats, m: Structure, k: Work) -> None:
    """Loadings over the typical one of their place: a geometric mean where all are positive, else a root mean square."""
    a, items, places = k.answers, len(m.form), len(m.place_share)
    k.log_abar[:] = 0.0
    for j in range(items):
        b = m.item_place[j]
        for s in range(x.shape[1]):
            raw = x[m.item_at[j], s]
            a.loading[j, s] = raw if m.free[j] else np.exp(raw)
            k.log_abar[b, s] += m.lead[j] * (a.loading[j, s] ** 2 if m.mixed[b] else raw)
    for b in range(places):
        if m.mixed[b]:
            for s in range(x.shape[1]):
                k.log_abar[b, s] = 0.5 * np.log(k.log_abar[b, s] + 1e-12)
    for j in range(items):
        for s in range(x.shape[1]):
            a.loading[j, s] *= np.exp(-k.log_abar[m.item_place[j], s])


@compiled
def log_density(x: Floats, grad: Floats, value: Floats, m: Structure, c: Coordinates, k: Work) -> None:
    """Log posterior density up to a constant in ``value`` (chains,) and its gradient by ``x`` in ``grad``, both (parameters, chains)."""
    a, p = k.answers, k.paths
    natural(x, m, c, k)
    value[:] = 0.0
    grad[:] = 0.0
    for array in (
        a.g_v,
        a.g_loading,
        a.g_cut,
        a.g_intercept,
        a.g_spread,
        a.g_severity,
        a.g_reliability,
        a.g_offset,
        p.g_scales,
        p.g_ratio,
        p.g_shift,
        p.g_held,
    ):
        array[:] = 0.0
    likelihood(m, a, value)
    for s in range(x.shape[1]):
        g_severity_mean = _item_prior(x, grad, value, m, k, s)
        if m.step >= 0:
            _scale_prior(x, grad, value, k, s, STEP, m.step, m.step_sd)
        if m.unit_step >= 0:
            _scale_prior(x, grad, value, k, s, UNIT_STEP, m.unit_step, m.step_sd)
        if m.within >= 0:
            _scale_prior(x, grad, value, k, s, WITHIN, m.within, m.within_sd)
        rater_prior(x, grad, value, m, k, s, g_severity_mean)
    _means_backward(m, c, k)
    path_prior(x, m, c, p, value)
    states_backward(x, grad, m, c, p)
    for s in range(x.shape[1]):
        _scales_backward(x, grad, m, k, s)


@compiled
def _means_backward(m: Structure, c: Coordinates, k: Work) -> None:
    """Gradients by states and shifts, from those by what answers see and by the means of states."""
    a, p = k.answers, k.paths
    g_mean = np.zeros(a.v.shape[1])
    g_pivot = a.g_offset.copy()  # by the mean state as each place has it, less the place's shift
    for i in range(len(m.parent)):
        place = m.place[i]
        if place < len(m.place_share):
            for t in range(m.node_at[i], m.node_at[i + 1]):
                for s in range(len(g_mean)):
                    g_pivot[place, s] -= a.g_v[t, s]
    for b in range(len(m.place_share)):
        for s in range(len(g_mean)):
            times = np.exp(p.ratio[b, s])
            g_mean[s] += g_pivot[b, s] * times
            p.g_ratio[b, s] += g_pivot[b, s] * times * p.mean_state[s]
            p.g_shift[b, s] -= g_pivot[b, s]
            p.g_held[b, s] -= a.g_offset[b, s] + c.total[b] * p.held[b, s]
    moved = np.empty(len(g_mean))
    for i in range(len(m.parent)):
        place = m.place[i]
        for s in range(len(g_mean)):
            moved[s] = g_mean[s] * np.exp(-p.ratio[place, s])
        for t in range(m.node_at[i], m.node_at[i + 1]):
            hold, share = c.hold[t], m.weight[t]
            for s in range(len(g_mean)):
                p.g_u[t, s] = a.g_v[t, s] + share * moved[s]
            if share > 0:
                for s in range(len(g_mean)):
                    p.g_shift[place, s] += share * moved[s]
                    p.g_ratio[place, s] -= share * moved[s] * (p.u[t, s] + p.shift[place, s])
            if hold > 0:
                for s in range(len(g_mean)):
                    p.g_u[t, s] += hold * p.g_held[place, s]


@compiled
def _item_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work, s: int) -> float:
    """Add the log prior of items. Returns the gradient by the mean severity."""
    a, p = k.answers, k.paths
    g_severity_mean = 0.0
    cut_mean = x[m.cut_mean, s] if m.cut_mean >= 0 else 0.0
    for j in range(len(m.form)):
        at = m.item_at[j]
        place = m.item_place[j]
        pivot = p.held[place, s] + p.shift[place, s]
        shift = a.loading[j, s] * pivot - k.severity_mean[s]
        sd = 2.0 * m.loading_sd if m.free[j] else m.loading_sd
        value[s] -= 0.5 * (x[at, s] / sd) ** 2
        grad[at, s] -= x[at, s] / sd**2
        if m.form[j] >= COUNT:
            gap = (a.intercept[j, s] - shift) / INTERCEPT_SD
            value[s] -= 0.5 * gap * gap
            a.g_intercept[j, s] -= gap / INTERCEPT_SD
            g_shift = gap / INTERCEPT_SD
            if m.form[j] == CONTINUOUS:
                away = (a.spread[j, s] - SPREAD) / SPREAD_SD
                value[s] -= 0.5 * away * away
                a.g_spread[j, s] -= away / SPREAD_SD
            else:
                value[s] -= 0.5 * a.spread[j, s] ** 2
                a.g_spread[j, s] -= a.spread[j, s]
            grad[at + 1, s] += a.g_intercept[j, s]
            grad[at + 2, s] += a.g_spread[j, s]
        else:
            first, last = m.cut_at[j], m.cut_at[j + 1]
            middle = shift
            for b in range(first, last):
                middle += a.cut[b, s] / (last - first)
            gap = (middle - cut_mean) / m.cut_sd
            value[s] -= 0.5 * gap * gap
            g_shift = -gap / m.cut_sd
            if m.cut_mean >= 0:
                grad[m.cut_mean, s] -= g_shift
            g_sum = 0.0
            for b in range(last - 1, first - 1, -1):
                g_sum += a.g_cut[b, s] + g_shift / (last - first)
                raw = x[at + 1 + b - first, s]
                if b > first:
                    away = (raw - GAP) / GAP_SD
                    value[s] -= 0.5 * away * away
                    grad[at + 1 + b - first, s] += g_sum * np.exp(raw) - away / GAP_SD
                else:
                    grad[at + 1, s] += g_sum
        a.g_loading[j, s] += g_shift * pivot
        p.g_held[place, s] += g_shift * a.loading[j, s]
        p.g_shift[place, s] += g_shift * a.loading[j, s]
        g_severity_mean -= g_shift
    if m.cut_mean >= 0:
        value[s] -= 0.5 * (cut_mean / CUT_MEAN_SD) ** 2
        grad[m.cut_mean, s] -= cut_mean / CUT_MEAN_SD**2
    return g_severity_mean


@compiled
def _scale_prior(x: Floats, grad: Floats, value: Floats, k: Work, s: int, which: int, at: int, sd: float) -> None:
    """Half-normal prior of a scale relative to the typical loading, for its sampled parameter."""
    log_ratio = k.paths.scales[which, s] - k.paths.scales[ABAR, s]
    square = (np.exp(log_ratio) / sd) ** 2
    value[s] += log_ratio - 0.5 * square + np.log(bent_slope(x[at, s]))
    k.paths.g_scales[which, s] += 1.0 - square
    k.paths.g_scales[ABAR, s] -= 1.0 - square
    grad[at, s] -= 1.0 / np.sqrt(4.0 + x[at, s] ** 2)


@compiled
def _scales_backward(x: Floats, grad: Floats, m: Structure, k: Work, s: int) -> None:
    """From gradients by scales, shift and loadings over the typical one to the parameters."""
    a, p, items = k.answers, k.paths, len(m.form)
    g_abar = p.g_scales[ABAR, s]
    if m.step >= 0:
        grad[m.step, s] += p.g_scales[STEP, s] * bent_slope(x[m.step, s])
    else:
        g_abar += p.g_scales[STEP, s]
    if m.unit_step >= 0:
        grad[m.unit_step, s] += p.g_scales[UNIT_STEP, s] * bent_slope(x[m.unit_step, s])
    else:
        g_abar += p.g_scales[UNIT_STEP, s]
    if m.within >= 0:
        grad[m.within, s] += p.g_scales[WITHIN, s] * bent_slope(x[m.within, s])
    # Ratios are the places' typical loadings over their mean by answers, which is the typical loading of all.
    places, g_ratios = len(m.place_share), 0.0
    for b in range(places):
        g_ratios += p.g_ratio[b, s]
    if m.reliability >= 0:
        pass_to_reliabilities(x, grad, m, g_abar, s)
    for b in range(places):
        g_log, squares, factor = p.g_ratio[b, s] + m.place_share[b] * (g_abar - g_ratios), 0.0, np.exp(k.log_abar[b, s])
        for j in range(items):
            if m.item_place[j] == b:
                g_log -= a.g_loading[j, s] * a.loading[j, s]
                squares += m.lead[j] * (a.loading[j, s] * factor) ** 2
        for j in range(items):
            if m.item_place[j] == b:
                raw_value = a.loading[j, s] * factor
                g_value = a.g_loading[j, s] / factor
                if m.mixed[b]:
                    g_value += g_log * m.lead[j] * raw_value / (squares + 1e-12)
                else:
                    grad[m.item_at[j], s] += g_log * m.lead[j]
                grad[m.item_at[j], s] += g_value * (1.0 if m.free[j] else raw_value)
