"""Events as PLOVER records, one JSON object a line. Lossy, and it says so: the header of the crosswalk lists what is lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from milcoop.codebook.entries import TheirType
from milcoop.codebook.loader import Codebook
from milcoop.codebook.states import name_of
from milcoop.domain.event import Event
from milcoop.record.loader import Record

README = """# PLOVER records

{n} of {total} events of the record {version}, by the crosswalk `plover` of the codebook (`milcoop codebook plover`).

This is lossy. {note} Levels cannot be rebuilt from this file; use `milcoop export package` for that. `milcoop` holds our id and type.

Left out:
{left_out}
"""


def plover_files(record: Record, codebook: Codebook) -> dict[str, bytes]:
    """File name -> content: the records and a readme that says what was lost."""
    crosswalk, version = codebook.crosswalks["plover"], record.version
    records: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for event in record.events:
        kind = crosswalk.their_type(event.type)
        if event.status in crosswalk.left_out:
            left_out[f"status {event.status}"] += 1
        elif kind is None:
            left_out[f"type {event.type} has no counterpart"] += 1
        else:
            intended = crosswalk.intent if event.status == "announced" else None
            records.append(_record(event, intended or kind, codebook, version))
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    readme = README.format(
        n=len(records),
        total=len(records) + left_out.total(),
        version=version,
        note=crosswalk.note,
        left_out="\n".join(f"- {n}: {reason}" for reason, n in left_out.most_common()) or "- nothing",
    )
    return {"plover.jsonl": lines.encode(), "README.md": readme.encode()}


def _record(event: Event, kind: TheirType, codebook: Codebook, version: str) -> dict[str, Any]:
    giver, _, receiver = event.direction.partition(">")
    sources = [giver] if receiver else list(event.participants)
    return {
        "id": f"milcoop-{event.id}",
        "date": str(event.when.start),
        "source": [_actor(s, codebook) for s in sources],
        **({"target": [_actor(receiver, codebook)]} if receiver else {}),
        "event": kind.event,
        "mode": kind.mode,
        "context": list(kind.context),
        "eventText": event.title,
        "language": event.citations[0].language,
        "publication": event.citations[0].publisher,
        "url": event.citations[0].url,
        "coder": event.coding,
        "version": version,
        "milcoop": {"id": event.id, "type": event.type, "status": event.status},
    }


def _actor(state: str, codebook: Codebook) -> dict[str, str]:
    return {"actorText": name_of(codebook, state), "code": state, "sector": "GOV"}
