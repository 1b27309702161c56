"""What a table becomes, and what is refused, by hand-made tables."""

import pandas as pd
import pytest

from milcoop.errors import InvalidArgument
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec


def table(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype(str)


LONG = MeasureSpec(id="x", unit="u", item="i", value="v")


def test_categories_are_numbered_in_order_and_gaps_close() -> None:
    panel = make_panel(table(u=["a", "b", "c"], i=["q"] * 3, v=[5, 1, 3]), LONG)
    assert panel.items[0].categories == (1.0, 3.0, 5.0)
    assert panel.value.tolist() == [2, 0, 1]


def test_a_wide_file_gives_the_same_panel_as_a_long_one() -> None:
    wide = make_panel(
        table(u=["a", "b"], p=[0, 1], q=[2, 1]), MeasureSpec(id="x", unit="u", items={"p": ItemSpec(), "q": ItemSpec()})
    )
    long = make_panel(table(u=["a", "b", "a", "b"], i=["p", "p", "q", "q"], v=[0, 1, 2, 1]), LONG)
    assert [i.name for i in wide.items] == [i.name for i in long.items] == ["p", "q"]
    assert wide.value.tolist() == long.value.tolist() == [0, 1, 1, 0]


def test_missing_answers_recoded_words_and_flat_items() -> None:
    spec = LONG.model_copy(update={"recode": {"yes": 1.0, "no": 0.0}, "missing": ("absent",)})
    panel = make_panel(
        table(u=["a", "b", "a", "b", "a"], i=["q", "q", "flat", "flat", "q"], v=["yes", "no", 1, 1, "absent"]), spec
    )
    assert panel.value.tolist() == [1, 0]
    assert panel.notes == ("1 of 2 items left out: all answers to them are the same",)


def test_a_walk_spans_the_years_between() -> None:
    spec = LONG.model_copy(update={"time": "t", "dynamics": "random-walk"})
    panel = make_panel(table(u=["a", "a", "b", "b"], t=[2003, 2000, 2001, 2001], i=["q"] * 4, v=[0, 1, 1, 0]), spec)
    assert panel.first.tolist() == [2000, 2001]
    assert panel.span.tolist() == [4, 1]
    assert panel.time.tolist() == [3, 0, 0, 0]


def test_continuous_items_are_measured_in_their_own_spread() -> None:
    spec = LONG.model_copy(update={"default": ItemSpec(kind="continuous")})
    panel = make_panel(table(u=["a", "b"], i=["q", "q"], v=[10, 30]), spec)
    assert panel.value.tolist() == [-1, 1]
    assert (panel.items[0].centre, panel.items[0].scale) == (20, 10)


@pytest.mark.parametrize(
    ("columns", "changes", "said"),
    [
        ({"v": ["x", 1]}, {}, "found the value 'x' in row 2"),
        ({"v": ["nan", 1]}, {}, "not finite"),
        ({"v": ["", ""]}, {}, "every value is missing"),
        ({"v": [1, 1]}, {}, "no item has two different answers"),
        ({"v": [1, 2.5]}, {"default": ItemSpec(kind="count")}, "whole numbers from nought"),
        ({"v": [1, 2]}, {"dynamics": "random-walk"}, "needs the column of 'time'"),
        ({"v": [1, 2], "t": ["2001", "2014-13"]}, {"dynamics": "random-walk", "time": "t"}, "must hold whole numbers"),
        ({"v": [1, 2]}, {"start": {"z": (0.0, 1.0)}}, "found unit 'z'"),
        ({"v": [1, 2]}, {"items": {"other": ItemSpec()}}, "no answer to it"),
        ({"v": [1, 2], "e": [0, 1]}, {"exposure": "e"}, "must be above nought"),
    ],
)
def test_what_is_refused(columns: dict[str, list[object]], changes: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        make_panel(table(u=["a", "b"], i=["q", "q"], **columns), LONG.model_copy(update=changes))


def test_a_unit_in_two_groups_is_refused() -> None:
    spec = LONG.model_copy(update={"group": "g"})
    with pytest.raises(InvalidArgument, match="more than one group"):
        make_panel(table(u=["a", "a", "b"], g=["x", "y", "x"], i=["q"] * 3, v=[0, 1, 0]), spec)
