"""Seconds of all six findings of one pair with about 5,000 events, after loading: the goal is two.

Run by hand (``python benchmarks/findings.py [EVENTS]``). The pair with the most events is copied as often as it takes, each copy with ids and
chains of its own, so that types, fields, quantities and citations are those of the record. What readings take from the redraws of the trajectory is timed apart.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from milcoop.workbench import Workbench, open_workbench

COMMANDS = ("gains", "signals", "dependence", "limits", "watch", "readings")
TARGET = Path(__file__).parent / "findings.json"


def main(wanted: int) -> None:
    """Time each command in turn on a fresh workbench, and print the sum."""
    gc.set_threshold(100_000)  # as the command line does
    record = open_workbench().record
    dyad = max(open_workbench().searched_dyads(), key=lambda d: len(record.of_dyad(d)))
    own = record.of_dyad(dyad)
    copies = -(-wanted // len(own))
    more = [
        replace(e, id=f"{e.id}-copy-{k}", chain=e.chain and f"{e.chain}-copy-{k}")
        for k in range(1, copies)
        for e in own
    ]
    grown = replace(record, events=tuple(sorted((*record.events, *more), key=lambda e: (e.when.first_day, e.id))))
    bench = Workbench(open_workbench().codebook, grown)
    bench.assess(dyad)
    found: dict[str, float] = {"events": len(grown.of_dyad(dyad))}
    start = time.perf_counter()
    bench.reading_facts(dyad, bench.evidence(dyad).years)
    found["levels and directions"] = round(time.perf_counter() - start, 3)
    print(f"levels and directions (milcoop trajectory), which readings take up: {found['levels and directions']:.3f} s")
    for command in COMMANDS:
        start = time.perf_counter()
        getattr(bench, command)(dyad)
        found[command] = round(time.perf_counter() - start, 3)
        print(f"{command:<12} {found[command]:7.3f} s", flush=True)
    found["all"] = round(sum(found[c] for c in COMMANDS), 3)
    print(f"{'all six':<12} {found['all']:7.3f} s, {found['events']} events")
    TARGET.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
