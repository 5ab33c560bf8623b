"""What is predicted and how it is measured: the output layer, the loss, the targets, and what logits mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import Tensor, variable
from dlterm.engine.ops.softmax import reference as softmax
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.training.recipe import Recipe


@dataclass(frozen=True)
class Objective:
    """A loss for a data set.

    Two classes have one output (with cross_entropy, two), more classes one each. `mse` on classes takes tanh outputs
    against -1 and 1. A regression's target is standardised on the training part: value = mean + std output.
    """

    loss: str
    task: str
    outputs: int
    mean: float = 0.0
    std: float = 1.0

    @classmethod
    def of(cls, recipe: Recipe, dataset: Dataset, train: NDArray[np.int64]) -> Objective:
        """Choose what `loss=auto` leaves open. Raises DltermError where loss and task do not fit."""
        if dataset.task == "regression":
            if recipe.loss not in ("auto", "mse"):
                raise DltermError(
                    f"{recipe.loss} needs classes, and {dataset.target} is a number",
                    hint="use --loss mse, or --task classification",
                    exit_code=ExitCode.USAGE,
                )
            values = dataset.targets[train].astype(np.float64)
            spread = float(values.std()) if values.max() > values.min() else 1.0
            return cls("mse", "regression", 1, float(values.mean()), spread)
        two = len(dataset.classes) == 2
        loss = recipe.loss if recipe.loss != "auto" else "binary_cross_entropy" if two else "cross_entropy"
        return cls(loss, "classification", 1 if two and loss != "cross_entropy" else len(dataset.classes))

    @property
    def output_activation(self) -> str:
        """What the output layer ends with: logits stay as they are."""
        return "tanh" if self.loss == "mse" and self.task == "classification" else "identity"

    def build(self, output: Tensor) -> tuple[Tensor, Tensor]:
        """The target's variable and the loss."""
        if self.loss == "cross_entropy":
            y = variable("y", (), integer=True)
            return y, ops.cross_entropy(output, y)
        y = variable("y", (self.outputs,))
        return y, (ops.mse if self.loss == "mse" else ops.binary_cross_entropy)(output, y)

    def targets(self, targets: NDArray[Any]) -> NDArray[Any]:
        """What the loss compares with: class numbers int64 [examples], or float32 [examples, outputs]."""
        if self.task == "regression":
            return ((targets - self.mean) / self.std).astype(np.float32)[:, None]
        if self.loss == "cross_entropy":
            return np.ascontiguousarray(targets, np.int64)
        hot = targets[:, None] == (np.arange(self.outputs) if self.outputs > 1 else 1)
        return (hot * 2 - 1 if self.loss == "mse" else hot).astype(np.float32)

    def predictions(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """From outputs [examples, outputs]: class probabilities [examples, classes], or values [examples]."""
        if self.task == "regression":
            return outputs[:, 0] * np.float32(self.std) + np.float32(self.mean)
        if self.loss == "cross_entropy":
            return softmax(outputs.T).T
        scores = 0.5 + 0.5 * (outputs if self.loss == "mse" else np.tanh(0.5 * outputs))
        if self.outputs == 1:
            return np.concatenate([1 - scores, scores], 1)
        return scores / np.maximum(scores.sum(1, keepdims=True), 1e-12)

    def quality(self, outputs: NDArray[np.float32], targets: NDArray[Any]) -> float:
        """Accuracy (0 to 1), or the root of the mean squared error in the target's units."""
        if self.task == "regression":
            return float(np.sqrt(np.mean((self.predictions(outputs).astype(np.float64) - targets) ** 2)))
        if self.outputs == 1:
            return float(np.mean((outputs[:, 0] > 0) == targets))
        return float(np.mean(outputs.argmax(1) == targets))
