"""The ``milcoop`` command: a group that imports a subcommand only when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any

import click

from milcoop.errors import MilcoopError

COMMANDS = {
    "assess": "Rate the cooperation of two states, area by area, with the deciding events.",
    "events": "List the cited events between two states.",
    "figures": "List cited values: shares, trade, force levels, published counts.",
    "mechanisms": "List standing mechanisms: level, rounds, regularity, last round, lapses.",
    "trajectory": "Probability of expansion, plateau and decline by area; breaks in yearly acts.",
    "forecast": "Levels and yearly counts one to five years on, as distributions; scenarios.",
    "backtest": "Score forecasts from vintages of the record against what came.",
    "questions": "Forecasts frozen before the day: resolved, scored, as a track record.",
    "gains": "Who gets what, in which coin, where it turned, and what it frees at a shared border.",
    "signals": "Message against substance of joint acts; words against deeds; shared concerns.",
    "dependence": "Who depends on whom: shares both ways, critical inputs, flows, needs, where it turns.",
    "limits": "Tests of alliance: duty, claims, support in crisis, command, bases, words.",
    "watch": "Indicators to watch: seen, quiet, overdue; what changed since a day; a feed.",
    "readings": "Weigh competing readings of a pair against lines of evidence.",
    "compare": "Set the levels of several pairs of states beside each other.",
    "measure": "Measure a hidden trait from anyone's panel of items and raters.",
    "rerate": "Levels before and after events, weights or thresholds are changed; decisive events.",
    "explain": "Open a rating, event, figure or criterion down to its sources.",
    "reconcile": "Set published totals beside our counts under their rules.",
    "export": "Write the record as a data package, levels as a panel, or references.",
    "import": "Read a data package into a record folder of your own.",
    "diff": "List what changed between two records or vintages.",
    "report": "Write a full, summary or quick-look report as HTML, PDF and Markdown.",
    "sensitivity": "What a level hangs on: sources, families, weights, thresholds left out or moved.",
    "agreement": "How far raters of the same units agree: Krippendorff's alpha of a CSV file.",
    "validate": "Check the codebook and the record; exit 1 when something is wrong.",
    "codebook": "Show what a word of the codebook means; every weight and threshold.",
}

MODULES = {"import": "import_"}
"""Commands whose name is a word of the language."""

QUESTIONS = """\
How deep is the military cooperation of two states?     milcoop assess RUS CHN
Says who?                                               milcoop explain CHN-RUS:exercises:2024
What happened, when, by which source?                   milcoop events RUS CHN --from 2022
Which numbers do the sceptics cite?                     milcoop figures RUS CHN
Where is it heading, and since when?                    milcoop trajectory RUS CHN
What next, over one to five years?                      milcoop forecast RUS CHN
How well would that have done?                          milcoop backtest --origin 2022-11-30 RUS CHN
Who gains, in which coin?                               milcoop gains RUS CHN
How real is it, how much is message?                    milcoop signals RUS CHN
Who depends on whom, and for what?                      milcoop dependence RUS CHN
What holds it back from an alliance?                    milcoop limits RUS CHN
What to watch, and what is new since a day?             milcoop watch RUS CHN --since 2025-12-31
Which reading of it does the evidence support?          milcoop readings RUS CHN
How does it compare with other pairs?                   milcoop compare RUS CHN --with USA JPN
What do my own items and raters measure?                milcoop measure --spec FILE --data FILE
What if an event or a threshold were another?           milcoop rerate RUS CHN --set exercises.4.several.per_year=4
On which single events does a level hang?               milcoop rerate RUS CHN --decisive
Who talks to whom, how regularly?                       milcoop mechanisms RUS CHN
What was known on a day?                                milcoop assess RUS CHN --as-of 2014-12-31
Why do two trackers disagree?                           milcoop reconcile RUS CHN
What does a level hang on?                              milcoop sensitivity RUS CHN
Do raters agree?                                        milcoop agreement ratings.csv
The whole on paper                                      milcoop report RUS CHN --out out
What changed since a day?                               milcoop diff 2025-12-31 bundled
The evidence as files                                   milcoop export package out/record
Is the record sound?                                    milcoop validate
What does a word mean, where does a threshold stand?    milcoop codebook exercises
"""


class LazyGroup(click.Group):
    """A group whose commands live in ``milcoop.cli.<name>`` as ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a reader needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"milcoop.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Refuse an unknown command with the nearest names."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from milcoop.errors import InvalidArgument, nearest

            raise InvalidArgument(
                f"found command '{args[0]}', expected one of {', '.join(COMMANDS)}{nearest(args[0], COMMANDS)}"
            )
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="milcoop", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Measure military cooperation between two states from cited public evidence."""
    if ctx.invoked_subcommand is None:
        click.echo("milcoop measures military cooperation between two states from cited public evidence.\n")
        click.echo(QUESTIONS)
        click.echo("Every command has --help with examples.")


def main() -> None:
    """Run the command line; errors are one line on stderr with exit code 2, never a traceback."""
    gc.set_threshold(100_000)  # reading the record makes many objects that all stay: looking through them is in vain
    try:
        code = cli.main(prog_name="milcoop", standalone_mode=False)
    except MilcoopError as error:
        _fail(str(error))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "milcoop"
        _fail(f"{error.format_message()} (see '{command} --help')")
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
    click.echo(f"milcoop: {' '.join(message.split())}", err=True)
    sys.exit(2)
