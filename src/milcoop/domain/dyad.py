"""A dyad: two states, unordered, sorted by ISO3, so that either order of arguments gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Dyad:
    """Two different states in sorted ISO3 order."""

    first: str
    second: str

    @property
    def id(self) -> str:
        """``AAA-BBB``."""
        return f"{self.first}-{self.second}"

    @property
    def states(self) -> tuple[str, str]:
        """Both codes, sorted."""
        return (self.first, self.second)


def make_dyad(a: str, b: str) -> Dyad:
    """The dyad of two ISO3 codes. Raises InvalidArgument when they are the same state."""
    if a == b:
        raise InvalidArgument(f"found {a} twice; a dyad needs two different states")
    return Dyad(*sorted((a, b)))
