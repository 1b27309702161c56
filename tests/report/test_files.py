"""The files that ``milcoop report`` writes on the first dyad."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

from milcoop.report.inputs import ReportInputs

NAMES = {"full": "report", "summary": "summary", "quicklook": "quicklook"}
KINDS = list(NAMES)


class Page(HTMLParser):
    """Elements of a page, the text of its scripts, and the ids behind its figures."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside = tag
            if tag == "script":
                self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif not self._inside:
            self.text += data


@pytest.fixture(scope="module")
def pages(reports: Path) -> dict[str, Page]:
    return {kind: Page((reports / kind / f"{NAMES[kind]}.html").read_text("utf-8")) for kind in KINDS}


def data_of(page: Page) -> dict[str, dict[str, dict[str, object]]]:
    return json.loads(page.scripts[0])


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_a_kind(reports: Path, kind: str) -> None:
    names = {p.name for p in (reports / kind).iterdir()}
    assert {f"{NAMES[kind]}.{end}" for end in ("html", "pdf", "md")} | {"references.json", "references.bib"} == names


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_loads_nothing_from_anywhere(pages: dict[str, Page], kind: str) -> None:
    page = pages[kind]
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form"), tag
        assert not {"src", "srcset", "action", "poster"} & set(attributes), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        if "href" in attributes:
            assert tag == "a"
            assert re.match(r"#|https?://", attributes["href"] or "")
    policy = [a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policy) == 1
    assert "default-src 'none'" in (policy[0] or "")
    assert "http" not in (policy[0] or "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_style_fetches_nothing(reports: Path, kind: str) -> None:
    text = (reports / kind / f"{NAMES[kind]}.html").read_text("utf-8")
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_on_the_page_opens_something(pages: dict[str, Page], kind: str) -> None:
    page = pages[kind]
    data = data_of(page)
    refs = [a["data-ids"] for t, a in page.tags if t == "a" and "ref" in (a.get("class") or "").split()]
    assert len(refs) > 10
    for ids in refs:
        assert ids
        assert all(i in data["rows"] or i in data["ratings"] for i in ids.split())
    for rating in data["ratings"].values():
        for criterion in rating["criteria"]:  # type: ignore[attr-defined]
            assert all(i in data["rows"] for i in criterion["events"])


def test_every_row_on_the_page_has_its_citations(pages: dict[str, Page], inputs: ReportInputs) -> None:
    rows = data_of(pages["full"])["rows"]
    assert set(rows) == set(inputs.by_id)
    for row_id, row in rows.items():
        urls = [c["url"] for c in row["citations"]]  # type: ignore[attr-defined]
        assert urls == [c.url for c in inputs.by_id[row_id].citations]


def test_links_inside_the_page_lead_somewhere(pages: dict[str, Page]) -> None:
    for page in pages.values():
        ids = {a["id"] for _, a in page.tags if a.get("id")}
        assert {a["href"][1:] for t, a in page.tags if (a.get("href") or "").startswith("#")} <= ids  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
def test_markdown_links_lead_somewhere(reports: Path, kind: str) -> None:
    text = (reports / kind / f"{NAMES[kind]}.md").read_text("utf-8")
    assert text.startswith("# Military cooperation of China and Russia\n")
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', text))
    targets = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert targets
    assert targets - anchors == set()


def fonts_of(reader: PdfReader) -> dict[str, bool]:
    """Fonts of a PDF and whether each is embedded."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner.get("/FontDescriptor", {})
            embedded = any(k in descriptor for k in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[str(font["/BaseFont"])] = embedded
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_holds_its_fonts(reports: Path, kind: str) -> None:
    fonts = fonts_of(PdfReader(reports / kind / f"{NAMES[kind]}.pdf"))
    assert fonts
    assert all(fonts.values())
    assert any("NotoSans-" in name for name in fonts), fonts
    assert kind != "full" or any("NotoSansCJK" in name for name in fonts), fonts


def test_the_pdf_reads_in_three_scripts(reports: Path) -> None:
    reader = PdfReader(reports / "full" / "report.pdf")
    assert len(reader.pages) > 20
    text = "".join(page.extract_text() for page in reader.pages[:12])
    assert "Military cooperation of China and Russia" in text
    assert "Регулярные консультации" in text
    assert "定期磋商机制" in text


def test_the_quick_look_is_one_page(reports: Path) -> None:
    """The quick look itself; the entries that it cites follow."""
    reader = PdfReader(reports / "quicklook" / "quicklook.pdf")
    first = reader.pages[0].extract_text()
    assert "How deep" in first
    assert "How real" in first


@pytest.mark.parametrize("kind", KINDS)
def test_references_as_csl_json(reports: Path, inputs: ReportInputs, kind: str) -> None:
    items = json.loads((reports / kind / "references.json").read_text("utf-8"))
    cited = {c.url for row in inputs.by_id.values() for c in row.citations}
    assert {i["URL"] for i in items} == cited
    assert len({i["id"] for i in items}) == len(items)
    for item in items:
        assert {"id", "type", "title", "publisher", "URL", "language", "accessed"} <= set(item)
        assert item["type"] == "webpage"
        for name in ("issued", "accessed"):
            for parts in item.get(name, {}).get("date-parts", []):
                assert 1 <= len(parts) <= 3
                assert all(isinstance(n, int) for n in parts)
                assert 1900 < parts[0] < 2100


def test_references_as_bibtex(reports: Path) -> None:
    text = (reports / "full" / "references.bib").read_text("utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),$", text, flags=re.M)
    items = json.loads((reports / "full" / "references.json").read_text("utf-8"))
    assert sorted(keys) == sorted(i["id"] for i in items)
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    for entry in text.split("\n\n"):
        plain = re.sub(r"\\[{}]", "", entry)
        assert plain.count("{") == plain.count("}"), entry
