"""Two ways to say how sure: redraws of the evidence and the latent model, side by side, and each area beside the whole."""

from __future__ import annotations

from milcoop.domain.estimate import LevelEstimate
from milcoop.domain.latent import LatentEstimates, far_apart
from milcoop.domain.path import signed
from milcoop.report.blocks import Block, Part, Ref, Section, Table, para
from milcoop.report.inputs import ReportInputs

WINDOW = 10
"""Years over which areas are set beside the whole, as in the chapter on direction."""


def routes_section(inputs: ReportInputs, found: LatentEstimates) -> Section:
    """Levels of the last year by both routes; growth of each area beside the whole by the model."""
    year, fit = inputs.last_year, found.fit
    names = [*((a.label.en, a.id) for a in inputs.assessment.scale.areas), ("The whole", "overall")]
    every = tuple(r.id for r in inputs.now.values())
    rows: list[tuple[Part, ...]] = []
    apart = []
    for name, area in names:
        first, second = (e.cells.get((area, year)) for e in (inputs.estimates, found.estimates))
        if first is None or second is None:
            continue
        ids = (inputs.now[area].id,) if area in inputs.now else every
        differ = far_apart(first, second)
        apart += [name] if differ else []
        rows.append((name, *(Ref(text, ids) for e in (first, second) for text in _words(e)), "apart" if differ else ""))
    blocks: list[Block] = [
        para(
            "How sure one may be is asked twice. Redraws of the evidence put back what searches missed and rate again; no model of cooperation. "
            "The latent model reads counts of acts, their grades and texts in force of all searched pairs as answers to one depth of each pair "
            "with deviations of its areas, with detection as exposure, and is told the criteria's levels only at the end. Where the two are far "
            "apart, the level rests on more than the events of the area: on what such areas of other pairs, or other areas of this pair, look like."
        )
    ]
    if not fit.established:
        blocks.append(para("; ".join(fit.reasons[:3]) + ".", head="Not established"))
    if rows:
        head = ("Area", "Redraws: median", "80 %", "Latent model: median", "80 %", "")
        caption = f"Level at the end of {year} by two routes. Apart: medians more than one level from each other."
        blocks.append(Table(head, tuple(rows), caption, numeric=(1, 2, 3, 4)))
    growth = {g.area: g for g in found.growth_over(WINDOW) if g.area in inputs.now}
    if growth:
        table: list[tuple[Part, ...]] = []
        for name, area in names:
            if (g := growth.get(area)) is not None:
                ids = (inputs.now[area].id,)
                shares = (*g.against_areas, g.trait_rose_more)
                table.append((name, Ref(signed(g.slope), ids), *(Ref(f"{100 * p:.0f}", ids) for p in shares)))
        one = next(iter(growth.values()))
        head = ("Area", "Levels a year", "Faster %", "Same %", "Slower %", "Trait rose more %")
        caption = (
            f"Each area beside the mean of all areas, {one.first} to {one.last}, by the latent model: slopes of expected levels; last, the chance that "
            "the area's trait rose more than the pair's depth, which speaks where levels hardly move."
        )
        blocks.append(Table(head, tuple(table), caption, numeric=(1, 2, 3, 4, 5)))
    return Section("routes", "Two routes to a level", tuple(blocks))


def _words(cell: LevelEstimate) -> tuple[str, str]:
    low, high = cell.interval(80)
    return f"{cell.median:g}", f"{low:g}" if low == high else f"{low:g}-{high:g}"
