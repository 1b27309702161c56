"""The record itself: chronology, map, evidence tables, references to come."""

from __future__ import annotations

from milcoop.domain.event import Figure
from milcoop.report.blocks import Block, Chart, EventList, Part, Ref, Section, Table, count, para
from milcoop.report.charts import place_map
from milcoop.report.inputs import ReportInputs

MAPPED = ("exercise", "operation", "basing", "command")


def chronology(inputs: ReportInputs, recent_only: bool = False) -> Section:
    """Every event by year."""
    events = [e for e in inputs.events if not recent_only or e.when.start.year >= inputs.recent_from]
    years = sorted({e.when.start.year for e in events})
    lists = [EventList(tuple(e.id for e in events if e.when.start.year == y), str(y)) for y in years]
    intro = para(
        "One entry is one act, whatever the number of reports. E numbers are those of this report; ids are stable. ",
        *count((e.id for e in events), "event"),
        f" in this list; the record ends on {inputs.assessment.as_of}.",
    )
    if inputs.with_others and not recent_only:
        lists.append(
            EventList(
                tuple(e.id for e in inputs.with_others),
                "Of other pairs and imported texts, cited in the tests of lulls and of alliance",
            )
        )
    if inputs.dependence.deals and not recent_only:
        deals = tuple(e.id for e in inputs.dependence.deals)
        lists.append(EventList(deals, f"Deals of {inputs.dependence.source}, by year of order, that shares rest on"))
    return Section("chronology", "Chronology", (intro, *lists))


def map_section(inputs: ReportInputs) -> Section:
    """Where exercises, operations and uses of bases took place."""
    events = inputs.realised(*MAPPED)
    placed = [e for e in events if e.place]
    lon = [inputs.codebook.places[e.place].lon for e in placed if e.place in inputs.codebook.places]
    centre = (sorted(lon)[len(lon) // 2] if lon else 0.0, 0.0)
    unplaced = tuple(e.id for e in events if not e.place)
    parts: list[Part] = [
        *count(
            (e.id for e in placed),
            "exercise, operation or use of a base is placed",
            "exercises, operations and uses of bases are placed",
        ),
        " on the map",
    ]
    if unplaced:
        parts += ["; for ", Ref(f"{len(unplaced)}", unplaced), " the sources give no place that could be coded"]
    parts.append(". Circles stand at the middle of a sea or region where no better place is known.")
    blocks: list[Block] = [para(*parts)]
    if placed:
        chart = place_map(placed, inputs.codebook.places, centre)
        blocks.append(
            Chart("map", chart, "Where exercises, operations and uses of bases took place; size is the number of acts.")
        )
    return Section("map", "Map", tuple(blocks))


def evidence_tables(inputs: ReportInputs) -> Section:
    """Mechanisms, series, figures, mix of sources."""
    blocks: list[Block] = []
    if inputs.mechanisms:
        blocks.append(_mechanisms(inputs))
    series = _series(inputs)
    if series.rows:
        blocks.append(series)
    if inputs.figures:
        blocks.append(_figures(inputs))
    blocks.append(_sources(inputs))
    return Section("evidence", "Evidence tables", tuple(blocks))


def _mechanisms(inputs: ReportInputs) -> Table:
    rows: list[tuple[Part, ...]] = []
    for f in inputs.mechanisms:
        label = f.mechanism.label
        rows.append(
            (
                f"{label.en} ({label.ru}, {label.zh})",
                f.mechanism.level.replace("-", " "),
                Ref(f"{len(f.rounds)}", tuple(e.id for e in f.rounds)),
                f"{f.rounds[0].when.start.year}",
                Ref(str(f.rounds[-1].when.start), (f.rounds[-1].id,)),
                Ref(f"{f.regularity:.2f}", tuple(e.id for e in f.rounds)),
                ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in f.lapses) or "–",
            )
        )
    return Table(
        ("Mechanism", "Level", "Rounds", "First", "Last", "Regularity", "No round found"),
        tuple(rows),
        "Standing mechanisms. Regularity: share of years from first to last round with a round on record. A gap may be one in the sources.",
        numeric=(2, 5),
    )


def _series(inputs: ReportInputs) -> Table:
    rows: list[tuple[Part, ...]] = []
    names = dict.fromkeys(e.series for e in inputs.realised("exercise", "operation") if e.series)
    for name in sorted(n for n in names if n):
        editions = [e for e in inputs.realised("exercise", "operation") if e.series == name]
        rows.append(
            (
                inputs.series_name(name),
                Ref(f"{len(editions)}", tuple(e.id for e in editions)),
                f"{editions[0].when.start.year}",
                Ref(str(editions[-1].when.start), (editions[-1].id,)),
            )
        )
    return Table(
        ("Series", "Editions on record", "First", "Last"),
        tuple(rows),
        "Series of exercises and operations.",
        numeric=(1,),
    )


def _figures(inputs: ReportInputs) -> Table:
    rows: list[tuple[Part, ...]] = []
    for figure in inputs.figures:
        label = inputs.codebook.figures[figure.name].label
        rows.append(
            (
                label,
                figure.direction.replace(">", " to "),
                str(figure.when).replace("/", " to "),
                _value(figure),
                figure.title,
            )
        )
    return Table(
        ("Figure", "Direction", "Date", "Value", "As the source has it"),
        tuple(rows),
        "Cited values that are no acts. Values that disagree stand side by side.",
    )


def _value(figure: Figure) -> Ref:
    low, best, high = figure.low, figure.best, figure.high
    if best is not None:
        text = _number(best)
        if low is not None and high is not None and low != high:
            text += f" ({_number(low)} to {_number(high)})"
    elif low is not None and high is not None:
        text = f"{_number(low)} to {_number(high)}"
    elif low is not None:
        text = f"at least {_number(low)}"
    else:
        text = f"at most {_number(high or 0)}"
    return Ref(f"{text} {figure.unit}", (figure.id,))


def _number(value: float) -> str:
    """Digits in groups of three."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,}"


def _sources(inputs: ReportInputs) -> Table:
    mix = inputs.source_mix
    ids: dict[str, dict[str, None]] = {}
    for event in inputs.events:
        for c in event.citations:
            ids.setdefault(c.language, {})[event.id] = None
    rows: list[tuple[Part, ...]] = [
        (language, Ref(f"{n}", tuple(ids[language])), Ref(f"{len(ids[language])}", tuple(ids[language])))
        for language, n in mix.by_language.items()
    ]
    return Table(("Language", "Citations", "Events that cite it"), tuple(rows), "Sources by language.", numeric=(1, 2))
