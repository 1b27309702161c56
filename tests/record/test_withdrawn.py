"""Withdrawals: what was taken back, why, and that its id is never used again."""

from pathlib import Path

from milcoop.workbench import Workbench
from tests.command import output, run
from tests.layer import event_row, write_layer

ROW = "- {{id: {}, title: Taken back, on: 2026-11-22, reason: a test, see: {}}}\n"


def withdraw(folder: Path, row_id: str, see: str = "null") -> Path:
    (folder / "withdrawn").mkdir(parents=True, exist_ok=True)
    (folder / "withdrawn" / "a.yaml").write_text(ROW.format(row_id, see), "utf-8")
    return folder


def test_a_layer_takes_an_event_back(tmp_path: Path) -> None:
    layer = withdraw(tmp_path, "joint-sea-2016", "joint-sea-2015-sea-of-japan")
    text = output("diff", "bundled", layer)
    assert text.startswith("withdrawn  event    joint-sea-2016: ")
    assert "because: a test (see joint-sea-2015-sea-of-japan)" in text
    assert "joint-sea-2016" not in output("events", "RUS", "CHN", "--record", layer, "--format", "csv")
    assert "reason: a test" in output("explain", "joint-sea-2016", "--record", layer)


def test_an_id_is_never_used_again(tmp_path: Path) -> None:
    write_layer(tmp_path, events=[event_row()])
    done = run("validate", "--record", withdraw(tmp_path, "planted"))
    assert done.returncode == 1
    assert "id 'planted' was withdrawn; an id is never used again" in done.stdout


def test_what_stands_in_its_place_must_be_there(tmp_path: Path) -> None:
    done = run("validate", "--record", withdraw(tmp_path, "joint-sea-2016", "no-such-row"))
    assert done.returncode == 1
    assert "'see' names unknown row 'no-such-row'" in done.stdout


def test_each_bundled_withdrawal_has_a_reason_and_no_row(workbench: Workbench) -> None:
    ids = {*workbench.events_by_id, *workbench.figures_by_id}
    assert workbench.record.withdrawn
    for gone in workbench.record.withdrawn:
        assert gone.reason
        assert gone.id not in ids


def test_a_text_whose_term_is_over_is_not_in_force(tmp_path: Path) -> None:
    write_layer(
        tmp_path, events=[event_row(type="agreement.treaty", status="in-force", fields={"in_force_to": "2015"})]
    )
    done = run("validate", "--record", tmp_path)
    assert done.returncode == 1
    assert "has status 'in-force' though its term ended 2015-12-31" in done.stdout
