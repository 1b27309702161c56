"""Ingested text is data: titles full of markup, a pair without evidence, and odd folders."""

import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.command import output, run
from tests.layer import citation, event_row, figure_row, search_row, write_layer
from tests.report.test_files import Page

SCRIPT = "</script><script>alert(1)</script>"
MARKUP = "*b* _i_ `c` #let x = 1; $a^2$ [t](http://e.example) @ref <lab> ~ \\n | ${1+1} {{7*7}} &amp; \"q\" 'q' -- ..."


ADDRESSES = ("https://example.org/?q=<b>&x=\"'%7Dy", "https://example.org/a_b*c(d)[e]}{$#")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    pages = {
        "a": citation(publisher=SCRIPT, title=SCRIPT, url=ADDRESSES[0]),
        "b": citation(publisher=MARKUP, title=MARKUP, url=ADDRESSES[1]),
    }
    act = {"participants": ["BRA", "ARG"], "citations": pages, "note": SCRIPT + MARKUP, "coding": SCRIPT}
    layer = write_layer(
        folder / "layer",
        events=[
            event_row(id="script", title=SCRIPT, date="2010-06-01", fields={"scenario": SCRIPT}, **act),
            event_row(id="markup", title=MARKUP, date="2010-07-01", fields={"scenario": MARKUP}, **act),
            event_row(id="long", title="word " * 400, date="2010-08-01", **act),
            event_row(id="lines", title="one\ntwo\u2028three", date="2010-09-01", **act),
        ],
        figures=[figure_row(title=SCRIPT + MARKUP, citations=pages)],
        searches=[search_row(i, language) for i, language in enumerate(("en", "es", "pt"))],
    )
    output("report", "BRA", "ARG", "--record", layer, "--out", folder / "out", "--format", "html,pdf,md")
    return folder / "out"


def test_a_title_cannot_open_a_script(planted: Path) -> None:
    text = (planted / "report.html").read_text("utf-8")
    page = Page(text)
    assert len([t for t, _ in page.tags if t == "script"]) == 3
    assert SCRIPT not in text
    assert "alert(1)" in page.text
    data = json.loads(page.scripts[0])
    assert data["rows"]["script"]["title"] == SCRIPT
    assert data["rows"]["markup"]["title"] == MARKUP
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_markup_in_a_title_stands_as_it_was_written(planted: Path) -> None:
    page = Page((planted / "report.html").read_text("utf-8"))
    assert MARKUP in page.text
    text = "".join(p.extract_text() for p in PdfReader(planted / "report.pdf").pages)
    squeezed = re.sub(r"\s+", "", text)
    assert re.sub(r"\s+", "", SCRIPT) in squeezed
    for piece in ("*b*_i_`c`#letx=1;$a^2$[t](http://e.example)@ref<lab>", "{{7*7}}&amp;"):
        assert piece in squeezed


def test_markdown_escapes_titles(planted: Path) -> None:
    text = (planted / "report.md").read_text("utf-8")
    assert SCRIPT not in text
    assert "*b*" not in text
    assert "[t](http" not in text
    for address in ADDRESSES:
        text = text.replace(f"](<{address}>)", "]")  # tested below
    for line in text.splitlines():
        assert not re.search(r"(?<!\\)<(?!https?://|a id=|/a>)", line), line


def test_addresses_stay_whole_in_markdown(planted: Path) -> None:
    text = (planted / "report.md").read_text("utf-8")
    targets = re.findall(r"\]\(<([^<>]*)>\)", text)
    assert all(re.match(r"https?://[\w.-]+(/|$)", t) for t in targets)
    planted_ones = {t for t in targets if "example" in t}  # the others are pages on reference pairs
    assert {t.split("?")[0].split("/a_b")[0].rstrip("/") for t in planted_ones} == {"https://example.org"}
    assert any(t.startswith("https://example.org/?q=") and "x=" in t for t in targets)


def test_bibtex_stays_balanced(planted: Path) -> None:
    text = (planted / "references.bib").read_text("utf-8")
    depth = 0
    for char in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert 0 <= depth <= 2
    assert depth == 0


def test_csl_keeps_titles(planted: Path) -> None:
    titles = {i["title"] for i in json.loads((planted / "references.json").read_text("utf-8"))}
    assert {SCRIPT, MARKUP} <= titles


def test_a_pair_without_evidence_is_not_monitored(tmp_path: Path) -> None:
    output("report", "USA", "FRA", "--out", tmp_path, "--format", "html,pdf,md")
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    markdown = (tmp_path / "report.md").read_text("utf-8")
    pdf = PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    for text in (page.text, markdown, pdf):
        assert "not monitored" in text
        assert not re.search(r"at level \d", text)
    assert "no level is given" in page.text


@pytest.mark.parametrize("kind", ["full", "summary", "quicklook"])
def test_a_pair_without_any_event_has_reports_of_every_kind(tmp_path: Path, kind: str) -> None:
    formats = "html,pdf,md" if kind == "quicklook" else "html,md"
    output("report", "ISL", "FJI", "--out", tmp_path, "--kind", kind, "--format", formats)
    assert "not monitored" in next(tmp_path.glob("*.md")).read_text("utf-8")


@pytest.mark.parametrize("as_of", ["1980", "1992-06", "2008-08-08"])
def test_vintages_have_reports(tmp_path: Path, as_of: str) -> None:
    output("report", "RUS", "CHN", "--as-of", as_of, "--out", tmp_path, "--format", "html,md")
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    rows = json.loads(page.scripts[0])["rows"]
    year = as_of[:4]
    assert all(c["date"] == "undated" or c["date"][:4] <= year for row in rows.values() for c in row["citations"])


def test_the_other_scale_has_a_report(tmp_path: Path) -> None:
    output("report", "RUS", "CHN", "--scale", "korolev-8", "--kind", "summary", "--out", tmp_path, "--format", "html")
    assert "reaty or agreement" in Page((tmp_path / "summary.html").read_text("utf-8")).text


def test_a_report_is_the_same_twice(tmp_path: Path, reports: Path) -> None:
    """Written by two processes, the states named in either order."""
    output("report", "CHN", "RUS", "--out", tmp_path, "--kind", "summary", "--format", "html,md")
    for name in ("summary.html", "summary.md", "references.json", "references.bib"):
        assert (tmp_path / name).read_bytes() == (reports / "summary" / name).read_bytes(), name


def test_a_report_replaces_an_older_one_and_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "quicklook.md").write_text("old", "utf-8")
    done = run("report", "RUS", "CHN", "--out", tmp_path, "--kind", "quicklook", "--format", "md")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["quicklook.md", "references.bib", "references.json"]
    assert [Path(line).name for line in done.stdout.splitlines()] == [
        "quicklook.md",
        "references.json",
        "references.bib",
    ]
    assert (tmp_path / "quicklook.md").read_text("utf-8").startswith("# Military cooperation")
