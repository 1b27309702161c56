"""Measure military cooperation between two states from cited public evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milcoop.version import __version__

__all__ = ["__version__", "load"]

if TYPE_CHECKING:
    from milcoop.api import load


def __getattr__(name: str) -> object:
    if name == "load":
        from milcoop.api import load

        return load
    raise AttributeError(f"module 'milcoop' has no attribute '{name}'")
