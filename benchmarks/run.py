"""Speed and memory of whole commands, and of rating from 500 to 50,000 events. Prints a table; writes benchmarks/results.json.

Run by ``make bench``. Times are wall seconds of whole processes, best of three; memory is the peak resident set.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import write_synthetic_record, write_synthetic_register

HERE = Path(__file__).parent
MILCOOP = [sys.executable, "-m", "milcoop"]
DEALS = 29_515
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


PANDAS = """
import sys
import pandas as pd
frame = pd.read_csv(sys.argv[1], skiprows=5, encoding="cp1252", engine="python", on_bad_lines="skip")
frame.to_json(sys.argv[2] + "/deals.jsonl", orient="records", lines=True, force_ascii=False)
"""
"""Peer of the import: the same file read and written as JSON lines, no codes, no checks, no uncertainty."""


def timed(command: list[str]) -> tuple[float, float]:
    """Best wall seconds of three runs, and the peak resident MB of the child in them."""
    runs = [_once(command) for _ in range(3)]
    return min(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def _once(command: list[str]) -> tuple[float, float]:
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            out.seek(0)
            raise SystemExit(f"{command}: exit {child.returncode}: {out.read().decode()[-500:]}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def exchange(results: dict[str, object]) -> None:
    """Import of a register as large as SIPRI's beside its peer, and exports of the whole record."""
    print(f"\n{'files in and out':<46} {'wall s':>8} {'peak MB':>8}")

    def row(name: str, command: list[str]) -> float:
        seconds, memory = timed(command)
        results[name] = {"seconds": round(seconds, 3), "peak_mb": round(memory)}
        print(f"{name:<46} {seconds:8.2f} {memory:8.0f}")
        return seconds

    with tempfile.TemporaryDirectory() as folder:
        register = write_synthetic_register(Path(folder), DEALS)
        record = str(Path(folder) / "record")
        ours = row(
            f"milcoop import sipri, {DEALS} deals",
            [*MILCOOP, "import", "sipri", str(register), "--record", record, "--replace"],
        )
        peer = row("pandas read_csv and to_json, same file", [sys.executable, "-c", PANDAS, str(register), folder])
        results["import against pandas"] = {"ratio": round(ours / peer, 2)}
        print(f"{'ratio':<46} {ours / peer:8.2f}")
        for kind in ("package", "panel", "references", "plover"):
            row(f"milcoop export {kind}", [*MILCOOP, "export", kind, str(Path(folder) / kind)])


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
    exchange(results)
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
