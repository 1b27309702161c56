"""Diagnostics are those of ArviZ, whatever the number of draws and however often a chain stands still."""

import numpy as np
import pytest
from arviz_stats.base import array

from milcoop.measure.latent.diagnostics import BLOCK, rhat_and_ess

CHAINS = 4
AXES = {"chain_axis": 0, "draw_axis": 1}


@pytest.mark.parametrize("draws", [40, 41])
def test_same_as_arviz(draws: int) -> None:
    rng = np.random.default_rng(3)
    quantities = 2 * BLOCK + 7
    x = rng.standard_normal((CHAINS, draws, quantities)).astype(np.float32)
    for n in range(1, draws):
        stays = rng.random((CHAINS, 1)) < 0.3  # rejected moves repeat a draw: ranks are tied
        x[:, n] = np.where(stays, x[:, n - 1], 0.8 * x[:, n - 1] + x[:, n])
    rhat, ess = rhat_and_ess(x)
    assert (rhat == array.array_stats.rhat(x, method="rank", **AXES)).all()
    assert ess == pytest.approx(array.array_stats.ess(x, method="bulk", **AXES), rel=1e-12)
    assert rhat.max() > 1.2
    assert ess.min() < CHAINS * draws / 4


def test_chains_that_disagree_only_in_spread_are_seen() -> None:
    x = np.random.default_rng(3).standard_normal((CHAINS, 400, 1))
    assert rhat_and_ess(x)[0] < 1.01
    x[0] *= 3
    assert rhat_and_ess(x)[0] > 1.05
