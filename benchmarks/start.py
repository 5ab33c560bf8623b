"""How soon dlterm is there, and what it takes: start, first step, memory."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from benchmarks.measure import Row, at_most, turns
from benchmarks.process import Finished, run_dlterm

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLD_RUNS = 5
_FIRST_STEP = "train circle --epochs 1 --hidden 8,8"
_TRAINING = "train spirals --hidden 8,8,8"


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


def _cold(arguments: str) -> Finished:
    with tempfile.TemporaryDirectory() as cache:
        return run_dlterm(arguments, DLTERM_CACHE_DIR=cache)


def _peaks(runs: list[Finished]) -> tuple[float, ...]:
    return tuple(run.peak_megabytes for run in runs)
