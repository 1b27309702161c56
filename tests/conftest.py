"""What many tests share: the bundled record opened once, its ratings, and its reports written once."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from milcoop.domain.assessment import Assessment
from milcoop.domain.dyad import Dyad
from milcoop.report.inputs import ReportInputs
from milcoop.workbench import Workbench, open_workbench
from tests.command import Once, output


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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of this test run, the same for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def once(shared: Path) -> Once:
    """Standard output of a command on the bundled record alone, which is run once a test run."""

    def output_of(*arguments: str) -> str:
        name = hashlib.sha256("\0".join(arguments).encode()).hexdigest()[:16]
        path = shared / f"once-{name}"
        with locked(path):
            if not path.exists():
                path.write_text(output(*arguments), "utf-8", newline="")
        return path.read_bytes().decode()

    return output_of


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One worker at a time."""
    with path.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def reports(shared: Path) -> Path:
    """Folder with the three kinds of report on the first dyad in all formats, written by the command, once a run."""
    folder = shared / "reports"
    with locked(folder):
        if not (folder / "done").exists():
            for kind in ("full", "summary", "quicklook"):
                output("report", "RUS", "CHN", "--out", folder / kind, "--kind", kind, "--format", "html,pdf,md")
            (folder / "done").touch()
    return folder
