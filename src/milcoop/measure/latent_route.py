"""Route 2 of docs/measurement.md: the latent model fitted to the answers of all pairs, read as levels and growth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from milcoop.codebook.loader import Codebook
from milcoop.domain.latent import LatentEstimates, LatentFit
from milcoop.measure.growth import compare_growth
from milcoop.measure.latent.design import Design
from milcoop.measure.latent.fit import Draws, fit_panel
from milcoop.measure.latent.panel import make_panel
from milcoop.measure.latent.spec import SamplerSpec
from milcoop.measure.level_map import TraitPath, find_level_cells, fit_level_map, latent_estimates
from milcoop.measure.record_panel import PairEvidence, make_record_panel
from milcoop.measure.saved import SavedDraws, keep_draws

DRAWS = 1000
"""Draws that levels and growth are read from."""


@dataclass(frozen=True)
class Route:
    """A fit and what it says of each pair."""

    fit: LatentFit
    pairs: Mapping[str, LatentEstimates]
    saved: SavedDraws


def digest_evidence(pairs: Sequence[PairEvidence], codebook: Codebook) -> str:
    """Digest of all that ``fit_route`` rests on: answers, specification, levels for the map, and its rules.

    The length of a run is not in it: each fit says by its gates whether it was long enough.
    """
    rule, made = codebook.latent["latent"], make_record_panel(pairs, codebook)
    found = hashlib.sha256(made.table().to_csv(index=False).encode())
    cells = [c for pair in pairs for c in find_level_cells(pair, rule.levels.trailing)]
    rated = [
        (p.assessment.dyad.id, str(p.assessment.as_of), r.area, r.year, r.level, r.coverage)
        for p in pairs
        for r in p.assessment.ratings
    ]
    parts = (
        made.spec.model_dump_json(exclude={"sampler"}),
        made.notes,
        cells,
        rated,
        codebook.trajectory["trajectory"].main,
    )
    for part in (*parts, rule.levels.model_dump_json(), rule.windows):
        found.update(repr(part).encode())
    return found.hexdigest()[:16]


def fit_route(
    pairs: Sequence[PairEvidence], codebook: Codebook, progress: Callable[[str], None] = lambda step: None
) -> Route:
    """Fit the panel of all pairs, then the map from trait to levels, then read every pair."""
    rule, made = codebook.latent["latent"], make_record_panel(pairs, codebook)
    spec = made.spec.model_copy(update={"sampler": SamplerSpec(**rule.sampler.model_dump())})
    found, design, draws = fit_panel(make_panel(made.table(), spec), spec, progress)
    fit = LatentFit(
        found.spec_hash, found.data_hash, found.seed, found.answers, found.rhat, found.ess, found.divergences,
        found.checks, found.reasons, made.notes,
    )  # fmt: skip
    paths = trait_paths(design, draws)
    scale = pairs[0].assessment.scale
    cells = [c for pair in pairs for c in find_level_cells(pair, rule.levels.trailing)]
    level_map = fit_level_map(cells, paths, [a.id for a in scale.areas], len(scale.levels) - 1, rule.levels)
    region = codebook.trajectory["trajectory"].main
    out = {}
    for pair in pairs:
        dyad, ends = pair.assessment.dyad.id, pair.assessment.as_of
        if dyad not in paths:
            continue
        last = ends.year if (ends.month, ends.day) == (12, 31) else ends.year - 1
        windows = [range(last - n + 1, last + 1) for n in rule.windows]
        growth = [g for years in windows for g in compare_growth(dyad, level_map, paths, years, region)]
        estimates = latent_estimates(pair.assessment, codebook, level_map, paths)
        out[dyad] = LatentEstimates(fit, estimates, tuple(growth))
    return Route(fit, out, keep_draws(design, draws, (*made.answers, *made.unused), cells))


def trait_paths(design: Design, draws: Draws) -> dict[str, TraitPath]:
    """Draws of the trait of every unit and group, by name."""
    panel, flat = design.panel, draws.flat()
    step = max(1, len(flat["pivot"]) // DRAWS)
    first, span, groups = design.first, design.span, design.n_groups
    out = {}
    for i, name in enumerate(panel.groups):
        at = int(design.node_at[i])
        out[name] = TraitPath(int(first[i]), flat["group"][::step, at : at + int(span[i])].astype(float))
    for i, name in enumerate(panel.units):
        out[name] = TraitPath(int(first[groups + i]), flat["state"][::step, i, : int(span[groups + i])].astype(float))
    return out
