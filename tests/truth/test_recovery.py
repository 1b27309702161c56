"""The Monte Carlo route against worlds whose truth is known: floors that only rise."""

import pytest

from milcoop.checks.recovery import check_recovery
from milcoop.checks.worlds import YEARS, World
from milcoop.workbench import Workbench


@pytest.mark.parametrize(
    ("rate", "first", "second", "floor_80", "bias"),
    [(2.0, 0.5, 0.5, 0.92, 0.15), (0.6, 0.5, 0.5, 0.88, 0.15), (2.0, 0.3, 0.3, 0.87, 0.3)],
)
def test_intervals_hold_the_true_level(
    workbench: Workbench, rate: float, first: float, second: float, floor_80: float, bias: float
) -> None:
    world = World([rate] * len(YEARS), first, second)
    found = check_recovery(world, workbench.codebook, workbench.scale(None), 25, 200, 3)
    assert found.covered[80] >= floor_80
    assert found.covered[50] <= found.covered[80] <= found.covered[95]
    assert abs(found.bias_median) < bias
    assert abs(found.bias_median) < abs(found.bias_found)


def test_when_everything_is_found_nothing_is_added(workbench: Workbench) -> None:
    found = check_recovery(World([2.0] * len(YEARS), 1.0, 1.0), workbench.codebook, workbench.scale(None), 10, 100, 3)
    assert found.found_right == 1
    assert abs(found.bias_median) < 0.05
