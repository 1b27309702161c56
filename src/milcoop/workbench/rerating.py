"""What if: levels of a dyad before and after evidence or rules are changed; events on which a level hangs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from milcoop.codebook.overrides import apply_settings
from milcoop.domain.dyad import Dyad
from milcoop.domain.rerating import Decisive, Rerating
from milcoop.errors import InvalidArgument
from milcoop.measure.rerate import compare_assessments, find_decisive
from milcoop.record.edits import add_events, drop_rows, read_events
from milcoop.workbench.estimation import Estimation


class WhatIf(Estimation):
    """What can be asked about evidence and rules that are not as they are."""

    def edited(
        self,
        dyad: Dyad,
        drop: Sequence[str] = (),
        add: Sequence[Path] = (),
        settings: Sequence[str] = (),
        scale_id: str | None = None,
    ) -> tuple[Self, Rerating]:
        """A workbench over the changed record and codebook, and what was changed, without cells.

        Raises InvalidArgument for an unknown id, rule or value, InvalidRecord for a bad file, with file and line.
        """
        codebook = apply_settings(self.codebook, self.scale(scale_id), settings)
        record = drop_rows(self.record, dyad, drop)
        events = [e for path in add for e in read_events(path, codebook, self.record, dyad)]
        known = {e.id for e in self.record.events}
        record = replace(add_events(record, events, codebook), version=record.version + "+edited")
        said = Rerating(
            dyad=dyad.id,
            scale=self.scale(scale_id).id,
            record_version=self.record.version,
            dropped=tuple(drop),
            added=tuple(e.id for e in events if e.id not in known),
            replaced=tuple(e.id for e in events if e.id in known),
            settings=tuple(settings),
            cells=(),
            draws=None,
        )
        return type(self)(codebook, record), said

    def rerate(
        self,
        dyad: Dyad,
        drop: Sequence[str] = (),
        add: Sequence[Path] = (),
        settings: Sequence[str] = (),
        scale_id: str | None = None,
        *,
        intervals: bool = False,
    ) -> Rerating:
        """Every cell of a dyad before and after; with ``intervals`` by redraws of the evidence as well (seconds)."""
        after, said = self.edited(dyad, drop, add, settings, scale_id)
        old, new = self.assess(dyad, scale_id=scale_id), after.assess(dyad, scale_id=scale_id)
        if not intervals:
            return replace(said, cells=compare_assessments(old, new))
        estimates = self.estimates(old), after.estimates(new)
        return replace(said, cells=compare_assessments(old, new, estimates), draws=estimates[1].draws)

    def decisive(self, dyad: Dyad, year: int | None = None, scale_id: str | None = None) -> tuple[Decisive, ...]:
        """Events and figures whose loss alone changes a level of a year; default: the last year rated.

        Raises InvalidArgument for a year without any level.
        """
        assessment = self.assess(dyad, scale_id=scale_id)
        year = assessment.years[-1] if year is None else year
        if year not in assessment.years or all(r.level is None for r in assessment.of_year(year).values()):
            raise InvalidArgument(f"found year {year}, in which {dyad.id} has no level")
        return find_decisive(assessment, self.coverage(dyad), year)
