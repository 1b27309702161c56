"""Planted rows of a pair, and its ledger of gains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from milcoop.domain.gains import Gains
from milcoop.workbench import Workbench, open_workbench
from tests.layer import event_row, search_row, write_layer

FAMILIES = [
    "agreement", "basing", "command", "confidence", "consultation", "education", "exercise", "friction", "operation",
    "policy", "posture", "statement", "technology", "transfer",
]  # fmt: skip


def delivery(name: str, **more: Any) -> dict[str, Any]:
    """A delivery of new goods from Brazil to Argentina worth 400 million."""
    value = [{"name": "value_usd", "best": 400, "unit": "USD million"}]
    fields = {"item": "thing", "category": "aircraft", "new_or_used": "new"}
    row = {
        "type": "transfer.delivery",
        "status": "delivered",
        "direction": "BRA>ARG",
        "fields": fields,
        "quantities": value,
    }
    return event_row(id=name, **(row | more))  # fmt: skip


def contract(name: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A contract of 2009 for new goods from Brazil to Argentina."""
    priced = [{"name": "value_usd", "best": value, "unit": "USD million"}] if value else None
    row = {"type": "transfer.contract", "status": "signed", "date": "2009-05-01", "quantities": priced}
    return delivery(name, **(row | more))


def statement(name: str, position: str, **more: Any) -> dict[str, Any]:
    """Words of a Brazilian official on Argentina."""
    fields = {
        "speaker": "X",
        "office": "minister",
        "speaker_state": "BRA",
        "speaker_kind": "official",
        "position": position,
    }
    row = {"type": "statement.assessment", "status": "made", "direction": "BRA>ARG", "fields": fields}
    return event_row(id=name, **(row | more))  # fmt: skip


def opened(
    tmp_path: Path, events: list[dict[str, Any]], codebook: dict[str, Any] | None = None, years: str = "2001/2020",
    as_of: str | None = None, figures: list[dict[str, Any]] | None = None,
) -> Workbench:  # fmt: skip
    """The workbench with planted rows of a pair searched for all families."""
    searches = [
        search_row(i, language, families=FAMILIES, years=years) for i, language in enumerate(("en", "pt", "es"))
    ]
    layer = write_layer(tmp_path / "mine", events=events, figures=figures, searches=searches, codebook=codebook)
    return open_workbench(layer, as_of)


def gains(tmp_path: Path, *events: dict[str, Any], **more: Any) -> Gains:
    """Gains of Argentina (first) and Brazil (second), 2001 to 2020."""
    span = {k: more.pop(k) for k in ("from_year", "to_year") if k in more}
    workbench = opened(tmp_path, list(events), **more)
    return workbench.gains(workbench.dyad("ARG", "BRA"), **({"from_year": 2001, "to_year": 2020} | span))


def value(found: Gains, name: str) -> Any:
    """Value of ``gains.<name>``."""
    return found.found[f"gains.{name}"].value


def points(found: Gains, coin: str = "material") -> tuple[Any, Any]:
    """Net points of Argentina and Brazil."""
    return value(found, f"total.{coin}.ARG"), value(found, f"total.{coin}.BRA")
