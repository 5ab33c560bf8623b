"""A run and its past: a learner, what has happened to it, and a way to any moment of it. It knows no thread.

run = Run()
run.do(Begin(Recipe()))
run.advance(1000)
run.seek(300)
while run.replay(100): ...
run.advance(50)  # as another branch, which leaves the first one's 1000 steps as they are
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode
from dlterm.training.changes import Become, Begin, Edit
from dlterm.training.learner import same_weights
from dlterm.training.line import Entry
from dlterm.training.maker import Maker, restarts
from dlterm.training.record import Record
from dlterm.training.snapshot import Branch

if TYPE_CHECKING:
    from dlterm.engine.workers import Progress
    from dlterm.training.changes import Change
    from dlterm.training.learner import Learner, Moment
    from dlterm.training.line import Line, Place
    from dlterm.training.snapshot import Curves, Metrics
    from dlterm.training.surgery import Surgery

_CHUNK = 1000  # steps
LIMIT = 16_000_000  # bytes of the past: half of what it may take, for an hour may not cost more than 20 MB


class Run:
    """Trains, changes, travels. At any time it stands at a `place` of its present line; `at` counts steps.

    Whatever is done in the past begins a branch: a line of its own, named "run 2", "run 3", ...
    """

    def __init__(self, limit: int = LIMIT, progress: Progress | None = None) -> None:
        self.record = Record(limit * 3 // 4)
        self._maker = Maker(limit // 4, progress)
        self._learner: Learner | None = None
        self.at = 0
        self._changes = 0
        self._goal: Place | None = None
        self.record.begin()

    @property
    def begun(self) -> bool:
        """Whether there is a learner."""
        return self._learner is not None

    @property
    def learner(self) -> Learner:
        """The learner, at the moment shown. For looking at: what changes it goes through the run."""
        assert self._learner is not None
        return self._learner

    @property
    def line(self) -> Line:
        """The present line."""
        return self.record.line

    @property
    def place(self) -> Place:
        """Where on the line the learner is."""
        return self.at, self._changes

    @property
    def is_past(self) -> bool:
        """Whether more has happened after this moment."""
        return self.place < self.line.end

    @property
    def goal(self) -> int | None:
        """The step that is replayed to; None where there is nothing to replay."""
        return self._goal[0] if self._goal else None

    @property
    def undoable(self) -> int:
        """How many changes can be undone from here."""
        changes = self._goal[1] if self._goal else self._changes
        line = self.line
        return len(line.done if changes == len(line.log) else set(line.done) & set(line.log[:changes]))

    @property
    def redoable(self) -> int:
        """How many can be made again; in the past there is none."""
        return 0 if self.is_past else len(self.line.undone)

    @property
    def epochs(self) -> float:
        """Passes over the data since the counting began."""
        return self.learner.examples_seen / self.learner.examples

    @property
    def nbytes(self) -> int:
        """What the past takes."""
        return self.record.nbytes + self._maker.nbytes

    # --- the present ----------------------------------------------------------------------------------------------

    def advance(self, steps: int) -> None:
        """Train; from the past as a branch. Raises DivergedError, and stands at the last finite state."""
        self._settle()
        learner, before = self.learner, self.learner.step
        try:
            learner.advance(steps)
        finally:
            self.at += learner.step - before
            self.line.latest = self.at
            self.record.note(learner, self.at)

    def note_metrics(self, metrics: Metrics) -> None:
        """Add to the curves what was measured at this, the newest moment."""
        era = self.line.era(self._changes)
        if era is not None:
            era.history.add(self.epochs, metrics)

    def do(self, change: Change) -> None:
        """Make a change; in the past as a branch. Raises DltermError, and then nothing has changed."""
        self._arrive()
        if isinstance(change, Become) and change == Become(self.learner.recipe, self.learner.surgery):
            return
        self._make(change)
        self.line.undone.clear()

    def operate(self, surgery: Surgery) -> None:
        """Freeze and knock out that much. Raises DltermError for what there is not."""
        self._arrive()
        learner = self.learner
        if surgery.fitting(learner.network) != surgery:
            raise DltermError("there is no such unit, or weight", exit_code=ExitCode.USAGE)
        self.do(Become(learner.recipe, surgery))

    def layer(self, number: int) -> str:
        """The name of a layer, counted from 1, the first hidden one. Raises DltermError."""
        layers = self.learner.network.layers
        if not 1 <= number <= len(layers):
            raise DltermError(f"there is no layer {number}", exit_code=ExitCode.USAGE)
        return layers[number - 1].name

    def undo(self) -> bool:
        """Take back the last change that was not taken back yet; whether there was one.

        If no step was taken since, it is as if it had never been made. Else the recipe, the surgery or the weight is
        what it was before, and what has been learned since stays. A beginning anew is taken back by going to where it
        was made, as a branch.
        """
        if not self.undoable:
            return False
        self._settle()
        line = self.line
        entry = line.done[-1]
        at_once = entry is line.log[-1] and entry.at == self.at
        if at_once and (line.keyframes or entry.back is None):  # without one it would be the whole run again
            self._go_back((self.at, self._changes - 1))
            self.record.take_back()
            line.done.pop()
        elif entry.back is not None:
            self._make(entry.back)
            del line.done[-2:]  # the change, and what took it back
        else:
            self._go_back((entry.at, line.log.index(entry)))
            self.branch()
        self.line.undone = [*line.undone, entry.change]
        return True

    def redo(self) -> bool:
        """Make the change that was last taken back once more; whether there was one. In the past there is none."""
        if not self.redoable:
            return False
        self._make(self.line.undone[-1])
        self.line.undone.pop()
        return True

    def _make(self, change: Change) -> None:
        if self.begun:
            self._settle()
            self.record.note(self.learner, self.at, due=True)  # to take the change back to
        before = self._learner
        try:
            back = self._back(change)
            self._learner = self._maker.after(before, change)
        except ValueError as error:
            raise DltermError(str(error), exit_code=ExitCode.USAGE) from None
        entry, line = Entry(self.at, change, back), self.line
        line.log.append(entry)
        if before is not None:
            line.done.append(entry)
        if isinstance(change, Begin) or restarts(before, self._learner):
            line.begin_era()
        self.record.shorten(self._learner, self.at)
        self.record.changed()
        self._changes = len(line.log)
        self.record.note(self._learner, self.at, due=True)  # where the path of these weights begins

    def _back(self, change: Change) -> Change | None:
        match change:
            case Begin():
                return None
            case Become():
                return Become(self.learner.recipe, self.learner.surgery)
            case Edit(weight):
                return Edit(weight, self.learner.weight(weight))

    # --- the past -------------------------------------------------------------------------------------------------

    def seek(self, at: int) -> None:
        """Stand at the last keyframe before a step, or where the run already is on the way; `replay` goes on to it."""
        self._go(self.line.place(at))

    def seek_epoch(self, by: int) -> None:
        """Seek where this epoch began (-1), or from there the one before; or where the next one begins (+1)."""
        learner = self.learner
        at, begun = (self.at, learner.steps_of_epoch) if self.goal is None else (self.goal, 0)
        self.seek(at - begun if by < 0 and begun else at - begun + by * learner.steps_per_epoch)

    def replay(self, steps: int) -> bool:
        """Go on to where `seek` was told, so many steps at most, or one change; whether there is more to do.

        Raises DltermError where that cannot be: data that are forgotten, and gone. `stay` gives the goal up.
        """
        if self._goal is None:
            return False
        log, (at, changes) = self.line.log, self._goal
        due = log[self._changes] if self._changes < changes else None
        if due and due.at == self.at:
            self._learner = self._maker.after(self._learner, due.change)
            self._changes += 1
        else:
            steps = min(steps, (due.at if due else at) - self.at)
            self.learner.advance(steps)
            self.at += steps
        if self.place == self._goal:
            self._goal = None
        return self._goal is not None

    def stay(self) -> None:
        """Go no further: this moment is where the run is."""
        self._goal = None

    def branch(self) -> None:
        """From this moment on train a line of its own; the one until now is kept."""
        self._arrive()
        self.record.fork(self.place, self.epochs)

    def return_to(self, name: str) -> None:
        """Go to the newest moment of another line, and train it from there. Raises DltermError."""
        if name not in self.branches():
            raise DltermError(f"there is no branch {name}", exit_code=ExitCode.USAGE)
        self._keep()
        left = self.line.name
        self.record.switch(name)
        try:
            self._load(self.line.end)
        except DltermError:
            self.record.switch(left)
            raise
        self._go(self.line.end)

    def path(self) -> list[Moment]:
        """The moments that are kept on the way to this one, since weights of these names and shapes began anew."""
        log, begun = self.line.log[: self._changes], len(self.line.log) + 1
        for changes in range(len(log), 0, -1):
            change = log[changes - 1].change
            if isinstance(change, Edit):
                continue
            if not same_weights(change.recipe, self.learner.recipe):
                break
            begun = changes
            if isinstance(change, Begin):
                break
        return [
            keyframe.moment
            for keyframe in self.line.keyframes
            if keyframe.changes >= begun and keyframe.place < self.place
        ]

    def curves(self) -> Curves:
        """The curves that this moment is on: since the counting of steps began, to their newest end."""
        return self.line.curves(self._changes)

    def others(self) -> tuple[Branch, ...]:
        """The lines beside the present one, the one left last at the end."""
        return tuple(Branch(line.name, line.latest, line.curves()) for line in self.record.lines[:-1])

    def branches(self) -> list[str]:
        """The names of the lines that are kept, the present one last."""
        return [line.name for line in self.record.lines]

    def _settle(self) -> None:
        """Be at the end of a line: where one is to train, or to change something."""
        if self._goal is not None or self.is_past:
            self._arrive()
            if self.is_past:
                self.branch()

    def _arrive(self) -> None:
        while self.replay(_CHUNK):
            pass

    def _go_back(self, place: Place) -> None:
        self._go(place)
        self._arrive()

    def _go(self, place: Place) -> None:
        self._keep()
        keyframe = self.line.before(place)
        if self.place > place or (keyframe and keyframe.place > self.place):
            self._load(place)
        self._goal = place if place != self.place else None

    def _keep(self) -> None:
        """Before leaving the newest moment: a way back without a replay."""
        if self._goal is None and not self.is_past:
            self.record.note(self.learner, self.at, due=True)

    def _load(self, place: Place) -> None:
        line = self.line
        keyframe = line.before(place)
        if keyframe is None:
            first = line.log[0]
            self._learner = self._maker.after(None, first.change)
            self.at, self._changes = first.at, 1
            return
        setup = line.setup(keyframe.changes)
        self._learner = self._maker.stand_in(self._learner, setup.recipe, setup.surgery)
        self._learner.go_to(keyframe.moment)
        self.at, self._changes = keyframe.place
