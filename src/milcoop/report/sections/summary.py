"""Quick look and executive summary: how deep, where to, how real, who gains, what limits it, what to watch, how sure."""

from __future__ import annotations

from milcoop.domain.rating import MONITORED, PARTLY
from milcoop.findings.next_rung import find_next_rung
from milcoop.report.blocks import (
    Block,
    Chart,
    Paragraph,
    Part,
    Ref,
    Section,
    Table,
    count,
    joined,
    para,
    words,
)
from milcoop.report.charts import level_heatmap
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.answers import how_real, what_limits, what_to_watch, which_reading, who_gains
from milcoop.report.sections.direction import where_to
from milcoop.report.sections.phrases import (
    area_name,
    band,
    is_rated,
    level_ref,
    long_date,
    percent,
)


def quick_look(inputs: ReportInputs, alone: bool) -> Section:
    """One page: the heat map, the levels now and before; when it stands alone, three paragraphs of the summary."""
    if not inputs.assessment.monitored:
        return Section("quick-look", "Quick look", (not_monitored(inputs),))
    caption = (
        "Level of each area at each year's end. White: not monitored. A dot: partly monitored, so the level is a lower "
        "bound. Levels follow cited criteria; the table has the interval that holds four in five redraws of the evidence."
    )
    blocks: list[Block] = [how_deep(inputs), where_to(inputs), how_real(inputs)] if alone else []
    return Section(
        "quick-look",
        "Quick look",
        (Chart("levels", level_heatmap(inputs.assessment), caption), level_table(inputs), *blocks),
    )


def not_monitored(inputs: ReportInputs) -> Paragraph:
    """What can be said of a pair that nobody searched: that it was not."""
    names = " and ".join(inputs.names)
    parts: list[Part] = [
        f"{names} are not monitored: the record holds no log of searches for this pair and period, so no level is given. "
    ]
    if inputs.events:
        parts += [
            "It does hold ",
            *count((e.id for e in inputs.events), "event"),
            " in which both took part, met while searching for other pairs. They are no sample and say nothing of how deep the "
            "cooperation is. ",
        ]
    parts.append("Not monitored is not zero.")
    return para(*parts, head="Not monitored")


def level_table(inputs: ReportInputs) -> Table:
    """Levels now, five and ten years before, with what carries them."""
    assessment, last = inputs.assessment, inputs.last_year
    years = [y for y in (last - 10, last - 5) if y in assessment.years]
    rows = []
    for area in assessment.scale.areas:
        now = inputs.now[area.id]
        cells: list[Part] = [area.label.en]
        for year in years:
            then = assessment.of_year(year)[area.id]
            cells.append(level_ref(then) if is_rated(then) else "–")
        cells.append(level_ref(now) if is_rated(now) else "–")
        interval = band(inputs, area.id, last)
        cells.append(Ref(interval, (now.id,)) if interval else "–")
        cells.append(next((r.label for r in area.rungs if r.level == now.level), now.label))
        cells.append(now.coverage)
        kept = f"{now.variants_kept} of {now.variants}" if now.variants else ""
        cells.append(Ref(kept, (now.id,)) if kept else "–")
        rows.append(tuple(cells))
    return Table(
        (
            "Area",
            *(str(y) for y in years),
            assessment.ratings[-1].on,
            "80 %",
            "What the level means",
            "Coverage",
            "Variants that keep it",
        ),
        tuple(rows),
        "Levels by area, with the interval that holds four in five redraws of the evidence. Variants: one-step changes of the "
        "area's thresholds and windows that leave the level as it is.",
        numeric=tuple(range(1, 2 + len(years))),
    )


def how_deep(inputs: ReportInputs) -> Paragraph:
    """Levels from deepest to shallowest, the whole and the stage."""
    rated = [r for r in inputs.now.values() if is_rated(r)]
    if not rated:
        text = f"No area of {' and '.join(inputs.names)} is monitored, so no level is given."
        return para(text, head="How deep")
    by_level: dict[int, list[tuple[Part, ...]]] = {}
    for r in rated:
        partly = " (partly monitored)" if r.coverage == PARTLY else ""
        by_level.setdefault(r.level or 0, []).append((Ref(area_name(inputs, r.area), (r.id,)), partly))
    scale = inputs.assessment.scale
    parts: list[Part] = [
        f"On {long_date(rated[0].on)}, on a scale from {scale.levels[0]} to {scale.levels[-1]}, the areas stand "
    ]
    for i, level in enumerate(sorted(by_level, reverse=True)):
        ids = tuple(r.id for r in rated if r.level == level)
        parts += [
            "; " if i else "",
            "at ",
            Ref(f"level {level}", ids),
            f" ({scale.levels[level]}): ",
            *joined(by_level[level]),
        ]
    missing = [r for r in inputs.now.values() if not is_rated(r)]
    if missing:
        parts.append("; no level for " + words([f"{area_name(inputs, r.area)} ({r.coverage})" for r in missing]))
    return para(*parts, ". ", *_whole(inputs), head="How deep")


def _whole(inputs: ReportInputs) -> list[Part]:
    scale = inputs.assessment.scale
    last = inputs.assessment.overall[-1]
    latest = next((o for o in reversed(inputs.assessment.overall) if o.level is not None), None)
    if latest is None or latest.level is None:
        return [
            "No overall level is given for any year: it takes ",
            f"{_number(scale.overall.at_least_areas)} monitored areas.",
        ]
    ids = tuple(
        r.id
        for r in inputs.assessment.ratings
        if r.year == latest.year and r.coverage == MONITORED and r.level is not None
    )
    stage = f"the {latest.stage} stage" if latest.stage else "no stage of the scale reached by most of its areas"
    where = (
        "the whole stands"
        if latest is last
        else f"for the latest year with enough monitored areas ({latest.year}) the whole stood"
    )
    return [f"As the median of monitored areas, {where} at level ", Ref(f"{latest.level:g}", ids), f": {stage}."]


def _number(n: int) -> str:
    return {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}.get(n, "several")


def executive_summary(inputs: ReportInputs) -> Section:
    """The questions an analyst asks, each answered in a paragraph."""
    return Section(
        "summary",
        "Executive summary",
        (
            how_deep(inputs),
            where_to(inputs),
            how_real(inputs),
            who_gains(inputs),
            what_limits(inputs),
            what_to_watch(inputs),
            which_reading(inputs),
            next_steps(inputs),
            how_sure(inputs),
        ),
    )


def next_steps(inputs: ReportInputs) -> Paragraph:
    """Which observable acts would raise a level."""
    items: list[tuple[Part, ...]] = []
    for area in inputs.assessment.scale.areas:
        rating = inputs.now[area.id]
        rung = find_next_rung(rating, area)
        if rung and rung.missing:
            items.append((f"{area_name(inputs, area.id)}: ", Ref(rung.missing[0].text, (rating.id,))))
    if not items:
        text = "Every rated area stands at the top of its ladder, or none is rated."
        return para(text, head="What would raise a level")
    parts: list[Part] = ["First unmet criterion by area: "]
    for i, item in enumerate(items):
        parts += ["; " if i else "", *item]
    return para(*parts, ".", head="What would raise a level")


def how_sure(inputs: ReportInputs) -> Paragraph:
    """Coverage, variants, one-sided sources: what the reader must not forget."""
    mix = inputs.source_mix
    ratings = [r for r in inputs.assessment.ratings if r.year == inputs.last_year]
    fragile = [r for r in ratings if r.variants and r.variants_kept is not None and r.variants_kept < r.variants]
    parts: list[Part] = []
    if mix.one_party_only:
        n = len(inputs.events)
        parts += [
            Ref(f"{len(mix.one_party_only)} of {n} events ({percent(len(mix.one_party_only), n)})", mix.one_party_only),
            " rest on the agencies of one of the two states alone. ",
        ]
    if fragile:
        parts.append("Levels that some one-step variant of a threshold or window would change: ")
        parts += joined(
            [
                (f"{area_name(inputs, r.area)} (", Ref(f"{r.variants_kept} of {r.variants}", (r.id,)), " keep it)")
                for r in fragile
            ]
        )
        parts.append(". ")
    held = [r for r in ratings if r.skipped]
    if held:
        parts.append("Held down by a gap, since criteria of a higher rung are met: ")
        parts += joined(
            [(f"{area_name(inputs, r.area)} (rung ", Ref(", ".join(map(str, r.skipped)), (r.id,)), ")") for r in held]
        )
        parts.append("; the gap may be in the cooperation or in the record. ")
    partly = [area_name(inputs, r.area) for r in ratings if r.coverage not in (MONITORED,)]
    if partly:
        parts.append("Not fully searched for the last year: " + ", ".join(partly) + ". ")
    parts.append(
        "A level is what the cited events meet. The interval beside it redraws missed events, errors of coding, conflicts of "
        "sources and the rules by one step; it does not cover kinds of acts that no search ever met. Events were coded by "
        "machine from page openings and await a person's acceptance."
    )
    return para(*parts, head="How sure")
