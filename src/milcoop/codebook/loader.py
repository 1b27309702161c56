"""Load the codebook: the bundled folder, with a user's folder layered over it entry by entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from milcoop.codebook.address import host_of
from milcoop.codebook.check_rule import CheckRule
from milcoop.codebook.dependence_rule import FlowClass, Need, Setting, ShareMeasure
from milcoop.codebook.entries import (
    CoverageRule,
    CredibilityRule,
    Crosswalk,
    Family,
    FieldSpec,
    FigureName,
    Mechanism,
    Place,
    ReferenceDyad,
    Series,
    Source,
    State,
    TypeSpec,
    UncertaintyRule,
)
from milcoop.codebook.forecast_rule import Driver, ForecastRule
from milcoop.codebook.gain_rule import (
    Attribution,
    Capability,
    GainFactor,
    GainRule,
    Isolation,
    LedgerRule,
    Wording,
)
from milcoop.codebook.latent_rule import LatentRule
from milcoop.codebook.limit_rule import LimitTest, VerdictRule
from milcoop.codebook.lull_rule import LullRule, Shock
from milcoop.codebook.reading import Problem, RowsRead, read_rows
from milcoop.codebook.readings_rule import Bundle, Line, ReadingClaim, WeighingRule
from milcoop.codebook.scale import PublishedTotal, Scale
from milcoop.codebook.signal_rule import Component, Concern, Flashpoint, SignalRule, Weighted
from milcoop.codebook.trajectory_rule import TrajectoryRule
from milcoop.codebook.watch_rule import Indicator, Region, WatchRule, Water
from milcoop.errors import InvalidArgument, InvalidCodebook, nearest

KINDS: Mapping[str, type[BaseModel]] = {
    "families": Family,
    "types": TypeSpec,
    "fields": FieldSpec,
    "scales": Scale,
    "actors": State,
    "series": Series,
    "mechanisms": Mechanism,
    "places": Place,
    "sources": Source,
    "coverage": CoverageRule,
    "credibility": CredibilityRule,
    "figures": FigureName,
    "totals": PublishedTotal,
    "crosswalks": Crosswalk,
    "references": ReferenceDyad,
    "uncertainty": UncertaintyRule,
    "trajectory": TrajectoryRule,
    "checks": CheckRule,
    "latent": LatentRule,
    "lulls": LullRule,
    "shocks": Shock,
    "forecast": ForecastRule,
    "drivers": Driver,
    "signals": Component,
    "signalling": SignalRule,
    "words": Weighted,
    "deeds": Weighted,
    "concerns": Concern,
    "flashpoints": Flashpoint,
    "dependence": Setting,
    "shares": ShareMeasure,
    "flows": FlowClass,
    "needs": Need,
    "limits": LimitTest,
    "verdicts": VerdictRule,
    "readings": ReadingClaim,
    "lines": Line,
    "bundles": Bundle,
    "weighing": WeighingRule,
    "regions": Region,
    "waters": Water,
    "indicators": Indicator,
    "watch": WatchRule,
    "gains": GainRule,
    "factors": GainFactor,
    "together": Capability,
    "wordings": Wording,
    "isolations": Isolation,
    "attributions": Attribution,
    "ledger": LedgerRule,
}

FINDING_KINDS = frozenset({
    "gains", "signals", "dependence", "limits", "verdicts", "regions", "waters", "indicators", "readings", "signalling",
    "words", "deeds", "concerns", "flashpoints", "lines", "bundles", "weighing", "watch", "shares", "flows",
    "needs", "factors", "together", "wordings", "isolations", "attributions", "ledger",
})  # fmt: skip
"""Kinds that findings alone read: a change of theirs leaves ratings and estimates as they are."""

FileRead = tuple[Path, str, RowsRead | None]


@dataclass(frozen=True)
class Codebook:
    """All entries by kind and id, with the digest of the files they came from."""

    families: dict[str, Family] = field(default_factory=dict)
    types: dict[str, TypeSpec] = field(default_factory=dict)
    fields: dict[str, FieldSpec] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    actors: dict[str, State] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    mechanisms: dict[str, Mechanism] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    coverage: dict[str, CoverageRule] = field(default_factory=dict)
    credibility: dict[str, CredibilityRule] = field(default_factory=dict)
    figures: dict[str, FigureName] = field(default_factory=dict)
    totals: dict[str, PublishedTotal] = field(default_factory=dict)
    crosswalks: dict[str, Crosswalk] = field(default_factory=dict)
    references: dict[str, ReferenceDyad] = field(default_factory=dict)
    uncertainty: dict[str, UncertaintyRule] = field(default_factory=dict)
    trajectory: dict[str, TrajectoryRule] = field(default_factory=dict)
    checks: dict[str, CheckRule] = field(default_factory=dict)
    latent: dict[str, LatentRule] = field(default_factory=dict)
    lulls: dict[str, LullRule] = field(default_factory=dict)
    shocks: dict[str, Shock] = field(default_factory=dict)
    forecast: dict[str, ForecastRule] = field(default_factory=dict)
    drivers: dict[str, Driver] = field(default_factory=dict)
    signals: dict[str, Component] = field(default_factory=dict)
    signalling: dict[str, SignalRule] = field(default_factory=dict)
    words: dict[str, Weighted] = field(default_factory=dict)
    deeds: dict[str, Weighted] = field(default_factory=dict)
    concerns: dict[str, Concern] = field(default_factory=dict)
    flashpoints: dict[str, Flashpoint] = field(default_factory=dict)
    dependence: dict[str, Setting] = field(default_factory=dict)
    shares: dict[str, ShareMeasure] = field(default_factory=dict)
    flows: dict[str, FlowClass] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    limits: dict[str, LimitTest] = field(default_factory=dict)
    verdicts: dict[str, VerdictRule] = field(default_factory=dict)
    readings: dict[str, ReadingClaim] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    weighing: dict[str, WeighingRule] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    waters: dict[str, Water] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    watch: dict[str, WatchRule] = field(default_factory=dict)
    gains: dict[str, GainRule] = field(default_factory=dict)
    factors: dict[str, GainFactor] = field(default_factory=dict)
    together: dict[str, Capability] = field(default_factory=dict)
    wordings: dict[str, Wording] = field(default_factory=dict)
    isolations: dict[str, Isolation] = field(default_factory=dict)
    attributions: dict[str, Attribution] = field(default_factory=dict)
    ledger: dict[str, LedgerRule] = field(default_factory=dict)
    where: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """(kind, id) -> file and index in it."""
    version: str = ""
    rating_version: str = ""
    """Digest of what ratings and estimates rest on: all kinds but those of findings."""
    problems: tuple[Problem, ...] = ()

    def scale(self, scale_id: str) -> Scale:
        """The scale with this id. Raises InvalidArgument with the nearest ids."""
        if scale_id not in self.scales:
            raise InvalidArgument(
                f"found scale '{scale_id}', expected one of {', '.join(sorted(self.scales))}"
                + nearest(scale_id, self.scales)
            )
        return self.scales[scale_id]

    def areas_of(self, event_type: str, values: Any) -> tuple[str, ...]:
        """Areas that an event of a type is evidence for; ``values`` is a function from field to coded values."""
        spec = self.types.get(event_type)
        if spec is None:
            return ()
        areas = list(spec.areas)
        for also in self.families[spec.family].also_evidence:
            if also.area not in areas and set(also.when.values) & set(values(also.when.field)):
                areas.append(also.area)
        return tuple(areas)

    @cached_property
    def source_by_domain(self) -> dict[str, Source]:
        """Publisher by the domain of its pages."""
        return {d: s for s in self.sources.values() for d in s.domains}

    def source_of(self, url: str) -> Source | None:
        """Publisher of a page by its address: the longest matching domain; None when not in the codebook."""
        if url not in self._source_of:
            host = (host_of(url) or "").removeprefix("www.").rstrip(".")
            while host and host not in self.source_by_domain:
                host = host.partition(".")[2]
            self._source_of[url] = self.source_by_domain.get(host)
        return self._source_of[url]

    @cached_property
    def _source_of(self) -> dict[str, Source | None]:
        """Publishers looked up so far, by address."""
        return {}


def bundled_folder() -> Path:
    """Folder of the codebook that comes with the package."""
    return Path(str(files("milcoop.codebook"))) / "data"


def load_codebook(layer: Path | None = None, *, strict: bool = True) -> Codebook:
    """Load the bundled codebook and, over it, the entries in ``layer`` (same folders, same format).

    With ``strict`` the first problem raises InvalidCodebook; without, problems are collected for the linter.
    """
    if layer is not None and not layer.parent.is_dir():
        raise InvalidArgument(f"found no folder at '{layer.parent}', expected a record folder")
    read_files = _read_bundled()
    if layer is not None and layer.is_dir():
        read_files += _read_folder(layer)
    entries: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    where: dict[tuple[str, str], tuple[str, int]] = {}
    problems: list[Problem] = []
    digest, rating_digest = hashlib.sha256(), hashlib.sha256()
    for path, kind, read in read_files:
        if read is None:
            problems.append(Problem(str(path), 1, f"unknown folder '{kind}'{nearest(kind, KINDS)}"))
        else:
            problems += read.problems
            digest.update(read.digest)
            if kind not in FINDING_KINDS:
                rating_digest.update(read.digest)
            seen: set[str] = set()
            for index, row in read.rows:
                if row.id in seen:
                    problems.append(Problem(str(path), 1, f"id '{row.id}' stands twice"))
                seen.add(row.id)
                entries[kind][row.id] = row
                where[kind, row.id] = str(path), index
    _include_areas(entries["scales"], problems)
    if strict and problems:
        raise InvalidCodebook(str(problems[0]))
    return Codebook(
        **entries,
        where=where,
        version=digest.hexdigest()[:12],
        rating_version=rating_digest.hexdigest()[:12],
        problems=tuple(problems),
    )


@cache
def _read_bundled() -> tuple[FileRead, ...]:
    """The bundled folder, read once a process: its files do not change, and its entries are frozen."""
    return _read_folder(bundled_folder())


def _read_folder(folder: Path) -> tuple[FileRead, ...]:
    """Files of a folder with their kind and rows; None for a kind that does not exist."""
    found = ((path, path.relative_to(folder).parts[0]) for path in _yaml_files(folder))
    return tuple((path, kind, read_rows(path, KINDS[kind]) if kind in KINDS else None) for path, kind in found)


def _yaml_files(folder: Path) -> Iterable[Path]:
    return sorted(p for p in [*folder.rglob("*.yaml"), *folder.rglob("*.yml")] if p.parent != folder)


def _include_areas(scales: dict[str, Scale], problems: list[Problem]) -> None:
    for scale in list(scales.values()):
        if scale.include is None:
            continue
        origin = scales.get(scale.include.scale)
        if origin is None:
            problems.append(Problem(f"scale {scale.id}", 1, f"includes unknown scale '{scale.include.scale}'"))
            continue
        taken = tuple(
            origin.area(area).model_copy(update={"stage": stage}) for area, stage in scale.include.stages.items()
        )
        scales[scale.id] = scale.model_copy(update={"areas": taken + scale.areas})
