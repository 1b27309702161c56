"""``milcoop codebook``: what the words mean, and every rule, weight and threshold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from milcoop.cli.output import emit_json, emit_table


@click.command(
    "codebook",
    epilog="""\b
Examples:
  milcoop codebook                     kinds of entries and families of events
  milcoop codebook exercise.naval      a type
  milcoop codebook staged-7            the scale with every threshold
  milcoop codebook exercises           one area of the scale
  milcoop codebook command --format json""",
)
@click.argument("term", required=False)
@click.option("--record", metavar="DIR", type=click.Path(path_type=Path), help="Your folder over the bundled record.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(term: str | None, record: Path | None, format_: str) -> None:
    """Show an entry of the codebook: family, type, field, area, scale, series, mechanism, place, source, state."""
    from milcoop.codebook.loader import load_codebook
    from milcoop.errors import InvalidArgument, nearest
    from milcoop.settings import read_settings

    layer = record or read_settings().record
    codebook = load_codebook(layer / "codebook" if layer else None)
    if term is None:
        _overview(codebook, format_)
        return
    found = find_entries(codebook, term)
    if not found:
        known = sorted({i for kind in _kinds(codebook).values() for i in kind} | set(_areas(codebook)))
        raise InvalidArgument(f"found term '{term}', expected the id of a codebook entry{nearest(term, known)}")
    if format_ == "json":
        emit_json([{"kind": kind, **entry.model_dump(mode="json", by_alias=True)} for kind, entry in found])
        return
    for kind, entry in found:
        click.echo(f"{kind}: {entry.id}")
        _print(entry.model_dump(mode="json", by_alias=True, exclude={"id"}, exclude_defaults=True), 1)


def _kinds(codebook: Any) -> dict[str, dict[str, Any]]:
    from milcoop.codebook.loader import KINDS

    return {kind: getattr(codebook, kind) for kind in KINDS}


def _areas(codebook: Any) -> dict[str, Any]:
    return {a.id: a for s in codebook.scales.values() for a in s.areas}


def find_entries(codebook: Any, term: str) -> list[tuple[str, Any]]:
    """Entries of any kind with this id, areas of the scales included."""
    found = [(kind, entries[term]) for kind, entries in _kinds(codebook).items() if term in entries]
    if term in _areas(codebook):
        found.append(("area", _areas(codebook)[term]))
    return found


def _overview(codebook: Any, format_: str) -> None:
    kinds = {kind: len(entries) for kind, entries in _kinds(codebook).items()}
    if format_ == "json":
        emit_json({"version": codebook.version, "entries": {k: sorted(e) for k, e in _kinds(codebook).items()}})
        return
    click.echo(f"codebook {codebook.version}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()) + "\n")
    rows = [
        {
            "family": f.id,
            "meaning": f.definition,
            "types": ", ".join(t.id.partition(".")[2] for t in codebook.types.values() if t.family == f.id),
        }
        for f in codebook.families.values()
    ]
    emit_table(rows, ["family", "meaning", "types"])
    click.echo("\nscales: " + ", ".join(f"{s.id} ({s.title})" for s in codebook.scales.values()))
    click.echo("Open a word: milcoop codebook TERM")


def _print(value: Any, depth: int, name: str = "") -> None:
    pad = "  " * depth
    head = f"{pad}{name}: " if name else pad
    if isinstance(value, dict):
        if all(not isinstance(v, dict | list) for v in value.values()) and len(value) <= 4 and name:
            click.echo(head + "; ".join(f"{k} {v}" for k, v in value.items()))
            return
        if name:
            click.echo(head.rstrip())
        for key, item in value.items():
            _print(item, depth + bool(name), key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        click.echo(head.rstrip())
        for item in value:
            _print(item, depth + 1)
            click.echo("")
    elif isinstance(value, list):
        click.echo(head + ", ".join(map(str, value)))
    else:
        click.echo(f"{head}{value}")
