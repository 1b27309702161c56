"""From redraws to estimates, and their form in files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from milcoop.codebook.loader import Codebook
from milcoop.domain.assessment import Assessment
from milcoop.domain.estimate import Estimates, LevelEstimate
from milcoop.domain.rating import MONITORED
from milcoop.measure.bundled import OVERALL, ROUTE
from milcoop.measure.counts import Floats
from milcoop.measure.detection import due_yearly, estimate_detection, two_lists
from milcoop.measure.montecarlo import Evidence, MonteCarlo


def redraw_levels(assessment: Assessment, codebook: Codebook, draws: int, seed: int) -> dict[str, Floats]:
    """Levels by area over redraws of the evidence, shape (draws, years of the assessment)."""
    rule = codebook.uncertainty["uncertainty"]
    _, lists = two_lists(assessment.dyad, codebook)
    detection = estimate_detection(assessment.events, assessment.searched, lists, rule)
    yearly = due_yearly(assessment.events, codebook, assessment.years[-1])
    evidence = Evidence(assessment.events, assessment.figures, detection, assessment.searched, yearly)
    years = range(assessment.years[0], assessment.years[-1] + 1)
    return MonteCarlo(evidence, assessment.scale, codebook.fields, rule, assessment.as_of).levels(years, draws, seed)


def monte_carlo_estimates(assessment: Assessment, codebook: Codebook, draws: int, seed: int) -> Estimates:
    """Redraw the evidence of an assessment (docs/measurement.md, route 1)."""
    name, _ = two_lists(assessment.dyad, codebook)
    drawn = redraw_levels(assessment, codebook, draws, seed)
    cells = summarise(assessment, drawn, range(assessment.years[0], assessment.years[-1] + 1))
    return Estimates(
        ROUTE, assessment.scale.id, assessment.record_version, codebook.rating_version, draws, seed, name, cells
    )


def summarise(
    assessment: Assessment, levels: Mapping[str, Floats], years: range, weights: Floats | None = None
) -> dict[tuple[str, int], LevelEstimate]:
    """Shares of draws by level, for cells that have a level, and for the whole where enough areas are monitored.

    ``weights`` of the draws sum to one; equal ones by default. Cells that the draws lack (an area left out, or not a number) have no estimate.
    """
    cells = {}
    by_year: dict[int, list[str]] = {}
    for rating in assessment.ratings:
        if rating.level is None or rating.area not in levels:
            continue
        drawn = levels[rating.area][:, rating.year - years.start]
        if np.isnan(drawn).any():
            continue
        cells[rating.area, rating.year] = _shares(rating.area, rating.year, drawn, weights)
        if rating.coverage == MONITORED:
            by_year.setdefault(rating.year, []).append(rating.area)
    for year, areas in by_year.items():
        if len(areas) >= assessment.scale.overall.at_least_areas:
            middle = np.median([levels[a][:, year - years.start] for a in areas], axis=0)
            cells[OVERALL, year] = _shares(OVERALL, year, middle, weights)
    return cells


def _shares(area: str, year: int, values: Floats, weights: Floats | None) -> LevelEstimate:
    found, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    shares = counts / len(values) if weights is None else np.bincount(which, weights)
    return LevelEstimate(area, year, dict(zip(found.tolist(), shares.tolist(), strict=True)))


def to_json(estimates: Estimates) -> dict[str, Any]:
    """A plain form: area -> year -> {level: probability}."""
    areas: dict[str, dict[str, dict[str, float]]] = {}
    for (area, year), cell in estimates.cells.items():
        areas.setdefault(area, {})[str(year)] = {f"{v:g}": round(p, 4) for v, p in cell.probabilities.items()}
    return {"detection": estimates.detection, "areas": areas}
