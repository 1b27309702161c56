"""A finding: one computed answer to what analysts argue in prose, with its evidence and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from milcoop.domain.dyad import Dyad

CANNOT_TELL = "cannot tell"
"""The answer that is always allowed."""
Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One rule moved by one step, everything else as it is, and what the value is then."""

    rule: str
    """Entry of the codebook and key, as ``milcoop codebook`` prints it."""
    before: Value
    after: Value
    value: Value
    """The finding's value under the moved rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One value with its interval, the events and figures it rests on, and what would change it."""

    id: str
    """``gains.balance.material``: command, subject, then what it is of; the same for every pair."""
    label: str
    """The same in words, for a table or a chart."""
    value: Value
    """None where the evidence is missing or too thin; ``coverage`` or ``note`` says which."""
    low: Value
    high: Value
    """Ends of the interval; the docs page of the command says what it allows for. None where there is none."""
    unit: str
    events: tuple[str, ...]
    """Ids of events and figures behind the value."""
    coverage: str
    """``monitored``, ``partly`` or ``not monitored`` over the window, for the families it reads."""
    what_would_change_it: str
    """An observable that would move the value, in words."""
    sensitivity: tuple[Moved, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class FindingSet:
    """Findings of one command for one pair, window and vintage."""

    command: str
    dyad: Dyad
    as_of: date
    years: range
    record_version: str
    codebook_version: str
    findings: tuple[Finding, ...]

    def __getitem__(self, finding_id: str) -> Finding:
        """The finding with this id. Raises KeyError."""
        for finding in self.findings:
            if finding.id == finding_id:
                return finding
        raise KeyError(finding_id)

    def as_json(self) -> dict[str, Any]:
        """The JSON contract of docs/findings.md: ``dyad``, ``as_of``, ``findings``; further keys stand after these."""
        return {
            "dyad": list(self.dyad.states),
            "as_of": self.as_of.isoformat(),
            "findings": [
                {
                    "id": f.id,
                    "value": _rounded(f.value),
                    "low": _rounded(f.low),
                    "high": _rounded(f.high),
                    "unit": f.unit,
                    "events": list(f.events),
                    "sensitivity": [
                        {"rule": m.rule, "before": m.before, "after": m.after, "value": _rounded(m.value)}
                        for m in f.sensitivity
                    ],
                    "what_would_change_it": f.what_would_change_it,
                    "label": f.label,
                    "coverage": f.coverage,
                    "note": f.note,
                }
                for f in self.findings
            ],
            "command": self.command,
            "from": self.years.start,
            "to": self.years.stop - 1,
            "record_version": self.record_version,
            "codebook_version": self.codebook_version,
        }


def _rounded(value: Value) -> Value:
    return round(value, 4) if isinstance(value, float) else value
