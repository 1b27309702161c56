"""Draws of the shipped fit of the latent model, kept so that an edit of the record can be weighed without a new fit.

The file holds what the likelihood of an answer needs: the trait of every pair and area by year, and the items. States are kept
to half precision, a thousandth of their spread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from milcoop.measure.bundled import BUNDLED_LATENT
from milcoop.measure.level_map import LevelCell, TraitPath
from milcoop.measure.record_panel import Answer

if TYPE_CHECKING:
    from milcoop.measure.latent.design import Design
    from milcoop.measure.latent.fit import Draws

Floats = NDArray[np.float64]
SAVED = 500
"""Draws kept."""
LEAST_SQUARE = 1e-7
MOST_LOG_RATE = 30.0


@dataclass(frozen=True)
class SavedDraws:
    """Draws of one fit with the answers and levels that it was made from."""

    paths: dict[str, TraitPath]
    """Unit -> trait by year."""
    items: tuple[str, ...]
    kinds: tuple[str, ...]
    """``binary``, ``ordered`` or ``count``, by item."""
    loading: Floats
    """(draws, items)."""
    cutpoints: tuple[Floats, ...]
    """(draws, cutpoints) by item; no columns for counts."""
    intercept: Floats
    """(draws, items); of counts, nought for others, as is the next."""
    spread: Floats
    """Square root of the overdispersion."""
    answers: tuple[Answer, ...]
    """All answers, those to items that the fit left out too."""
    cells: tuple[LevelCell, ...]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.loading)

    def holds(self, answer: Answer) -> bool:
        """Whether the fit has a path for the answer's unit and year and knows the item."""
        path = self.paths.get(answer.unit)
        return answer.item in self.items and path is not None and answer.year in path.years

    def log_likelihood(self, answers: Iterable[Answer]) -> Floats:
        """Log likelihood of answers under each draw, (draws,). All must be held."""
        found = np.zeros(self.draws)
        by_item: dict[str, list[Answer]] = {}
        for answer in answers:
            by_item.setdefault(answer.item, []).append(answer)
        for name, asked in by_item.items():
            j = self.items.index(name)
            state = np.column_stack([self.paths[a.unit].at(a.year) for a in asked])
            value = np.array([a.value for a in asked])
            eta = self.loading[:, j, None] * state
            if self.kinds[j] == "count":
                exposure = np.array([a.exposure for a in asked])
                found += self._counts(j, eta + np.log(exposure), value).sum(axis=1)
            else:
                found += _categories(eta, self.cutpoints[j], value).sum(axis=1)
        return found

    def _counts(self, j: int, log_rate: Floats, value: NDArray[np.int64]) -> Floats:
        """Negative binomial, less what depends on the value alone."""
        square = self.spread[:, j, None] ** 2 + LEAST_SQUARE
        log_rate = log_rate + self.intercept[:, j, None]
        rest = np.log1p(square * np.exp(np.minimum(log_rate, MOST_LOG_RATE)))
        gamma = np.zeros((len(square), int(value.max(initial=0)) + 1))
        gamma[:, 1:] = np.cumsum(np.log1p(np.arange(gamma.shape[1] - 1) * square), axis=1)
        found: Floats = gamma[:, value] + value * log_rate - (value + 1 / square) * rest
        return found


def _categories(eta: Floats, cut: Floats, value: NDArray[np.int64]) -> Floats:
    """Log probability of the category: between its cutpoints."""
    most, ends = cut.shape[1], np.full((len(cut), 1), np.inf)
    edges = np.concatenate([-ends, cut, ends], axis=1)
    lower, upper = edges[:, np.minimum(value, most)] - eta, edges[:, np.minimum(value, most) + 1] - eta
    # of two differences of logistics the one far from one keeps its digits
    lower, upper = np.where(lower + upper > 0, -upper, lower), np.where(lower + upper > 0, -lower, upper)
    found: Floats = np.log(np.maximum(_logistic(upper) - _logistic(lower), 1e-300))
    return found


def _logistic(z: Floats) -> Floats:
    with np.errstate(over="ignore"):
        found: Floats = 1 / (1 + np.exp(-z))
    return found


def keep_draws(design: Design, draws: Draws, answers: Sequence[Answer], cells: Sequence[LevelCell]) -> SavedDraws:
    """``SAVED`` draws of a fit, evenly spaced, as they will be read back."""
    panel, flat = design.panel, draws.flat()
    chosen = np.linspace(0, len(flat["pivot"]) - 1, SAVED).round().astype(int)
    part = {name: values[chosen].astype(float) for name, values in flat.items() if name != "group"}
    state = part["state"].astype(np.float16).astype(float)
    paths = {
        name: TraitPath(int(panel.first[i]), state[:, i, : int(panel.span[i])]) for i, name in enumerate(panel.units)
    }
    edges = np.append(0, np.cumsum(design.cuts))
    plain = np.zeros((2, SAVED, design.n_items))
    plain[:, :, ~design.is_ordinal] = part["intercept"], part["spread"]
    return SavedDraws(
        paths=paths,
        items=tuple(i.name for i in panel.items),
        kinds=tuple(i.spec.kind for i in panel.items),
        loading=part["loading"],
        cutpoints=tuple(part["cutpoint"][:, a:b] for a, b in pairwise(edges)),
        intercept=plain[0],
        spread=plain[1],
        answers=tuple(answers),
        cells=tuple(cells),
    )


def write_draws(path: Path, saved: SavedDraws, evidence: str) -> None:
    """Write a compressed file; ``evidence`` is the digest of what the fit read."""
    a, c = saved.answers, saved.cells
    arrays = {
        "evidence": np.array(evidence),
        "unit": np.array(list(saved.paths)),
        "first": np.array([p.first for p in saved.paths.values()]),
        "span": np.array([p.draws.shape[1] for p in saved.paths.values()]),
        "state": np.concatenate([p.draws for p in saved.paths.values()], axis=1).astype(np.float16),
        "item": np.array(saved.items),
        "kind": np.array(saved.kinds),
        "loading": saved.loading.astype(np.float32),
        "cuts": np.array([x.shape[1] for x in saved.cutpoints]),
        "cutpoint": np.concatenate(saved.cutpoints, axis=1).astype(np.float32),
        "intercept": saved.intercept.astype(np.float32),
        "spread": saved.spread.astype(np.float32),
        "answer": np.array([(x.dyad, x.area, x.item, ";".join(x.events)) for x in a]),
        "answer_number": np.array([(x.year, x.value, x.exposure) for x in a]),
        "cell": np.array([(x.unit, x.area) for x in c]),
        "cell_number": np.array([(x.year, x.level) for x in c]),
    }
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read_draws(path: Traversable) -> tuple[SavedDraws, str]:
    """What ``write_draws`` wrote, with the digest."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        z = {name: held[name] for name in held.files}
    ends, state = np.cumsum(z["span"]), z["state"].astype(float)
    spans = zip(z["unit"].tolist(), z["first"].tolist(), ends - z["span"], ends, strict=True)
    cuts = np.cumsum(z["cuts"])
    answers = zip(z["answer"].tolist(), z["answer_number"].tolist(), strict=True)
    cells = zip(z["cell"].tolist(), z["cell_number"].tolist(), strict=True)
    saved = SavedDraws(
        paths={name: TraitPath(first, state[:, a:b]) for name, first, a, b in spans},
        items=tuple(z["item"].tolist()),
        kinds=tuple(z["kind"].tolist()),
        loading=z["loading"].astype(float),
        cutpoints=tuple(z["cutpoint"][:, b - n : b].astype(float) for n, b in zip(z["cuts"], cuts, strict=True)),
        intercept=z["intercept"].astype(float),
        spread=z["spread"].astype(float),
        answers=tuple(
            Answer(dyad, area, int(year), item, int(value), float(exposure), tuple(filter(None, ids.split(";"))))
            for (dyad, area, item, ids), (year, value, exposure) in answers
        ),
        cells=tuple(LevelCell(unit, area, int(year), int(level)) for (unit, area), (year, level) in cells),
    )
    return saved, str(z["evidence"])


def read_bundled_draws(scale: str, record_version: str, codebook_version: str) -> SavedDraws | None:
    """Draws of the fit that ships, when it was made from this very record, codebook and scale; None else."""
    fit, path = BUNDLED_LATENT / "record.json", BUNDLED_LATENT / "draws.npz"
    if not fit.is_file() or not path.is_file():
        return None
    held = json.loads(fit.read_text("utf-8"))
    if (held["scale"], held["record_version"], held["codebook_version"]) != (scale, record_version, codebook_version):
        return None
    saved, evidence = read_draws(path)
    return saved if evidence == held["evidence"] else None
