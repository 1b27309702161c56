"""Power of the trajectory methods at the record's noise: floors that only rise (docs/power.md has the whole curve)."""

import pytest

from milcoop.checks.known_paths import follow_pairs, growing_world
from milcoop.checks.power import FLAT, GROWTH, Noise, break_power, direction_power, measure_noise, regime_power
from milcoop.domain.assessment import Assessment
from milcoop.measure.estimates import redraw_levels
from milcoop.trajectory.breaks import dispersion_of
from milcoop.workbench import Workbench


@pytest.fixture(scope="module")
def noise(workbench: Workbench, assessment: Assessment) -> Noise:
    return measure_noise(assessment, redraw_levels(assessment, workbench.codebook, 200, 11))


def test_noise_is_measured_on_the_record(noise: Noise, assessment: Assessment) -> None:
    assert set(noise.residuals) == {a.id for a in assessment.scale.areas}
    assert all(r.shape[0] == 200 and r.shape[1] >= 30 for r in noise.residuals.values())
    assert all(0.1 < sd < 1.5 for sd in noise.spread.values())


def test_growth_and_then_a_plateau_are_found(workbench: Workbench, noise: Noise) -> None:
    """0.3 level a year for six years is found; the plateau needs as long a window as the default."""
    rule = workbench.codebook.trajectory["trajectory"]
    ten = regime_power(noise, 0.3, 6, rule.window - 1, rule, 400, 5)
    assert ten.grown >= 0.88
    assert ten.level >= 0.78
    assert ten.both >= 0.74
    recent = Noise({a: r[:, -20:] for a, r in noise.residuals.items()}, noise.top)
    assert regime_power(recent, 0.3, 6, rule.window - 1, rule, 400, 5).both >= 0.8


def test_power_grows_with_effect_and_window(workbench: Workbench, noise: Noise) -> None:
    rule = workbench.codebook.trajectory["trajectory"]
    by_effect = [direction_power(noise, e, 10, rule, 300, 5) for e in (0.0, 0.1, 0.2, 0.4)]
    called = [p.shares[GROWTH] for p in by_effect]
    assert called == sorted(called)
    assert by_effect[0].shares[FLAT] >= 0.75
    assert called[0] <= 0.12
    assert called[-1] >= 0.95
    assert direction_power(noise, 0.2, 5, rule, 300, 5).shares[GROWTH] <= called[2]


def test_without_noise_the_answer_is_the_truth(workbench: Workbench, noise: Noise) -> None:
    rule = workbench.codebook.trajectory["trajectory"]
    silent = Noise({a: 0 * r for a, r in noise.residuals.items()}, noise.top)
    assert direction_power(silent, 0.4, 10, rule, 50, 5).shares[GROWTH] == 1
    assert direction_power(silent, 0.0, 10, rule, 50, 5).shares[FLAT] == 1
    assert direction_power(silent, -0.4, 10, rule, 50, 5).shares["decline"] == 1


def test_no_break_is_called_at_the_rates_of_the_record(workbench: Workbench, assessment: Assessment) -> None:
    rule = workbench.codebook.trajectory["trajectory"]
    none = []
    for series in workbench.path(assessment.dyad).series:
        rate = sum(series.counts.values()) / len(series.counts)
        found = break_power(rate, 1, dispersion_of(series.counts), len(series.counts), rule.priors, 100, 5)
        none.append(1 - found.called)
    assert sum(none) / len(none) >= 0.9
    assert min(none) >= 0.8


def test_a_large_step_is_found_in_its_year(workbench: Workbench) -> None:
    priors = workbench.codebook.trajectory["trajectory"].priors
    called = [break_power(3.5, f, 1.2, 38, priors, 100, 5) for f in (1.0, 1.5, 2.0, 3.0)]
    assert [p.called for p in called] == sorted(p.called for p in called)
    assert called[-1].near >= 0.85
    assert break_power(7, 6, 1.2, 38, priors, 100, 5, steady=True).called <= 0.1


def test_whole_pairs_that_grow_are_found(workbench: Workbench) -> None:
    """Through detection, redraws with errors of coding and moved rules, and direction."""
    worlds = [growing_world(0.5, 5.0, 2001, 6, 0.47, 0.37), growing_world(4.0, 4.0, 2001, 6, 0.47, 0.37)]
    pairs = follow_pairs(worlds, [(2003, 7), (2010, 10)], workbench.codebook, workbench.scale(None), 25, 100, 5)
    grew = [p[0] for p in pairs if 0.2 <= p[0].slope <= 0.4]
    assert len(grew) >= 10
    assert sum(w.found == GROWTH for w in grew) / len(grew) >= 0.85
    flat = [p[1] for p in pairs if p[1].truth == FLAT]
    assert len(flat) >= 25
    assert sum(w.found == FLAT for w in flat) / len(flat) >= 0.75
