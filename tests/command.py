"""Run the real command: in a process of its own, as a user does, or in this one where only its words are tested."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from milcoop.cli.main import main

Once = Callable[..., str]
"""Of the fixture ``once``: the arguments of a command to its standard output."""

ROOT = Path(__file__).resolve().parent.parent
MILCOOP = [sys.executable, "-m", "milcoop"]


def environment(**more: str) -> dict[str, str]:
    """The environment without milcoop's own settings, with what ``more`` adds."""
    return {k: v for k, v in os.environ.items() if not k.startswith("MILCOOP_")} | {"PYTHONUTF8": "1"} | more


def run(
    *arguments: str | Path, cwd: Path | None = None, timeout: float = 120, **env: str
) -> subprocess.CompletedProcess[str]:
    """``milcoop`` with arguments; text output, nothing raised."""
    return subprocess.run(
        [*MILCOOP, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**env),
        cwd=cwd,
        timeout=timeout,
        check=False,
    )


def output(*arguments: str | Path, **env: str) -> str:
    """Standard output of a command that must succeed."""
    done = run(*arguments, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal(*arguments: str | Path, **env: str) -> str:
    """The one line on stderr of a command that must be refused with exit code 2."""
    done = run(*arguments, **env)
    return _one_line(done.returncode, done.stdout, done.stderr)


def refused(*arguments: str | Path, **env: str) -> str:
    """As ``refusal``, through the same entry point but in this process.

    For the words of a message; each kind of refusal has a test by ``refusal`` as well.
    """
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        mock.patch.object(sys, "argv", ["milcoop", *map(str, arguments)]),
        mock.patch.dict(os.environ, environment(**env), clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return _one_line(code, out.getvalue(), err.getvalue())


def _one_line(code: object, stdout: str, stderr: str) -> str:
    assert "Traceback" not in stderr
    assert code == 2, (code, stdout[-500:], stderr)
    lines = stderr.splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("milcoop: ")
    assert stderr.rstrip().endswith(lines[0])
    assert stdout == ""
    return lines[0]
