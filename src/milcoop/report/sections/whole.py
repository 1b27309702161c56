"""The whole against its components: which areas run ahead, which behind, and how they moved."""

from __future__ import annotations

from milcoop.report.blocks import Block, Chart, Part, Ref, Section, Table, para
from milcoop.report.charts import family_counts, level_lines
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import is_rated
from milcoop.trajectory.series import Change


def whole_section(inputs: ReportInputs) -> Section:
    """Lines of all areas against the whole, changes, and the volume of acts beside them."""
    assessment = inputs.assessment
    blocks: list[Block] = [
        para(
            "The whole is the median of at least five monitored areas; where fewer are monitored there is none. Areas above it run "
            "ahead, areas below it behind. Changes are described, not tested."
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
    blocks.append(
        Chart(
            "families",
            family_counts(inputs.counts, assessment.years, inputs.codebook.families),
            "Acts on record by year of their start and family. This is volume on record, which follows reporting as well as "
            "cooperation; levels do not rest on it alone.",
        )
    )
    return Section("whole", "The whole against its components", tuple(blocks))


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
