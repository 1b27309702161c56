"""Deals of two states with all partners, read from an imported trade register without making an event of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from milcoop.domain.dependence import Deal, Register
from milcoop.domain.dyad import Dyad
from milcoop.errors import InvalidRecord
from milcoop.record.datasets import Dataset
from milcoop.record.rows import EventRow

REGISTER_NAME = "sipri-trade-register"
"""Dataset that ``milcoop import sipri`` makes of a trade register."""
_DELIVERED = re.compile(r"(?:^|\. )Delivered ((?:\d{4}; ?)*\d{4})(?:\.|$)")


def read_register_of(dataset: Dataset, dyad: Dyad) -> Register:
    """The deals in which either state gives or receives. Raises InvalidRecord for a row that is no deal."""
    path = dataset.folder / "events.jsonl"
    marks = [f'"{s}>' for s in dyad.states] + [f'>{s}"' for s in dyad.states]
    deals, undated, of_pair = [], 0, []
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if any(mark in line for mark in marks):
                try:
                    row = json.loads(line)
                    deal = _deal(row)
                    if set(row["participants"]) == set(dyad.states):
                        of_pair.append(EventRow.model_validate(row).to_event(str(path)))
                except (KeyError, ValueError, IndexError, TypeError) as error:
                    raise InvalidRecord(f"{path}:{number}: found no deal of a register ({error})") from error
                if deal is None:
                    continue
                if deal.years:
                    deals.append(deal)
                else:
                    undated += 1
    return Register(dataset.name, date.fromisoformat(dataset.vintage), deals, undated, tuple(of_pair))


def _deal(row: dict[str, Any]) -> Deal | None:
    """A deal with something delivered; None for one of which nothing was."""
    tiv = sum(q["best"] for q in row["quantities"] if q["name"] == "tiv_delivered")
    if not tiv:
        return None
    giver, receiver = row["direction"].split(">")
    found = _DELIVERED.findall(row["note"])
    years = sorted({int(y) for y in re.findall(r"\d{4}", found[-1])}) if found else _of_history(row["history"])
    return Deal(row["id"], giver, receiver, row["fields"]["category"], tiv, tuple(years))


def _of_history(history: Iterable[dict[str, Any]]) -> list[int]:
    return sorted({int(str(h["date"])[:4]) for h in history if h["status"] == "delivered"})
