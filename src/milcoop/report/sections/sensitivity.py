"""What the levels hang on: a compact table of what is left out or moved, and the levels after it."""

from __future__ import annotations

from collections.abc import Sequence

from milcoop.domain.sensitivity import THRESHOLD, AreaShift, Sensitivity, Variation
from milcoop.report.blocks import Block, Part, Ref, Section, Table, para
from milcoop.report.inputs import ReportInputs


def sensitivity_section(inputs: ReportInputs, found: Sensitivity) -> Section:
    """Variations that move a level of the last year; how many were tried."""
    areas = [a for a in inputs.assessment.scale.areas if a.id in {s.area for v in found.variations for s in v.areas}]
    ids = tuple(found.ratings[a.id] for a in areas)
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
    rows = tuple(_row(v, [a.id for a in areas], found, inputs) for v in moving)
    if rows:
        blocks.append(
            Table(
                ("Left out or moved", "Acts and figures that drop", *(a.label.en for a in areas), "The whole"),
                rows,
                f"Levels of {found.year} after each variation that moves one; a dot where the level stays.",
                numeric=tuple(range(1, 3 + len(areas))),
            )
        )
    return Section("sensitivity", "Sensitivity", tuple(blocks))


def _row(variation: Variation, areas: Sequence[str], found: Sensitivity, inputs: ReportInputs) -> tuple[Part, ...]:
    out = variation.left_out
    dropped: Part = Ref(str(len(out)), out) if out else ""
    whole = tuple(found.ratings[a] for a in areas)
    cells = (_cell(variation.of(a), (found.ratings[a],)) for a in areas)
    return _words(variation, inputs), dropped, *cells, _cell(variation.of("overall"), whole)


def _cell(shift: AreaShift | None, ids: tuple[str, ...]) -> Part:
    if shift is None or not shift.moved:
        return "·"
    return Ref(f"{shift.before:g} → {shift.after:g}" if shift.after is not None else "none", ids)


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
