"""The record as related tables of text, without loss: what the package is made of, and how rows are made of it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from milcoop.domain.event import Citation, Event, Figure, Gap, Search, plain_number
from milcoop.record.loader import Record

Table = list[dict[str, str]]

TABLES: Mapping[str, tuple[str, ...]] = {
    "events": (
        "id", "type", "title", "participants", "observers", "date", "status", "direction", "place", "series",
        "mechanism", "chain", "note", "credibility", "coding",
    ),
    "ordinals": ("event", "state", "number"),
    "statuses": ("event", "status", "date", "cite"),
    "fields": ("event", "field", "value", "cite"),
    "quantities": ("event", "name", "low", "best", "high", "unit", "cite"),
    "figures": ("id", "name", "participants", "direction", "date", "low", "best", "high", "unit", "title", "note"),
    "citations": ("row", "key", "url", "publisher", "title", "date", "language", "accessed"),
    "searches": ("id", "dyad", "families", "years", "language", "query", "on", "came_back", "not_found"),
    "gaps": ("id", "dyad", "families", "years", "what", "on"),
    "withdrawn": ("id", "title", "on", "reason", "see"),
}  # fmt: skip
"""Columns of each table; lists inside a cell are joined by ``;``; an empty cell is unknown."""


def record_tables(record: Record) -> dict[str, Table]:
    """All tables of a record, rows in the record's order."""
    tables: dict[str, Table] = {name: [] for name in TABLES}
    for event in record.events:
        _add_event(tables, event)
    for figure in record.figures:
        tables["figures"].append(_figure(figure))
        tables["citations"] += _citations(figure.id, figure.citations)
    tables["searches"] = [_search(s) for s in record.searches]
    tables["gaps"] = [_gap(g) for g in record.gaps]
    tables["withdrawn"] = [
        {"id": w.id, "title": w.title, "on": str(w.on), "reason": w.reason, "see": w.see or ""}
        for w in record.withdrawn
    ]
    return tables


def _add_event(tables: dict[str, Table], event: Event) -> None:
    tables["events"].append(
        {
            "id": event.id,
            "type": event.type,
            "title": event.title,
            "participants": ";".join(event.participants),
            "observers": ";".join(event.observers),
            "date": str(event.when),
            "status": event.status,
            "direction": event.direction,
            "place": event.place or "",
            "series": event.series or "",
            "mechanism": event.mechanism or "",
            "chain": event.chain or "",
            "note": event.note,
            "credibility": str(event.credibility),
            "coding": event.coding,
        }
    )
    tables["ordinals"] += [{"event": event.id, "state": who, "number": str(n)} for who, n in event.ordinals]
    tables["statuses"] += [
        {"event": event.id, "status": h.status, "date": str(h.date), "cite": ";".join(h.cite)} for h in event.history
    ]
    tables["fields"] += [
        {"event": event.id, "field": name, "value": v.value, "cite": ";".join(v.cite)}
        for name, values in (event.fields or {}).items()
        for v in values
    ]
    tables["quantities"] += [
        {"event": event.id, "name": q.name, **_range(q), "unit": q.unit, "cite": ";".join(q.cite)}
        for q in event.quantities
    ]
    tables["citations"] += _citations(event.id, event.citations)


def _range(row: Any) -> dict[str, str]:
    return {k: "" if (v := getattr(row, k)) is None else plain_number(v) for k in ("low", "best", "high")}


def _figure(figure: Figure) -> dict[str, str]:
    return {
        "id": figure.id,
        "name": figure.name,
        "participants": ";".join(figure.participants),
        "direction": figure.direction,
        "date": str(figure.when),
        **_range(figure),
        "unit": figure.unit,
        "title": figure.title,
        "note": figure.note,
    }


def _citations(row: str, citations: Iterable[Citation]) -> Table:
    return [
        {
            "row": row,
            "key": c.key,
            "url": c.url,
            "publisher": c.publisher,
            "title": c.title,
            "date": str(c.date) if c.date else "unknown",
            "language": c.language,
            "accessed": str(c.accessed),
        }
        for c in citations
    ]


def _years(years: range) -> str:
    return f"{years[0]}/{years[-1]}"


def _search(search: Search) -> dict[str, str]:
    return {
        "id": search.id,
        "dyad": ";".join(search.dyad),
        "families": ";".join(search.families),
        "years": _years(search.years),
        "language": search.language,
        "query": search.query,
        "on": str(search.on),
        "came_back": search.came_back,
        "not_found": search.not_found,
    }


def _gap(gap: Gap) -> dict[str, str]:
    return {
        "id": gap.id,
        "dyad": ";".join(gap.dyad),
        "families": ";".join(gap.families),
        "years": _years(gap.years),
        "what": gap.what,
        "on": str(gap.on),
    }


def rows_of_tables(tables: Mapping[str, Table]) -> dict[str, list[dict[str, Any]]]:
    """The inverse of ``record_tables``: rows by kind as they stand in a record folder."""
    parts: dict[str, dict[str, list[dict[str, str]]]] = {}
    for name, key in (
        ("ordinals", "event"),
        ("statuses", "event"),
        ("fields", "event"),
        ("quantities", "event"),
        ("citations", "row"),
    ):
        parts[name] = defaultdict(list)
        for row in tables.get(name, []):
            parts[name][row[key]].append(row)
    events = [
        _event_row(row, {name: rows[row["id"]] for name, rows in parts.items()}) for row in tables.get("events", [])
    ]
    figures = [
        _known({**row, "participants": _list(row["participants"]), **_numbers(row)})
        | {"citations": _citation_rows(parts["citations"][row["id"]])}
        for row in tables.get("figures", [])
    ]
    logs = {
        kind: [
            _known({**row, "dyad": _list(row["dyad"]), "families": _list(row["families"])})
            for row in tables.get(kind, [])
        ]
        for kind in ("searches", "gaps")
    }
    withdrawn = [_known(row) for row in tables.get("withdrawn", [])]
    return {"events": events, "figures": figures, **logs, "withdrawn": withdrawn}


def _event_row(row: dict[str, str], parts: Mapping[str, list[dict[str, str]]]) -> dict[str, Any]:
    out: dict[str, Any] = _known(
        {**row, "participants": _list(row["participants"]), "observers": _list(row["observers"])}
    )
    out["credibility"] = int(row["credibility"]) if row.get("credibility") else None
    ordinals = parts["ordinals"]
    if ordinals:
        out["ordinal"] = (
            int(ordinals[0]["number"]) if not ordinals[0]["state"] else {o["state"]: int(o["number"]) for o in ordinals}
        )
    out["history"] = [{"status": s["status"], "date": s["date"], "cite": _list(s["cite"])} for s in parts["statuses"]]
    fields: dict[str, list[dict[str, Any]]] = {}
    for f in parts["fields"]:
        fields.setdefault(f["field"], []).append({"value": f["value"], "cite": _list(f["cite"])})
    out["fields"] = fields
    out["quantities"] = [
        _known({"name": q["name"], **_numbers(q), "unit": q["unit"]}) | {"cite": _list(q["cite"])}
        for q in parts["quantities"]
    ]
    out["citations"] = _citation_rows(parts["citations"])
    return {k: v for k, v in out.items() if v not in ([], {}, None)}


def _citation_rows(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {r["key"]: {k: v for k, v in r.items() if k not in ("row", "key")} for r in rows}


def _numbers(row: Mapping[str, str]) -> dict[str, float | None]:
    return {k: float(row[k]) if row.get(k) else None for k in ("low", "best", "high")}


def _list(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is unknown, so that a folder's row leaves it out as a person would."""
    return {k: v for k, v in row.items() if v not in ("", None, [])}
