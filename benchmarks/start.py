"""How soon dlterm is there and what it takes: start, first step, the lab in a terminal, memory."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

from benchmarks.measure import Row, at_least, at_most, ratios, turns
from benchmarks.process import Finished, run_dlterm
from benchmarks.trying import first_moving_frame, leaving
from benchmarks.visit import Visit, visit

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLD_RUNS = 5
_FIRST_STEP = "train circle --epochs 1 --hidden 8,8"
_TRAINING = "train spirals --hidden 8,8,8"
_HEADLESS = "train spirals --epochs 60000 --no-save --json"  # what the lab trains
_VISITS = 3
_EXPERIMENTS = {"xor": 1.5, "tabular": 3.0}  # the latter loads scikit-learn
_LEFT = ("gpt", "hardware", "time-cost")  # what takes longest, in all or between two moments
_LEFT_AFTER = (0.3, 0.6, 0.9, 1.2, 1.5, 1.8)  # seconds


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    version = turns({"version": lambda: run_dlterm("--version").seconds})["version"]
    yield Row("dlterm --version", "s", at_most(0.1), tuple(version))
    cold = [_cold(_FIRST_STEP) for _ in range(_COLD_RUNS)]
    yield Row(f"dlterm {_FIRST_STEP}, no kernel kept", "s", at_most(3), tuple(run.seconds for run in cold))
    yield Row(f"dlterm {_FIRST_STEP}, no kernel kept: peak memory", "MB", None, _peaks(cold))
    run_dlterm(_TRAINING)
    warm = [run_dlterm(_TRAINING) for _ in range(_COLD_RUNS)]
    yield Row(f"dlterm {_TRAINING}: peak memory", "MB", at_most(180), _peaks(warm))
    yield from _lab()
    for name, limit in _EXPERIMENTS.items():
        first_moving_frame(name)
        moved = tuple(first_moving_frame(name) for _ in range(_VISITS))
        yield Row(f"dlterm run {name}: first moving frame", "s", at_most(limit), moved)
    for name in _LEFT:
        left = tuple(found for after in _LEFT_AFTER if (found := leaving(name, after)) is not None)
        yield Row(f"dlterm run {name}: leaving it while it runs", "s", at_most(0.2), left)


def _lab() -> Iterator[Row]:
    visit()
    visits: list[Visit] = []
    headless: list[float] = []
    for _ in range(_VISITS):
        visits.append(visit())
        headless.append(_headless_epochs_per_second())
    shares = ratios([100 * each.epochs_per_second for each in visits], headless)
    echoes = [1e3 * each.key_echo_p95 for each in visits]
    yield Row("dlterm: first text", "s", at_most(0.35), tuple(each.first_text for each in visits))
    yield Row("dlterm: the first page", "s", None, tuple(each.first_page for each in visits))
    trained = tuple(each.first_trained_frame for each in visits)
    yield Row("dlterm: first trained frame", "s", at_most(1), trained)
    yield Row("the lab: training rate against headless", "%", at_least(80), shares)
    frames = tuple(min(each.networks_per_second, each.boundaries_per_second) for each in visits)
    yield Row("the lab: pictures while it trains", "/s", at_least(30), frames)
    yield Row("the lab: key echo while it trains, p95 of 60", "ms", at_most(30), tuple(echoes))
    yield Row("the lab: peak memory", "MB", at_most(200), tuple(each.peak_megabytes for each in visits))


def _headless_epochs_per_second() -> float:
    """Of training alone, without starting, evaluating and printing."""
    summary = json.loads(run_dlterm(_HEADLESS).output.splitlines()[-1])
    return float(summary["epochs"] / summary["seconds"])


def _cold(arguments: str) -> Finished:
    with tempfile.TemporaryDirectory() as cache:
        return run_dlterm(arguments, DLTERM_CACHE_DIR=cache)


def _peaks(runs: list[Finished]) -> tuple[float, ...]:
    return tuple(run.peak_megabytes for run in runs)
