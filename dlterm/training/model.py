"""From a recipe's words to a network for a data set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dlterm.engine.graph import in_order
from dlterm.errors import DltermError, ExitCode
from dlterm.nn import Network, cnn, mlp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlterm.training.recipe import Recipe
    from dlterm.training.task import Objective

_NUMBERS = 4_000_000  # of all layers, that a prediction keeps at a time: 16 MB
_WIDEST = 256  # examples predicted at a time


Image = tuple[int, int, int]  # channels, height, width


def build(
    recipe: Recipe,
    inputs: int,
    image: Image | None,
    objective: Objective,
    knocked_out: Mapping[str, Sequence[int]] | None = None,
) -> Network:
    """The recipe's model for so many inputs, which are the data's images unless the recipe makes features of them.

    `knocked_out` names, by layer, units of its linear layers that answer 0. Raises DltermError where the inputs are no
    images for a cnn.
    """
    how: dict[str, Any] = {
        "activation": recipe.activations,
        "output_activation": objective.output_activation,
        "dropout": recipe.dropout > 0,
        "batch_norm": recipe.norm == "batch",
        "init": None if recipe.init == "auto" else recipe.init,
        "seed": recipe.seed,
        "knocked_out": knocked_out,
    }
    if recipe.model == "cnn":
        pixels = _image(inputs, None if recipe.features else image)
        return cnn(pixels, recipe.channels, recipe.hidden, objective.outputs, **how)
    hidden = recipe.hidden if recipe.model == "mlp" else ()
    return mlp(inputs, hidden, objective.outputs, **how)


def _image(features: int, image: Image | None) -> Image:
    """What the data say of their images; without a word a square number of features is a square of grey pixels."""
    side = math.isqrt(features)
    if image is not None:
        return image
    if side < 3 or side * side != features:
        raise DltermError(
            f"a cnn needs images, and these data have {features} feature{'s' * (features != 1)}",
            hint="use --model mlp; a file's features are an image if their number is a square",
            exit_code=ExitCode.USAGE,
        )
    return 1, side, side


def prediction_batch(network: Network) -> int:
    """How many examples to predict at a time: as many as memory in reason allows."""
    numbers = sum(tensor.spec.size for node in in_order([network.output]) for tensor in node.outputs)
    return max(16, min(_WIDEST, _NUMBERS // numbers // 16 * 16))
