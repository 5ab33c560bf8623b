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
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode
from dlterm.training.pace import PACES, Pace
from dlterm.training.snapshot import Snapshot

if TYPE_CHECKING:
    from dlterm.training.changes import Become, Begin
    from dlterm.training.keeping import Standing
    from dlterm.training.learner import Learner
    from dlterm.training.outlook import Outlook
    from dlterm.training.portrait import Portraitist
    from dlterm.training.recipe import Recipe
    from dlterm.training.run import Run
    from dlterm.training.snapshot import Wish
    from dlterm.training.surgery import Surgery

Publish = Callable[[Snapshot], None]
Command = Callable[[], None]

_FRAME_SECONDS = 1 / 36
_CHUNK_SECONDS = 0.008  # of training between two looks at the commands
_FIRST_CHUNK, _LONGEST_CHUNK = 100, 10_000_000  # steps


class Session:
    """Trains a recipe, and any other that it is changed to; one that is refused leaves all as it was."""

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
        self._refused: Recipe | None = None
        self._newest = Snapshot(0, recipe, self._status, "")
        self._chunk = _FIRST_CHUNK
        self._chunk_of: Learner | None = None
        self._pace = PACES[-1]
        self._eager = False  # something was changed: what comes of it is to be seen soon
        self._owed = 0.0  # steps that a pace has promised and not yet taken, less than one
        self._rate = 0.0
        self._trained, self._spent = 0, 0.0  # examples and seconds, in all
        self._run: Run  # both belong to the worker's thread, and are loaded on it
        self._portraitist: Portraitist
        self._outlook: Outlook

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
        """Begin again: from the same first weights, or from those of another seed; nothing is frozen or knocked out."""
        self._commands.put(lambda: self._reset(seed))

    def begin(self, recipe: Recipe) -> None:
        """Begin again with another recipe, from first weights of its own."""
        self._commands.put(lambda: self._begin(recipe))

    def change(self, recipe: Recipe) -> None:
        """Go on with another recipe; what fits is kept."""
        self._commands.put(lambda: self._change(recipe))

    def tune(self, **hyper: float) -> None:
        """Change lr, momentum, l1 or l2 from the next step on."""
        self._commands.put(lambda: self._tune(hyper))

    def pace(self, pace: Pace) -> None:
        """How fast to train from now on."""
        self._commands.put(lambda: self._set_pace(pace))

    def look(self, width: int, height: int) -> None:
        """How fine the field of the next snapshots is, in pixels."""
        self._commands.put(lambda: self._look(width, height))

    def inspect(self, on: bool, example: int | None = None) -> None:
        """Look through the lens (`Snapshot.lens`) from now on, and at one example by its number; or no more."""
        self._commands.put(lambda: self._portraitist.inspect(on, example))

    def survey(self, wish: Wish | None) -> None:
        """Look over a plane through the weights (`Snapshot.landscape`) from now on; or no more (None)."""
        self._commands.put(lambda: self._outlook.look(wish))

    def seek(self, at: int) -> None:
        """Show the moment after so many steps of this branch (`Snapshot.at`), and pause.

        The nearest moment that is kept before it shows at once, then the run is replayed to it. From there training
        goes on as a branch.
        """
        self._commands.put(lambda: self._travel(lambda run: run.seek(at)))

    def seek_epoch(self, by: int) -> None:
        """Show where this epoch began (-1), or from there the one before, or where the next begins (+1), and pause."""
        self._commands.put(lambda: self._travel(lambda run: run.seek_epoch(by)))

    def seek_end(self) -> None:
        """Show the newest moment of this branch, and pause."""
        self._commands.put(lambda: self._travel(lambda run: run.seek(run.line.latest)))

    def branch(self) -> None:
        """Train a branch of its own from this moment on; the present one is kept, four others at most."""
        self._commands.put(lambda: self._alter(lambda run: run.branch()))

    def return_to(self, name: str) -> None:
        """Go to the newest moment of a branch (`Snapshot.other_curves`), and pause."""
        self._commands.put(lambda: self._travel(lambda run: run.return_to(name)))

    def undo(self) -> None:
        """Take back the last change of recipe, weight, freezing or knocking out; in the past as a branch."""
        self._commands.put(lambda: self._alter(lambda run: run.undo()))

    def redo(self) -> None:
        """Make the change that was last taken back once more."""
        self._commands.put(lambda: self._alter(lambda run: run.redo()))

    def edit_weight(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set the weight from unit `source` of the layer before, or the bias (None). Layers count as in `maps`."""
        self._commands.put(lambda: self._edit(layer, unit, source, value))

    def freeze(self, layer: int, unit: int, *, on: bool = True) -> None:
        """Hold all weights into a unit, and its bias, while the others train; or let them go."""
        self._commands.put(lambda: self._operate(layer, lambda n, s: s.freeze(units=[(n, unit)], on=on)))

    def freeze_weight(self, layer: int, unit: int, source: int | None, *, on: bool = True) -> None:
        """Hold one weight, or a bias (None); or let it go, also out of a unit that is frozen whole."""
        self._commands.put(lambda: self._freeze_weight(layer, unit, source, on=on))

    def knock_out(self, layer: int, unit: int, *, on: bool = True) -> None:
        """Have a unit answer 0 whatever comes in, in training as well; or answer again."""
        self._commands.put(lambda: self._operate(layer, lambda n, s: s.knock_out([(n, unit)], on=on)))

    def stand(self, take: Callable[[Standing | None], None]) -> None:
        """Call `take` with the run as it stands, on the worker's thread; with None where there is none."""
        self._commands.put(lambda: self._stand(take))

    def close(self, timeout: float = 2.0) -> None:
        """Stop and wait for the thread, `timeout` seconds at most."""
        self._closing = True
        self._commands.put(lambda: None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    # --- the worker's thread --------------------------------------------------------------------------------------

    def _work(self) -> None:
        from dlterm.training.outlook import Outlook
        from dlterm.training.portrait import Portraitist
        from dlterm.training.run import Run

        self._run, self._portraitist = Run(progress=self._compiling), Portraitist(self._field_size)
        self._outlook = Outlook(self._surveyed)
        self._guarded(self._open)
        while not self._closing:
            self._guarded(self._go_on)
        self._outlook.close()

    def _guarded(self, do: Command) -> None:
        """A bug: tell the screen rather than freeze it; what is asked for next is done all the same."""
        try:
            do()
        except Exception as error:
            self._run.stay()
            self._fail(f"{type(error).__name__}: {error}")
            told = type(error), error, error.__traceback__, threading.current_thread()
            threading.excepthook(threading.ExceptHookArgs(told))

    def _open(self) -> None:
        self._begin(self._recipe)
        if self._prepare:
            _prepare_beside()

    def _go_on(self) -> None:
        self._carry_out_commands()
        if self._run.goal is not None:
            self._replay_one_frame()
        elif self._playing and not self._closing:
            self._train_one_frame()

    def _carry_out_commands(self) -> None:
        """All that wait; where nothing is to be trained or replayed, the next that comes."""
        changed = False
        with contextlib.suppress(queue.Empty):
            while not self._closing:
                idle = not self._playing and self._run.goal is None
                command = self._commands.get(block=idle and not changed)
                command()
                changed = True
        if changed and not self._closing:
            self._eager = True
            self._show()

    def _train_one_frame(self) -> None:
        """Train for a frame's time in chunks, as long as no command waits; then publish."""
        if not self._run.begun:
            self._playing = False
            return
        learner = self._run.learner
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
        end = started + (_CHUNK_SECONDS if self._eager else _FRAME_SECONDS) - _CHUNK_SECONDS / 2
        self._eager = False
        while time.perf_counter() < end and self._commands.empty():
            if not self._advance(self._next_chunk()):
                return False
        return True

    def _next_chunk(self) -> int:
        """Steps between two looks at the commands: of a new learner few, for it may be a heavier one."""
        if self._chunk_of is not self._run.learner:
            self._chunk_of, self._chunk = self._run.learner, _FIRST_CHUNK
        return self._chunk

    def _fit_chunk(self, steps: int, seconds: float) -> None:
        """The next chunk, after so many steps took so long; few steps say nothing of more."""
        wanted = steps * min(2.0, _CHUNK_SECONDS / max(seconds, 1e-6))
        if steps == self._chunk or wanted < self._chunk:
            self._chunk = int(min(max(1, wanted), _LONGEST_CHUNK))

    def _train_at(self, steps_per_second: float, started: float) -> bool:
        """A frame's share of the steps; fewer where the machine cannot keep up."""
        self._owed += steps_per_second * _FRAME_SECONDS
        steps = int(self._owed)
        self._owed -= steps
        end = started + _FRAME_SECONDS
        while steps > 0 and time.perf_counter() < end:
            chunk = min(steps, self._next_chunk())
            if not self._advance(chunk):
                return False
            steps -= chunk
        return True

    def _replay_one_frame(self) -> None:
        """Replay for a frame's time in chunks, as long as no command waits: a newer goal may; then publish."""
        end = time.perf_counter() + _FRAME_SECONDS
        try:
            going = True
            while going:
                now, at, chunk = time.perf_counter(), self._run.at, self._next_chunk()
                going = self._run.replay(chunk) and now < end and self._commands.empty()
                if self._run.at - at == chunk:
                    self._fit_chunk(chunk, time.perf_counter() - now)
        except DltermError as error:
            self._run.stay()
            self._message = _line(error)
        self._show()

    def _arrive(self) -> None:
        """Replay to the end: what changes something waits for it."""
        while self._run.goal is not None and not self._closing:
            self._replay_one_frame()

    def _set_pace(self, pace: Pace) -> None:
        self._pace, self._owed = pace, 0.0

    def _advance(self, steps: int) -> bool:
        from dlterm.training.learner import DivergedError

        learner, begun = self._run.learner, time.perf_counter()
        before = learner.examples_seen
        try:
            self._run.advance(steps)
            seconds = time.perf_counter() - begun
            self._trained += self._run.learner.examples_seen - before
            self._spent += seconds
            self._fit_chunk(steps, seconds)
        except DivergedError as error:
            self._playing = False
            self._status, self._message = "diverged", str(error)
            self._show()
            return False
        return True

    def _set_playing(self, playing: bool) -> None:
        if not self._run.begun or self._status == "diverged":
            return
        self._excuse()
        self._playing = playing
        self._rate = self._rate if playing else 0.0
        self._status = "running" if playing else "paused"

    def _take(self, steps: Callable[[Learner], int]) -> None:
        self._set_playing(False)
        self._arrive()
        if self._run.begun and self._status != "diverged":
            self._advance(steps(self._run.learner))

    def _reset(self, seed: int | None) -> None:
        self._arrive()
        recipe = self._recipe_now()
        self._begin(recipe if seed is None else recipe.with_(seed=seed))

    def _tune(self, hyper: dict[str, float]) -> None:
        self._arrive()
        self._change(self._recipe_now().with_(**hyper))

    def _recipe_now(self) -> Recipe:
        return self._run.learner.recipe if self._run.begun else self._recipe

    def _change(self, recipe: Recipe) -> None:
        from dlterm.training.changes import Become

        self._arrive()
        if not self._run.begun:
            self._begin(recipe)
        else:
            self._do(Become(recipe, self._run.learner.surgery))

    def _begin(self, recipe: Recipe) -> None:
        from dlterm.training.changes import Begin

        self._do(Begin(recipe))

    def _do(self, change: Begin | Become) -> None:
        """Build a new learner, or tune; it plays on if the old one did, or was not there yet."""
        self._arrive()
        first = not self._run.begun
        self._excuse()
        status, self._status, self._message = self._status, "loading", ""
        if first:
            self._show()
        try:
            check_drawable(change.recipe)
            self._run.do(change)
        except DltermError as error:
            if first:
                self._fail(_line(error))
            else:
                self._status, self._message, self._refused = status, _line(error), change.recipe
            return
        learner = self._run.learner
        self._message = learner.notices[-1] if learner.notices and first else ""
        self._rate = self._rate if learner.step else 0.0
        self._settle()
        if first:
            self._show()

    def _excuse(self) -> None:
        """Say no more of what was refused."""
        if self._refused is not None:
            self._refused, self._message = None, ""

    def _stand(self, take: Callable[[Standing | None], None]) -> None:
        standing = None
        try:
            standing = self._standing()
        finally:
            take(standing)

    def _standing(self) -> Standing | None:
        from dlterm.training.keeping import Standing

        self._arrive()
        run = self._run
        if not run.begun:
            return None
        rate = self._trained / self._spent if self._spent else 0.0
        return Standing(
            run.learner.apart(), run.curves().until(run.epochs), rate, diverged=self._status == "diverged"
        )

    def _edit(self, layer: int, unit: int, source: int | None, value: float) -> None:
        from dlterm.training.changes import Edit

        self._alter(lambda run: run.do(Edit((run.layer(layer), unit, source), value)))

    def _freeze_weight(self, layer: int, unit: int, source: int | None, *, on: bool) -> None:
        def change(name: str, surgery: Surgery) -> Surgery:
            loose = surgery if on else surgery.apart((name, unit), self._run.learner.network)
            return loose.freeze([(name, unit, source)], on=on)

        self._operate(layer, change)

    def _operate(self, layer: int, change: Callable[[str, Surgery], Surgery]) -> None:
        """Change the surgery of a layer that is given by its number."""
        self._alter(lambda run: run.operate(change(run.layer(layer), run.learner.surgery)))

    def _alter(self, what: Callable[[Run], object]) -> None:
        """Change the run where it stands, and train on if it did."""
        if not self._run.begun:
            return
        self._arrive()
        with self._told():
            what(self._run)
            self._settle()

    def _travel(self, where: Callable[[Run], None]) -> None:
        """Go somewhere else, and pause."""
        if not self._run.begun:
            return
        self._playing = False
        with self._told():
            where(self._run)
            self._rate = 0.0
            self._settle()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Within it, what is refused is told in a line, and nothing else changes."""
        try:
            self._refused, self._message = None, ""
            yield
        except DltermError as error:
            self._message = _line(error)

    def _settle(self) -> None:
        """After something changed: what there is to say of it."""
        if self._status == "diverged":
            self._message = ""
        self._status = "running" if self._playing else "paused"

    def _look(self, width: int, height: int) -> None:
        self._portraitist.size = (max(1, width), max(1, height))

    def _surveyed(self) -> None:
        """Have the landscape shown where no frame of training does it; on the surveyor's thread."""
        if not self._playing:
            self._commands.put(lambda: None)

    def _compiling(self, done: int, total: int, what: str) -> None:
        self._status = "compiling"
        self._message = f"compiling kernel {min(done + 1, total)} of {total} (first time only) {what}"
        self._emit()

    def _fail(self, message: str) -> None:
        self._playing = False
        self._status, self._message, self._refused = "failed", message, None
        self._emit()

    def _show(self) -> None:
        """Record the moment, and publish it."""
        if self._run.begun:
            moving = self._playing or self._run.goal is not None
            self._emit(
                examples_per_second=self._rate,
                landscape=self._outlook.of(self._run),
                **self._portraitist.draw(self._run, moving=moving),
            )
        else:
            self._emit()

    def _emit(self, **known: Any) -> None:
        """Publish what is known now; what is not said is as it was."""
        self._newest = replace(
            self._newest,
            number=self._newest.number + 1,
            recipe=self._recipe_now(),
            status=self._status,
            message=self._message,
            refused=self._refused,
            **known,
        )
        self._publish(self._newest)


def check_drawable(recipe: Recipe) -> None:
    """Raise DltermError (usage) for a network that a session has no picture of."""
    if recipe.model == "cnn":
        raise DltermError(
            "the lab draws layers of units; a cnn trains without a screen",
            hint=f"dlterm train {shlex.quote(str(recipe))}",
            exit_code=ExitCode.USAGE,
        )


def _line(error: DltermError) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _prepare_beside() -> None:
    from dlterm.engine import native

    threading.Thread(target=native.prepare, name="dlterm-prepare", daemon=True).start()


def _to_end_of_epoch(learner: Learner) -> int:
    return learner.steps_to_epoch
