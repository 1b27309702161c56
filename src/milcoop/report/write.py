"""Write report files: each to a temporary file beside its place, then renamed, so that nothing is left half-written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from milcoop.errors import OutputError
from milcoop.report.contents import build_contents
from milcoop.report.inputs import ReportInputs
from milcoop.report.references import collect_references, to_bibtex, to_csl

FORMATS = ("html", "pdf", "md")
Progress = Callable[[str], None]


def write_report(
    inputs: ReportInputs, out: Path, kind: str, formats: Iterable[str], fonts: Path | None, progress: Progress
) -> list[Path]:
    """Write one kind of report in each format, with its references beside; returns the paths written.

    Raises OutputError when the folder cannot be made or written, or a font is missing; then nothing is left behind.
    """
    formats = list(formats)
    made = prepare_folder(out)
    try:
        return _write_all(inputs, out, kind, formats, fonts, progress)
    except BaseException:
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def prepare_folder(out: Path) -> list[Path]:
    """Make the output folder and check that it can be written; returns the folders that were made, deepest first."""
    missing = [p for p in (out, *out.parents) if not p.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"cannot write to folder '{out}': {error.strerror or error}") from error
    return missing


def _write_all(
    inputs: ReportInputs, out: Path, kind: str, formats: list[str], fonts: Path | None, progress: Progress
) -> list[Path]:
    name = "report" if kind == "full" else kind
    progress("writing findings")
    contents = build_contents(inputs, kind)
    references = collect_references(inputs)
    files: dict[Path, bytes] = {}
    for format_ in formats:
        progress(f"rendering {format_}")
        if format_ == "html":
            from milcoop.report.render.html import render_html

            files[out / f"{name}.html"] = render_html(contents, inputs).encode("utf-8")
        elif format_ == "pdf":
            from milcoop.report.render.pdf import render_pdf

            files[out / f"{name}.pdf"] = render_pdf(contents, inputs, fonts)
        else:
            from milcoop.report.render.markdown import render_markdown

            files[out / f"{name}.md"] = render_markdown(contents, inputs).encode("utf-8")
    csl = json.dumps(to_csl(references), ensure_ascii=False, indent=1)
    files[out / "references.json"] = csl.encode("utf-8")
    files[out / "references.bib"] = to_bibtex(references).encode("utf-8")
    progress("writing files")
    for path, data in files.items():
        replace_file(path, data)
    return list(files)


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the place, then rename over it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"cannot write '{path}': {error.strerror or error}") from error
