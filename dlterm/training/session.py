"""A session: one learner on one worker thread, driven by commands, seen through snapshots. It knows no screen.

Commands are queued and carried out between two chunks of training; every method returns at once and may be called from
any thread. Snapshots are published on the worker's thread, at most 34 a second.
"""

from __future__ import annotations

import contextlib
import queue
import shlex
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode
from dlterm.training.pace import PACES, Pace
from dlterm.training.snapshot import Snapshot

if TYPE_CHECKING:
    from dlterm.training.history import History
    from dlterm.training.learner import Learner
    from dlterm.training.picture import Scene
    from dlterm.training.recipe import Recipe

Publish = Callable[[Snapshot], None]
Command = Callable[[], None]

_FRAME_SECONDS = 1 / 34
_CHUNK_SECONDS = 0.008  # of training between two looks at the commands
_LONGEST_CHUNK = 10_000_000  # steps


class Session:
    """Trains a recipe, and any other that it is changed to."""

    def __init__(
        self,
        recipe: Recipe,
        publish: Publish,
        *,
        field_size: tuple[int, int] = (48, 48),
        prepare: bool = False,
    ) -> None:
        """`prepare`: once the first learner is there, have all other kernels compiled that are not yet."""
        self._recipe = recipe
        self._prepare = prepare
        self._publish = publish
        self._field_size = field_size
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="dlterm-session", daemon=True)
        self._closing = False
        self._playing = False
        self._status = "loading"
        self._message = ""
        self._number = 0
        self._chunk = 100
        self._pace = PACES[-1]
        self._owed = 0.0  # steps that a pace has promised and not yet taken, less than one
        self._rate = 0.0
        self._learner: Learner | None = None
        self._history: History
        self._scene: Scene | None = None

    # --- for any thread -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the data, have the kernels ready, and train once playing."""
        self._thread.start()

    def play(self) -> None:
        """Train until paused."""
        self._commands.put(lambda: self._set_playing(True))

    def pause(self) -> None:
        """Stop training."""
        self._commands.put(lambda: self._set_playing(False))

    def step(self, steps: int = 1) -> None:
        """Take so many steps, and pause."""
        self._commands.put(lambda: self._take(lambda _: steps))

    def epoch(self) -> None:
        """Train to the end of the epoch, and pause."""
        self._commands.put(lambda: self._take(_to_end_of_epoch))

    def reset(self, seed: int | None = None) -> None:
        """Begin again: from the same first weights, or from those of another seed."""
        self._commands.put(lambda: self._reset(seed))

    def change(self, recipe: Recipe) -> None:
        """Go on with another recipe; what fits is kept."""
        self._commands.put(lambda: self._change(recipe))

    def tune(self, **hyper: float) -> None:
        """Change lr, momentum, l1 or l2 from the next step on."""
        self._commands.put(lambda: self._change(self._recipe.with_(**hyper)))

    def pace(self, pace: Pace) -> None:
        """How fast to train from now on."""
        self._commands.put(lambda: self._set_pace(pace))

    def look(self, width: int, height: int) -> None:
        """How fine the field of the next snapshots is, in pixels."""
        self._commands.put(lambda: self._look(width, height))

    def close(self, timeout: float = 2.0) -> None:
        """Stop and wait for the thread, `timeout` seconds at most."""
        self._closing = True
        self._commands.put(lambda: None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    # --- the worker's thread --------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._build(lambda: self._new_learner(self._recipe))
            if self._prepare:
                _prepare_beside()
            while not self._closing:
                self._carry_out_commands()
                if self._playing and not self._closing:
                    self._train_one_frame()
        except Exception as error:  # a bug: tell the screen rather than freeze it
            self._fail(f"{type(error).__name__}: {error}")
            raise

    def _carry_out_commands(self) -> None:
        """All that wait; where nothing is to be trained, the next that comes."""
        changed = False
        with contextlib.suppress(queue.Empty):
            while not self._closing:
                command = self._commands.get(block=not self._playing and not changed)
                command()
                changed = True
        if changed and not self._closing:
            self._show()

    def _train_one_frame(self) -> None:
        """Train for a frame's time in chunks, as long as no command waits; then publish."""
        learner = self._learner
        if learner is None:
            self._playing = False
            return
        started, seen = time.perf_counter(), learner.examples_seen
        paced = self._pace.steps + self._pace.epochs * learner.steps_per_epoch
        if not (self._train_at(paced, started) if paced else self._train_flat_out(started)):
            return
        self._show()
        if paced:
            time.sleep(max(0.0, started + _FRAME_SECONDS - time.perf_counter()))
        elapsed = time.perf_counter() - started
        rate = (learner.examples_seen - seen) / elapsed
        self._rate = rate if self._rate == 0 else 0.9 * self._rate + 0.1 * rate

    def _train_flat_out(self, started: float) -> bool:
        end = started + _FRAME_SECONDS - _CHUNK_SECONDS / 2
        while (now := time.perf_counter()) < end and self._commands.empty():
            if not self._advance(self._chunk):
                return False
            spent = max(time.perf_counter() - now, 1e-6)
            self._chunk = int(min(max(1, self._chunk * min(2.0, _CHUNK_SECONDS / spent)), _LONGEST_CHUNK))
        return True

    def _train_at(self, steps_per_second: float, started: float) -> bool:
        """A frame's share of the steps; fewer where the machine cannot keep up."""
        self._owed += steps_per_second * _FRAME_SECONDS
        steps = int(self._owed)
        self._owed -= steps
        end = started + _FRAME_SECONDS
        while steps > 0 and time.perf_counter() < end:
            chunk = min(steps, self._chunk)
            if not self._advance(chunk):
                return False
            steps -= chunk
        return True

    def _set_pace(self, pace: Pace) -> None:
        self._pace, self._owed = pace, 0.0

    def _advance(self, steps: int) -> bool:
        from dlterm.training.learner import DivergedError

        learner = self._learner
        if learner is None:
            return False
        try:
            learner.advance(steps)
        except DivergedError as error:
            self._playing = False
            self._status, self._message = "diverged", str(error)
            self._show()
            return False
        return True

    def _set_playing(self, playing: bool) -> None:
        if self._learner is None or (playing and self._status == "diverged"):
            return
        self._playing = playing
        self._rate = self._rate if playing else 0.0
        self._status = "running" if playing else "paused"

    def _take(self, steps: Callable[[Learner], int]) -> None:
        self._set_playing(False)
        if self._learner is not None and self._status != "diverged":
            self._advance(steps(self._learner))

    def _reset(self, seed: int | None) -> None:
        recipe = self._recipe if seed is None else self._recipe.with_(seed=seed)
        self._build(lambda: self._new_learner(recipe))

    def _new_learner(self, recipe: Recipe) -> Learner:
        from dlterm.training.learner import Learner, same_data

        check_drawable(recipe)
        old = self._learner
        dataset = old.dataset if old is not None and same_data(old.recipe, recipe) else None
        return Learner(recipe, dataset, progress=self._compiling)

    def _change(self, recipe: Recipe) -> None:
        learner = self._learner
        if learner is None:
            self._build(lambda: self._new_learner(recipe))
            return
        before = self._recipe
        live = {name: getattr(recipe, name) for name in ("lr", "momentum", "l1", "l2")}
        if recipe == before.with_(**live):
            learner.tune(**live)
            self._recipe = recipe
            if self._status == "diverged":
                self._status, self._message = "paused", ""
        else:
            self._build(lambda: learner.changed(recipe, progress=self._compiling))

    def _look(self, width: int, height: int) -> None:
        self._field_size = (max(1, width), max(1, height))

    def _build(self, make: Callable[[], Learner]) -> None:
        """Put a new learner in the place of the old; it plays on if the old one did, or was not there yet."""
        from dlterm.training.history import History

        first, playing = self._learner is None, self._playing
        self._status, self._message = "loading", ""
        if first:
            self._show()
        try:
            learner = make()
        except DltermError as error:
            self._fail(error.message + (f" ({error.hint})" if error.hint else ""))
            return
        restarted = first or learner.epoch == 0
        self._learner, self._recipe = learner, learner.recipe
        self._message = learner.notices[-1] if learner.notices and first else ""
        self._scene = None
        if restarted:
            self._history = History()
            self._rate = 0.0
        self._playing = playing
        self._status = "running" if playing else "paused"
        if first:
            self._show()

    def _compiling(self, done: int, total: int, what: str) -> None:
        self._status = "compiling"
        self._message = f"compiling kernel {min(done + 1, total)} of {total} (first time only) {what}"
        self._emit()

    def _fail(self, message: str) -> None:
        self._playing = False
        self._status, self._message = "failed", message
        self._emit()

    def _show(self) -> None:
        """Record the moment, and publish it."""
        learner = self._learner
        if learner is None:
            self._emit()
            return
        from dlterm.training.picture import Scene, field, maps

        metrics = learner.evaluate()
        self._history.add(learner.examples_seen / learner.examples, metrics)
        scene = self._scene
        if scene is None or scene.size != self._field_size:
            scene = self._scene = Scene.of(learner, self._field_size)
        weights, layers = learner.weights(), [layer.name for layer in learner.network.layers]
        self._emit(
            task=learner.task,
            classes=learner.dataset.classes,
            features=learner.dataset.features,
            step=learner.step,
            epoch=learner.epoch,
            examples_per_second=self._rate,
            parameters=learner.parameters,
            metrics=metrics,
            curves=self._history.curves(),
            domain=scene.domain,
            points=scene.points,
            target_range=scene.target_range,
            field=field(learner, scene.field_plane, *scene.size),
            maps=maps(learner, scene.maps_plane),
            weights=tuple(weights[f"{layer}.weight"] for layer in layers),
            biases=tuple(weights[f"{layer}.bias"] for layer in layers),
        )

    def _emit(self, **known: Any) -> None:
        self._number += 1
        self._publish(Snapshot(self._number, self._recipe, self._status, self._message, **known))


def check_drawable(recipe: Recipe) -> None:
    """Raise DltermError (usage) for a network that a session has no picture of."""
    if recipe.model == "cnn":
        raise DltermError(
            "the lab draws layers of units; a cnn trains without a screen",
            hint=f"dlterm train {shlex.quote(str(recipe))}",
            exit_code=ExitCode.USAGE,
        )


def _prepare_beside() -> None:
    from dlterm.engine import native

    threading.Thread(target=native.prepare, name="dlterm-prepare", daemon=True).start()


def _to_end_of_epoch(learner: Learner) -> int:
    return learner.steps_to_epoch
