"""Help: what can be asked, with examples that work."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from milcoop import __version__
from milcoop.cli.main import COMMANDS, cli
from tests.command import Once, output, run
from tests.record.importers.test_alliances import contiguity, cow, member


def test_alone_it_says_what_can_be_asked() -> None:
    text = output()
    asked = re.findall(r"^(.+?)\s{2,}milcoop (\S+)", text, flags=re.M)
    assert len(asked) >= 8
    assert {name for _, name in asked} <= set(COMMANDS)
    assert {"assess", "explain", "events", "report"} <= {name for _, name in asked}
    assert sum(question.endswith("?") for question, _ in asked) >= 6
    assert "--help" in text


def test_version() -> None:
    assert output("--version") == f"milcoop {__version__}\n"


def test_help_lists_every_command() -> None:
    for flag in ("--help", "-h"):
        text = output(flag)
        assert all(name in text for name in COMMANDS)


def examples(name: str) -> list[str]:
    text = output(name, "--help")
    assert "Examples:" in text
    return re.findall(r"^\s*(milcoop .+?)(?:\s{3,}.*)?$", text.split("Examples:")[1], flags=re.M)


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_of_each_command_are_read(name: str) -> None:
    told = [shlex.split(line.split(" > ")[0])[1:] for line in examples(name)]
    assert told
    assert name in {words[0] for words in told}
    for command_name, *arguments in told:
        command = cli.get_command(click.Context(cli), command_name)
        assert command is not None
        with command.make_context(command_name, arguments):
            pass


READS_ONLY = (
    "assess",
    "limits",
    "trajectory",
    "compare",
    "sensitivity",
    "rerate",
    "forecast",
    "questions",
    "dependence",
    "events",
    "figures",
    "mechanisms",
    "signals",
    "gains",
    "explain",
    "validate",
    "codebook",
    "readings",
)
"""Commands whose examples need no file of one's own; reports are tested in tests/report."""


def alliances(folder: Path) -> Path:
    """Two members of one alliance."""
    return cow(folder, member(1, 365, "14,2,1950", ",,", "1000"), member(1, 710, "14,2,1950", ",,", "1000"))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record folder that holds what the examples read."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "my-record").mkdir()
    for kind, path in (("cow", alliances(folder)), ("cow", contiguity(folder))):
        output("import", kind, path, "--record", folder / "my-record")
    return folder / "my-record"


@pytest.mark.parametrize("name", READS_ONLY)
def test_examples_of_each_command_work(tmp_path: Path, imported: Path, once: Once, name: str) -> None:
    shutil.copytree(imported, tmp_path / "my-record")
    for line in examples(name):
        words = shlex.split(line.split(" > ")[0])
        if "--record" not in words and "FIGURE-ID" not in words:
            assert once(*words[1:]), line
        elif "FIGURE-ID" not in words:
            done = run(*words[1:], cwd=tmp_path)
            assert done.returncode == 0, (line, done.stderr)
            assert done.stdout, line


def test_every_option_has_help() -> None:
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or isinstance(parameter.type, click.Choice), (name, parameter.name)


def test_a_bad_table_is_no_table_in_a_pipe(once: Once) -> None:
    text = once("assess", "RUS", "CHN")
    assert "\x1b" not in text
    assert "exercises" in text
    assert not any(line != line.rstrip() for line in text.splitlines())
