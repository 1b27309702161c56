"""The whole against its components: which areas run ahead, which behind, and how they moved."""

from __future__ import annotations

from milcoop.domain.path import Direction, Path, Strand, signed
from milcoop.report.blocks import Block, Chart, Part, Ref, Section, Table, para
from milcoop.report.charts import family_counts, level_lines
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.lulls import lull_blocks
from milcoop.report.sections.phrases import chance, is_rated
from milcoop.trajectory.series import Change


def whole_section(inputs: ReportInputs) -> Section:
    """Lines of all areas against the whole, changes, and the volume of acts beside them."""
    assessment = inputs.assessment
    blocks: list[Block] = [
        para(
            "The whole is the median of at least five monitored areas; where fewer are monitored there is none. Areas above it run "
            "ahead, areas below it behind."
        ),
        Chart(
            "lines", level_lines(assessment), "Level of each area (blue) against the whole (red) at each year's end."
        ),
    ]
    rows = tuple(_row(inputs, change) for change in inputs.changes)
    if rows:
        change = inputs.changes[0]
        blocks.append(
            Table(
                ("Area", str(change.from_year), str(change.to_year), "Change", "Against the whole"),
                rows,
                "Change of level over the window, and less the change of the whole.",
                numeric=(1, 2, 3, 4),
            )
        )
    if inputs.path is not None:
        blocks += _tested(inputs, inputs.path)
    blocks += lull_blocks(inputs)
    blocks.append(
        Chart(
            "families",
            family_counts(inputs.counts, assessment.years, inputs.codebook.families),
            "Acts on record by year of their start and family. This is volume on record, which follows reporting as well as "
            "cooperation; levels do not rest on it alone.",
        )
    )
    return Section("whole", "The whole against its components", tuple(blocks))


def _tested(inputs: ReportInputs, path: Path) -> list[Block]:
    """Direction over redraws of the evidence, and breaks in yearly acts, as tables."""
    dyad, rule = inputs.assessment.dyad.id, inputs.codebook.trajectory["trajectory"]
    blocks: list[Block] = []
    if path.directions:
        rows = tuple(_direction(inputs, d, path.last, rule.main) for d in path.directions)
        blocks.append(
            Table(
                ("Area", "Slope a year", "80 percent", "Expansion", "No change", "Decline", "Faster than the whole"),
                rows,
                f"Direction from {path.first} to {path.last} over redraws of the evidence. Changes inside the region of equivalence are none.",
                numeric=(1, 2, 3, 4, 5, 6),
            )
        )
    if path.series:
        named = [n.year for n in rule.named]
        acts = []
        for s in path.series:
            ids = tuple(f"{dyad}:{s.area}:{y}" for y in (min(s.counts), max(s.counts)))
            likeliest = s.acts.likeliest
            broken = s.acts.forms["one break"] + s.acts.forms["two breaks"]
            told = s.reporting.forms["one break"] + s.reporting.forms["two breaks"]
            acts.append(
                (
                    inputs.assessment.scale.area(s.area).label.en,
                    Ref(chance(s.acts.forms["none"]), ids),
                    Ref(chance(s.acts.forms["trend"]), ids),
                    Ref(chance(broken), ids),
                    Ref(f"{likeliest} ({s.acts.years[likeliest]:.0%})", ids) if likeliest else "–",
                    *(Ref(chance(s.acts.years[y]), ids) if y in s.acts.years else "–" for y in named),
                    Ref(chance(told), ids),
                )
            )
        blocks.append(
            Table(
                ("Area", "No break", "Trend", "Break", "Likeliest", *map(str, named), "Break in pages"),
                tuple(acts),
                "Yearly acts on record: probability of each form, of a break in the named years, and of a break in the number of cited pages, "
                "which can make one in acts.",
                numeric=tuple(range(1, 6 + len(named))),
            )
        )
    if rows := tuple(_strand(s) for s in path.strands if s.events):
        blocks.append(
            Table(
                ("Strand", "Unit", "Acts known on", "Slope a year", "80 percent", "Rises"),
                rows,
                "Strands of joint exercises and operations over the window, a year that has not ended left out: how often, under how close a command, how far from home, with how "
                "many services. A dash where the acts on which it is known are too few for a slope.",
                numeric=(2, 3, 4, 5),
            )
        )
    return blocks


def _strand(strand: Strand) -> tuple[Part, ...]:
    ids = strand.events
    told: tuple[Part, ...] = ("–", "–", "–")
    if strand.slope is not None and strand.interval is not None and strand.rises is not None:
        ends = " to ".join(signed(v) for v in strand.interval)
        told = Ref(signed(strand.slope), ids), Ref(ends, ids), Ref(chance(strand.rises), ids)
    return strand.id, strand.unit, Ref(str(len(ids)), ids), *told


def _direction(inputs: ReportInputs, d: Direction, year: int, main: float) -> tuple[Part, ...]:
    whole = d.area == "overall"
    name = "The whole" if whole else inputs.assessment.scale.area(d.area).label.en
    rated = [r.id for r in inputs.assessment.of_year(year).values() if is_rated(r) and (whole or r.area == d.area)]

    def cell(text: str) -> Part:
        return Ref(text, tuple(rated))

    faster = cell(chance(d.against_whole[0])) if d.against_whole else "–"
    band = f"{d.interval[0]:+.2f} to {d.interval[1]:+.2f}"
    shares = (cell(chance(p)) for p in d.probabilities[main])
    return (name + (f" (at {d.at})" if d.at else ""), cell(f"{d.slope:+.2f}"), cell(band), *shares, faster)


def _row(inputs: ReportInputs, change: Change) -> tuple[Part, ...]:
    scale, dyad = inputs.assessment.scale, inputs.assessment.dyad.id
    if change.area == "overall":
        name, area_ids = "The whole", [a.id for a in scale.areas]
    else:
        name, area_ids = scale.area(change.area).label.en, [change.area]

    def cell(value: float | None, *years: int, signed: bool = False) -> Part:
        if value is None:
            return "–"
        ids = tuple(f"{dyad}:{a}:{y}" for y in years for a in area_ids if is_rated(inputs.assessment.of_year(y)[a]))
        return Ref(f"{value:+g}" if signed and value else f"{value:g}", ids)

    both = (change.from_year, change.to_year)
    return (
        name,
        cell(change.before, change.from_year),
        cell(change.after, change.to_year),
        cell(change.change, *both, signed=True),
        cell(change.against_whole, *both, signed=True),
    )
