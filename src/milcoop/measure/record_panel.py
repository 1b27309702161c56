"""What the record answers to the latent model: counts of acts, grades of acts, promises in force (docs/measurement.md, route 2).

Every act enters one item: a promise before a count, an earlier item of the codebook before a later one. What was not
searched, or is settled by something else in force, has no answer; nothing is filled with noughts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from milcoop.codebook.latent_rule import ActGrade, CountItem, LatentRule, PromiseItem
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Scale, Selection
from milcoop.domain.assessment import Assessment
from milcoop.domain.event import Event
from milcoop.domain.rating import MONITORED, NOT_APPLICABLE
from milcoop.measure.coverage import Coverage
from milcoop.measure.detection import estimate_detection, pair_detection, two_lists
from milcoop.measure.latent.spec import ItemSpec, MeasureSpec
from milcoop.record.expected import PERIOD
from milcoop.record.in_force import Span, span_in_force
from milcoop.record.selection import Test, make_test

if TYPE_CHECKING:
    import pandas as pd

Item = PromiseItem | CountItem
COLUMNS = ("unit", "group", "year", "item", "value", "exposure")


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """A searched pair: its assessment over all monitored years, and its coverage."""

    assessment: Assessment
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one item, with the events behind it."""

    dyad: str
    area: str
    year: int
    item: str
    value: int
    exposure: float
    """What a count is proportional to: detection times the share of the year on record; one for other items."""
    events: tuple[str, ...]
    """Acts counted, the act graded, or the texts in force; empty where none was found in a monitored year."""

    @property
    def unit(self) -> str:
        """Pair and area."""
        return f"{self.dyad}:{self.area}"


@dataclass(frozen=True)
class RecordPanel:
    """All answers of the record, and the specification that reads them."""

    answers: tuple[Answer, ...]
    spec: MeasureSpec
    notes: tuple[str, ...]
    """Items left out and why."""
    unused: tuple[Answer, ...] = ()
    """Answers to them."""

    def table(self) -> pd.DataFrame:
        """One row an answer, as text: unit, group, year, item, value, exposure."""
        import pandas as pd

        rows = [(a.unit, a.dyad, str(a.year), a.item, str(a.value), f"{a.exposure:.6g}") for a in self.answers]
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def make_record_panel(pairs: Sequence[PairEvidence], codebook: Codebook) -> RecordPanel:
    """Answers of all pairs, by pair, item and year, under the rule of the codebook. Pairs share one scale."""
    rule, scale = codebook.latent["latent"], pairs[0].assessment.scale
    items = _Items(rule, scale)
    found = [a for pair in pairs for a in _answers(pair, items, codebook)]
    ranges: dict[str, dict[str, set[int]]] = {name: defaultdict(set) for name in items.specs}
    for answer in found:
        ranges[answer.item][answer.dyad].add(answer.value)
    notes = {n: why for n, by_pair in ranges.items() if (why := _tells_nothing(by_pair, items.rule.bridging))}
    used = {n: s for n, s in items.specs.items() if n not in notes}
    spec = MeasureSpec(
        id="record",
        unit="unit",
        group="group",
        time="year",
        item="item",
        value="value",
        exposure="exposure",
        items=used,
        dynamics="random-walk",
        steps="student",
    )
    said = tuple(f"{name} left out: {why}" for name, why in notes.items())
    asked, unused = (tuple(a for a in found if (a.item in used) is wanted) for wanted in (True, False))
    return RecordPanel(asked, spec, said, unused)


def answer_pair(pair: PairEvidence, codebook: Codebook) -> list[Answer]:
    """All answers of one pair, those to items that a panel leaves out too."""
    return list(_answers(pair, _Items(codebook.latent["latent"], pair.assessment.scale), codebook))


def _tells_nothing(by_pair: Mapping[str, set[int]], bridging: int) -> str:
    """Why an item's answers say nothing about the trait; empty when they do."""
    values = set().union(*by_pair.values())
    if len(values) < 2:
        return f"all answers are {values.pop()}" if values else "no pair has an answer"
    if any(len(v) > 1 for v in by_pair.values()):
        return ""
    low = sum(v == {min(values)} for v in by_pair.values())
    if min(low, len(by_pair) - low) < bridging:
        return f"it changes in no pair and tells fewer than {bridging} pairs from the others"
    return ""


def assign_item(events: Iterable[Event], rule: LatentRule, scale: Scale) -> dict[str, str]:
    """Event id -> the one promise or count that the event enters; events that enter none are left out."""
    items = _Items(rule, scale)
    return {e.id: item.id for e in events if (item := items.of(e)) is not None}


class _Items:
    """The items of the areas of a scale with their tests."""

    def __init__(self, rule: LatentRule, scale: Scale) -> None:
        areas = {a.id for a in scale.areas}
        self.rule, self.scale = rule, scale
        self.promises = [p for p in rule.promises if p.area in areas]
        self.counts = [c for c in rule.counts if c.area in areas]
        self.all: list[Item] = [*self.promises, *self.counts]
        self.tests: dict[str, Test] = {i.id: make_test(i.select, scale) for i in self.all}
        self._of: dict[str, Item | None] = {}
        grades = {c.grade.id: c.grade for c in self.counts if c.grade}
        self.grade_of = {name: _make_grade(grade, scale) for name, grade in grades.items()}
        self.specs = {p.id: ItemSpec(kind="binary") for p in self.promises}
        self.specs |= {c.id: ItemSpec(kind="count") for c in self.counts}
        self.specs |= {
            name: ItemSpec(kind="ordered", categories=tuple(float(s.grade) for s in g.steps))
            for name, g in grades.items()
        }

    def of(self, event: Event) -> Item | None:
        """The first item whose selection the event passes."""
        if event.id not in self._of:
            self._of[event.id] = next((i for i in self.all if self.tests[i.id](event)), None)
        return self._of[event.id]


def _make_grade(grade: ActGrade, scale: Scale) -> Callable[[Event], int | None]:
    steps = [(s, make_test(s.select.model_copy(update={"any_parties": True}), scale)) for s in grade.steps]

    def of(event: Event) -> int | None:
        reached = [
            s.grade for s, test in steps if test(event) and (s.of is None or len(set(event.values(s.of))) >= s.at_least)
        ]
        return max(reached, default=None)

    return of


def _answers(pair: PairEvidence, items: _Items, codebook: Codebook) -> Iterator[Answer]:
    assessment = pair.assessment
    if not assessment.searched:
        return
    idle = {(r.area, r.year) for r in assessment.ratings if r.coverage == NOT_APPLICABLE}
    exposure = _exposure(assessment, codebook)
    for item in items.all:
        families = item.select.named_families
        years = [
            y
            for y in assessment.years
            if (item.area, y) not in idle and all(pair.coverage.of_family(f, y) == MONITORED for f in families)
        ]
        own = [e for e in assessment.events if items.of(e) is item]
        settling = _settling(item, assessment, items)
        settled = {y for y in years if _in_force(settling, _rated_on(y, assessment))}
        if isinstance(item, PromiseItem):
            yield from _promises(item, own, years, settled, assessment, items.rule.review)
        else:
            grade = items.grade_of[item.grade.id] if item.grade else None
            yield from _counts(item, own, [y for y in years if y not in settled], assessment, exposure, grade)


def _promises(
    item: PromiseItem,
    own: Sequence[Event],
    years: Sequence[int],
    settled: Collection[int],
    assessment: Assessment,
    review: int,
) -> Iterator[Answer]:
    """Answers in the first and last year, in years of change, and once every ``review`` years between.

    Yes with a text of the item's own in force; else open where something else settles the question, else no.
    """
    spans = [span_in_force(e) for e in own]
    held = {y: texts for y in years if (texts := _in_force(spans, _rated_on(y, assessment))) or y not in settled}
    kept: list[int] = []
    for before, year in reversed(list(zip([None, *held], held, strict=False))):
        changed = before is None or bool(held[before]) != bool(held[year])
        if not kept or changed or kept[-1] - year >= review:
            kept.append(year)
    for year in reversed(kept):
        ids = tuple(s.event.id for s in held[year])
        yield Answer(assessment.dyad.id, item.area, year, item.id, int(bool(ids)), 1.0, ids)


def _counts(
    item: CountItem,
    own: Sequence[Event],
    years: Sequence[int],
    assessment: Assessment,
    exposure: Callable[[Selection, int], float],
    grade: Callable[[Event], int | None] | None,
) -> Iterator[Answer]:
    """The number of acts begun in each year, then the grade of each act whose grade is known."""
    dyad = assessment.dyad.id
    acts: dict[int, list[Event]] = defaultdict(list)
    for event in own:
        acts[event.when.start.year].append(event)
    for year in years:
        ids = tuple(e.id for e in acts[year])
        yield Answer(dyad, item.area, year, item.id, len(ids), exposure(item.select, year), ids)
    if grade is None or item.grade is None:
        return
    for year in years:
        for event in acts[year]:
            value = grade(event)
            if value is not None:
                yield Answer(dyad, item.area, year, item.grade.id, value, 1.0, (event.id,))


def _settling(item: Item, assessment: Assessment, items: _Items) -> list[Span]:
    """Arrangements that imply the item, and texts that would answer it but enter an earlier promise."""
    implies = make_test(item.implied_by, items.scale) if item.implied_by else None
    spans = []
    for event in assessment.events:
        taken = items.of(event)
        elsewhere = isinstance(item, PromiseItem) and taken is not item and items.tests[item.id](event)
        if elsewhere or (implies and implies(event)):
            spans.append(span_in_force(event))
    return spans


def _exposure(assessment: Assessment, codebook: Codebook) -> Callable[[Selection, int], float]:
    """Mean detection of a selection's families in a year's decade, times the share of the year on record."""
    _, lists = two_lists(assessment.dyad, codebook)
    rule = codebook.uncertainty["uncertainty"]
    found = estimate_detection(assessment.events, assessment.searched, lists, rule)
    mean = {(d.family, d.period[0]): d.mean for d in found}
    pair = pair_detection(assessment.events, lists)

    def of(selection: Selection, year: int) -> float:
        families, decade = selection.named_families, year // PERIOD * PERIOD
        detection = sum(mean.get((f, decade), pair) for f in families) / len(families)
        return detection * _share_on_record(year, assessment.as_of)

    return of


def _share_on_record(year: int, ends: date) -> float:
    if year < ends.year:
        return 1.0
    return ((ends - date(year, 1, 1)).days + 1) / (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _rated_on(year: int, assessment: Assessment) -> date:
    return min(date(year, 12, 31), assessment.as_of)


def _in_force(spans: Iterable[Span], on: date) -> list[Span]:
    return [s for s in spans if s.holds(on)]
