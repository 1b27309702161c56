"""Some chains that move together, here or in a process of their own: interpreted code between compiled loops holds threads up."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import weakref
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from milcoop.errors import MilcoopError
from milcoop.measure.latent.design import Floats, Structure
from milcoop.measure.latent.motion import Shape, State, evaluate, move
from milcoop.measure.latent.paths import Coordinates
from milcoop.measure.latent.work import Work

Singles = NDArray[np.float32]
ANGLES = 0.8, 2.8
"""Turn of a move, in radians: a random one, so that no direction comes back to where it was."""
FIRST_ANGLE = 0.15
MOST_STEPS = 24
TARGET = 0.8
"""Mean probability of acceptance that the length of a turn is tuned to."""
LEAST_CHAINS = 4
"""Fewest chains that a process is started for."""


class Chains:
    """Chains of one process."""

    def __init__(self, m: Structure, chains: int, seed: np.random.SeedSequence) -> None:
        self.m, self.chains = m, chains
        self.rng = np.random.default_rng(seed)
        self.state, self.work = State(m.size, chains), Work(m, chains)
        self.angle = FIRST_ANGLE
        self._restart()

    def _restart(self) -> None:
        self._error, self._count = 0.0, 0
        self._mean_log, self._anchor = np.log(self.angle), np.log(2 * self.angle)

    def place(self, x: Floats, c: Coordinates, shape: Shape) -> None:
        """Put the chains at parameters ``x`` (size, chains) in new coordinates."""
        self.c, self.shape = c, shape
        q = self.state.q
        q[:] = (x - shape.centre[:, None]) / shape.spread[:, None]
        for a, b, at in zip(shape.member_at[:-1], shape.member_at[1:], shape.root_at[:-1], strict=True):
            part, n = shape.member[a:b], b - a
            root = shape.root[at : at + n * n].reshape(n, n)
            q[part] = solve_triangular(root, x[part] - shape.centre[part, None], lower=True)
        evaluate(self.state, self.m, c, shape, self.work)
        self._restart()

    def run(self, draws: int, thin: int, target: float | None) -> tuple[Singles, int]:
        """Parameters after each ``thin`` moves, (draws, size, chains), and how many moves diverged.

        ``target``: mean probability of acceptance to tune the length of a turn to; None: as it is.
        """
        out = np.empty((draws, self.m.size, self.chains), dtype=np.float32)
        before = self.state.divergent
        for n in range(draws * thin):
            p = self.rng.standard_normal((self.m.size, self.chains))
            turn = self.rng.uniform(*ANGLES)
            steps = min(max(1, round(turn / self.angle)), MOST_STEPS)
            angle = min(turn / steps, 1.1 * self.angle)
            move(self.state, p, self.rng.random(self.chains), steps, angle, self.m, self.c, self.shape, self.work)
            out[n // thin] = self.state.x
            if target is not None:
                self._tune(target - float(self.state.chance.mean()))
        if target is not None:
            self.angle = float(np.exp(self._mean_log))
        return out, self.state.divergent - before

    def _tune(self, error: float) -> None:
        """Dual averaging (Hoffman and Gelman 2014)."""
        self._count += 1
        weight = 1.0 / (self._count + 10)
        self._error = (1 - weight) * self._error + weight * error
        log_angle = min(self._anchor - np.sqrt(self._count) / 0.1 * self._error, 0.3)
        share = self._count**-0.75
        self._mean_log = share * log_angle + (1 - share) * self._mean_log
        self.angle = float(np.exp(log_angle))


class Crew:
    """Chains of a panel: the first here, others in forked processes, which have the machine code that this one has.

    Only Linux forks safely beside libraries of linear algebra; elsewhere, and in a process that may have no children, all are here.
    """

    def __init__(self, m: Structure, chains: int, seeds: np.random.SeedSequence) -> None:
        parts = min(_cores(), max(1, chains // LEAST_CHAINS))
        sizes = [len(part) for part in np.array_split(np.arange(chains), parts)]
        self._edges = np.append(0, np.cumsum(sizes))
        self._here, *others = [Chains(m, size, s) for size, s in zip(sizes, seeds.spawn(parts), strict=True)]
        self._there: list[Connection] = []
        self.processes = [_fork(one, self._there) for one in others]
        self.close = weakref.finalize(self, _close, self._there)
        """Ends the processes; a crew that is no longer used closes itself."""

    def place(self, x: Floats, c: Coordinates, shape: Shape) -> None:
        """Put the chains at parameters ``x`` (size, chains) in new coordinates."""
        self._ask("place", [(x[:, a:b], c, shape) for a, b in zip(self._edges[:-1], self._edges[1:], strict=True)])

    def run(self, draws: int, thin: int = 1, target: float | None = None) -> tuple[Singles, int]:
        """See ``Chains.run``; of all chains."""
        found = self._ask("run", [(draws, thin, target)] * (1 + len(self._there)))
        return np.concatenate([x for x, _ in found], axis=2), sum(n for _, n in found)

    def _ask(self, what: str, each: Sequence[tuple[Any, ...]]) -> list[Any]:
        try:
            for pipe, args in zip(self._there, each[1:], strict=True):
                pipe.send((what, args))
            found = [getattr(self._here, what)(*each[0])]
            found += [pipe.recv() for pipe in self._there]
        except (EOFError, ConnectionError):
            self.close()
            raise MilcoopError("a process that moved some chains ended early: memory may have run out") from None
        except BaseException:
            self.close()  # its answers would be taken for those to a later question
            raise
        for answer in found:
            if isinstance(answer, Exception):
                raise answer
        return found


def _cores() -> int:
    """Processes that may move chains."""
    if sys.platform != "linux" or multiprocessing.current_process().daemon:
        return 1
    return len(os.sched_getaffinity(0))


def _fork(chains: Chains, pipes: list[Connection]) -> ForkProcess:
    """A new process that moves these chains, its pipe appended to ``pipes``. It ends when the pipe is closed, or with this process."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    pipes.append(here)
    process = fork.Process(target=_serve, args=(there, chains, tuple(pipes)), daemon=True)
    process.start()
    there.close()
    return process


def _serve(pipe: Connection, chains: Chains, inherited: Sequence[Connection]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process says when to stop
    for end in inherited:
        end.close()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the first process has ended, or closed its crew
        while True:
            what, args = pipe.recv()
            try:
                answer = getattr(chains, what)(*args)
            except Exception as error:
                answer = error
            pipe.send(answer)


def _close(pipes: Sequence[Connection]) -> None:
    for pipe in pipes:
        pipe.close()
