"""What many tests share: the bundled record opened once, its ratings, and its reports written once."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.report.inputs import ReportInputs
from milcoop.workbench import Workbench, open_workbench
from tests.command import output


@pytest.fixture(scope="session")
def workbench() -> Workbench:
    """The bundled record, all of it."""
    return open_workbench()


@pytest.fixture(scope="session")
def dyad(workbench: Workbench) -> Dyad:
    """The first dyad of the record."""
    return workbench.dyad("RUS", "CHN")


@pytest.fixture(scope="session")
def assessment(workbench: Workbench, dyad: Dyad) -> Assessment:
    """Ratings of the first dyad."""
    return workbench.assess(dyad)


@pytest.fixture(scope="session")
def inputs(workbench: Workbench, dyad: Dyad) -> ReportInputs:
    """What the report of the first dyad is written from."""
    return workbench.report_inputs(dyad)


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the three kinds of report on the first dyad in all formats, written by the command, once a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder, lock = shared / "reports", shared / "reports.lock"
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for kind in ("full", "summary", "quicklook"):
                output("report", "RUS", "CHN", "--out", folder / kind, "--kind", kind, "--format", "html,pdf,md")
            (folder / "done").touch()
    return folder
