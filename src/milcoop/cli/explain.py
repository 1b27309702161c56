"""``milcoop explain``: from a number down to its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from milcoop.cli.options import open_from, record_options
from milcoop.cli.output import emit_json


@click.command(
    "explain",
    epilog="""\b
Examples:
  milcoop explain CHN-RUS:exercises:2024        a rating: criteria, events, sources
  milcoop explain joint-sea-2016                an event
  milcoop explain exercises.4.several           a criterion of the scale
  milcoop explain CHN-RUS:command:2021 --format json""",
)
@click.argument("id_", metavar="ID")
@click.option("--scale", "scale_id", metavar="ID", help="Scale of a rating or criterion; default: staged-7.")
@record_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(id_: str, scale_id: str | None, record: Path | None, as_of: str | None, format_: str) -> None:
    """Open a rating (AAA-BBB:area:year), an event, a figure or a criterion, down to its citations."""
    workbench = open_from(record, as_of)
    if ":" in id_:
        found = _rating(workbench, id_, scale_id)
    elif id_ in workbench.events_by_id:
        found = event_facts(workbench, workbench.events_by_id[id_])
    elif id_ in workbench.figures_by_id:
        found = _figure_facts(workbench, workbench.figures_by_id[id_])
    elif id_ in workbench.scale(scale_id).criteria():
        found = _criterion_facts(workbench, id_, scale_id)
    elif withdrawal := next((w for w in workbench.record.withdrawn if w.id == id_), None):
        found = {
            "kind": "withdrawn",
            "id": withdrawal.id,
            "title": withdrawal.title,
            "withdrawn on": str(withdrawal.on),
            "reason": withdrawal.reason,
            "see": withdrawal.see or "",
        }
    elif (imported := workbench.imported_event(id_)) is not None:
        found = event_facts(workbench, imported)
    else:
        from milcoop.errors import InvalidArgument, nearest

        known = [*workbench.events_by_id, *workbench.figures_by_id, *workbench.scale(scale_id).criteria()]
        raise InvalidArgument(
            f"found id '{id_}', expected a rating AAA-BBB:area:year or the id of an event, figure or criterion"
            + nearest(id_, known)
        )
    if format_ == "json":
        emit_json(found)
    else:
        click.echo(_as_text(found))


def _citations(row: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": c.key,
            "publisher": c.publisher,
            "title": c.title,
            "date": str(c.date) if c.date else "undated",
            "language": c.language,
            "url": c.url,
            "accessed": str(c.accessed),
        }
        for c in row.citations
    ]


def event_facts(workbench: Any, event: Any) -> dict[str, Any]:
    """Everything on record about one event, in the order in which a reader asks."""
    spec = workbench.codebook.types[event.type]
    place = workbench.place(event.place)
    return {
        "kind": "event",
        "id": event.id,
        "title": event.title,
        "type": f"{event.type} ({spec.label.en}, {spec.label.ru}, {spec.label.zh})",
        "when": str(event.when),
        "precision": event.when.precision,
        "status": event.status,
        "history": [f"{h.date} {h.status} [{','.join(h.cite)}]" for h in event.history],
        "participants": list(event.participants),
        "observers": list(event.observers),
        "direction": event.direction,
        "place": f"{place.label}{' ' + place.native if place.native else ''} ({place.lat}, {place.lon}; {place.precision})"
        if place
        else None,
        "series": _named(workbench.codebook.series, event.series),
        "ordinal": [f"{who}: {n}" if who else str(n) for who, n in event.ordinals],
        "mechanism": _named(workbench.codebook.mechanisms, event.mechanism),
        "chain": [e.id for e in workbench.record.events if event.chain and e.chain == event.chain and e.id != event.id],
        "fields": {
            name: [f"{v.value}{' [' + ','.join(v.cite) + ']' if v.cite else ''}" for v in values]
            for name, values in (event.fields or {}).items()
        },
        "quantities": [f"{q}{' [' + ','.join(q.cite) + ']' if q.cite else ''}" for q in event.quantities],
        "evidence for": list(workbench.areas_of(event)),
        "promise or practice": spec.standing,
        "note": event.note,
        "credibility": event.credibility,
        "coding": event.coding,
        "public on": str(event.public_on),
        "citations": _citations(event),
    }


def _named(entries: Any, key: str | None) -> str | None:
    entry = entries.get(key) if key else None
    return f"{entry.label.en} ({entry.label.ru}, {entry.label.zh})" if entry else key


def _figure_facts(workbench: Any, figure: Any) -> dict[str, Any]:
    spec = workbench.codebook.figures[figure.name]
    return {
        "kind": "figure",
        "id": figure.id,
        "title": figure.title,
        "name": f"{figure.name} ({spec.definition})",
        "when": str(figure.when),
        "direction": figure.direction,
        "value": {"low": figure.low, "best": figure.best, "high": figure.high, "unit": figure.unit},
        "note": figure.note,
        "public on": str(figure.public_on),
        "citations": _citations(figure),
    }


def _criterion_facts(workbench: Any, criterion_id: str, scale_id: str | None) -> dict[str, Any]:
    scale = workbench.scale(scale_id)
    area, rung = next((a, r) for a in scale.areas for r in a.rungs if any(c.id == criterion_id for c in r.criteria))
    criterion = scale.criteria()[criterion_id]
    return {
        "kind": "criterion",
        "id": criterion.id,
        "scale": f"{scale.id} {scale.version}, committed {scale.committed_on}",
        "area": area.label.en,
        "rung": f"{rung.level} {rung.label}",
        "why": rung.why,
        **criterion.model_dump(exclude_defaults=True, exclude={"id"}),
    }


def _rating(workbench: Any, rating_id: str, scale_id: str | None) -> dict[str, Any]:
    from milcoop.findings.next_rung import find_next_rung

    assessment, rating = workbench.rating(rating_id, scale_id)
    area = assessment.scale.area(rating.area)
    missing = find_next_rung(rating, area)
    cell = workbench.estimates(assessment).cells.get((rating.area, rating.year))
    cited = dict.fromkeys(e for c in rating.criteria if c.met for e in c.events)
    return {
        "kind": "rating",
        "id": rating.id,
        "dyad": list(assessment.dyad.states),
        "area": area.label.en,
        "on": rating.on,
        "level": rating.level,
        "label": rating.label,
        "coverage": rating.coverage,
        "probabilities": {f"{v:g}": round(p, 3) for v, p in cell.probabilities.items()} if cell else None,
        "variants kept": f"{rating.variants_kept} of {rating.variants}" if rating.variants else None,
        "skipped rungs": list(rating.skipped),
        "missing for the next rung": [f"{c.text}: found {c.value:g}, needs {c.threshold:g}" for c in missing.missing]
        if missing
        else [],
        "criteria": [
            {
                "id": c.id,
                "rung": c.level,
                "text": c.text,
                "met": c.met,
                "found": c.value,
                "needs": c.threshold,
                "window": c.window,
                "events": list(c.events),
                "implied by": list(c.implied_by),
            }
            for c in rating.criteria
        ],
        "events": [
            event_facts(workbench, workbench.events_by_id[i])
            if i in workbench.events_by_id
            else _figure_facts(workbench, workbench.figures_by_id[i])
            for i in cited
        ],
    }


def _as_text(found: dict[str, Any]) -> str:
    if found["kind"] == "rating":
        return _rating_text(found)
    lines = [f"{found['id']}: {found.get('title') or found.get('text', '')}"]
    for name, value in found.items():
        if name in ("kind", "id", "title", "citations") or value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            value = "; ".join(
                f"{k} {', '.join(v) if isinstance(v, list) else v}" for k, v in value.items() if v is not None
            )
        elif isinstance(value, list | tuple):
            value = "; ".join(map(str, value))
        lines.append(f"  {name}: {value}")
    return "\n".join(lines + _citation_lines(found, "  "))


def _citation_lines(found: dict[str, Any], indent: str) -> list[str]:
    return [
        f"{indent}[{c['key']}] {c['publisher']}, {c['title']}, {c['date']} ({c['language']}). {c['url']} "
        f"(opened {c['accessed']})"
        for c in found.get("citations", [])
    ]


def _rating_text(found: dict[str, Any]) -> str:
    level = found["label"] if found["level"] is None else f"level {found['level']} ({found['label']})"
    lines = [f"{found['id']}: {found['area']} on {found['on']}: {level}, coverage {found['coverage']}"]
    if found["probabilities"]:
        shares = ", ".join(f"{level}: {p:.0%}" for level, p in found["probabilities"].items())
        lines.append(f"  shares of redraws of the evidence by level: {shares}")
    if found["variants kept"]:
        lines.append(f"  one-step variants of thresholds and windows that keep the level: {found['variants kept']}")
    if found["skipped rungs"]:
        lines.append(f"  rungs met above a gap: {', '.join(map(str, found['skipped rungs']))}")
    lines += [f"  missing for the next rung: {m}" for m in found["missing for the next rung"]]
    for c in found["criteria"]:
        mark = "met    " if c["met"] else "not met"
        window = f", {c['window']} years" if c["window"] else ""
        lines.append(f"  {mark} {c['id']}: {c['text']} (found {c['found']:g}, needs {c['needs']:g}{window})")
        if c["implied by"]:
            lines.append(f"          implied by what is in force: {' '.join(c['implied by'])}")
        elif c["met"] and c["events"]:
            lines.append(f"          {' '.join(c['events'])}")
    lines.append("\nEvents")
    for event in found["events"]:
        lines.append(f"- {event['when']} {event['title']} [{event['id']}]")
        lines += _citation_lines(event, "    ")
    return "\n".join(lines)
