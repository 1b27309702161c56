"""Settings from the environment, read once for each call, never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; commands override it by options."""

    record: Path | None = None
    """Folder layered over the bundled record (``MILCOOP_RECORD``)."""

    fonts: Path | None = None
    """Folder of fonts used instead of the bundled ones (``MILCOOP_FONTS``)."""


def read_settings() -> Settings:
    """Settings as the environment gives them now."""

    def folder(name: str) -> Path | None:
        value = os.environ.get(name)
        return Path(value) if value else None

    return Settings(record=folder("MILCOOP_RECORD"), fonts=folder("MILCOOP_FONTS"))
