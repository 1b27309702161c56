import pytest

from milcoop.domain.dyad import Dyad, make_dyad
from milcoop.errors import InvalidArgument


def test_order_does_not_matter() -> None:
    assert make_dyad("BRA", "ARG") == make_dyad("ARG", "BRA") == Dyad("ARG", "BRA")
    assert make_dyad("BRA", "ARG").id == "ARG-BRA"


def test_one_state_is_no_dyad() -> None:
    with pytest.raises(InvalidArgument, match="BRA twice"):
        make_dyad("BRA", "BRA")
