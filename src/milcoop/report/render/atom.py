"""The watch as an Atom feed (RFC 4287): one entry an act and indicator, the same ids from run to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from milcoop.domain.event import Event
from milcoop.domain.watch import Reading, Sign, Watch
from milcoop.version import __version__

ATOM = "http://www.w3.org/2005/Atom"
NAME = "https://milcoop.invalid/watch"
"""Names the ids are made of; no page stands there."""


def atom_feed(watch: Watch, events: Mapping[str, Event], name_of: Callable[[str], str]) -> bytes:
    """Sure signs of indicators that have not expired: those new since the day asked for, else those in the windows.

    An entry is updated on the later of the act and its first dated page; the feed on the last of them.
    """
    register_namespace("", ATOM)
    dyad = watch.found.dyad
    names = " and ".join(name_of(s) for s in dyad.states)
    signs = [(r, s) for r in watch.readings if not r.expired for s in _signs(r, watch.since)]
    signs.sort(key=lambda pair: (_updated(pair[1]), pair[1].event, pair[0].id), reverse=True)
    feed = Element(f"{{{ATOM}}}feed")
    _text(feed, "id", _id(dyad.id))
    _text(feed, "title", f"What to watch: {names}")
    since = f", new since {watch.since.isoformat()}" if watch.since else ""
    _text(
        feed,
        "subtitle",
        f"Acts that set indicators off, from a record that ends on {watch.found.as_of.isoformat()}{since}",
    )
    _text(feed, "updated", _time(max((_updated(s) for _, s in signs), default=watch.found.as_of)))
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", "milcoop")
    SubElement(feed, f"{{{ATOM}}}generator", {"version": __version__}).text = "milcoop"
    for reading, sign in signs:
        _entry(feed, dyad.id, reading, sign, events[sign.event])
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _signs(reading: Reading, since: date | None) -> list[Sign]:
    return [n.sign for n in reading.news if n.sign.sure] if since else list(reading.sure)


def _entry(feed: Element, dyad: str, reading: Reading, sign: Sign, event: Event) -> None:
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", _id(dyad, reading.id, sign.event, sign.on.isoformat()))
    _text(entry, "title", f"{reading.label}: {event.title}")
    _text(entry, "updated", _time(_updated(sign)))
    _text(entry, "published", _time(_updated(sign)))
    SubElement(entry, f"{{{ATOM}}}category", {"term": reading.id, "label": reading.label})
    for url in dict.fromkeys(c.url for c in event.citations):
        SubElement(entry, f"{{{ATOM}}}link", {"rel": "related", "href": url})
    parts = [str(event.when), event.status, sign.what, sign.direction.replace(">", " to "), f"event {event.id}"]
    _text(entry, "content", "; ".join(p for p in parts if p))


def _updated(sign: Sign) -> date:
    return max(sign.on, sign.known or sign.on)


def _text(parent: Element, name: str, text: str) -> None:
    child = SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    if name in ("title", "subtitle", "content"):
        child.set("type", "text")


def _id(*parts: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '/'.join((NAME, *parts)))}"


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
