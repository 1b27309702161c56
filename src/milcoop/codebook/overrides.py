"""Rules changed by hand for one run: ``exercises.3.yearly.at_least=5``, ``uncertainty.rules_moved=0``."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

from pydantic import ValidationError

from milcoop.codebook.entries import Entry
from milcoop.codebook.loader import Codebook
from milcoop.codebook.scale import Area, Criterion, Scale
from milcoop.errors import InvalidArgument, check_known

CRITERION_KEYS = ("at_least", "window", "per_year", "years_each", "step")
SCALE_KEYS = ("max_parties",)
OVERALL_KEYS = ("at_least_areas", "stage_level")
SHAPE = "expected CRITERION.KEY=NUMBER, scale.KEY=NUMBER, coverage.KEY=NUMBER or uncertainty.KEY=NUMBER"

Rule = TypeVar("Rule", bound=Entry)


def apply_settings(codebook: Codebook, scale: Scale, settings: Sequence[str]) -> Codebook:
    """The codebook with rules of one scale, of coverage and of uncertainty changed.

    Raises InvalidArgument for another shape, an unknown criterion or key, or a value that does not fit.
    """
    for setting in settings:
        target, value = split_setting(setting)
        owner, _, key = target.rpartition(".")
        if owner == "uncertainty":
            rule = _changed(codebook.uncertainty["uncertainty"], key, value, setting)
            codebook = dataclasses.replace(codebook, uncertainty={**codebook.uncertainty, "uncertainty": rule})
        elif owner == "coverage":
            monitored = _changed(codebook.coverage["monitored"], key, value, setting)
            codebook = dataclasses.replace(codebook, coverage={**codebook.coverage, "monitored": monitored})
        else:
            scale = _changed_scale(scale, owner, key, value, setting)
            codebook = dataclasses.replace(codebook, scales={**codebook.scales, scale.id: scale})
    if not settings:
        return codebook
    edited = codebook.rating_version + "+edited"
    return dataclasses.replace(codebook, version=codebook.version + "+edited", rating_version=edited)


def split_setting(setting: str) -> tuple[str, float]:
    """``exercises.3.yearly.at_least`` and 5 from ``exercises.3.yearly.at_least=5``."""
    target, equals, text = setting.partition("=")
    if not equals or "." not in target:
        raise InvalidArgument(f"--set: found '{setting}', {SHAPE}")
    try:
        value = float(text)
    except ValueError:
        raise InvalidArgument(f"--set: found '{text}' for {target}, expected a number") from None
    if not 0 <= value < 1e9:
        raise InvalidArgument(f"--set: found {text} for {target}, expected a number from 0 to 1e9")
    return target, value


def _changed_scale(scale: Scale, owner: str, key: str, value: float, setting: str) -> Scale:
    if owner == "scale":
        if key in OVERALL_KEYS:
            return scale.model_copy(update={"overall": _changed(scale.overall, key, value, setting)})
        check_known("key of scale", key, (*SCALE_KEYS, *OVERALL_KEYS))
        return _changed(scale, key, value, setting)
    criteria = {
        **scale.criteria(),
        **{a.not_applicable.criterion.id: a.not_applicable.criterion for a in scale.areas if a.not_applicable},
    }
    check_known("criterion", owner, criteria)
    check_known(
        f"key of {owner}", key, [k for k in CRITERION_KEYS if k != "window" or criteria[owner].window is not None]
    )
    if value <= 0:
        raise InvalidArgument(f"--set: found {setting}, expected a number above 0")
    changed = _changed(criteria[owner], key, value, setting)
    return scale.model_copy(update={"areas": tuple(_with(a, changed) for a in scale.areas)})


def _with(area: Area, criterion: Criterion) -> Area:
    """The area with one of its criteria in another's place."""
    rungs = tuple(
        r.model_copy(update={"criteria": tuple(criterion if c.id == criterion.id else c for c in r.criteria)})
        for r in area.rungs
    )
    bar = area.not_applicable
    if bar is not None and bar.criterion.id == criterion.id:
        bar = bar.model_copy(update={"criterion": criterion})
    return area.model_copy(update={"rungs": rungs, "not_applicable": bar})


def _changed(entry: Rule, key: str, value: float, setting: str) -> Rule:
    """An entry with one number changed, checked as a codebook file is."""
    numbers = [k for k, f in type(entry).model_fields.items() if f.annotation in (int, float, int | None)]
    check_known("key", key, numbers)
    try:
        return type(entry).model_validate(
            entry.model_dump(by_alias=True) | {key: int(value) if value.is_integer() else value}
        )
    except ValidationError as error:
        raise InvalidArgument(f"--set: found {setting}: {error.errors()[0]['msg']}") from None
