"""Write report files: each to a temporary file beside its place, then renamed, so that nothing is left half-written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from milcoop.record.exchange.write import prepare_folder, write_files
from milcoop.record.references import to_bibtex, to_csl
from milcoop.report.contents import build_contents
from milcoop.report.inputs import ReportInputs

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


def _write_all(
    inputs: ReportInputs, out: Path, kind: str, formats: list[str], fonts: Path | None, progress: Progress
) -> list[Path]:
    name = "report" if kind == "full" else kind
    progress("writing findings")
    contents = build_contents(inputs, kind)
    files: dict[str, bytes] = {}
    for format_ in formats:
        progress(f"rendering {format_}")
        if format_ == "html":
            from milcoop.report.render.html import render_html

            files[f"{name}.html"] = render_html(contents, inputs).encode("utf-8")
        elif format_ == "pdf":
            from milcoop.report.render.pdf import render_pdf

            files[f"{name}.pdf"] = render_pdf(contents, inputs, fonts)
        else:
            from milcoop.report.render.markdown import render_markdown

            files[f"{name}.md"] = render_markdown(contents, inputs).encode("utf-8")
    csl = json.dumps(to_csl(inputs.references), ensure_ascii=False, indent=1)
    files["references.json"] = csl.encode("utf-8")
    files["references.bib"] = to_bibtex(inputs.references).encode("utf-8")
    progress("writing files")
    return write_files(out, files)
