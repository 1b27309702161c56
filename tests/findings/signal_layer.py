"""A planted record of one pair, searched in every family, for tests of message against substance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from milcoop.domain.signals import Signals
from milcoop.workbench import Workbench, open_workbench
from tests.layer import event_row, search_row, write_layer

NAN = float("nan")
FAMILIES = ["exercise", "operation", "consultation", "statement", "policy"]
DEED_FAMILIES = ["transfer", "technology", "command", "basing", "education", "confidence"]


def searches(years: str = "2000/2020", families: list[str] | None = None) -> list[dict[str, Any]]:
    languages = ["en", "en", "es"]
    return [
        search_row(n, language, years=years, families=families or FAMILIES + DEED_FAMILIES)
        for n, language in enumerate(languages)
    ]


def planted(folder: Path, *events: dict[str, Any], **more: Any) -> Workbench:
    """A record folder with events of Brazil and Argentina, searched from 2000 to 2020 unless told otherwise."""
    rows = [event_row(**({"id": f"act-{i}"} | e)) for i, e in enumerate(events)]
    write_layer(folder, events=rows, searches=more.pop("searched", searches()), **more)
    return open_workbench(folder)


def signals(bench: Workbench, *window: int) -> Signals:
    return bench.signals(bench.dyad("BRA", "ARG"), *window)


def statement(type_: str, speaker: str, **more: Any) -> dict[str, Any]:
    other = {"BRA": "ARG", "ARG": "BRA"}[speaker]
    fields = {"speaker": "X", "office": "minister", "speaker_state": speaker, "speaker_kind": "official"}
    fields |= more.pop("fields", {})
    return {
        "type": type_,
        "status": "made",
        "direction": f"{speaker}>{other}",
        "fields": fields,
        "title": "Words",
    } | more
