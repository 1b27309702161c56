"""A panel of answers: units over time, items, raters, read from a table by a specification."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from milcoop.errors import InvalidArgument, check_known
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ORDINAL = ("binary", "ordered")
MOST_TIMES = 1000
"""Longest span of a unit: a path of n times takes n² numbers."""


@dataclass(frozen=True)
class Item:
    """One item as found in the data."""

    name: str
    spec: ItemSpec
    categories: tuple[float, ...] = ()
    """Distinct answers in order, for binary and ordered items."""
    centre: float = 0.0
    """Mean of a continuous item, which is measured from it."""
    scale: float = 1.0
    """Standard deviation of a continuous item, in which it is measured."""


@dataclass(frozen=True)
class Panel:
    """Answers in parallel arrays of length N, and what their numbers mean."""

    units: tuple[str, ...]
    groups: tuple[str, ...]
    items: tuple[Item, ...]
    raters: tuple[str, ...]
    group_of: Ints
    """Group of each unit; empty without groups."""
    first: Ints
    """First time of each unit, shape (units,); nought where there is no time."""
    span: Ints
    """Consecutive times of each unit, shape (units,)."""
    unit: Ints
    time: Ints
    """Steps since the unit's first time."""
    item: Ints
    rater: Ints
    value: Floats
    """Category number from nought (ordinal), count, or standardised value."""
    exposure: Floats
    notes: tuple[str, ...]
    """What was left out and why."""
    digest: str
    """SHA-256 of the answers, shortened."""

    @property
    def longest(self) -> int:
        """Longest span of a unit."""
        return int(self.span.max())


def read_table(path: Path, spec: MeasureSpec) -> pd.DataFrame:
    """Read a CSV file (``.gz`` too) as text. Raises InvalidArgument for a file that is none or lacks a column."""
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidArgument(f"--data: no file {path}") from None
    except (OSError, ValueError, EOFError) as error:
        raise InvalidArgument(f"--data: {path} cannot be read as a CSV table: {error}") from None
    if table.empty:
        raise InvalidArgument(f"--data: {path} holds no rows")
    wanted = [spec.unit, spec.time, spec.group, spec.rater, spec.exposure]
    wanted += [spec.item, spec.value] if spec.item else list(spec.items)
    for column in wanted:
        if column is not None:
            check_known("column", column, table.columns)
    return table


def make_panel(table: pd.DataFrame, spec: MeasureSpec) -> Panel:
    """Turn a table of text into a panel. Raises InvalidArgument for values that the specification does not allow."""
    long = _as_long(table, spec)
    long = long[~long["value"].isin(spec.missing)]
    if long.empty:
        raise InvalidArgument("the data hold no answers: every value is missing")
    values = _numbers(long["value"], spec)
    notes: list[str] = []
    items, kept, coded = _items(long["item"].to_numpy(dtype=object), values, spec, notes)
    long, coded = long[kept], coded[kept]
    units, unit = _codes(long["unit"])
    raters, rater = _codes(long["rater"])
    names = [i.name for i in items]
    item = np.array([names.index(n) for n in dict.fromkeys(long["item"])])[_codes_in_order(long["item"])]
    first, span, time = _times(long, unit, len(units), spec)
    groups, group_of = _groups(long, unit, len(units)) if spec.group else ((), np.zeros(0, dtype=np.int64))
    for name in (*spec.start, *([spec.orient] if spec.orient else [])):
        check_known("unit", name, units)
    exposure = _exposure(long) if spec.exposure else np.ones(len(long))
    digest = hashlib.sha256(long.sort_index().to_csv(index=False).encode()).hexdigest()[:16]
    return Panel(
        units,
        groups,
        items,
        raters,
        group_of,
        first,
        span,
        unit,
        time,
        item,
        rater,
        coded,
        exposure,
        tuple(notes),
        digest,
    )


def _as_long(table: pd.DataFrame, spec: MeasureSpec) -> pd.DataFrame:
    import pandas as pd

    columns = {
        "unit": spec.unit,
        "time": spec.time,
        "group": spec.group,
        "rater": spec.rater,
        "exposure": spec.exposure,
    }
    fixed = {name: table[column] for name, column in columns.items() if column}
    if spec.item and spec.value:
        long = pd.DataFrame({**fixed, "item": table[spec.item], "value": table[spec.value]})
    elif spec.item or (spec.value and spec.items):
        raise InvalidArgument(
            "the specification needs both 'item' and 'value' (a long file), or 'items' alone (a wide one)"
        )
    elif spec.value:
        long = pd.DataFrame({**fixed, "item": spec.value, "value": table[spec.value]})
    elif spec.items:
        parts = [pd.DataFrame({**fixed, "item": name, "value": table[name]}) for name in spec.items]
        long = pd.concat(parts, ignore_index=True)
    else:
        raise InvalidArgument("the specification names no items: give 'item' and 'value', or 'items'")
    if "rater" not in long:
        long["rater"] = ""
    return long


def _numbers(text: pd.Series[str], spec: MeasureSpec) -> Floats:
    out = np.empty(len(text))
    known: dict[str, float] = dict(spec.recode)
    for i, value in enumerate(text):
        if value not in known:
            try:
                known[value] = float(value)
            except ValueError:
                raise InvalidArgument(
                    f"found the value '{value}' in row {text.index[i] + 2}, expected a number, a key of 'recode' or one of 'missing'"
                ) from None
        out[i] = known[value]
    if not np.isfinite(out).all():
        raise InvalidArgument("found a value that is not finite, expected numbers; name it under 'missing'")
    return out


def _items(
    names: NDArray[np.object_], values: Floats, spec: MeasureSpec, notes: list[str]
) -> tuple[tuple[Item, ...], NDArray[np.bool_], Floats]:
    order = list(dict.fromkeys(names))
    for name in spec.items:
        if name not in order:
            raise InvalidArgument(f"found item '{name}' in the specification, but no answer to it in the data")
    rows_of: dict[str, list[int]] = {n: [] for n in order}
    for i, name in enumerate(names):
        rows_of[name].append(i)
    items: list[Item] = []
    kept, coded = np.zeros(len(values), dtype=bool), values.copy()
    flat = 0
    for name in order:
        item = spec.items.get(name, spec.default)
        rows = np.array(rows_of[name])
        found = np.unique(values[rows])
        if item.categories and item.kind in ORDINAL:
            found = np.array(item.categories)
            if unknown := sorted(set(values[rows].tolist()) - set(item.categories)):
                raise InvalidArgument(f"item '{name}' has the answer {unknown[0]:g}, which is none of its categories")
        if len(found) < 2:
            flat += 1
            continue
        kept[rows] = True
        if item.kind == "binary" and len(found) > 2:
            raise InvalidArgument(f"item '{name}' is binary but has {len(found)} different values; call it ordered")
        if item.kind == "count" and ((values[rows] < 0) | (values[rows] % 1 != 0)).any():
            raise InvalidArgument(f"item '{name}' is a count, but its values are not all whole numbers from nought")
        if item.kind in ORDINAL:
            if len(found) > 30:
                raise InvalidArgument(f"item '{name}' is ordered but has {len(found)} values; call it continuous")
            items.append(Item(name, item, tuple(found.tolist())))
            coded[rows] = np.searchsorted(found, values[rows])
        elif item.kind == "continuous":
            centre, scale = float(values[rows].mean()), float(values[rows].std())
            items.append(Item(name, item, (), centre, scale))
            coded[rows] = (values[rows] - centre) / scale
        else:
            items.append(Item(name, item))
    if flat:
        notes.append(f"{flat} of {len(order)} items left out: all answers to them are the same")
    if not items:
        raise InvalidArgument("no item has two different answers")
    return tuple(items), kept, coded


def _codes(column: pd.Series[str]) -> tuple[tuple[str, ...], Ints]:
    names = tuple(sorted(set(column)))
    index = {n: i for i, n in enumerate(names)}
    return names, np.array([index[v] for v in column], dtype=np.int64)


def _codes_in_order(column: pd.Series[str]) -> Ints:
    index = {n: i for i, n in enumerate(dict.fromkeys(column))}
    return np.array([index[v] for v in column], dtype=np.int64)


def _times(long: pd.DataFrame, unit: Ints, n: int, spec: MeasureSpec) -> tuple[Ints, Ints, Ints]:
    if spec.dynamics == "static":
        return np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.int64), np.zeros(len(unit), dtype=np.int64)
    if spec.time is None:
        raise InvalidArgument("dynamics: random-walk needs the column of 'time'")
    try:
        time = np.array([int(t) for t in long["time"]], dtype=np.int64)
    except ValueError as error:
        raise InvalidArgument(f"column '{spec.time}' must hold whole numbers: {error}") from None
    first, last = np.full(n, time.max()), np.full(n, time.min())
    np.minimum.at(first, unit, time)
    np.maximum.at(last, unit, time)
    span = last - first + 1
    if span.max() > MOST_TIMES:
        i = int(span.argmax())
        raise InvalidArgument(
            f"a unit's times run from {first[i]} to {last[i]} in column '{spec.time}', expected at most {MOST_TIMES} steps; count years, terms or waves"
        )
    return first, span, time - first[unit]


def _groups(long: pd.DataFrame, unit: Ints, n: int) -> tuple[tuple[str, ...], Ints]:
    names, code = _codes(long["group"])
    of = np.full(n, -1, dtype=np.int64)
    of[unit] = code
    if (of[unit] != code).any():
        raise InvalidArgument("a unit stands in more than one group; units must be nested in groups")
    return names, of


def _exposure(long: pd.DataFrame) -> Floats:
    try:
        found = np.asarray(long["exposure"].astype(float), dtype=np.float64)
    except ValueError as error:
        raise InvalidArgument(f"the exposure must be a number: {error}") from None
    if not (found > 0).all():
        raise InvalidArgument("the exposure must be above nought; what was not observed is a missing answer")
    return found
