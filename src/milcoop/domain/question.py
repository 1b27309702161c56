"""A frozen forecast: what was said on which day, sealed by a hash, and what came of it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from milcoop.domain.forecast import Distribution

OPEN, RESOLVED, NOT_MONITORED, BROKEN = "open", "resolved", "not monitored", "edited"


@dataclass(frozen=True)
class Question:
    """One target and day, with the distribution given for it and that of persistence."""

    dyad: str
    target: str
    label: str
    frozen_on: str
    reference_date: str
    target_end_date: str
    method: str
    record_version: str
    values: tuple[float, ...]
    probabilities: tuple[float, ...]
    persistence: tuple[float, ...]
    previous: str = ""
    """Hash of the line before, so that a line taken out is noticed."""
    sha256: str = ""
    """Hash of all of the above."""

    @property
    def id(self) -> str:
        """Pair, target, day it is for and day it was frozen: one question a day."""
        return f"{self.dyad}:{self.target}:{self.target_end_date}@{self.frozen_on}"

    @property
    def forecast(self) -> Distribution:
        """The distribution given."""
        return Distribution(self.values, self.probabilities)

    @property
    def baseline(self) -> Distribution:
        """That of persistence."""
        return Distribution(self.values, self.persistence)

    def digest(self) -> str:
        """SHA-256 of the question without its own hash."""
        plain = {k: v for k, v in dataclasses.asdict(self).items() if k != "sha256"}
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def sealed(self, previous: str) -> Question:
        """The question as a line after the one with hash ``previous``."""
        linked = dataclasses.replace(self, previous=previous, sha256="")
        return dataclasses.replace(linked, sha256=linked.digest())

    def to_json(self) -> dict[str, Any]:
        """A plain form, ``id`` first."""
        return {"id": self.id, **dataclasses.asdict(self)}


def question_from(plain: Mapping[str, Any]) -> Question:
    """The question of a plain form. Raises KeyError, TypeError or ValueError where it is none."""
    fields = {f.name: plain[f.name] for f in dataclasses.fields(Question)}
    for name in ("values", "probabilities", "persistence"):
        fields[name] = tuple(float(v) for v in fields[name])
    if len({len(fields[n]) for n in ("values", "probabilities", "persistence")}) != 1 or len(fields["values"]) < 2:
        raise ValueError("values, probabilities and persistence differ in length")
    if str(fields["dyad"]).count("-") != 1:
        raise ValueError(f"'{fields['dyad']}' is no pair AAA-BBB")
    for name in ("frozen_on", "reference_date", "target_end_date"):
        date.fromisoformat(fields[name])
    return Question(**fields)


@dataclass(frozen=True)
class Resolved:
    """A question with what came of it."""

    question: Question
    status: str
    """``open``, ``resolved``, ``not monitored`` or ``edited``."""
    outcome: float | None = None
    ids: tuple[str, ...] = ()
    """Ratings or acts that the outcome rests on."""
    score: float | None = None
    """Ranked probability score or CRPS: levels or acts, 0 is perfect."""
    persistence_score: float | None = None
    log_score: float | None = None
