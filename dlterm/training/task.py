"""What is predicted and how it is measured: the output layer, the loss, the targets, and what logits mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import Tensor, constant, variable
from dlterm.engine.ops.softmax import reference as softmax
from dlterm.errors import DltermError, ExitCode
from dlterm.training.scores import ClassScores, ValueScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.training.recipe import Recipe
    from dlterm.training.scores import Scores


_DISTANCES = ("mse", "mae", "huber")  # losses of values: how far off they are


@dataclass(frozen=True)
class Objective:
    """A loss for a data set.

    Two classes have one output (with cross_entropy, two), more classes one each. A distance on classes takes tanh
    outputs against -1 and 1. A regression's target is standardised on the training part: value = mean + std output.
    """

    loss: str
    task: str
    outputs: int
    mean: float = 0.0
    std: float = 1.0
    class_weights: tuple[float, ...] = ()  # of each class; empty: all count alike

    @classmethod
    def of(cls, recipe: Recipe, dataset: Dataset, train: NDArray[np.int64]) -> Objective:
        """Choose what `loss=auto` leaves open. Raises DltermError where loss and task do not fit."""
        targets = dataset.targets[train]
        if dataset.task == "regression":
            return cls._of_values(recipe, dataset.target, targets.astype(np.float64))
        two, loss = len(dataset.classes) == 2, recipe.loss
        if recipe.class_weight == "balanced":
            if loss not in ("auto", "cross_entropy"):
                raise _refused("class weights need cross_entropy", "leave --loss at auto")
            weights = _balanced(targets, len(dataset.classes))
            return cls("cross_entropy", "classification", len(dataset.classes), class_weights=weights)
        if loss == "auto":
            loss = "binary_cross_entropy" if two else "cross_entropy"
        return cls(loss, "classification", 1 if two and loss != "cross_entropy" else len(dataset.classes))

    @classmethod
    def _of_values(cls, recipe: Recipe, name: str, values: NDArray[np.float64]) -> Objective:
        if recipe.loss not in ("auto", *_DISTANCES):
            hint = "use --loss mse, mae or huber, or --task classification"
            raise _refused(f"{recipe.loss} needs classes, and {name} is a number", hint)
        if recipe.class_weight != "equal":
            raise _refused(f"class weights need classes, and {name} is a number", "leave --class-weight out")
        loss = "mse" if recipe.loss == "auto" else recipe.loss
        spread = float(values.std()) if values.max() > values.min() else 1.0
        return cls(loss, "regression", 1, float(values.mean()), spread)

    @property
    def output_activation(self) -> str:
        """What the output layer ends with: logits stay as they are."""
        return "tanh" if self.loss in _DISTANCES and self.task == "classification" else "identity"

    def build(self, output: Tensor) -> tuple[Tensor, Tensor]:
        """The target's variable and the loss."""
        if self.loss == "cross_entropy":
            y = variable("y", (), integer=True)
            weight = constant(self.class_weights, "class weights") if self.class_weights else None
            return y, ops.cross_entropy(output, y, weight=weight)
        y = variable("y", (self.outputs,))
        return y, ops.LOSSES[self.loss].op(output, y)

    def targets(self, targets: NDArray[Any]) -> NDArray[Any]:
        """What the loss compares with: class numbers int64 [examples], or float32 [examples, outputs]."""
        if self.task == "regression":
            return ((targets - self.mean) / self.std).astype(np.float32)[:, None]
        if self.loss == "cross_entropy":
            return np.ascontiguousarray(targets, np.int64)
        hot = targets[:, None] == (np.arange(self.outputs) if self.outputs > 1 else 1)
        return (hot * 2 - 1 if self.loss in _DISTANCES else hot).astype(np.float32)

    def losses(self, outputs: NDArray[np.float32], targets: NDArray[Any]) -> NDArray[np.float32]:
        """Every example's own loss, without its class's weight: [examples]."""
        found = ops.LOSSES[self.loss].each(outputs.T, self.targets(targets).T)
        return np.asarray(found, np.float32)

    def weights(self, targets: NDArray[Any]) -> NDArray[np.float64]:
        """How much each example counts in the loss, from the data's own targets: [examples]."""
        if not self.class_weights:
            return np.ones(len(targets))
        return np.array(self.class_weights)[targets]

    def predictions(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """From outputs [examples, outputs]: class probabilities [examples, classes], or values [examples].

        Of losses that know no probabilities (distances, hinge) the outputs from -1 to 1 stand for 0 to 1.
        """
        if self.task == "regression":
            return outputs[:, 0] * np.float32(self.std) + np.float32(self.mean)
        if self.loss == "cross_entropy":
            return softmax(outputs.T).T
        if self.loss == "binary_cross_entropy":
            outputs = np.tanh(0.5 * outputs)
        scores = 0.5 + 0.5 * np.clip(outputs, -1, 1)
        if self.outputs == 1:
            return np.concatenate([1 - scores, scores], 1)
        return scores / np.maximum(scores.sum(1, keepdims=True), 1e-12)

    def choices(self, outputs: NDArray[np.float32]) -> NDArray[np.int64]:
        """The class number that outputs [examples, outputs] speak for: [examples]."""
        return (outputs[:, 0] > 0).astype(np.int64) if self.outputs == 1 else outputs.argmax(1)

    def quality(self, outputs: NDArray[np.float32], targets: NDArray[Any]) -> float:
        """Accuracy (0 to 1), or the root of the mean squared error in the target's units."""
        if self.task == "regression":
            return float(np.sqrt(np.mean((self.predictions(outputs).astype(np.float64) - targets) ** 2)))
        return float(np.mean(self.choices(outputs) == targets))

    def scores(self, outputs: NDArray[np.float32], targets: NDArray[Any], classes: Sequence[str]) -> Scores:
        """All scores of outputs [examples, outputs] against targets [examples] in the data's own units."""
        if self.task == "regression":
            return ValueScores.of(targets, self.predictions(outputs))
        return ClassScores.of(classes, targets, self.choices(outputs))


def _balanced(targets: NDArray[Any], classes: int) -> tuple[float, ...]:
    """Weights in inverse proportion to how often a class occurs; their mean over the examples is 1."""
    counts = np.bincount(targets, minlength=classes)
    return tuple((len(targets) / (classes * np.maximum(counts, 1))).tolist())


def _refused(problem: str, hint: str) -> DltermError:
    return DltermError(problem, hint=hint, exit_code=ExitCode.USAGE)
