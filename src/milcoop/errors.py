"""Everything milcoop raises on purpose.

MilcoopError                 exit code 2: the user can mend it
├── InvalidArgument          a state, date, scale or family that does not exist
├── InvalidCodebook          a codebook file that cannot be read as one
├── InvalidRecord            a record file that cannot be read as one
├── MissingExtra             an optional part of milcoop that is not installed
└── OutputError              a folder or file that cannot be written, a font that is missing

A message says what was found, what was expected, where, and the nearest valid value.
"""

from __future__ import annotations

from collections.abc import Iterable


class MilcoopError(Exception):
    """Root of the tree; the command line prints its text in one line and exits 2."""


class InvalidArgument(MilcoopError):
    """A value given by the user is not one that milcoop knows."""


class InvalidCodebook(MilcoopError):
    """A codebook file breaks its schema or refers to what is not there."""


class InvalidRecord(MilcoopError):
    """A record file breaks its schema."""


class MissingExtra(MilcoopError):
    """A command needs an optional part of milcoop that is not installed."""


class OutputError(MilcoopError):
    """A result cannot be written."""


def nearest(value: str, known: Iterable[str], n: int = 3) -> str:
    """The known values most like ``value``, as the end of a sentence; empty when none is near."""
    from difflib import get_close_matches

    pool = {k.casefold(): k for k in known}
    hits = get_close_matches(value.casefold(), list(pool), n=n, cutoff=0.5)
    return f"; nearest: {', '.join(pool[h] for h in hits)}" if hits else ""


def check_known(what: str, value: str, known: Iterable[str]) -> None:
    """Raise InvalidArgument with what was expected and the nearest names when ``value`` is none of ``known``."""
    names = list(known)
    if value not in names:
        shown = f"expected one of {', '.join(names)}" if len(names) <= 15 else f"expected one of {len(names)} known"
        raise InvalidArgument(f"found {what} '{value}', {shown}{nearest(value, names)}")
