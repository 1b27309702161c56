"""Render contents as Markdown: figures are linked to the numbered entries of the chronology."""

from __future__ import annotations

import re

from milcoop.report.blocks import Block, Box, Bullets, Chart, Contents, EventList, Paragraph, Part, Ref, Table
from milcoop.report.contents import resolve
from milcoop.report.inputs import ReportInputs

SHOWN = 25
"""Entry numbers printed under a paragraph before the rest is left to ``milcoop explain``."""


def render_markdown(contents: Contents, inputs: ReportInputs) -> str:
    """The report as Markdown; charts become their captions, evidence stands under each paragraph."""
    lines = [f"# {contents.title}", "", f"{contents.subtitle}. Record {contents.record_version}.", ""]
    for section in contents.sections:
        lines += [f"{'#' * (section.level + 1)} {_text(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block, contents, inputs), ""]
    listed = {
        i
        for s in contents.sections
        if s.id == "chronology"
        for b in s.blocks
        if isinstance(b, EventList)
        for i in b.ids
    }
    rest = tuple(i for i in cited_ids(contents, inputs) if i not in listed)
    if rest:
        lines += ["## Figures and other entries" if listed else "## Entries", "", *_entries(rest, contents, inputs), ""]
    lines += ["## References", ""]
    for r in inputs.references:
        lines.append(
            f"- {_text(r.publisher)}, [{_text(r.title)}](<{_address(r.url)}>), {r.date} ({r.language}), opened {r.accessed}"
        )
    return "\n".join(lines) + "\n"


def cited_ids(contents: Contents, inputs: ReportInputs) -> tuple[str, ...]:
    """Events and figures behind every figure of the report, by date."""
    ids: dict[str, None] = {}
    for section in contents.sections:
        for block in section.blocks:
            ids.update(dict.fromkeys(resolve(block_ids(block), inputs)))
    return tuple(sorted(ids, key=lambda i: (inputs.by_id[i].when.first_day, i)))


def shown_ids(contents: Contents, inputs: ReportInputs) -> tuple[str, ...]:
    """Events and figures whose numbers are printed under a paragraph, by date."""
    blocks = [b for s in contents.sections for b in s.blocks if isinstance(b, Paragraph)]
    ids = {i for b in blocks for i in evidence_numbers(b.ids, contents, inputs)[0]}
    return tuple(sorted(ids, key=lambda i: (inputs.by_id[i].when.first_day, i)))


def block_ids(block: Block) -> tuple[str, ...]:
    """All ids that a block's figures rest on."""
    if isinstance(block, Paragraph | EventList):
        return block.ids
    if isinstance(block, Bullets):
        return tuple(i for item in block.items for i in item.ids)
    if isinstance(block, Table):
        return tuple(i for row in block.rows for cell in row if isinstance(cell, Ref) for i in cell.ids)
    return ()


def evidence_numbers(ids: tuple[str, ...], contents: Contents, inputs: ReportInputs) -> tuple[list[str], int]:
    """Ids to show under a paragraph, in order of their numbers, and how many are left out."""
    found = sorted(resolve(ids, inputs), key=lambda i: (contents.numbers[i][0], int(contents.numbers[i][1:])))
    return found[:SHOWN], max(0, len(found) - SHOWN)


def _address(url: str) -> str:
    """An address that ends where it ends inside angle brackets."""
    return url.replace("<", "%3C").replace(">", "%3E")


def _text(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)


def _part(part: Part, contents: Contents, inputs: ReportInputs) -> str:
    if not isinstance(part, Ref):
        return _text(part)
    found = resolve(part.ids, inputs)
    return f"[{_text(part.text)}](#{contents.numbers[found[0]].lower()})" if found else _text(part.text)


def _block(block: Block, contents: Contents, inputs: ReportInputs) -> list[str]:
    def line(parts: tuple[Part, ...]) -> str:
        return "".join(_part(p, contents, inputs) for p in parts)

    if isinstance(block, Paragraph):
        shown, more = evidence_numbers(block.ids, contents, inputs)
        out = [(f"**{_text(block.head)}.** " if block.head else "") + line(block.parts)]
        if shown:
            links = ", ".join(f"[{contents.numbers[i]}](#{contents.numbers[i].lower()})" for i in shown)
            out += ["", f"*Evidence: {links}{f' and {more} more' if more else ''}*"]
        return out
    if isinstance(block, Bullets):
        heads = [f"**{_text(item.head)}.** " if item.head else "" for item in block.items]
        mark = "> - " if isinstance(block, Box) else "- "
        return [mark + head + line(item.parts) for head, item in zip(heads, block.items, strict=True)]
    if isinstance(block, Table):
        rule = ["---:" if i in block.numeric else "---" for i in range(len(block.columns))]
        rows = [[_part(c, contents, inputs) for c in row] for row in block.rows]
        table = [[_text(c) for c in block.columns], rule, *rows]
        return ["| " + " | ".join(row) + " |" for row in table] + (
            ["", f"*{_text(block.caption)}*"] if block.caption else []
        )
    if isinstance(block, Chart):
        return [f"*Chart (in the HTML and PDF): {_text(block.caption)}*"]
    head = [f"**{_text(block.caption)}**", ""] if block.caption else []
    return head + _entries(block.ids, contents, inputs)


def _entries(ids: tuple[str, ...], contents: Contents, inputs: ReportInputs) -> list[str]:
    out = []
    for i in ids:
        row, number = inputs.by_id[i], contents.numbers[i]
        sources = ", ".join(f"[{_text(c.publisher)}](<{_address(c.url)}>)" for c in row.citations)
        out.append(f'- <a id="{number.lower()}"></a>{number} {row.when} {_text(row.title)} (`{row.id}`): {sources}')
    return out
