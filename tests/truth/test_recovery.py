"""The Monte Carlo route against worlds whose truth is known: floors that only rise."""

import numpy as np
import pytest

from milcoop.checks.recovery import check_recovery, share_inside
from milcoop.checks.worlds import YEARS, World
from milcoop.workbench import Workbench


@pytest.mark.parametrize(
    ("rate", "first", "second", "floor_80", "bias", "calibrated"),
    [
        (2.0, 0.5, 0.5, 0.92, 0.15, (0.86, 0.93)),
        (0.6, 0.5, 0.5, 0.88, 0.15, (0.82, 0.93)),
        (2.0, 0.3, 0.3, 0.87, 0.3, (0.82, 0.93)),
    ],
)
def test_intervals_hold_the_true_level(
    workbench: Workbench,
    rate: float,
    first: float,
    second: float,
    floor_80: float,
    bias: float,
    calibrated: tuple[float, float],
) -> None:
    world = World([rate] * len(YEARS), first, second)
    found = check_recovery(world, workbench.codebook, workbench.scale(None), 25, 200, 3)
    assert found.covered[80] >= floor_80
    assert calibrated[0] < found.calibrated[90] < calibrated[1]
    assert found.covered[50] <= found.covered[80] <= found.covered[95]
    assert abs(found.bias_median) < bias
    assert abs(found.bias_median) < abs(found.bias_found)


def test_the_share_inside_by_hand() -> None:
    """Outcomes of probability 0.4 (all inside), 0.2 half of which lies in the tail, and nought."""
    below, upto = np.array([0.3, 0.85, 0.5]), np.array([0.7, 0.95, 0.5])
    assert share_inside(below, upto, 80) == pytest.approx((1 + 0.5 + 0) / 3)


def test_when_everything_is_found_nothing_is_added(workbench: Workbench) -> None:
    found = check_recovery(World([2.0] * len(YEARS), 1.0, 1.0), workbench.codebook, workbench.scale(None), 10, 100, 3)
    assert found.found_right == 1
    assert abs(found.bias_median) < 0.05
