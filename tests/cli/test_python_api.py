"""The Python API gives the commands' answers as frames."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import milcoop
from milcoop.errors import InvalidArgument
from tests.command import Once
from tests.layer import event_row, write_layer

Frame = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def frame(once: Once) -> Frame:
    """A command's rows."""
    return lambda *arguments: pd.read_csv(io.StringIO(once(*arguments, "--format", "csv")))


@pytest.fixture(scope="module")
def wb() -> object:
    return milcoop.load()


def test_frames_have_the_rows_of_the_commands(wb: object, frame: Frame) -> None:
    for name in ("assess", "events", "figures", "forecast"):
        ours = getattr(wb, name)("RUS", "CHN")
        theirs = frame(name, "RUS", "CHN")
        assert list(ours.columns) == list(theirs.columns)
        assert len(ours) == len(theirs)
        assert list(ours.iloc[:, 0]) == list(theirs.iloc[:, 0])


@pytest.mark.parametrize("command", ["gains", "signals", "dependence", "limits", "watch", "readings"])
def test_findings_are_those_of_the_command(wb: object, frame: Frame, command: str) -> None:
    ours = wb.findings(command, "RUS", "CHN", from_year=2012, to_year=2021)  # type: ignore[attr-defined]
    theirs = frame(command, "RUS", "CHN", "--from", "2012", "--to", "2021")
    assert list(ours.columns) == list(theirs.columns)
    assert list(ours.id) == list(theirs.id)
    assert set(ours.command) == {command}


def test_order_of_states_and_filters(wb: object, frame: Frame) -> None:
    assert wb.events("CHN", "RUS").equals(wb.events("Россия", "Китай"))  # type: ignore[attr-defined]
    drills = wb.events("RUS", "CHN", family="exercise", from_="2014", to="2015")  # type: ignore[attr-defined]
    assert len(drills) == len(frame("events", "RUS", "CHN", "--family", "exercise", "--from", "2014", "--to", "2015"))
    assert set(drills.family) == {"exercise"}


def test_own_folder_vintage_and_citations(tmp_path: Path) -> None:
    layer = write_layer(tmp_path, events=[event_row()])
    own = milcoop.load(layer)
    assert list(own.events("BRA", "ARG").id) == ["planted"]
    assert list(own.citations("planted").url) == ["https://example.org/page"]
    assert milcoop.load(layer, as_of="2009").events("BRA", "ARG").empty
    assert own.record_version == own.events("BRA", "ARG").record_version[0]


def test_wrong_arguments_raise_our_own_error(wb: object) -> None:
    for call in (
        lambda: wb.events("RUS", "Chna"),  # type: ignore[attr-defined]
        lambda: wb.events("RUS", "CHN", family="exercize"),  # type: ignore[attr-defined]
        lambda: wb.events("RUS", "CHN", from_="soon"),  # type: ignore[attr-defined]
        lambda: wb.findings("losses", "RUS", "CHN"),  # type: ignore[attr-defined]
        lambda: wb.citations("nothing"),  # type: ignore[attr-defined]
        lambda: wb.assess("RUS", "CHN", scale="nothing"),  # type: ignore[attr-defined]
        lambda: milcoop.load(as_of="2014-13"),
    ):
        with pytest.raises(InvalidArgument):
            call()
