"""From a recipe's words to a network for a data set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dlterm.engine.graph import in_order
from dlterm.errors import DltermError, ExitCode
from dlterm.nn import Network, cnn, mlp

if TYPE_CHECKING:
    from dlterm.data.dataset import Dataset
    from dlterm.training.recipe import Recipe
    from dlterm.training.task import Objective

_NUMBERS = 4_000_000  # of all layers, that a prediction keeps at a time: 16 MB
_WIDEST = 256  # examples predicted at a time


def build(recipe: Recipe, dataset: Dataset, objective: Objective) -> Network:
    """The recipe's model for these features and outputs. Raises DltermError where the data are no images for a cnn."""
    how: dict[str, Any] = {
        "activation": recipe.activation,
        "output_activation": objective.output_activation,
        "dropout": recipe.dropout > 0,
        "batch_norm": recipe.norm == "batch",
        "init": None if recipe.init == "auto" else recipe.init,
        "seed": recipe.seed,
    }
    features = dataset.inputs.shape[1]
    if recipe.model == "cnn":
        return cnn(_image(dataset), recipe.channels, recipe.hidden, objective.outputs, **how)
    hidden = recipe.hidden if recipe.model == "mlp" else ()
    return mlp(features, hidden, objective.outputs, **how)


def _image(dataset: Dataset) -> tuple[int, int, int]:
    """The images' channels, height and width; a square number of features is taken for a square of grey pixels."""
    side = math.isqrt(dataset.inputs.shape[1])
    if dataset.image is not None:
        return dataset.image
    if side < 3 or side * side != dataset.inputs.shape[1]:
        raise DltermError(
            f"a cnn needs images, and {dataset.name} has {dataset.inputs.shape[1]} features",
            hint="use --model mlp; a file's features are an image if their number is a square",
            exit_code=ExitCode.USAGE,
        )
    return 1, side, side


def prediction_batch(network: Network) -> int:
    """How many examples to predict at a time: as many as memory in reason allows."""
    numbers = sum(tensor.spec.size for node in in_order([network.output]) for tensor in node.outputs)
    return max(16, min(_WIDEST, _NUMBERS // numbers // 16 * 16))
