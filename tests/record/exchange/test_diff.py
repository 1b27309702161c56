"""What changed between two records, and between two vintages."""

from pathlib import Path

from tests.command import output, refusal
from tests.layer import event_row, write_layer


def test_added_and_corrected(tmp_path: Path) -> None:
    write_layer(tmp_path, events=[event_row(title="Old name")])
    other = tmp_path / "other"
    write_layer(other, events=[event_row(title="New name"), event_row(id="second", date="2010-06-03")])
    text = output("diff", tmp_path, other)
    assert "corrected  event    planted: New name" in text
    assert "title: Old name -> New name" in text
    assert "added      event    second" in text
    assert "withdrawn  event    second" in output("diff", other, tmp_path)


def test_vintages(tmp_path: Path) -> None:
    lines = output("diff", "2019-07-01", "2019-08-31").splitlines()
    assert any(line.startswith("added") and "joint-air-patrol-2019-07" in line for line in lines)
    assert not any(line.startswith("withdrawn") for line in lines)


def test_neither_folder_nor_date() -> None:
    assert "'nonsense' is not a date" in refusal("diff", "nonsense", "bundled")
