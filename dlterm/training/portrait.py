"""The portrait of a run at its moment: all that a snapshot says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.training.masks import marks
from dlterm.training.picture import Scene, field, maps

if TYPE_CHECKING:
    from dlterm.training.learner import Learner
    from dlterm.training.run import Run
    from dlterm.training.snapshot import Marks


class Portraitist:
    """Draws portraits of a run; what stays the same with a learner is kept. `size` is the field's width and height."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._of: Learner | None = None
        self._scene: Scene | None = None
        self._marks: Marks | None = None

    def draw(self, run: Run) -> dict[str, Any]:
        """The fields of a `Snapshot`; the newest moment is also recorded in the run's curves."""
        learner = run.learner
        scene = self._sit(learner)
        metrics = learner.evaluate()
        if run.goal is None and not run.is_past:
            run.note_metrics(metrics)
        weights, layers = learner.weights(), [layer.name for layer in learner.network.layers]
        return {
            "task": learner.task,
            "classes": learner.dataset.classes,
            "features": learner.dataset.features,
            "step": learner.step,
            "epoch": learner.epoch,
            "epochs": run.epochs,
            "parameters": learner.parameters,
            "metrics": metrics,
            "curves": run.curves(),
            "domain": scene.domain,
            "points": scene.points,
            "target_range": scene.target_range,
            "field": field(learner, scene.field_plane, *scene.size),
            "maps": maps(learner, scene.maps_plane),
            "weights": tuple(weights[f"{layer}.weight"] for layer in layers),
            "biases": tuple(weights[f"{layer}.bias"] for layer in layers),
            "marks": self._marks,
            "at": run.at,
            "earliest": run.line.earliest,
            "latest": run.line.latest,
            "goal": run.goal,
            "branch": run.line.name,
            "other_curves": run.others(),
            "undoable": run.undoable,
            "redoable": run.redoable,
        }

    def _sit(self, learner: Learner) -> Scene:
        scene = self._scene
        if scene is None or scene.size != self.size or self._of is not learner:
            scene = self._scene = Scene.of(learner, self.size)
        if self._of is not learner:
            self._of, self._marks = learner, marks(learner.surgery, learner.network)
        return scene
