"""What the levels hang on: a compact table of what is left out or moved, and the levels after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milcoop.domain.sensitivity import THRESHOLD, Sensitivity, Variation
from milcoop.report.blocks import Block, Part, Ref, Section, Table, para
from milcoop.report.inputs import ReportInputs


def sensitivity_section(inputs: ReportInputs, found: Sensitivity) -> Section:
    """Variations that move a level of the last year; how many were tried."""
    areas = [a for a in inputs.assessment.scale.areas if a.id in {s.area for v in found.variations for s in v.areas}]
    ids = tuple(found.ratings[a.id] for a in areas)
    names = [*((a.label.en, a.id) for a in areas), ("The whole", "overall")]
    moving = [v for v in found.variations if any(s.moved for s in v.areas)]
    blocks: list[Block] = [
        para(
            "What does a level hang on? One thing at a time is left out of the evidence, or one threshold or window moved by one step, and the pair is rated "
            "again. Searches stay: what is left out counts as looked for and not found. Of ",
            Ref(str(len(found.variations)), ids),
            " variations ",
            Ref(str(len(moving)), ids) if moving else "none",
            " move a level of ",
            str(found.year),
            ". Probabilities and directions after each: milcoop sensitivity.",
        )
    ]
    rows = tuple(row for name, area in names for row in _rows(name, area, moving, found, inputs))
    if rows:
        blocks.append(
            Table(
                ("Area", "Left out or moved", "Acts and figures that drop", f"Level of {found.year}"),
                rows,
                "Variations that move a level, by area; all others keep it.",
                numeric=(2, 3),
            )
        )
    return Section("sensitivity", "Sensitivity", tuple(blocks))


def _rows(
    name: str, area: str, moving: Sequence[Variation], found: Sensitivity, inputs: ReportInputs
) -> Iterator[tuple[Part, ...]]:
    """One row for each variation that moves the area; its name stands in the first."""
    ids = (found.ratings[area],) if area in found.ratings else tuple(found.ratings.values())
    for variation in moving:
        shift = variation.of(area)
        if shift is None or not shift.moved:
            continue
        out = variation.left_out
        after = "none" if shift.after is None else f"{shift.after:g}"
        yield (
            name,
            _words(variation, inputs),
            Ref(str(len(out)), out) if out else "",
            Ref(f"{shift.before:g} → {after}", ids),
        )
        name = ""


def _words(variation: Variation, inputs: ReportInputs) -> str:
    """``pages in zh``; ``exercises.4.several: threshold +1``."""
    what = variation.what
    names = dict(zip(inputs.assessment.dyad.states, inputs.names, strict=True))
    if variation.kind == "one party":
        return " ".join(names.get(word, word) for word in what.split())
    if variation.kind == THRESHOLD:
        criterion, _, step = what.partition(" ")
        return f"{criterion}: {step}"
    return {
        "language": f"pages in {what}",
        "publishers": f"{what} publishers",
        "single page": f"acts {what}",
        "family": f"family {what}",
    }.get(variation.kind, what)
