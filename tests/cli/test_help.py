"""Help: what can be asked, with examples that work."""

import re
import shlex
from pathlib import Path

import pytest

from milcoop import __version__
from milcoop.cli.main import COMMANDS
from tests.command import output, run


def test_alone_it_says_what_can_be_asked() -> None:
    text = output()
    assert all(re.search(rf"milcoop {name}\b", text) for name in COMMANDS)
    assert "?" in text


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
def test_examples_of_each_command_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "my-record").mkdir()
    told = examples(name)
    assert len(told) >= 2
    for line in told:
        words = shlex.split(line.split(">")[0])
        assert words[1] == name
        if "FIGURE-ID" in words:
            continue
        if name == "report":
            words += ["--kind", "quicklook", "--format", "md"]  # the kinds and formats themselves: tests/report
        done = run(*words[1:], cwd=tmp_path)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


def test_every_option_has_help() -> None:
    import click

    from milcoop.cli.main import cli

    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or isinstance(parameter.type, click.Choice), (name, parameter.name)


def test_a_bad_table_is_no_table_in_a_pipe() -> None:
    text = output("assess", "RUS", "CHN")
    assert "\x1b" not in text
    assert "exercises" in text
    assert not any(line != line.rstrip() for line in text.splitlines())
