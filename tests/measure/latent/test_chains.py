"""Chains in processes of their own move as they would here, and do not outlive what they were started for."""

import gc
import multiprocessing
import os
import signal
import sys
import time

import numpy as np
import pytest

from milcoop.errors import MilcoopError
from milcoop.measure.latent import chains as module
from milcoop.measure.latent.chains import Chains, Crew
from milcoop.measure.latent.coordinates import pilot
from milcoop.measure.latent.design import Design, Floats
from milcoop.measure.latent.motion import Shape
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.paths import Coordinates
from tests.measure.latent.panels import walking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems move all chains in one process")
CHAINS = 8


@pytest.fixture(scope="module")
def design() -> Design:
    made = walking(units=3, times=4)
    return Design(make_panel(made.table, made.spec), made.spec)


@pytest.fixture
def crew(design: Design, monkeypatch: pytest.MonkeyPatch) -> Crew:
    """Two processes, whatever the machine has."""
    monkeypatch.setattr(module, "_cores", lambda: 2)
    return Crew(design.structure, CHAINS, np.random.SeedSequence(4))


def beginning(design: Design) -> tuple[Floats, Coordinates, Shape]:
    start, coordinates = pilot(design)
    none, size = np.zeros(1, dtype=np.int64), design.structure.size
    x = start[:, None] + 0.1 * np.random.default_rng(2).standard_normal((size, CHAINS))
    return x, coordinates, Shape(start, np.full(size, 0.5), none, none[:0], none, np.zeros(0))


def test_they_move_as_they_would_here(design: Design, crew: Crew) -> None:
    x, c, shape = beginning(design)
    crew.place(x, c, shape)
    tuned = crew.run(20, target=0.8)[0]
    found, diverged = crew.run(5, 3)
    for part, seed in zip((slice(0, 4), slice(4, 8)), np.random.SeedSequence(4).spawn(2), strict=True):
        here = Chains(design.structure, 4, seed)
        here.place(x[:, part], c, shape)
        assert (here.run(20, 1, 0.8)[0] == tuned[:, :, part]).all()
        assert (here.run(5, 3, None)[0] == found[:, :, part]).all()
    assert found.shape == (5, design.structure.size, CHAINS)
    assert diverged == 0
    assert (np.diff(found, axis=0) != 0).any(axis=(0, 1)).all()


def test_chains_that_went_where_numbers_end_can_be_placed_anew(design: Design) -> None:
    x, c, shape = beginning(design)
    chains = Chains(design.structure, CHAINS, np.random.SeedSequence(4))
    chains.place(np.full_like(x, 1e6), c, shape)
    assert not np.isfinite(chains.state.force).all()
    chains.place(x, c, shape)
    assert np.isfinite(chains.state.force).all()
    assert np.isfinite(chains.state.value).all()
    assert chains.state.x == pytest.approx(x)


def test_a_process_ends_with_its_crew(design: Design, crew: Crew) -> None:
    crew.place(*beginning(design))
    (child,) = crew.processes
    assert child.is_alive()
    crew.close()
    child.join(10)
    assert child.exitcode == 0


def test_a_forgotten_crew_ends_too(design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)
    (child,) = Crew(design.structure, CHAINS, np.random.SeedSequence(4)).processes
    gc.collect()
    child.join(10)
    assert child.exitcode == 0


def test_a_process_at_work_ends_quietly_with_its_crew(
    design: Design, crew: Crew, capfd: pytest.CaptureFixture[str]
) -> None:
    crew.place(*beginning(design))
    (pipe,), (child,) = crew._there, crew.processes
    pipe.send(("run", (200, 1, None)))
    crew.close()
    child.join(20)
    assert child.exitcode == 0
    assert capfd.readouterr().err == ""


def test_what_goes_wrong_there_is_raised_here(design: Design, crew: Crew) -> None:
    x, c, shape = beginning(design)
    with pytest.raises(ValueError, match="could not broadcast"):
        crew.place(np.concatenate([x[:, :4], x[:, :3]], axis=1), c, shape)


def test_a_killed_process_is_told_in_a_line(design: Design, crew: Crew) -> None:
    crew.place(*beginning(design))
    (child,) = crew.processes
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join(10)
    with pytest.raises(MilcoopError, match="ended early"):
        crew.run(5)


def test_an_interrupt_is_for_the_first_process_alone(design: Design, crew: Crew) -> None:
    crew.place(*beginning(design))
    (child,) = crew.processes
    os.kill(child.pid or 0, signal.SIGINT)
    time.sleep(0.1)
    assert crew.run(2)[0].shape[0] == 2


def test_a_process_without_children_moves_all_chains_itself() -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(module._cores) == 1
