"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from milcoop.cli.output import FORMATS

if TYPE_CHECKING:
    from datetime import date

    from milcoop.record.datasets import Dataset
    from milcoop.workbench import Workbench

Command = TypeVar("Command", bound=Callable[..., Any])


def record_options(command: Command) -> Command:
    """``--record DIR`` and ``--as-of DATE``."""
    command = click.option(
        "--as-of", "as_of", metavar="DATE", help="Only what could be known on this date (YYYY, YYYY-MM or YYYY-MM-DD)."
    )(command)
    return click.option(
        "--record",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Folder of your own events, figures and codebook entries, layered over the bundled record [MILCOOP_RECORD].",
    )(command)


def dataset_option(command: Command) -> Command:
    """``--dataset NAME``: rows of an imported dataset instead of the record."""
    return click.option(
        "--dataset",
        metavar="NAME",
        help="Rows of a dataset that was imported into the record folder, e.g. sipri-milex.",
    )(command)


def open_dataset(record: Path | None, name: str | None) -> Dataset | None:
    """The imported dataset that ``--dataset`` asks for; None without it."""
    from milcoop.record.datasets import named_dataset
    from milcoop.settings import read_settings

    return named_dataset(record or read_settings().record, name) if name else None


def dyad_arguments(command: Command) -> Command:
    """Two states: ISO3, COW code or abbreviation, or a name in English, Russian or Chinese."""
    command = click.argument("state_b", metavar="STATE")(command)
    return click.argument("state_a", metavar="STATE")(command)


def format_option(*more: str) -> Callable[[Command], Command]:
    """``--format`` with table, json, csv and the formats given."""
    return click.option(
        "--format", "format_", type=click.Choice([*FORMATS, *more]), default="table", show_default=True, help="Output."
    )


def open_from(record: Path | None, as_of: str | None = None) -> Workbench:
    """The workbench that the options ask for."""
    from milcoop.settings import read_settings
    from milcoop.workbench import open_workbench

    return open_workbench(record or read_settings().record, as_of)


def date_bound(text: str | None, option: str, *, last: bool) -> date | None:
    """First or last day of a date given to an option; InvalidArgument for what is no date."""
    from milcoop.domain.dates import parse_date
    from milcoop.errors import InvalidArgument

    if text is None:
        return None
    try:
        parsed = parse_date(text)
    except ValueError as error:
        raise InvalidArgument(f"{option}: {error}") from None
    return parsed.last_day if last else parsed.first_day
