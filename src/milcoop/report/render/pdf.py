"""Render contents as PDF by typst, with the fonts that come with the package. No text is markup: all goes in as strings."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milcoop.errors import OutputError
from milcoop.report.blocks import Block, Box, Bullets, Chart, Contents, EventList, Paragraph, Part, Ref, Section, Table
from milcoop.report.contents import resolve
from milcoop.report.fonts import fonts_folder
from milcoop.report.inputs import ReportInputs
from milcoop.report.render.markdown import cited_ids, evidence_numbers, shown_ids
from milcoop.version import __version__

PREAMBLE = """\
#set document(title: {title}, author: "milcoop")
#set page(paper: "a4", margin: (x: 2.1cm, top: 2.2cm, bottom: 2.2cm), numbering: "1",
  header: context if counter(page).get().first() > 1 [#set text(7.5pt, fill: luma(110)); #{title} #h(1fr) #{version}])
#set text(font: ("Noto Sans", "Noto Sans CJK SC"), size: 9.2pt, lang: "en")
#set par(justify: false, leading: 0.62em, spacing: 0.95em)
#set heading(numbering: none)
#show heading.where(level: 1): it => block(above: 1.6em, below: 0.8em, text(15pt, fill: rgb("#0b4468"), it.body))
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.7em, text(11.5pt, it.body))
#show heading.where(level: 3): it => block(above: 1em, below: 0.4em, text(9.5pt, weight: "bold", it.body))
#show link: it => text(fill: rgb("#0b4468"), it)
#let evidence(body) = block(above: 0.45em, below: 1.1em, text(6.6pt, fill: luma(105), body))
#let caption(body) = block(above: 0.6em, below: 1.2em, text(7.6pt, fill: luma(90), body))
#let entry(number, when, body) = block(breakable: false, above: 0.34em, below: 0.34em,
  grid(columns: (1.15cm, 3.3cm, 1fr), column-gutter: 0.25cm, text(7.4pt, fill: luma(90), number), text(7.4pt, fill: luma(90), when), text(7.8pt, body)))
"""


def render_pdf(contents: Contents, inputs: ReportInputs, fonts: Path | None = None) -> bytes:
    """The report as PDF bytes."""
    import typst
    import vl_convert

    folder = fonts_folder(fonts)
    vl_convert.register_font_directory(str(folder))
    with tempfile.TemporaryDirectory() as work:
        root = Path(work)
        charts: dict[str, str] = {}
        for section in contents.sections:
            for block in section.blocks:
                if isinstance(block, Chart):
                    charts[block.id] = f"{block.id}.svg"
                    svg = vl_convert.vegalite_to_svg(dict(block.spec), allowed_base_urls=[])
                    (root / charts[block.id]).write_text(svg, "utf-8")
        source = root / "report.typ"
        source.write_text(_source(contents, inputs, charts), "utf-8")
        try:
            pdf: Any = typst.compile(str(source), root=work, font_paths=[str(folder)], ignore_system_fonts=True)
        except typst.TypstError as error:
            raise OutputError(f"the PDF could not be set: {error}") from error
        return bytes(pdf)


def _string(text: str) -> str:
    """A typst string literal; nothing in it is read as markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _source(contents: Contents, inputs: ReportInputs, charts: Mapping[str, str]) -> str:
    listed = {
        i
        for s in contents.sections
        for b in s.blocks
        if isinstance(b, EventList) and s.id == "chronology"
        for i in b.ids
    }
    shown: tuple[str, ...] = ()
    if contents.kind != "quicklook":
        shown = cited_ids(contents, inputs) if contents.kind == "full" else shown_ids(contents, inputs)
    rest = [i for i in shown if i not in listed]
    labelled = listed | set(rest)
    head = PREAMBLE.replace("{title}", _string(contents.title)).replace(
        "{version}", _string(f"record {contents.record_version}, milcoop {__version__}")
    )
    lines = [
        head,
        f'#text(20pt, weight: "bold", fill: rgb("#0b4468"), {_string(contents.title)})',
        f"#block(above: 1.1em, below: 1.2em, text(9.5pt, fill: luma(90), {_string(contents.subtitle + '.')}))",
    ]
    for section in contents.sections:
        if section.level == 1 and contents.kind == "full" and section.id not in ("quick-look", "areas"):
            lines.append("#pagebreak(weak: true)")
        lines.append(f"#heading(level: {section.level}, {_string(section.title)})")
        for block in section.blocks:
            lines += _block(block, section, contents, inputs, charts, labelled)
    if rest:
        lines.append(f'#heading(level: 1, "{"Figures and other entries" if listed else "Entries"}")')
        lines += [_entry(i, contents, inputs, label=True) for i in rest]
    if contents.kind == "full":
        lines.append(
            '#pagebreak(weak: true)\n#heading(level: 1, "References")\n#set text(6.4pt)\n#set par(leading: 0.5em, spacing: 0.55em)'
        )
        lines.append("#columns(2, gutter: 0.6cm)[")
        for r in inputs.references:
            lines.append(
                f"#par(hanging-indent: 0.8em, [#{_string(r.publisher + ', ')}#link({_string(r.url)}, {_string(r.title)})#{_string(f', {r.date} ({r.language}).')}])"
            )
        lines.append("]")
    return "\n".join(lines) + "\n"


def _part(part: Part, inputs: ReportInputs, contents: Contents, labelled: set[str]) -> str:
    if not isinstance(part, Ref):
        return f"#{_string(part)}"
    found = resolve(part.ids, inputs)
    if not found:
        return f"#{_string(part.text)}"
    target = next((i for i in found if i in labelled), found[0])
    return _link(target, part.text, inputs, contents, labelled)


def _link(row_id: str, text: str, inputs: ReportInputs, contents: Contents, labelled: set[str]) -> str:
    """To the entry in this report; where the report lists no entries, to the first page cited."""
    if row_id in labelled:
        return f"#link(<{contents.numbers[row_id]}>, {_string(text)})"
    return f"#link({_string(inputs.by_id[row_id].citations[0].url)}, {_string(text)})"


def _block(
    block: Block,
    section: Section,
    contents: Contents,
    inputs: ReportInputs,
    charts: Mapping[str, str],
    labelled: set[str],
) -> list[str]:
    def inline(parts: tuple[Part, ...]) -> str:
        return "".join(_part(p, inputs, contents, labelled) for p in parts)

    def lead(paragraph: Paragraph) -> str:
        return f"*#{_string(paragraph.head + '.')}* " if paragraph.head else ""

    if isinstance(block, Paragraph):
        return [f"#par[{lead(block)}{inline(block.parts)}]", *_evidence(block.ids, contents, inputs, labelled)]
    if isinstance(block, Bullets):
        items = ", ".join(f"[{lead(i)}{inline(i.parts)}]" for i in block.items)
        ids = tuple(i for item in block.items for i in item.ids)
        frame = "stroke: 0.6pt + luma(120), inset: 8pt, radius: 2pt, width: 100%, " if isinstance(block, Box) else ""
        return [f"#block({frame}above: 1.1em, list({items}))", *_evidence(ids, contents, inputs, labelled)]
    if isinstance(block, Table):
        return _table(block, inline)
    if isinstance(block, Chart):
        return [f'#image("{charts[block.id]}", width: 100%)', f"#caption({_string(block.caption)})"]
    head = [f"#heading(level: 3, {_string(block.caption)})"] if block.caption else []
    return head + [_entry(i, contents, inputs, label=section.id == "chronology") for i in block.ids]


def _evidence(ids: tuple[str, ...], contents: Contents, inputs: ReportInputs, labelled: set[str]) -> list[str]:
    shown, more = evidence_numbers(ids, contents, inputs)
    if not shown:
        return []
    links = '#", "'.join(_link(i, contents.numbers[i], inputs, contents, labelled) for i in shown)
    tail = f"#{_string(f' and {more} more')}" if more else ""
    return [f'#evidence[#"Evidence: "{links}{tail}]']


def _table(table: Table, inline: Any) -> list[str]:
    widths = _widths(table)
    align = ", ".join("right" if i in table.numeric else "left" for i in range(len(table.columns)))
    head = ", ".join(f'text(weight: "bold", {_string(c)})' for c in table.columns)
    cells = ",\n".join(", ".join(f"[{inline((c,))}]" for c in row) for row in table.rows)
    out = [
        f"#[#set text(7.4pt)\n#set par(leading: 0.5em)\n#table(columns: ({widths},), align: ({align},), stroke: (x: none, y: 0.3pt + luma(205)), "
        f"inset: (x: 3pt, y: 3pt), table.header({head}),\n{cells})]"
    ]
    return [*out, f"#caption({_string(table.caption)})"] if table.caption else out


def _widths(table: Table) -> str:
    """Short and numeric columns as wide as they need; the others share the rest in proportion to what they hold."""
    widths = []
    for i, name in enumerate(table.columns):
        cells = [c.text if isinstance(c, Ref) else c for c in (row[i] for row in table.rows)]
        longest = max([len(name), *map(len, cells)])
        widths.append("auto" if longest <= 14 or i in table.numeric else f"{min(longest, 90) ** 0.7:.2f}fr")
    if all(w == "auto" for w in widths):
        widths[0] = "1fr"
    return ", ".join(widths)


def _entry(row_id: str, contents: Contents, inputs: ReportInputs, *, label: bool) -> str:
    row, number = inputs.by_id[row_id], contents.numbers[row_id]
    sources = '#"; "'.join(f"#link({_string(c.url)}, {_string(c.publisher)})" for c in row.citations[:4])
    more = len(row.citations) - 4
    tail = f"#{_string(f' and {more} more')}" if more > 0 else ""
    mark = f"#metadata(none) <{number}>" if label else ""
    when = str(row.when).replace("/", " – ")
    if not label:
        target = f"<{number}>" if contents.kind == "full" else _string(row.citations[0].url)
        return f"#entry({_string(number)}, {_string(when)}, [#link({target}, {_string(row.title)})])"
    return (
        f"#entry({_string(number)}, {_string(when)}, [{mark}#{_string(row.title + ' ')}"
        f"#text(6.2pt, fill: luma(110))[{sources}{tail}]])"
    )
