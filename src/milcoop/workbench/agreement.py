"""Agreement of the raters in a file: needs neither codebook nor record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from milcoop.checks.agreement import Agreement, measure_agreement
from milcoop.errors import InvalidRecord
from milcoop.record.exchange.ratings import read_ratings


def agreement_of_file(
    path: Path,
    columns: tuple[str, str, str],
    metric: str,
    order: Sequence[str],
    draws: int,
    seed: int,
) -> Agreement:
    """Agreement of the ratings in a CSV file with the columns of unit, rater and value (docs/checks.md).

    Raises InvalidRecord for a file that holds no such ratings, fewer than two raters, or no unit rated twice.
    """
    ratings = read_ratings(path, *columns)
    raters = sorted({r for by in ratings.values() for r in by})
    if len(raters) < 2:
        raise InvalidRecord(f"{path}: found one rater, '{raters[0]}', expected at least two")
    if all(len(by) < 2 for by in ratings.values()):
        raise InvalidRecord(f"{path}: no unit has two ratings, expected units rated by two raters or more")
    try:
        return measure_agreement(ratings, metric, order, draws, seed)
    except ValueError as error:
        raise InvalidRecord(f"{path}: {error}") from None
