"""PLOVER records: what is said, what is lost and that it is said to be lost."""

import json
from pathlib import Path

import pytest

from milcoop.workbench import Workbench, open_workbench
from tests.command import output
from tests.layer import event_row, write_layer

KINDS = {"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
         "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"}  # fmt: skip
"""Events of PLOVER's manual, draft 0.8."""
TABLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "plover" / "CAMEO2PLOVER-2021.txt"


def test_one_record_an_event_and_the_rest_counted(tmp_path: Path, workbench: Workbench) -> None:
    output("export", "plover", tmp_path)
    records = [json.loads(line) for line in (tmp_path / "plover.jsonl").read_text("utf-8").splitlines()]
    readme = (tmp_path / "README.md").read_text("utf-8")
    total = len(workbench.record.events)
    assert f"{len(records)} of {total} events" in readme
    assert "lossy" in readme
    lost = sum(int(line[2:].split(":")[0]) for line in readme.splitlines() if line.startswith("- "))
    assert len(records) + lost == total
    assert {r["event"] for r in records} <= KINDS
    assert {r["milcoop"]["id"] for r in records} <= set(workbench.events_by_id)
    assert not {r["milcoop"]["status"] for r in records} & {"alleged", "denied", "cancelled", "postponed"}


def test_direction_and_intent(tmp_path: Path) -> None:
    write_layer(
        tmp_path,
        events=[
            event_row(id="sale", type="transfer.contract", direction="BRA>ARG", status="signed", date="2010-06"),
            event_row(id="plan", status="announced", date="2010-07"),
            event_row(id="call", type="consultation.call", date="2010-08-01"),
        ],
    )
    workbench = open_workbench(tmp_path)
    workbench.export("plover", tmp_path / "out")
    lines = (tmp_path / "out" / "plover.jsonl").read_text("utf-8").splitlines()
    found = {r["milcoop"]["id"]: r for r in map(json.loads, lines)}
    assert found["sale"]["source"] == [{"actorText": "Brazil", "code": "BRA", "sector": "GOV"}]
    assert found["sale"]["target"] == [{"actorText": "Argentina", "code": "ARG", "sector": "GOV"}]
    assert (found["sale"]["event"], found["sale"]["date"]) == ("COOPERATE", "2010-06")
    assert (found["plan"]["event"], [a["code"] for a in found["plan"]["source"]]) == ("AGREE", ["ARG", "BRA"])
    assert (found["call"]["event"], found["call"]["mode"]) == ("CONSULT", "phone")


@pytest.mark.shared_data
@pytest.mark.skipif(not TABLE.is_file(), reason=f"needs PLOVER's table at {TABLE}")
def test_the_crosswalk_uses_plovers_own_words(workbench: Workbench) -> None:
    theirs = set()
    for line in TABLE.read_text("utf-8").splitlines():
        code, _, rest = line.partition("#")[0].partition(":")
        if code.strip().isdigit() and rest.strip():
            event, mode, *_ = [*(p.strip() for p in rest.split(",")), "", ""]
            theirs.add((event, mode or None))
    ours = {(t.event, t.mode) for t in workbench.codebook.crosswalks["plover"].types.values()}
    assert ours <= theirs
