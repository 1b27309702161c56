"""Selections of events, and assessments that a workbench has made before."""

from milcoop.codebook.scale import Selection
from milcoop.domain.dyad import Dyad
from milcoop.record.selection import make_test, select_events
from milcoop.workbench import Workbench


def test_selected_events_stand_in_the_order_given(workbench: Workbench, dyad: Dyad) -> None:
    events, scale = workbench.record.of_dyad(dyad), workbench.scale(None)
    wanted = Selection(families=("exercise", "consultation", "transfer"))
    one_by_one = make_test(wanted, scale)
    chosen = select_events(events, wanted, scale)
    assert chosen == [e for e in events if one_by_one(e)]
    assert len({e.type for e in chosen}) > 5


def test_an_assessment_made_before_is_given_for_the_same_question_alone(workbench: Workbench, dyad: Dyad) -> None:
    whole = workbench.assess(dyad)
    assert workbench.assess(dyad) is whole
    assert workbench.assess(dyad, scale_id="korolev-8").scale.id == "korolev-8"
    assert list(workbench.assess(dyad, from_year=2010, to_year=2012).years) == [2010, 2011, 2012]
    assert workbench.assess(workbench.dyad("USA", "JPN")).dyad.id == "JPN-USA"
