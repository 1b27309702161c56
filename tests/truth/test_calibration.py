"""The latent model against panels drawn from its own priors; the 200 panels of docs/measure.md are made by tools/calibration.py."""

import numpy as np
import pytest

from milcoop.checks.calibration import Structure, calibrate, made_panel
from milcoop.measure.latent.spec import SamplerSpec


def test_intervals_hold_the_truth_of_made_up_panels() -> None:
    found = calibrate(
        Structure(units=4, times=6, items=2, raters=2), 25, 5, SamplerSpec(chains=2, warmup=250, draws=250)
    )
    assert found.unconverged <= 2
    assert found.covered["state"][90] == pytest.approx(0.9, abs=0.08)
    assert found.covered["state"][50] == pytest.approx(0.5, abs=0.12)
    assert found.uniform["state"] > 0.001


def test_made_up_panels_have_the_spread_of_their_priors() -> None:
    rng = np.random.default_rng(1)
    truths = [made_panel(Structure(), rng)[1] for _ in range(300)]
    starts = np.concatenate([t["state"][:, 0] for t in truths])
    assert starts.std() == pytest.approx(1.0, abs=0.06)
    assert np.mean([t["step"][0] for t in truths]) == pytest.approx(0.5 * np.sqrt(2 / np.pi), abs=0.05)
