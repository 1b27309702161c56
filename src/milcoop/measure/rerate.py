"""Two assessments of one dyad cell by cell, and the events whose loss alone changes a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates, LevelEstimate
from milcoop.domain.rating import MONITORED, NOT_MONITORED, Rating
from milcoop.domain.rerating import CellChange, Decisive, Flip
from milcoop.measure.bundled import OVERALL
from milcoop.measure.coverage import Coverage
from milcoop.measure.criteria import CriteriaRating

SEEN = 0.01
"""Change of a probability that is shown where no chance of draws is in it."""


def compare_assessments(
    before: Assessment,
    after: Assessment,
    estimates: tuple[Estimates, Estimates] | None = None,
    *,
    same_draws: bool = False,
) -> tuple[CellChange, ...]:
    """Every area and year of either assessment, then the whole; equal cells are in it too.

    ``same_draws``: both estimates are of the same draws, weighed differently, so that chance between draws is in neither.
    """
    shares: list[Mapping[tuple[str, int], LevelEstimate]] = [e.cells for e in estimates] if estimates else [{}, {}]
    draws = estimates[1].draws if estimates else 0

    def with_chances(cell: CellChange) -> CellChange:
        old_shares, new_shares = (s.get((cell.area, cell.year)) for s in shares)
        moved = _moved(old_shares, new_shares, 0 if same_draws else draws)
        return replace(cell, estimate_before=old_shares, estimate_after=new_shares, chances_moved=moved)

    old = {(r.area, r.year): r for r in before.ratings}
    new = {(r.area, r.year): r for r in after.ratings}
    cells = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        cells.append(
            CellChange(
                *key,
                was.level if was else None,
                now.level if now else None,
                was.coverage if was else NOT_MONITORED,
                now.coverage if now else NOT_MONITORED,
                find_flips(was, now) if was and now else (),
            )
        )
    whole_old, whole_new = ({o.year: o for o in x.overall} for x in (before, after))
    for year in dict.fromkeys([*whole_old, *whole_new]):
        b, a = (o.level if o else None for o in (whole_old.get(year), whole_new.get(year)))
        words = [MONITORED if level is not None else NOT_MONITORED for level in (b, a)]
        key = OVERALL, year
        cells.append(CellChange(*key, b, a, words[0], words[1], ()))
    return tuple(map(with_chances, cells))


def _moved(before: LevelEstimate | None, after: LevelEstimate | None, draws: int) -> bool:
    """Whether a share of draws differs by more than three standard errors of the difference of two sets of redraws.

    Of the same draws (``draws`` nought): by a hundredth or more.
    """
    if before is None or after is None:
        return before is not after
    levels = {*before.probabilities, *after.probabilities}
    for p, q in ((before.probabilities.get(v, 0.0), after.probabilities.get(v, 0.0)) for v in levels):
        middle = (p + q) / 2
        if abs(p - q) > (3 * (2 * middle * (1 - middle) / draws) ** 0.5 if draws else SEEN):
            return True
    return False


def find_flips(before: Rating, after: Rating) -> tuple[Flip, ...]:
    """Criteria whose verdict differs."""
    new = {c.id: c for c in after.criteria}
    return tuple(Flip(c, new[c.id]) for c in before.criteria if c.id in new and c.met != new[c.id].met)


def find_decisive(assessment: Assessment, coverage: Coverage, year: int) -> tuple[Decisive, ...]:
    """Events and figures whose loss alone changes a level of a year, the greatest loss first.

    Every deciding event is left out in turn. What each counts for is read off the index of evidence; only those found are
    rated anew, so that coverage and the whole follow.
    """
    events, figures = assessment.events, assessment.figures

    def rater(dropped: str | None) -> CriteriaRating:
        kept = [e for e in events if e.id != dropped]
        shown = [f for f in figures if f.id != dropped]
        return CriteriaRating(assessment.dyad, kept, shown, assessment.scale, coverage, assessment.as_of)

    full = rater(None)
    now = full.rate([year])
    by_area = {r.area: r for r in now}
    (whole,) = full.overall(now)
    losing: dict[str, None] = {}
    for rating in now:
        losing.update(dict.fromkeys(full.decisive(rating)))
    found = []
    for dropped in losing:
        again = rater(dropped)
        then = [
            again.rate_area(assessment.scale.area(r.area), year) if _counted(dropped, r) else r for r in now
        ]  # fmt: skip
        moved = [(r, by_area[r.area]) for r in then if r.level != by_area[r.area].level]
        (left,) = again.overall(then)
        areas = tuple((a.area, b.level, a.level) for a, b in moved)
        flips = tuple(f for a, b in moved for f in find_flips(b, a))
        found.append(Decisive(dropped, year, areas, flips, (whole.level, left.level)))
    return tuple(sorted(found, key=lambda d: (-d.weight[0], -d.weight[1], d.id)))


def _counted(event: str, rating: Rating) -> bool:
    return any(event in c.events for c in rating.criteria) or rating.level is None
