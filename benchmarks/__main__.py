"""`python -m benchmarks NAME [--json]`: run a benchmark, print its table; without a name, list them."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys

from benchmarks.measure import cells, table

BENCHMARKS = {
    "course": "lessons by the clock: opening, scrolling beside a network that trains, search",
    "lab": "frames, keys, training rate, changes, time travel, memory; --long: an hour of it",
    "engine": "training speed against PyTorch and C, the whole program, re-planning",
    "racing": "four learners at once: frames, keys, and a slow line",
    "quiz": "how soon it asks, a past of 100,000 answers, kills, checking by running",
    "experiments": "every experiment on the seeds it is judged by; keeps the table in docs/experiments.md",
    "survive": "kills, damaged checkpoints, fuzzed tables: what runs survive",
    "shell": "screens, palette and search by the clock; a slow line; a random walk",
    "start": "start, first step, the lab in a terminal, memory",
}

LONG = {"lab"}


def main() -> int:
    """1 if a bar is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.partition(":")[2].strip()
    )
    parser.add_argument("name", nargs="?", choices=BENCHMARKS)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--long", action="store_true", help="take the time that what is measured takes")
    parser.add_argument("only", nargs="*", metavar="ID", help="experiments: these alone")
    options = parser.parse_args()
    if options.only and options.name != "experiments":
        parser.error(f"{options.name} takes nothing more")
    if options.name is None:
        for name, about in BENCHMARKS.items():
            print(f"{name:11} {about}")
        return 0
    rows = []
    module = importlib.import_module(f"benchmarks.{options.name}")
    if options.long and options.name not in LONG:
        parser.error(f"{options.name} has no long form")
    for row in module.rows(long=True) if options.long else module.rows(*options.only):
        rows.append(row)
        print(*(cell for cell in cells(row) if cell), sep="  ", file=sys.stderr)
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    if options.json:
        found = {"benchmark": options.name, "machine": machine, "rows": [row.as_json() for row in rows]}
        print(json.dumps(found))
    else:
        print(*table(rows), machine, sep="\n")
    return int(any(row.verdict == "MISSED" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
