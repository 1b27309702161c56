"""Every letter of the record can be set with the fonts that come with the package."""

import unicodedata
from pathlib import Path

import typst
from pypdf import PdfReader

from milcoop.report.inputs import ReportInputs
from milcoop.report.render.pdf import fonts_folder


def test_no_letter_of_the_record_is_set_as_an_empty_box(tmp_path: Path, inputs: ReportInputs) -> None:
    texts = [t for row in inputs.by_id.values() for t in (row.title, *(c.title + c.publisher for c in row.citations))]
    letters = sorted({c for text in texts for c in text if unicodedata.category(c)[0] in "LNPS" and ord(c) > 126})
    assert len(letters) > 500
    lines = "".join(f'#"U{ord(c):05X}: {c}"\\\n' for c in letters)
    source = tmp_path / "letters.typ"
    source.write_text('#set text(font: ("Noto Sans", "Noto Sans CJK SC"))\n#set page(columns: 6)\n' + lines, "utf-8")
    typst.compile(
        str(source), output=str(tmp_path / "a.pdf"), font_paths=[str(fonts_folder(None))], ignore_system_fonts=True
    )
    told = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
    boxes = [line for line in told.splitlines() if "\x00" in line]
    missing = {c for c in letters if any(line.startswith(f"U{ord(c):05X}:") for line in boxes)}
    assert missing == set()
