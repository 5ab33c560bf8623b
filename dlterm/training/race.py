"""A race: two to four contestants on the same data, of which one thing differs.

race = Race(contestants(Recipe(data="moons"), ["lr=0.001", "lr=0.1", "svm"]))
race.advance(0.03)
print([(standing.name, standing.test_quality) for standing in race.snapshot().standings])

Networks train in turns, on the caller's thread, and are level after every `advance`: all have seen the same share of
an epoch, to one batch. So their curves are compared at equal epochs, and `seconds` says what those cost each: whoever
has the first turn of an `advance` finds the processor's caches cold, so that is another one every time. Classic models
are trained once, on a thread of the race's own.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from dlterm.training.contestants import Model, check, names, recipe_of
from dlterm.training.learner import Learner
from dlterm.training.picture import Scene
from dlterm.training.racers import ClassicRacer, NetworkRacer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.engine.workers import Progress
    from dlterm.training.contestants import Contestant
    from dlterm.training.racers import Standing
    from dlterm.training.snapshot import Points

_ROUND_SECONDS = 0.008  # in which every network has a turn


@dataclass(frozen=True, slots=True, eq=False)
class RaceSnapshot:
    """One moment of a race. Arrays are never written again by anyone."""

    number: int  # counts up by one a snapshot
    task: str
    classes: tuple[str, ...]
    domain: tuple[float, float, float, float]  # of every field: x0, x1, y0, y1
    target_range: tuple[float, float]
    points: Points
    standings: tuple[Standing, ...]


class Race:
    """Trains contestants side by side. One thread at a time may call it."""

    def __init__(
        self,
        entries: Sequence[Contestant],
        *,
        field_size: tuple[int, int] = (48, 48),
        progress: Progress | None = None,
    ) -> None:
        """Load the data and build the networks; classic models begin to be trained. Raises DltermError."""
        check(entries)
        self._ground = ground = Learner(recipe_of(entries[0]), progress=progress)
        learners = [ground]
        learners += [Learner(recipe_of(each), ground.dataset, progress=progress) for each in entries[1:]]
        entered = list(zip(names(entries, ground.task), entries, learners, strict=True))
        self._racers = [
            ClassicRacer(name, entry, learner) if isinstance(entry, Model) else NetworkRacer(name, learner)
            for name, entry, learner in entered
        ]
        self._epochs, self._stride = 0.0, 1 / ground.steps_per_epoch
        self._number = self._first = 0
        self._closing = False
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        for racer in self._classics():
            self._tasks.put(racer.train)
        self.look(*field_size)
        self._thread = threading.Thread(target=self._work, name="dlterm-race", daemon=True)
        self._thread.start()

    @property
    def training(self) -> bool:
        """Whether there is a network that can go on."""
        return bool(self._networks())

    @property
    def epochs(self) -> float:
        """How many epochs the networks have been trained for, those that stand still apart."""
        return self._epochs

    def advance(self, seconds: float, epochs: float = inf) -> None:
        """Train all networks for about so long together, and to the same epoch. One that diverges stands still.

        None is trained for more than `epochs` epochs since the beginning.
        """
        self._first += 1
        end = time.perf_counter() + seconds
        while (
            (networks := self._networks()) and (begun := time.perf_counter()) < end and self._epochs < epochs
        ):
            ahead = self._epochs + self._stride
            self._epochs = min(ahead, epochs)
            first = self._first % len(networks)
            for network in (*networks[first:], *networks[:first]):
                network.train_to(self._epochs)
            if ahead > epochs:  # too short a stride to tell how long one takes
                return
            spent = max(time.perf_counter() - begun, 1e-6)
            one_step = min(1 / network.learner.steps_per_epoch for network in networks)
            self._stride = max(one_step, self._stride * min(2.0, max(0.5, _ROUND_SECONDS / spent)))

    def look(self, width: int, height: int) -> None:
        """How fine the fields of the next snapshots are, in pixels; of classic models they come a little later."""
        self._scene = Scene.of(self._ground, (max(1, width), max(1, height)))
        for racer in self._classics():
            self._tasks.put(partial(racer.draw, self._scene))

    def snapshot(self) -> RaceSnapshot:
        """Measure, and record in the curves, where all stand."""
        self._number += 1
        scene, ground = self._scene, self._ground
        return RaceSnapshot(
            self._number,
            ground.task,
            ground.dataset.classes,
            scene.domain,
            scene.target_range,
            scene.points,
            tuple(racer.standing(scene) for racer in self._racers),
        )

    def close(self, timeout: float = 2.0) -> None:
        """Wait for the race's thread, `timeout` seconds at most: a model that is being trained is not interrupted."""
        self._closing = True
        self._tasks.put(lambda: None)
        self._thread.join(timeout)

    def _networks(self) -> list[NetworkRacer]:
        return [racer for racer in self._racers if isinstance(racer, NetworkRacer) and racer.training]

    def _classics(self) -> list[ClassicRacer]:
        return [racer for racer in self._racers if isinstance(racer, ClassicRacer)]

    def _work(self) -> None:
        while not self._closing:
            self._tasks.get()()
