"""Render contents as one offline HTML file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from milcoop.domain.event import Event
from milcoop.record.references import publisher_name
from milcoop.report.blocks import Block, Box, Bullets, Chart, Contents, EventList, Paragraph, Part, Ref, Table
from milcoop.report.inputs import ReportInputs
from milcoop.version import __version__

ASSETS = files("milcoop.report") / "assets"


def render_html(contents: Contents, inputs: ReportInputs) -> str:
    """The report as one HTML text: styles, scripts, charts and evidence inside, nothing fetched."""
    import vl_convert

    environment = Environment(autoescape=True, trim_blocks=False)
    template = environment.from_string((ASSETS / "report.html.j2").read_text("utf-8"))
    vega = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # the stub asks for what the function does not
    return template.render(
        contents=contents,
        references=inputs.references,
        css=(ASSETS / "report.css").read_text("utf-8"),
        js=(ASSETS / "report.js").read_text("utf-8"),
        vega=vega.replace("</script", "<\\/script"),
        data=_json(page_data(contents, inputs)),
        version=__version__,
        render=lambda block: _block(block, contents, inputs),
    )


def _json(data: Any) -> str:
    """JSON that cannot close the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def page_data(contents: Contents, inputs: ReportInputs) -> dict[str, Any]:
    """What the page's script reads: rows with their citations, ratings with their criteria, charts."""
    area_ids = {a.label.en: a.id for a in inputs.assessment.scale.areas}
    charts = [
        {"id": f"chart-{b.id}", "spec": _with_area_ids(b.spec, area_ids)}
        for s in contents.sections
        for b in s.blocks
        if isinstance(b, Chart)
    ]
    used = {i for s in contents.sections for b in s.blocks for i in _ids(b)}
    used |= {i for c in charts for i in _chart_ids(c["spec"])}
    ratings = {
        r.id: {
            "area": inputs.assessment.scale.area(r.area).label.en,
            "on": r.on,
            "level": r.level,
            "label": r.label,
            "coverage": r.coverage,
            "criteria": [
                {
                    "text": c.text,
                    "level": c.level,
                    "met": c.met,
                    "value": c.value,
                    "threshold": c.threshold,
                    "events": c.events,
                }
                for c in r.criteria
            ],
        }
        for r in inputs.assessment.ratings
        if r.id in used
    }
    return {
        "years": inputs.assessment.years,
        "areas": [{"id": a.id, "label": a.label.en} for a in inputs.assessment.scale.areas],
        "charts": charts,
        "ratings": ratings,
        "rows": {row_id: _row(row_id, contents, inputs) for row_id in inputs.by_id},
    }


def _with_area_ids(spec: Any, area_ids: Mapping[str, str]) -> Any:
    """Chart rows about an area get its id, which the filter reads."""
    if isinstance(spec, Mapping):
        out = {k: _with_area_ids(v, area_ids) for k, v in spec.items()}
        if "ids" in out and out.get("area") in area_ids:
            out["area_id"] = area_ids[out["area"]]
        return out
    if isinstance(spec, list):
        return [_with_area_ids(v, area_ids) for v in spec]
    return spec


def _chart_ids(spec: Any) -> set[str]:
    if isinstance(spec, Mapping):
        own = set(spec["ids"]) if isinstance(spec.get("ids"), list | tuple) else set()
        return own.union(*(_chart_ids(v) for v in spec.values()))
    return set().union(*(_chart_ids(v) for v in spec)) if isinstance(spec, list) else set()


def _ids(block: Block) -> set[str]:
    if isinstance(block, Paragraph):
        return set(block.ids)
    if isinstance(block, Bullets):
        return {i for item in block.items for i in item.ids}
    if isinstance(block, Table):
        return {i for row in block.rows for cell in row if isinstance(cell, Ref) for i in cell.ids}
    return set(block.ids) if isinstance(block, EventList) else set()


def _row(row_id: str, contents: Contents, inputs: ReportInputs) -> dict[str, Any]:
    row = inputs.by_id[row_id]
    facts: list[tuple[str, str]] = [("id", row.id)]
    areas: tuple[str, ...] = ()
    if isinstance(row, Event):
        areas = inputs.codebook.areas_of(row.type, row.values)
        place = inputs.codebook.places.get(row.place or "")
        facts += [
            ("type", inputs.codebook.types[row.type].label.en),
            ("status", row.status),
            ("taking part", ", ".join(row.participants)),
            ("direction", row.direction if row.direction != "both" else ""),
            ("series", inputs.series_name(row.series) if row.series else ""),
            ("number", ", ".join(f"{n} ({who})" if who else str(n) for who, n in row.ordinals)),
            ("place", f"{place.label} {place.native}".strip() if place else ""),
            *((n.replace("_", " "), ", ".join(v.value for v in vs)) for n, vs in (row.fields or {}).items()),
            ("quantities", "; ".join(str(q).replace("=", " ") for q in row.quantities)),
            ("credibility", f"{row.credibility} of 6"),
        ]
    else:
        facts.append(("name", inputs.codebook.figures[row.name].label))
    facts.append(("note", row.note))
    return {
        "number": contents.numbers[row_id],
        "title": row.title,
        "when": str(row.when),
        "year": row.when.start.year,
        "areas": areas,
        "facts": [(name, value) for name, value in facts if value],
        "citations": [
            {
                "publisher": publisher_name(c.url, c.publisher, inputs.codebook),
                "title": c.title,
                "date": str(c.date) if c.date else "undated",
                "language": c.language,
                "url": c.url,
            }
            for c in row.citations
        ],
    }


def _block(block: Block, contents: Contents, inputs: ReportInputs) -> Markup:
    if isinstance(block, Paragraph):
        return Markup("<p>{}{}</p>").format(_lead(block), _parts(block.parts))
    if isinstance(block, Bullets):
        items = Markup("").join(Markup("<li>{}{}</li>").format(_lead(i), _parts(i.parts)) for i in block.items)
        frame = Markup('<div class="box"><ul>{}</ul></div>') if isinstance(block, Box) else Markup("<ul>{}</ul>")
        return frame.format(items)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Chart):
        return Markup(
            '<figure><div id="chart-{}" role="img" aria-label="{}"></div><figcaption>{}</figcaption></figure>'
        ).format(block.id, block.caption, block.caption)
    items = Markup("").join(_event_item(i, contents, inputs) for i in block.ids)
    head = Markup("<h4>{}</h4>").format(block.caption) if block.caption else Markup("")
    return Markup('<div class="group">{}<ul class="events">{}</ul></div>').format(head, items)


def _lead(paragraph: Paragraph) -> Markup:
    return Markup("<strong>{}.</strong> ").format(paragraph.head) if paragraph.head else Markup("")


def _event_item(event_id: str, contents: Contents, inputs: ReportInputs) -> Markup:
    event = inputs.by_id[event_id]
    return Markup(
        '<li data-id="{}"><span class="n">{}</span><span class="d">{}</span>'
        '<a class="ref" href="#references" data-ids="{}">{}</a></li>'
    ).format(event_id, contents.numbers[event_id], str(event.when).replace("/", " – "), event_id, event.title)


def _parts(parts: tuple[Part, ...]) -> Markup:
    return Markup("").join(_part(p) for p in parts)


def _part(part: Part) -> Markup:
    if isinstance(part, Ref):
        return Markup('<a class="ref" href="#references" data-ids="{}">{}</a>').format(" ".join(part.ids), part.text)
    return Markup(escape(part))


def _table(table: Table) -> Markup:
    def cell(tag: str, index: int, content: Markup) -> Markup:
        css = Markup(' class="num"') if index in table.numeric else Markup("")
        return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), css, content)

    head = Markup("").join(cell("th", i, Markup(escape(c))) for i, c in enumerate(table.columns))
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(cell("td", i, _part(c)) for i, c in enumerate(row)))
        for row in table.rows
    )
    caption = Markup("<caption>{}</caption>").format(table.caption) if table.caption else Markup("")
    return Markup('<div class="tablewrap"><table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        caption, head, rows
    )
