"""A level whose next rung looks back into years nobody searched is a lower bound: hand-made pairs."""

from pathlib import Path

from milcoop.domain.rating import MONITORED, PARTLY, Rating
from milcoop.workbench import open_workbench
from tests.layer import event_row, search_row, write_layer
from tests.measure.test_implied import LANGUAGES

FAMILIES = ["exercise", "operation", "basing", "command"]


def ratings(folder: Path, area: str, *years: int) -> list[Rating]:
    """Ratings of Argentina and Brazil, searched from 2001 on, with one port call in 2002 and an integrated command."""
    searches = [search_row(i, language, families=FAMILIES, years="2001/2010") for i, language in enumerate(LANGUAGES)]
    events = [
        event_row(id="call", type="basing.port-call", date="2002", direction="ARG>BRA"),
        event_row(id="standing", type="command.integrated", date="1990", status="in-force"),
    ]
    write_layer(folder, events=events, searches=searches)
    workbench = open_workbench(folder)
    return [workbench.rating(f"ARG-BRA:{area}:{year}")[1] for year in years]


def test_partly_until_the_window_of_the_next_rung_is_searched(tmp_path: Path) -> None:
    found = ratings(tmp_path, "basing", 2001, 2002, 2004, 2005, 2010)
    assert [(r.level, r.coverage) for r in found] == [
        (0, PARTLY),
        (1, PARTLY),
        (1, PARTLY),
        (1, MONITORED),
        (0, MONITORED),
    ]


def test_the_top_level_needs_no_further_search(tmp_path: Path) -> None:
    (found,) = ratings(tmp_path, "command", 2001)
    assert (found.level, found.coverage) == (5, MONITORED)
