"""Run the real command in a process of its own, as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    assert "Traceback" not in done.stderr
    assert done.returncode == 2, (done.returncode, done.stdout[-500:], done.stderr)
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("milcoop: ")
    assert done.stderr.rstrip().endswith(lines[0])
    assert done.stdout == ""
    return lines[0]
