"""Raters: severities and reliabilities from the sampled parameters, their priors and gradients."""

from __future__ import annotations

import numpy as np

from milcoop.measure.latent.design import Flags, Floats, Structure
from milcoop.measure.latent.work import Work, bent, bent_slope


def fill_raters(x: Floats, m: Structure, k: Work) -> None:
    """Severities and reliabilities, from values or from values over the spread of their population."""
    if m.severity >= 0:
        severity = x[m.severity : m.severity + m.raters] * _times(
            x, m.severity_spread, m.severity_sd, m.centred_severity
        )
        k.severity_mean = severity.mean(axis=0)
        np.subtract(severity, k.severity_mean, out=k.answers.severity)
    if m.reliability >= 0:
        log_reliability = x[m.reliability : m.reliability + m.raters] * _reliability_times(x, m)
        k.reliability_mean = log_reliability.mean(axis=0)
        np.exp(log_reliability - k.reliability_mean, out=k.answers.stretch)


def _times(x: Floats, spread: int, sd: float, centred: Flags) -> Floats:
    """What raters' parameters are multiplied by: the spread of their population unless they are sampled as they are."""
    if spread < 0:
        return np.ones((len(centred), 1))
    return np.where(centred[:, None], 1.0, sd * np.exp(bent(x[spread])))


def _reliability_times(x: Floats, m: Structure) -> Floats:
    return _times(x, m.reliability_spread, m.reliability_sd, m.centred_reliability)


def rater_prior(x: Floats, grad: Floats, value: Floats, m: Structure, k: Work, g_severity_mean: Floats) -> None:
    """Add the log prior of raters and pass their gradients on to the parameters."""
    a = k.answers
    if m.severity >= 0:
        g = a.g_severity - a.g_severity.mean(axis=0) + g_severity_mean / m.raters
        _population(x, grad, value, g, m.severity, m.severity_spread, m.centred_severity, m.severity_sd)
    if m.reliability >= 0:
        g = a.g_reliability - a.g_reliability.mean(axis=0)
        _population(x, grad, value, g, m.reliability, m.reliability_spread, m.centred_reliability, m.reliability_sd)


def _population(
    x: Floats, grad: Floats, value: Floats, g: Floats, at: int, spread: int, centred: Flags, sd: float
) -> None:
    """Prior of raters' values, and of their spread where it is estimated (place ``spread``, -1: ``sd`` itself)."""
    own = slice(at, at + len(g))
    raw = x[own]
    if spread < 0:
        value -= 0.5 * ((raw / sd) ** 2).sum(axis=0)
        grad[own] += g - raw / sd**2
        return
    y, direct = x[spread], centred[:, None]
    ratio, slope = np.exp(bent(y)), bent_slope(y)
    scale = sd * ratio
    over, times = np.where(direct, raw / scale, raw), np.where(direct, 1.0, scale)
    value += np.log(ratio * slope) - 0.5 * ratio**2 - 0.5 * (over**2).sum(axis=0) - centred.sum() * np.log(scale)
    grad[own] += g * times - np.where(direct, over / scale, over)
    g_scale = 1.0 - ratio**2 + np.where(direct, over**2 - 1.0, g * raw * scale).sum(axis=0)
    grad[spread] += g_scale * slope - 1.0 / np.sqrt(4.0 + y**2)


def pass_to_reliabilities(x: Floats, grad: Floats, m: Structure, g_mean: Floats) -> None:
    """Gradient by the mean log reliability, passed on to each rater's parameter and to their spread."""
    own = slice(m.reliability, m.reliability + m.raters)
    times, each = _reliability_times(x, m), g_mean / m.raters
    grad[own] += each * times
    if m.reliability_spread >= 0:
        apart = np.where(m.centred_reliability[:, None], 0.0, x[own] * times).sum(axis=0)
        grad[m.reliability_spread] += each * apart * bent_slope(x[m.reliability_spread])
