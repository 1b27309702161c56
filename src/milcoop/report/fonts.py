"""The fonts of charts and PDF: those that come with the package, or a folder of one's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from milcoop.errors import OutputError


def fonts_folder(override: Path | None) -> Path:
    """Folder of the fonts to use. Raises OutputError when there is no font in it."""
    folder = override or Path(str(files("milcoop.report"))) / "assets" / "fonts"
    if not folder.is_dir() or not [*folder.glob("*.ttf"), *folder.glob("*.otf"), *folder.glob("*.ttc")]:
        raise OutputError(
            f"found no font in '{folder}', expected .ttf or .otf files with Cyrillic and Chinese (MILCOOP_FONTS)"
        )
    return folder
