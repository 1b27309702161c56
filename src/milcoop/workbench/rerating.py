"""What if: levels of a dyad before and after evidence or rules are changed; events on which a level hangs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from milcoop.codebook.overrides import apply_settings
from milcoop.domain.dyad import Dyad
from milcoop.domain.rerating import Decisive, Rerating
from milcoop.errors import InvalidArgument, MissingExtra
from milcoop.measure.record_panel import PairEvidence
from milcoop.measure.rerate import compare_assessments, find_decisive
from milcoop.record.edits import add_events, drop_rows, read_events
from milcoop.workbench.latent import NEEDS, Latent


class WhatIf(Latent):
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

    def rerate_latent(
        self,
        dyad: Dyad,
        drop: Sequence[str] = (),
        add: Sequence[Path] = (),
        settings: Sequence[str] = (),
        scale_id: str | None = None,
        progress: Callable[[str], None] = lambda step: None,
    ) -> Rerating:
        """Every cell before and after by the latent model: draws of the shipped fit weighed anew, or a new fit where they cannot be.

        Raises InvalidArgument where no draws ship for this record, date and scale, MissingExtra without the extra ``model``.
        """
        from milcoop.measure.saved import read_bundled_draws

        after, said = self.edited(dyad, drop, add, settings, scale_id)
        versions = self.record.version, self.codebook.rating_version
        saved = None if self.record.as_of else read_bundled_draws(said.scale, *versions)
        if saved is None:
            raise InvalidArgument(
                "draws of the latent model ship for the whole bundled record on its default scale alone; "
                "without --latent, --intervals works for any record, date and scale"
            )
        if not any(unit.partition(":")[0] == dyad.id for unit in saved.paths):
            raise InvalidArgument(f"{dyad.id} has no log of searches, so the latent model says nothing of it")
        try:
            from milcoop.measure.reweight import reweigh
        except ModuleNotFoundError as error:
            raise MissingExtra(NEEDS.format(error.name)) from None
        changed = {*said.dropped, *said.added, *said.replaced}
        pairs = [
            PairEvidence(after.assess(d, scale_id=scale_id), after.coverage(d))
            for d in self.searched_dyads()
            if settings or d == dyad or _touched(d, self, changed) or _touched(d, after, changed)
        ]
        old, new = self.assess(dyad, scale_id=scale_id), after.assess(dyad, scale_id=scale_id)
        before = PairEvidence(old, self.coverage(dyad))
        first, second, weighed = reweigh(saved, dyad.id, before, pairs, (self.codebook, after.codebook))
        refit = not weighed.reliable or weighed.left_out > 0
        if refit:
            progress(f"weights of the draws fail ({weighed.why_not}): fitting anew")
            second = after.fit_latent(scale_id, progress).pairs[dyad.id].estimates
        cells = compare_assessments(old, new, (first, second), weighed=None if refit else weighed)
        return replace(said, cells=cells, draws=saved.draws, reweighting=weighed, refitted=refit)

    def decisive(self, dyad: Dyad, year: int | None = None, scale_id: str | None = None) -> tuple[Decisive, ...]:
        """Events and figures whose loss alone changes a level of a year; default: the last year rated.

        Raises InvalidArgument for a year without any level.
        """
        assessment = self.assess(dyad, scale_id=scale_id)
        year = assessment.years[-1] if year is None else year
        if year not in assessment.years or all(r.level is None for r in assessment.of_year(year).values()):
            raise InvalidArgument(f"found year {year}, in which {dyad.id} has no level")
        return find_decisive(assessment, self.coverage(dyad), year)


def _touched(dyad: Dyad, desk: WhatIf, changed: set[str]) -> bool:
    """Whether one of the changed rows is the pair's own."""
    return any(e.id in changed for e in desk.record.of_dyad(dyad))
