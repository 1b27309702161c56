"""Where it is heading: levels at both ends of ten years, and what redraws of the evidence say of the direction."""

from __future__ import annotations

from milcoop.report.blocks import Paragraph, Part, Ref, joined, para
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.phrases import area_name, chance, is_rated, level_ref, likelihood


def where_to(inputs: ReportInputs) -> Paragraph:
    """Changes over the last ten years, described."""
    assessment, last = inputs.assessment, inputs.last_year
    first = max(last - 10, assessment.years[0])
    before, now = assessment.of_year(first), inputs.now
    moved: dict[str, list[tuple[Part, ...]]] = {"rose": [], "fell": [], "stayed": []}
    for area_id, rating in now.items():
        then = before[area_id]
        if rating.level is None or then.level is None:
            continue
        if rating.level == then.level:
            moved["stayed"].append((f"{area_name(inputs, area_id)} (", level_ref(rating), ")"))
        else:
            word = "rose" if rating.level > then.level else "fell"
            moved[word].append(
                (f"{area_name(inputs, area_id)} (from ", level_ref(then), " to ", level_ref(rating), ")")
            )
    between = f"Between {first} and {last} "
    phrases = [
        (verb, *joined(moved[word]))
        for word, verb in (("rose", "rose in "), ("fell", "fell in "), ("stayed", "stayed the same in "))
        if moved[word]
    ]
    if not phrases:
        return para(between, "no area has a level at both ends, so no change is described.", head="Where to")
    parts: list[Part] = [between, "the level "]
    for i, phrase in enumerate(phrases):
        parts += ["; it " if i else "", *phrase]
    return para(*parts, ". ", *_redrawn(inputs), head="Where to")


def _redrawn(inputs: ReportInputs) -> tuple[Part, ...]:
    """What redraws of the evidence say of the direction, in words of likelihood bound to numbers."""
    path = inputs.path
    if path is None or not path.directions:
        return ("Whether a change is more than chance is not judged: the window has years without a level.",)
    main = inputs.codebook.trajectory["trajectory"].main
    said: list[tuple[Part, ...]] = []
    for d in path.directions:
        up, flat, down = d.probabilities[main]
        p, what = max((up, "expansion of "), (flat, "no change of "), (down, "decline of "))
        whole = d.area == "overall"
        name = "the whole" if whole else area_name(inputs, d.area)
        ids = tuple(r.id for r in inputs.now.values() if is_rated(r) and (whole or r.area == d.area))
        said.append((f"{what}{name} is {likelihood(p)} (", Ref(chance(p), ids), ")"))
    lead = f"Redrawing the evidence for {path.first} to {path.last}, with changes inside the region of equivalence as none: "
    return (lead, *joined(said), ".")
