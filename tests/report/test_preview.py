"""The page that shows what a change does: rows, sources, reasons, levels; safe against what rows contain."""

from pathlib import Path

from tests.command import output
from tests.layer import citation, event_row, search_row, write_layer


def page(old: Path | str, new: Path, out: Path) -> str:
    output("diff", old, new, "--out", out)
    return out.read_text("utf-8")


def test_added_corrected_and_levels(tmp_path: Path) -> None:
    searches = [
        search_row(i, language, families=["exercise", "operation"], years="2006/2010")
        for i, language in enumerate(("en", "pt", "es"))
    ]
    before, after = tmp_path / "before", tmp_path / "after"
    write_layer(before, events=[event_row()], searches=searches)
    second = event_row(
        id="second", date="2009-05-04/2009-05-06", title="Fraternidade <b>2009</b>", place="karachi",
        quantities=[{"name": "ships_BRA", "low": 2, "best": 3, "unit": "ship", "cite": ["a"]}],
        citations={"a": citation(title="Manobras <script>")},
    )  # fmt: skip
    write_layer(after, events=[event_row(date="2010-06-02"), second], searches=searches)
    text = page(before, after, tmp_path / "p.html")
    assert "1 added, 1 corrected" in text
    assert "ARG-BRA:exercises:2010" in text
    assert "Fraternidade &lt;b&gt;2009&lt;/b&gt;" in text
    assert "<script>" not in text
    assert "ships_BRA low 2 best 3 ship [a]" in text
    assert "2010-06-01" in text
    assert "2010-06-02" in text
    assert 'href="https://example.org/page"' in text


def test_no_difference(tmp_path: Path) -> None:
    write_layer(tmp_path, events=[event_row()])
    assert "No difference. 0 levels differ." in page(tmp_path, tmp_path, tmp_path / "p.html")
