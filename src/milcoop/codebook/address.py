"""Addresses of pages."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?=[/?#]|$)")


@cache
def host_of(url: str) -> str | None:
    """Host of an address, in lower case; None where it has none or cannot be read."""
    plain = _PLAIN.match(url)  # nearly all: no port, user or capital, so that nothing is left to parse
    if plain:
        return plain[1]
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
