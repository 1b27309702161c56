"""Raters: severities and reliabilities from the sampled parameters, their priors and gradients."""

from __future__ import annotations

import numpy as np

from milcoop.measure.latent.compiled import compiled
from milcoop.measure.latent.design import Floats, Ints, Structure
from milcoop.measure.latent.work import Work, bent, bent_slope


@compiled
def fill_raters(x: Floats, m: Structure, k: Work) -> None:
    """Severities and reliabilities, from values or from values over the spread of their population."""
    a = k.answers
    k.severity_mean[:] = 0.0
    k.reliability_mean[:] = 0.0
    a.severity[:] = 0.0
    a.stretch[:] = 1.0
    for s in range(x.shape[1]):
        if m.severity >= 0:
            spread = m.severity_sd * np.exp(bent(x[m.severity_spread, s])) if m.severity_spread >= 0 else 1.0
            for q in range(m.raters):
                direct = m.severity_spread < 0 or m.centred_severity[q]
                a.severity[q, s] = x[m.severity + q, s] * (1.0 if direct else spread)
                k.severity_mean[s] += a.severity[q, s] / m.raters
            for q in range(m.raters):
                a.severity[q, s] -= k.severity_mean[s]
        if m.reliability >= 0:
            spread = m.reliability_sd * np.exp(bent(x[m.reliability_spread, s])) if m.reliability_spread >= 0 else 1.0
            for q in range(m.raters):
                direct = m.reliability_spread < 0 or m.centred_reliability[q]
                a.stretch[q, s] = x[m.reliability + q, s] * (1.0 if direct else spread)
                k.reliability_mean[s] += a.stretch[q, s] / m.raters
            for q in range(m.raters):
                a.stretch[q, s] = np.exp(a.stretch[q, s] - k.reliability_mean[s])


@compiled
def rater_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work, s: int, g_severity_mean: float) -> None:
    """Add the log prior of raters and pass their gradients on to the parameters."""
    a = k.answers
    if m.severity >= 0:
        mean = 0.0
        for q in range(m.raters):
            mean += a.g_severity[q, s] / m.raters
        for q in range(m.raters):
            a.g_severity[q, s] += g_severity_mean / m.raters - mean
        _population(x, grad, value, a.g_severity, m.severity, m.severity_spread, m.centred_severity, m.severity_sd, s)
    if m.reliability >= 0:
        mean = 0.0
        for q in range(m.raters):
            mean += a.g_reliability[q, s] / m.raters
        for q in range(m.raters):
            a.g_reliability[q, s] -= mean
        at, spread = m.reliability, m.reliability_spread
        _population(x, grad, value, a.g_reliability, at, spread, m.centred_reliability, m.reliability_sd, s)


@compiled
def _population(
    x: Floats, grad: Floats, value: Floats, g: Floats, at: int, spread: int, centred: Ints, sd: float, s: int
) -> None:
    """Prior of raters' values, and of their spread where it is estimated (place ``spread``, -1: ``sd`` itself)."""
    if spread < 0:
        for q in range(len(g)):
            value[s] -= 0.5 * (x[at + q, s] / sd) ** 2
            grad[at + q, s] += g[q, s] - x[at + q, s] / sd**2
        return
    ratio = np.exp(bent(x[spread, s]))
    scale, slope = sd * ratio, bent_slope(x[spread, s])
    value[s] += np.log(ratio) - 0.5 * ratio**2 + np.log(slope)
    g_scale = 1.0 - ratio**2
    for q in range(len(g)):
        raw = x[at + q, s]
        if centred[q]:
            value[s] -= 0.5 * (raw / scale) ** 2 + np.log(scale)
            grad[at + q, s] += g[q, s] - raw / scale**2
            g_scale += (raw / scale) ** 2 - 1.0
        else:
            value[s] -= 0.5 * raw**2
            grad[at + q, s] += g[q, s] * scale - raw
            g_scale += g[q, s] * raw * scale
    grad[spread, s] += g_scale * slope - 1.0 / np.sqrt(4.0 + x[spread, s] ** 2)


@compiled
def pass_to_reliabilities(x: Floats, grad: Floats, m: Structure, g_mean: float, s: int) -> None:
    """Gradient by the mean log reliability, passed on to each rater's parameter and to their spread."""
    spread = m.reliability_sd * np.exp(bent(x[m.reliability_spread, s])) if m.reliability_spread >= 0 else 1.0
    for q in range(m.raters):
        direct = m.reliability_spread < 0 or m.centred_reliability[q]
        grad[m.reliability + q, s] += g_mean / m.raters * (1.0 if direct else spread)
        if not direct:
            slope = bent_slope(x[m.reliability_spread, s])
            grad[m.reliability_spread, s] += g_mean / m.raters * x[m.reliability + q, s] * spread * slope
