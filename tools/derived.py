"""Write a file that ships as derived data, or with ``--check`` fail when it has drifted."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(target: Path, text: str) -> int:
    """Write ``text`` to ``target``; with ``--check`` on the command line only compare. Returns the exit code."""
    if "--check" in sys.argv:
        if not target.is_file() or target.read_text("utf-8") != text:
            print(f"{target}: is not what the record gives; run 'make estimates'", file=sys.stderr)
            return 1
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    print(target)
    return 0
