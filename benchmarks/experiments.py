"""Experiments judged: each on the seeds it was not settled on, in a process of its own as its users start it.

What was judged is kept by a hash of all that computes it, so that only what changed runs again; the table of all is
kept in docs/experiments.md.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Row, at_least, at_most
from benchmarks.process import run_dlterm
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
        runs = [_judged(name, seed) for seed in JUDGED]
        yield Row(f"{name}: held", "seeds", at_least(experiment.needed), (sum(run["holds"] for run in runs),))
        yield Row(f"{name}: takes", "s", at_most(experiment.budget), _column(runs, "seconds"))
        yield Row(f"{name}: peak memory", "MB", at_most(MEGABYTES), _column(runs, "megabytes"))
    write_table(PAGE)


def _column(runs: list[dict[str, Any]], name: str) -> tuple[float, ...]:
    return tuple(run[name] for run in runs)


def _judged(name: str, seed: int) -> dict[str, Any]:
    store, place = Store.open("judged"), key(name, {}, seed)
    known = store.read(place)
    if known is not None:
        return known
    if seed == JUDGED[0]:  # once more than is counted: kernels are compiled the first time
        run_dlterm(f"run {name} --json --quiet", may_end=(0, 1))
    ended = run_dlterm(f"run {name} --json --quiet --seed {seed}", may_end=(0, 1))
    result = Store.open().read(place)
    if result is None:
        raise RuntimeError(f"the result of {name} cannot be kept in {Store.open().directory}")
    judged = result | {"megabytes": ended.peak_megabytes}
    store.write(place, judged)
    print(f"  {name} {seed}: {judged}", file=sys.stderr)
    return judged


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
