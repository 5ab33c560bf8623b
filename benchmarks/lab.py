"""What the lab promises, by the clock: pictures, keys, training rate, changes, time travel, memory, a random walk."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from benchmarks.answers import p95
from benchmarks.measure import Row, at_least, at_most, ratios
from benchmarks.process import dlterm, environment, run_dlterm
from benchmarks.terminal import Terminal
from benchmarks.visit import FASTER, frames, visit
from benchmarks.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.visit import Visit
    from dlterm.training.recipe import Recipe
    from dlterm.training.snapshot import Snapshot

_SIZES = {(120, 40): 3, (200, 60): 2}  # and how many visits
_RESTLESS = "spirals?noise=0.3&lr=0.03"  # a network that never comes to rest: every picture of it is another
_HEADLESS = f"train {_RESTLESS} --epochs 60000 --no-save --json"
_SHARES, _SHARE_SECONDS = 3, 6.0
_CHANGES = 15
_JUMPS, _JUMP_SECONDS = 24, 0.5
_LONG, _SHORT, _SETTLED = 3600.0, 300.0, 30.0  # seconds of training flat out, and before they count
_STEPS, _SEED = 2000, 3
_LINUX = Path("/proc/self/statm").exists()


def rows(*, long: bool = False) -> Iterator[Row]:
    """Every measurement, one after the other; `long` takes the hour of training that a bar speaks of."""
    for size, count in _SIZES.items():
        yield from _visits(*size, count)
    yield _share()
    yield from _changes()
    yield from _travel()
    yield _memory(_LONG if long else _SHORT)
    yield _peaks()
    yield from _walk()


def _visits(columns: int, rows: int, count: int) -> Iterator[Row]:
    where = f"{columns}x{rows}"
    visit(columns, rows, _RESTLESS)
    visits: list[Visit] = []
    headless: list[float] = []
    for _ in range(count):
        visits.append(visit(columns, rows, _RESTLESS))
        headless.append(_headless_epochs_per_second())
    networks = tuple(each.networks_per_second for each in visits)
    yield Row(f"{where}: pictures of the network", "/s", at_least(30), networks)
    boundaries = tuple(each.boundaries_per_second for each in visits)
    yield Row(f"{where}: pictures of the boundary", "/s", at_least(30), boundaries)
    yield Row(
        f"{where}: pictures of the curves",
        "/s",
        at_least(5),
        tuple(each.curves_per_second for each in visits),
    )
    echoes = tuple(1e3 * each.key_echo_p95 for each in visits)
    yield Row(f"{where}: key echo while training flat out, p95 of 60", "ms", at_most(30), echoes)
    shares = ratios([100 * each.epochs_per_second for each in visits], headless)
    yield Row(f"{where}: training rate against headless", "%", at_least(80), shares)


def _headless_epochs_per_second() -> float:
    """Of training alone, without starting, evaluating and printing."""
    summary = json.loads(run_dlterm(_HEADLESS).output.splitlines()[-1])
    return float(summary["epochs"] / summary["seconds"])


# --- the processor ----------------------------------------------------------------------------------------------------


def _share() -> Row:
    """Of one core, at the pace at which it opens: 60 epochs a second, 30 pictures a second."""
    what, bar = "120x40: of one core, at 60 epochs/s and 30 pictures/s", at_most(45)
    if not _LINUX:
        return Row(what, "%", bar, skipped="needs /proc")
    shares = []
    for _ in range(_SHARES):
        with _lab() as terminal:
            terminal.watch(4.0)
            begun, before = terminal.now, terminal.processor_seconds
            terminal.watch(_SHARE_SECONDS)
            shares.append(100 * (terminal.processor_seconds - before) / (terminal.now - begun))
    return Row(what, "%", bar, tuple(shares))


# --- changes ----------------------------------------------------------------------------------------------------------


def _changes() -> Iterator[Row]:
    """From a change to the first snapshot of a network that has trained with it."""
    from dlterm.training.recipe import Recipe

    recipe = Recipe(hidden=(8, 8))
    for name, other in {
        "layers": recipe.with_hidden((8, 8, 8)),
        "data": recipe.with_(data="moons"),
        "activation": recipe.with_(activation="relu"),
    }.items():
        took = tuple(1e3 * seconds for seconds in _taken(recipe, other))
        yield Row(f"change of {name} to a snapshot trained with it", "ms", at_most(50), took)


def _taken(one: Recipe, other: Recipe) -> list[float]:
    """Change to and fro while it trains flat out; the first two, which may compile, do not count."""
    from dlterm.training.session import Session

    awaited, arrived = one, Event()
    untrained: dict[Recipe, int] = {}

    def take(snapshot: Snapshot) -> None:
        if snapshot.recipe == awaited and snapshot.step > untrained.setdefault(awaited, snapshot.step):
            arrived.set()

    session = Session(one, take)
    session.start()
    session.play()
    if not arrived.wait(60):
        raise RuntimeError("the session does not train")
    found = []
    for turn in range(_CHANGES + 2):
        arrived.clear()
        untrained.clear()
        awaited = other if turn % 2 == 0 else one
        begun = time.perf_counter()
        session.change(awaited)
        if not arrived.wait(60):
            raise RuntimeError("a change had no answer")
        found.append(time.perf_counter() - begun)
        time.sleep(0.1)
    session.close()
    return found[2:]


# --- time travel ------------------------------------------------------------------------------------------------------


def _travel() -> Iterator[Row]:
    """Clicks on the line of the whole run after ten seconds flat out: the first picture of the past, the exact one."""
    with _lab() as terminal:
        terminal.watch(1.0)
        terminal.press(FASTER)
        terminal.watch(10.0)
        clicks = []
        for k in range(_JUMPS):
            at = f"{12 + k * 37 % 70};39"
            clicks.append(terminal.press(f"\x1b[<0;{at}M\x1b[<0;{at}m".encode()))
            terminal.watch(_JUMP_SECONDS)
    moments = list(terminal.moments())
    epochs = frames(moments)
    firsts, lasts = [], []
    for click in clicks[1:]:  # the first one pauses, too
        shown = [when for when, _ in epochs if click < when < click + _JUMP_SECONDS]
        arrived = [
            moment.seconds
            for moment in moments
            if click < moment.seconds < click + _JUMP_SECONDS
            and "‖ past" in moment.text
            and moment.seconds >= min(shown, default=0)
        ]
        if shown and arrived:
            firsts.append(1e3 * (shown[0] - click))
            lasts.append(1e3 * (max(shown[-1], arrived[0]) - click))
    if len(firsts) < _JUMPS // 2:
        raise RuntimeError(f"clicks had no answer: {terminal.tail()}")
    yield Row("time travel: from a click to the nearest moment kept", "ms", at_most(50), tuple(firsts))
    yield Row("time travel: from a click to the nearest moment kept, p95", "ms", None, (p95(firsts),))
    yield Row("time travel: from a click to the exact moment", "ms", None, tuple(lasts))


# --- an hour ----------------------------------------------------------------------------------------------------------


def _memory(seconds: float) -> Row:
    what, bar = f"memory that {seconds / 60:g} minutes of training flat out add", at_most(20)
    if not _LINUX:
        return Row(what, "MB", bar, skipped="needs /proc")
    with _lab() as terminal:
        terminal.watch(1.0)
        terminal.press(FASTER)
        terminal.watch(_SETTLED)
        before = terminal.resident_megabytes
        terminal.forget()
        while terminal.now < seconds + _SETTLED:
            terminal.watch(10.0)
            terminal.forget()
        grown = terminal.resident_megabytes - before
    return Row(what, "MB", bar, (grown,))


def _peaks() -> Row:
    """Of an hour of records, one a picture, with a spike in each three minutes: how many the curve has lost."""
    import numpy as np

    from dlterm.training.history import History
    from dlterm.training.snapshot import Metrics

    random, count, stretches = np.random.default_rng(1), 34 * 3600, 20
    losses = 0.3 + 0.05 * random.random(count)
    at = np.arange(stretches) * (count // stretches) + random.integers(0, count // stretches // 2, stretches)
    losses[at] += 1 + random.random(stretches)
    history = History()
    for epoch, loss in enumerate(losses.tolist()):
        history.add(float(epoch), Metrics(loss, loss / 2, 1 - loss, 1 - loss / 2))
    curves = history.curves()
    kept = dict(zip(curves.epochs.tolist(), curves.train_loss.tolist(), strict=True))
    lost = sum(kept.get(float(place)) != losses[place] for place in at)
    return Row("an hour of records: of 20 peaks, not exact in the curve", "", at_most(0), (float(lost),))


# --- anything at all --------------------------------------------------------------------------------------------------


def _walk() -> Iterator[Row]:
    walked = walk(_STEPS, random.Random(_SEED), "lab")
    what = f"a random walk of {walked.events} keys, clicks and sizes from the lab"
    yield Row(f"{what}: crashes", "", at_most(0), (float(walked.crashes),))
    yield Row(f"{what}: terminal not as it was", "", at_most(0), (float(walked.unrestored),))
    if walked.crashes:
        print(walked.last_words, file=sys.stderr)


def _lab() -> Terminal:
    return Terminal(dlterm("lab"), environment(TERM="xterm-256color", COLORTERM="truecolor"))
