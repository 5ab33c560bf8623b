"""How a contestant runs in a race: a network step by step, a classic model all at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.training import classic
from dlterm.training.history import History
from dlterm.training.learner import DivergedError
from dlterm.training.picture import field, field_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.contestants import Model
    from dlterm.training.learner import Learner
    from dlterm.training.picture import Scene
    from dlterm.training.recipe import Recipe
    from dlterm.training.snapshot import Curves


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How a contestant stands. Qualities are accuracy (0 to 1), or RMSE in the target's units; None: not known."""

    name: str
    recipe: Recipe
    model: str  # "network", or the name of a classic model
    size_name: str  # "parameters", "support vectors", "nodes", "stored examples"
    status: str = "training"  # or "trained" | "diverged" | "failed"
    message: str = ""  # what diverged or failed
    epochs: float = 0.0  # of a network
    seconds: float = 0.0  # of training: processor time of a network, wall clock of a classic model
    size: int = 0
    train_quality: float | None = None
    test_quality: float | None = None
    curves: Curves | None = None  # of a network
    field: NDArray[np.float32] | None = None  # as `Snapshot.field`; of a classic model once it is drawn


class NetworkRacer:
    """A network in a race."""

    def __init__(self, name: str, learner: Learner) -> None:
        self.learner = learner
        self._standing = Standing(name, learner.recipe, "network", "parameters", size=learner.parameters)
        self._history = History()

    @property
    def training(self) -> bool:
        """Whether it can go on."""
        return self._standing.status == "training"

    def train_to(self, epochs: float) -> None:
        """Train on to so many epochs since the beginning. If it diverges it stands still from then on."""
        learner, before = self.learner, self._standing
        begun = time.thread_time()
        status, message = "training", ""
        try:
            learner.advance(round(epochs * learner.steps_per_epoch) - learner.step)
        except DivergedError as error:
            status, message = "diverged", str(error)
        seconds = before.seconds + time.thread_time() - begun
        self._standing = replace(before, status=status, message=message, seconds=seconds)

    def standing(self, scene: Scene) -> Standing:
        """Measure it, and record that in its curves."""
        learner = self.learner
        metrics, epochs = learner.evaluate(), learner.examples_seen / learner.examples
        self._history.add(epochs, metrics)
        values = learner.task == "regression"
        return replace(
            self._standing,
            epochs=epochs,
            train_quality=metrics.train_rmse if values else metrics.train_accuracy,
            test_quality=metrics.test_rmse if values else metrics.test_accuracy,
            curves=self._history.curves(),
            field=field(learner, scene.field_plane, *scene.size),
        )


class ClassicRacer:
    """A classic model in a race. `train` and `draw` run on the race's own thread, `standing` on the caller's."""

    def __init__(self, name: str, entry: Model, learner: Learner) -> None:
        """The learner has the data, split, scaling and features. Raises DltermError."""
        classic.check(entry.name, learner)
        self._name, self._learner = entry.name, learner
        self._fitted: classic.Fitted | None = None
        size_name = classic.CLASSICS[entry.name].size_name
        self._standing = Standing(name, entry.recipe, entry.name, size_name)

    def train(self) -> None:
        """Train and measure it."""
        try:
            self._fitted = fitted = classic.fit(self._name, self._learner)
        except Exception as error:  # whatever a library has against the data: the race goes on
            self._fail(error)
            return
        self._standing = replace(
            self._standing,
            status="trained",
            seconds=fitted.seconds,
            size=fitted.size,
            train_quality=fitted.quality(held_out=False),
            test_quality=fitted.quality(held_out=True),
        )

    def draw(self, scene: Scene) -> None:
        """Make its field."""
        if self._fitted is not None:
            try:
                answers = self._fitted.predict(scene.field_plane)
            except Exception as error:
                self._fail(error)
                return
            drawn = field_of(answers, self._learner, *scene.size)
            self._standing = replace(self._standing, field=drawn)

    def _fail(self, error: Exception) -> None:
        self._standing = replace(self._standing, status="failed", message=str(error).partition("\n")[0])

    def standing(self, scene: Scene) -> Standing:
        """What is known by now; without a field until it has this scene's size."""
        known = self._standing
        fits = known.field is not None and known.field.shape[:0:-1] == scene.size
        return known if fits else replace(known, field=None)
