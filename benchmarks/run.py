"""Speed and memory of whole commands, and of rating from 500 to 50,000 events. Prints a table; writes benchmarks/results.json.

Run by ``make bench``. Times are wall seconds of whole processes, best of three; memory is the peak resident set.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import write_synthetic_record

HERE = Path(__file__).parent
MILCOOP = [sys.executable, "-m", "milcoop"]
SIZES = (500, 1_000, 5_000, 10_000, 50_000)
RATE = """
import resource, sys, time
from pathlib import Path
from milcoop.workbench import open_workbench
workbench = open_workbench(Path(sys.argv[1]))
dyad = workbench.dyad("AUS", "NZL")
start = time.perf_counter()
found = workbench.assess(dyad, from_year=1989, to_year=2026)
seconds = time.perf_counter() - start
print(len(found.events), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def timed(command: list[str]) -> tuple[float, float]:
    """Best wall seconds of three runs, and peak resident MB of the children so far."""
    best = min(_once(command) for _ in range(3))
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _once(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Run everything and print it."""
    results: dict[str, object] = {"python": platform.python_version(), "machine": platform.machine()}
    commands = {
        "milcoop --help": ["--help"],
        "milcoop assess RUS CHN": ["assess", "RUS", "CHN"],
        "milcoop assess RUS CHN --as-of 2022-11-30": ["assess", "RUS", "CHN", "--as-of", "2022-11-30"],
        "milcoop events RUS CHN --format csv": ["events", "RUS", "CHN", "--format", "csv"],
        "milcoop validate": ["validate"],
    }
    print(f"{'command':<46} {'wall s':>8} {'peak MB':>8}")
    for name, arguments in commands.items():
        seconds, memory = timed([*MILCOOP, *arguments])
        results[name] = {"seconds": round(seconds, 3), "peak_mb": round(memory)}
        print(f"{name:<46} {seconds:8.2f} {memory:8.0f}")
    with tempfile.TemporaryDirectory() as out:
        seconds, memory = timed([*MILCOOP, "report", "RUS", "CHN", "--out", out])
        results["milcoop report RUS CHN"] = {"seconds": round(seconds, 3), "peak_mb": round(memory)}
        print(f"{'milcoop report RUS CHN (html and pdf)':<46} {seconds:8.2f} {memory:8.0f}")
    print(f"\n{'rating 38 years x 7 areas, events':<46} {'seconds':>8} {'peak MB':>8} {'us/event':>9}")
    scaling = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_synthetic_record(Path(folder), size)
            run = subprocess.run([sys.executable, "-c", RATE, folder], check=True, capture_output=True, text=True)
        n, seconds, memory = (float(v) for v in run.stdout.split())
        scaling.append({"events": int(n), "seconds": round(seconds, 4), "peak_mb": round(memory)})
        print(f"{int(n):<46} {seconds:8.3f} {memory:8.0f} {1e6 * seconds / n:9.1f}")
    results["rating"] = scaling
    (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
