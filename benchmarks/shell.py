"""How soon the shell answers: its screens, its palette, its search; on a slow line; and whether anything breaks it."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.measure import Row, at_most, turns
from benchmarks.process import environment, run_dlterm
from benchmarks.sitting import sitting, slow_sitting
from benchmarks.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SITTINGS, _SLOW_SITTINGS = 5, 3
_TERM = "glossary gradient-descent"
_HEAVY = ("textual", "numba", "numpy")
_STEPS, _SEED = 3000, 1


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    yield from _sittings()
    yield from _commands()
    yield from _slow()
    yield from _walk()


def _sittings() -> Iterator[Row]:
    sitting()
    sat = [sitting() for _ in range(_SITTINGS)]
    yield Row("dlterm: first text", "s", at_most(0.35), tuple(each.first_text for each in sat))
    trained = tuple(each.first_trained_frame for each in sat)
    yield Row("dlterm: a trained frame on Home", "s", at_most(1), trained)
    for name in sat[0].opened:
        opened = tuple(1e3 * each.opened[name] for each in sat)
        yield Row(f"a screen opens the first time: {name}", "ms", at_most(150), opened)
    palettes = tuple(1e3 * seconds for each in sat for seconds in each.palettes)
    yield Row("the palette opens", "ms", at_most(50), palettes)
    letters = tuple(1e3 * seconds for each in sat for seconds in each.letters)
    yield Row("search answers a letter", "ms", at_most(20), letters)


def _commands() -> Iterator[Row]:
    limits = {_TERM: 0.25, "content check": 2.0}
    for arguments, limit in limits.items():
        taken = turns({arguments: lambda arguments=arguments: run_dlterm(arguments).seconds})[arguments]  # type: ignore[misc]
        yield Row(f"dlterm {arguments}, piped", "s", at_most(limit), tuple(taken))
    loaded = float(len(heavy_modules(_TERM, _HEAVY)))
    yield Row(f"dlterm {_TERM}: of {', '.join(_HEAVY)}, loaded", "", at_most(0), (loaded,))


def heavy_modules(arguments: str, heavy: Sequence[str]) -> list[str]:
    """Which of these modules a command loads."""
    script = (
        f"import sys; sys.argv = ['dlterm', *{arguments.split()!r}]\n"
        "from dlterm.cli.main import run\n"
        "try: run()\n"
        f"finally: print(*[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    return done.stderr.split()


def _slow() -> Iterator[Row]:
    sat = [slow_sitting() for _ in range(_SLOW_SITTINGS)]
    line = "200 kB/s, 300 ms"
    in_flight = tuple(each.most_in_flight / 1024 for each in sat)
    yield Row(f"{line}: most in flight", "KB", at_most(20), in_flight)
    echoes = tuple(1e3 * each.key_echo_p95 for each in sat)
    yield Row(f"{line}: key echo while it trains, p95 of 60", "ms", at_most(350), echoes)
    yield Row(f"{line}: pictures", "/s", None, tuple(each.pictures_per_second for each in sat))


def _walk() -> Iterator[Row]:
    walked = walk(_STEPS, random.Random(_SEED))
    what = f"a random walk of {walked.events} keys, clicks and sizes"
    yield Row(f"{what}: crashes", "", at_most(0), (float(walked.crashes),))
    yield Row(f"{what}: terminal not as it was", "", at_most(0), (float(walked.unrestored),))
    if walked.crashes:
        print(walked.last_words, file=sys.stderr)
