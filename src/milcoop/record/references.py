"""References: every cited page once, as a list, CSL-JSON and BibTeX with ASCII keys."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from milcoop.codebook.loader import Codebook
from milcoop.domain.dates import PartialDate
from milcoop.domain.event import Citation, Event, Figure


@dataclass(frozen=True, slots=True)
class Reference:
    """One cited page."""

    key: str
    url: str
    publisher: str
    title: str
    date: str
    language: str
    accessed: str


def collect_references(rows: Iterable[Event | Figure], codebook: Codebook) -> list[Reference]:
    """Pages cited by events and figures, once each, by publisher and date."""
    found: dict[str, Reference] = {}
    for row in rows:
        for citation in row.citations:
            if citation.url not in found:
                found[citation.url] = _reference(citation, codebook)
    return sorted(found.values(), key=lambda r: (r.publisher.casefold(), r.date, r.url))


def _reference(citation: Citation, codebook: Codebook) -> Reference:
    return Reference(
        key=_key(citation),
        url=citation.url,
        publisher=publisher_name(citation.url, citation.publisher, codebook),
        title=citation.title,
        date=str(citation.date) if citation.date else "undated",
        language=citation.language,
        accessed=str(citation.accessed),
    )


def publisher_name(url: str, written: str, codebook: Codebook) -> str:
    """The publisher in the original beside its English name, where the codebook knows both."""
    source = codebook.source_of(url)
    if source and source.native and source.native != source.name and source.native not in written:
        return f"{written} ({source.native})"
    return written


def _key(citation: Citation) -> str:
    """ASCII key that stays the same for the same page: publisher, year, digest of the address."""
    plain = unicodedata.normalize("NFKD", citation.publisher).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]", "", plain.casefold())[:20] or "page"
    year = citation.date.year if citation.date else "nd"
    return f"{word}-{year}-{hashlib.sha256(citation.url.encode()).hexdigest()[:6]}"


def to_csl(references: list[Reference]) -> list[dict[str, Any]]:
    """CSL-JSON items."""
    items = []
    for r in references:
        item: dict[str, Any] = {
            "id": r.key,
            "type": "webpage",
            "title": r.title,
            "publisher": r.publisher,
            "URL": r.url,
            "language": r.language,
            "accessed": {"date-parts": [_date_parts(r.accessed)]},
        }
        if r.date != "undated":
            item["issued"] = {"date-parts": [_date_parts(r.date)]}
        items.append(item)
    return items


def _date_parts(text: str) -> list[int]:
    return [int(p) for p in str(PartialDate(text)).split("-")]


def to_bibtex(references: list[Reference]) -> str:
    """BibTeX entries of type ``online``; braces and backslashes of titles are escaped."""
    entries = []
    for r in references:
        fields = {
            "title": r.title,
            "organization": r.publisher,
            "url": r.url,
            "date": r.date if r.date != "undated" else "",
            "urldate": r.accessed,
            "langid": r.language,
        }
        body = ",\n".join(
            f"  {name} = {{{value if name == 'url' else _escape(value)}}}" for name, value in fields.items() if value
        )
        entries.append(f"@online{{{r.key},\n{body}\n}}\n")
    return "\n".join(entries)


def _escape(text: str) -> str:
    return re.sub(r"([{}%&#$_])", r"\\\1", text.replace("\\", r"\textbackslash "))
