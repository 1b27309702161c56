"""What changes when evidence or rules are changed: levels before and after, criteria that flipped, decisive events."""

from __future__ import annotations

from dataclasses import dataclass

from milcoop.domain.estimate import LevelEstimate
from milcoop.domain.rating import CriterionResult


@dataclass(frozen=True, slots=True)
class Flip:
    """One criterion that was met and is not, or the reverse."""

    before: CriterionResult
    after: CriterionResult

    @property
    def lost(self) -> tuple[str, ...]:
        """Events that counted before and count no more."""
        return tuple(i for i in self.before.events if i not in self.after.events)

    @property
    def gained(self) -> tuple[str, ...]:
        """Events that count now and did not before."""
        return tuple(i for i in self.after.events if i not in self.before.events)

    @property
    def why(self) -> str:
        """What moved, in words."""
        b, a = self.before, self.after
        said = [f"value {b.value:g} to {a.value:g}"] if a.value != b.value else [f"value {a.value:g}"]
        said.append(f"needs {a.threshold:g}" + (f", not {b.threshold:g}" if a.threshold != b.threshold else ""))
        if a.window != b.window:
            said.append(f"window {b.window} to {a.window} years")
        if self.lost:
            said.append(f"lost {_few(self.lost)}")
        if self.gained:
            said.append(f"gained {_few(self.gained)}")
        return "; ".join(said)


def _few(ids: tuple[str, ...], most: int = 3) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


@dataclass(frozen=True, slots=True)
class CellChange:
    """One area (or the whole) in one year, before and after."""

    area: str
    """Area, or ``overall``."""
    year: int
    before: float | None
    after: float | None
    coverage_before: str
    coverage_after: str
    flips: tuple[Flip, ...]
    estimate_before: LevelEstimate | None = None
    estimate_after: LevelEstimate | None = None
    chances_moved: bool = False
    """Whether a probability changed by more than redraws differ by chance."""

    @property
    def level_moved(self) -> bool:
        """Whether the level, or whether there is one, changed."""
        return (self.before, self.coverage_before) != (self.after, self.coverage_after)

    @property
    def changed(self) -> bool:
        """Whether anything changed: level, coverage, a criterion, or a probability by more than chance."""
        return self.level_moved or bool(self.flips) or self.chances_moved


RELIABLE = 0.7
"""k-hat up to which weights of draws can be trusted (Vehtari et al. 2024)."""
FEWEST_EFFECTIVE = 100
"""Draws that the weights must be worth: fewer leave a standard error of five points on a probability."""


@dataclass(frozen=True, slots=True)
class Reweighting:
    """How draws of the latent model were weighed for an edit."""

    changed: int
    """Answers that the edit takes away or adds."""
    left_out: int
    """Answers without a place in the shipped fit: to an item or about a year that it does not have."""
    k_hat: float | None
    """Shape of the tail of the weights; None where no answer changed."""
    effective: float
    """Draws that the weights are worth."""

    @property
    def reliable(self) -> bool:
        """Whether the weights can be trusted."""
        return self.k_hat is None or (self.k_hat <= RELIABLE and self.effective >= FEWEST_EFFECTIVE)

    @property
    def why_not(self) -> str:
        """What speaks against the weights; empty where nothing does."""
        said = []
        if self.k_hat is not None and self.k_hat > RELIABLE:
            said.append(f"k-hat {self.k_hat:.2f} above {RELIABLE:g}")
        if self.k_hat is not None and self.effective < FEWEST_EFFECTIVE:
            said.append(f"worth {self.effective:.0f} draws, fewer than {FEWEST_EFFECTIVE}")
        if self.left_out:
            said.append(f"{self.left_out} answers to items or about years that the shipped fit does not have")
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Rerating:
    """Every cell of a dyad before and after a change of evidence or rules."""

    dyad: str
    scale: str
    record_version: str
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    """Events that were not on record."""
    replaced: tuple[str, ...]
    """Events on record that were given anew."""
    settings: tuple[str, ...]
    """``exercises.3.yearly.at_least=5``, as given."""
    cells: tuple[CellChange, ...]
    draws: int | None
    """Redraws or draws behind the estimates; None where none were asked for."""
    reweighting: Reweighting | None = None
    """How draws of the latent model were weighed; None where redraws were made."""
    refitted: bool = False
    """Whether the latent model was fitted anew, since its draws could not be weighed."""


@dataclass(frozen=True, slots=True)
class Decisive:
    """One event or figure whose loss alone changes a level."""

    id: str
    year: int
    areas: tuple[tuple[str, int | None, int | None], ...]
    """(area, level with it, level without it); None where the area is not applicable."""
    flips: tuple[Flip, ...]
    """Criteria of these areas that fail without it."""
    overall: tuple[float | None, float | None]
    """The whole with it and without it."""

    @property
    def weight(self) -> tuple[int, float]:
        """Levels moved over all areas, then by the whole; for sorting."""
        lost = sum(abs((before or 0) - (after or 0)) for _, before, after in self.areas)
        before, after = self.overall
        return lost, abs((before or 0) - (after or 0))
