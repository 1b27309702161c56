"""A page that shows what a change does to the record: rows as readers will see them, and levels before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from milcoop.domain.event import plain_number
from milcoop.findings.level_changes import LevelChange
from milcoop.record.exchange.diff import RowChange
from milcoop.version import __version__

ASSETS = files("milcoop.report") / "assets"
SHOWN_APART = frozenset({"id", "title", "citations"})


def render_preview(changes: Sequence[RowChange], levels: Sequence[LevelChange], old: str, new: str) -> str:
    """One offline HTML text. ``old`` and ``new`` name the two sides as the user gave them."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["words"] = _words
    template = environment.from_string((ASSETS / "preview.html.j2").read_text("utf-8"))
    return template.render(
        changes=changes,
        tally=sorted(Counter(c.change for c in changes).items()),
        levels=levels,
        old=old,
        new=new,
        apart=SHOWN_APART,
        css=(ASSETS / "report.css").read_text("utf-8"),
        version=__version__,
    )


def _words(value: Any) -> str:
    """A value of a row as words; citations by their publisher and address."""
    if value in (None, "", [], {}):
        return "unknown"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, Mapping):
        if "url" in value:
            return f"{value.get('publisher')}: {value.get('title')} {value['url']}"
        marks = f" [{', '.join(value['cite'])}]" if value.get("cite") else ""
        said = [
            _words(v) if k in ("value", "name", "unit") else f"{k} {_words(v)}"
            for k, v in value.items()
            if k != "cite" and v not in (None, "", [], {})
        ]
        return " ".join(said) + marks if marks or {"value", "name"} & {*value} else "; ".join(said)
    if isinstance(value, list | tuple):
        return ("; " if value and isinstance(value[0], Mapping) else ", ").join(_words(v) for v in value)
    return str(value)
