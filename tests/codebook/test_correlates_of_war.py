"""Our own table of state codes against the list of the Correlates of War project (not copied into this project)."""

import csv
from pathlib import Path

import pytest

from milcoop.workbench import Workbench

LIST = Path(__file__).resolve().parents[3] / "shared" / "data" / "cow_raw" / "states2016.csv"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not LIST.is_file(), reason=f"needs the Correlates of War state list at {LIST}"),
]


def listed() -> list[tuple[str, int]]:
    with LIST.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["stateabb"], int(row["ccode"])) for row in csv.DictReader(stream)]


def test_numbers_and_abbreviations_agree(workbench: Workbench) -> None:
    by_number = {number: word for word, number in listed()}
    by_word = dict(listed())
    ours = {(c.abbreviation, c.cow) for s in workbench.codebook.actors.values() for c in s.codes}
    shared = {(word, number) for word, number in ours if number in by_number or word in by_word}
    assert len(shared) > 190
    wrong = {pair for pair in shared if by_number.get(pair[1]) != pair[0] or by_word.get(pair[0]) != pair[1]}
    assert wrong == set()


def test_every_state_of_2016_is_in_our_table(workbench: Workbench) -> None:
    with LIST.open(encoding="utf-8-sig", newline="") as stream:
        theirs = {int(row["ccode"]) for row in csv.DictReader(stream) if row["endyear"] == "2016"}
    ours = {c.cow for s in workbench.codebook.actors.values() if (c := s.codes_in(2016))}
    assert theirs - ours == set()
