"""Experiments judged: each on the seeds it was not settled on, in a process of its own.

What was judged is kept by a hash of all that computes it, so that only what changed runs again; the table of all is
kept in docs/experiments.md.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Row, at_least, at_most
from benchmarks.process import environment
from dlterm.experiments.experiment import JUDGED
from dlterm.experiments.registry import entries, find
from dlterm.experiments.results import Store, key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.experiments.experiment import Experiment

MEGABYTES = 400
PAGE = Path(__file__).parents[1] / "docs" / "experiments.md"
_HEAD = "| experiment | its claim | held | needed | seconds | budget | longest wait | MB |"
_RULE = "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"


def rows(*names: str) -> Iterator[Row]:
    """Judge the experiments of these ids, or all; then renew the table."""
    for name in names or [entry.id for entry in entries()]:
        experiment = find(name)
        runs = _judged(name)
        yield Row(f"{name}: held", "seeds", at_least(experiment.needed), (sum(run["holds"] for run in runs),))
        yield Row(f"{name}: takes", "s", at_most(experiment.budget), _column(runs, "seconds"))
        yield Row(f"{name}: peak memory", "MB", at_most(MEGABYTES), _column(runs, "megabytes"))
    write_table(PAGE)


def _column(runs: list[dict[str, Any]], name: str) -> tuple[float, ...]:
    return tuple(run[name] for run in runs)


def _judged(name: str) -> list[dict[str, Any]]:
    """What came out on every judged seed; those that are not known yet are run."""
    store = Store.open("judged")
    places = {seed: key(name, {}, seed) for seed in JUDGED}
    unknown = [str(seed) for seed, place in places.items() if store.read(place) is None]
    if unknown:
        command = [sys.executable, "-m", "benchmarks.judge", name, *unknown]
        with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                found = json.loads(line)
                store.write(places[found["seed"]], found)
                print(f"  {name}: {line.strip()}", file=sys.stderr)
    known = [found for place in places.values() if (found := store.read(place)) is not None]
    if len(known) < len(places):
        raise RuntimeError(f"{name} was judged on {len(known)} of {len(places)} seeds")
    return known


def write_table(page: Path) -> None:
    """Renew the lines of experiments that are judged as they are now; the others keep theirs."""
    text = page.read_text(encoding="utf-8")
    before, _, after = text.partition(_HEAD)
    table, blank, rest = after.partition("\n\n")
    old = {line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("| ")}
    lines = [_line(find(entry.id)) or old.get(entry.id, "") for entry in entries()]
    kept = "\n".join([_HEAD, _RULE, *filter(None, lines)])
    page.write_text(f"{before}{kept}{blank or chr(10)}{rest}", encoding="utf-8")


def _line(experiment: type[Experiment]) -> str:
    """Its line of the table; nothing where it is not judged as it is now."""
    runs = [Store.open("judged").read(key(experiment.id, {}, seed)) for seed in JUDGED]
    known = [run for run in runs if run is not None]
    if len(known) < len(JUDGED):
        return ""
    held = f"{sum(run['holds'] for run in known)} of {len(known)}"
    seconds = statistics.median(_column(known, "seconds"))
    longest, megabytes = max(_column(known, "longest")), max(_column(known, "megabytes"))
    cells = (
        experiment.id,
        experiment.claim,
        held,
        str(experiment.needed),
        f"{seconds:.1f}",
        f"{experiment.budget:g}",
    )
    return f"| {' | '.join((*cells, f'{longest:.2f} s', f'{megabytes:.0f}'))} |"
