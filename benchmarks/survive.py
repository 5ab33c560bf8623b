"""What runs survive: being killed, damage to their checkpoints, and tables from anywhere."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import tables
from benchmarks.measure import REPETITIONS, Row, at_least, at_most, seconds
from dlterm.atomic import write_atomically
from dlterm.training.checkpoint import CorruptCheckpointError, pack, read_checkpoint, unpack
from dlterm.training.learner import Learner
from dlterm.training.progress import Progress
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNS = (
    "moons?noise=0.3&hidden=32,32&epochs=12000&dropout=0.1&schedule=cosine",
    "spirals?hidden=16,16,16&epochs=9000&optimizer=rmsprop&lr=0.001",
    "digits?model=cnn&channels=8,16&hidden=32&norm=batch&batch=32&epochs=150&optimizer=adamw",
    "rings?classes=3&hidden=24,24&activation=gelu&epochs=8000&optimizer=nesterov&lr=0.01&clip=1",
    "moons?noise=0.8&count=200&hidden=32&lr=0.001&epochs=200000&early_stop=15000&batch=50",
)
KILLS, DAMAGES, TABLES = 200, 5000, 5000
SAVED = {"spirals, 8,8": "spirals?hidden=8,8", "digits, 512,512": "digits?hidden=512,512"}
_INTERVAL = 5.0  # seconds between checkpoints, where nothing else is asked for
_EVERY = "0.02"  # seconds between checkpoints: as often as can be, so that many kills meet one being written


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    yield from _killed()
    yield from _damaged()
    yield from _saving()
    found = tables.run(TABLES)
    for fault in ("tracebacks", "hangs"):
        yield Row(f"{found['files']:,} fuzzed tables: {fault}", "", at_most(0), (found[fault],))


def _killed() -> Iterator[Row]:
    """Ten runs, each killed -9 at random moments and resumed, against the same ten left alone."""
    chance, hits, same = random.Random(0), 0, 0
    count = 2 * len(RUNS)
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            recipe = f"{RUNS[number % len(RUNS)]}&seed={number}"
            whole, killed = Path(place) / f"whole{number}", Path(place) / f"killed{number}"
            start = seconds(_train(recipe, "--epochs", "0", "--no-save").wait)
            took = seconds(_train(recipe, "--out", str(whole)).wait)
            kills = KILLS // count
            longest = (
                start + 2 * (took - start) / kills
            )  # so that the run is through after about as many kills
            hits += _kill_until_it_ends(recipe, killed, kills, longest, chance)
            same += _bits(killed) == _bits(whole)
    yield Row(f"kill -9 at random moments, over {count} runs", "kills", at_least(KILLS), (hits,))
    yield Row("... and resumed: identical to the bit", "runs", at_least(count), (same,))


def _kill_until_it_ends(recipe: str, run: Path, kills: int, longest: float, chance: random.Random) -> int:
    """Kill the run so often, each time after at most so many seconds, then let it end; the kills that hit."""
    hits = 0
    while hits < kills:
        process = _start(recipe, run)
        time.sleep(chance.uniform(0, longest))
        if process.poll() is None:
            process.kill()
            hits += 1
        process.wait()
    _start(recipe, run).wait()
    return hits


def _start(recipe: str, run: Path) -> subprocess.Popen[bytes]:
    begun = (run / "config.toml").exists()
    return _train(*(["--resume", str(run)] if begun else [recipe, "--out", str(run)]), "--checkpoint", _EVERY)


def _train(*arguments: str) -> subprocess.Popen[bytes]:
    null = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", "dlterm", "train", *arguments, "--quiet"], stdout=null, stderr=null
    )


def _bits(run: Path) -> tuple[bytes, dict[str, bytes], int]:
    """The model's bytes, all arrays of the checkpoint, the number of recorded epochs."""
    try:
        arrays, state = read_checkpoint(run / "checkpoint.safetensors")
        model = (run / "model.safetensors").read_bytes()
    except OSError:
        return b"", {}, -1
    return model, {name: array.tobytes() for name, array in arrays.items()}, state["rows"]


def _damaged() -> Iterator[Row]:
    """Bit flips, truncations and blocks of zeros, in equal shares."""
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(size=(40, 30)).astype(np.float32) for name in ("weight", "weight m", "weight v")
    }
    content = pack(arrays, {"counters": {"step": 7, "epoch": 2, "position": 0}, "rows": 2})
    detected = 0
    for number in range(DAMAGES):
        damaged = bytearray(content)
        at = int(rng.integers(0, len(content)))
        if number % 3 == 0:
            damaged[at] ^= 1 << int(rng.integers(0, 8))
        elif number % 3 == 1:
            del damaged[at:]
        else:
            damaged[at : at + 64] = bytes(len(damaged[at : at + 64]))
        try:
            unpack(bytes(damaged))
            detected += damaged == content  # zeros upon zeros are no damage
        except CorruptCheckpointError:
            detected += 1
    yield Row(
        f"{DAMAGES:,} bit flips, truncations, zeroed blocks of a checkpoint: detected",
        "",
        at_least(DAMAGES),
        (detected,),
    )


def _saving() -> Iterator[Row]:
    """What saving takes of the time, where it is done as often as `dlterm train` does it."""
    with tempfile.TemporaryDirectory() as place:
        for name, line in SAVED.items():
            learner = Learner(Recipe.parse(line))
            progress, path = Progress.of(learner), Path(place) / "checkpoint"
            took = [
                seconds(lambda: write_atomically(path, pack(*progress.checkpoint(learner))))  # noqa: B023
                for _ in range(REPETITIONS)
            ]
            about = f"checkpoints of {name} ({path.stat().st_size / 1e6:.2g} MB), of the time"
            yield Row(about, "%", at_most(1), tuple(100 * each / _INTERVAL for each in took))
