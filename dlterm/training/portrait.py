"""The portrait of a run at its moment: all that a snapshot says of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from dlterm.training.lens import look
from dlterm.training.masks import marks
from dlterm.training.picture import Scene, field, maps

if TYPE_CHECKING:
    from dlterm.training.learner import Learner
    from dlterm.training.run import Run
    from dlterm.training.snapshot import Lens, Marks

_LENS_SHARE = 0.25  # of the time at most goes into looking through the lens


class Portraitist:
    """Draws portraits of a run; what stays the same with a learner is kept. `size` is the field's width and height."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._of: Learner | None = None
        self._scene: Scene | None = None
        self._marks: Marks | None = None
        self._inspecting = False
        self._example: int | None = None
        self._lens: Lens | None = None
        self._lens_due = 0.0  # on the clock

    def inspect(self, on: bool, example: int | None) -> None:
        """Look through the lens from now on, and at that example; or no more."""
        self._inspecting, self._example = on, example
        self._lens = None

    def draw(self, run: Run, *, moving: bool) -> dict[str, Any]:
        """The fields of a `Snapshot`; the newest moment is also recorded in the run's curves.

        `moving`: the next portrait follows soon, so that what takes long may be left to one of those.
        """
        learner = run.learner
        metrics = learner.evaluate()
        if run.goal is None and not run.is_past:
            run.note_metrics(metrics)
        return {
            **self.portray(learner, run.at, moving=moving),
            "epochs": run.epochs,
            "metrics": metrics,
            "curves": run.curves(),
            "at": run.at,
            "earliest": run.line.earliest,
            "latest": run.line.latest,
            "goal": run.goal,
            "branch": run.line.name,
            "other_curves": run.others(),
            "undoable": run.undoable,
            "redoable": run.redoable,
        }

    def portray(self, learner: Learner, at: int, *, moving: bool) -> dict[str, Any]:
        """Those of them that a learner alone decides, at the moment `at` of its run."""
        scene = self._sit(learner)
        weights, layers = learner.weights(), [layer.name for layer in learner.network.layers]
        return {
            "task": learner.task,
            "classes": learner.dataset.classes,
            "features": learner.inputs,
            "axes": learner.plane.names,
            "step": learner.step,
            "epoch": learner.epoch,
            "steps_per_epoch": learner.steps_per_epoch,
            "parameters": learner.parameters,
            "domain": scene.domain,
            "points": scene.points,
            "target_range": scene.target_range,
            "field": field(learner, scene.field_plane, *scene.size),
            "maps": maps(learner, scene.maps_plane),
            "weights": tuple(weights[f"{layer}.weight"] for layer in layers),
            "biases": tuple(weights[f"{layer}.bias"] for layer in layers),
            "marks": self._marks,
            "lens": self._looked(learner, at, moving=moving) if self._inspecting else None,
        }

    def _looked(self, learner: Learner, at: int, *, moving: bool) -> Lens:
        """A new look; while the run moves on and looking takes long the last one, whose `at` says of when it is."""
        now = time.perf_counter()
        if self._lens is None or not moving or now >= self._lens_due:
            self._lens = look(learner, at, self._example)
            took = time.perf_counter() - now
            self._lens_due = now + took / _LENS_SHARE
        return self._lens

    def _sit(self, learner: Learner) -> Scene:
        scene = self._scene
        if scene is None or scene.size != self.size or self._of is not learner:
            scene = self._scene = Scene.of(learner, self.size)
        if self._of is not learner:
            self._of, self._marks = learner, marks(learner.surgery, learner.network)
            self._lens = None
        return scene
