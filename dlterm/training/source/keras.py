"""A network in Keras 3, on any of its backends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.engine.ops.activations import LEAK
from dlterm.engine.ops.batch_norm import MOMENTUM
from dlterm.engine.ops.moments import EPSILON
from dlterm.training.source.parts import entry, predict
from dlterm.training.source.steps import refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.model_file import Trained
    from dlterm.training.source.steps import Step

TITLE = "Keras"

_ACTIVATIONS = {
    **{
        name: f'layers.Activation("{name}")'
        for name in ("tanh", "sigmoid", "relu", "gelu", "silu", "softplus")
    },
    "leaky_relu": f"layers.LeakyReLU(negative_slope={LEAK})",
    "step": 'layers.Lambda(lambda x: keras.ops.cast(x >= 0, "float32"))',
}
_LAST = 'data_format="channels_last"'  # the other order does not run on every backend


def imports(_trained: Trained) -> list[str]:
    """The lines that import what the source uses."""
    return ["import keras", "from keras import layers"]


def network(trained: Trained, steps: Sequence[Step]) -> str:
    """The layers, their weights, and `predict`."""
    recipe = trained.about.recipe
    lines = [
        f"layers.Input(({steps[0].before[0]},))",
        *(line for step in steps for line in _layers(step, recipe.dropout)),
    ]
    weights = [
        f'network.get_layer("{_label(step.name)}").set_weights({_weights(step)})'
        for step in steps
        if step.name
    ]
    return "\n".join(
        [
            "network = keras.Sequential(",
            "    [",
            *(f"        {line}," for line in lines),
            "    ]",
            ")",
            *weights,
            "",
            "",
            predict(trained.about.objective, ["outputs = keras.ops.convert_to_numpy(network(prepare(x)))"]),
        ]
    )


def _layers(step: Step, dropout: float) -> list[str]:
    if step.op in _ACTIVATIONS:
        return [_ACTIVATIONS[step.op]]
    name = f'name="{_label(step.name)}"'
    match step.op:
        case "linear":
            return [f"layers.Dense({step.after[0]}, {name})"]
        case "batch_norm":
            return [f"layers.BatchNormalization(momentum={1 - MOMENTUM}, epsilon={EPSILON}, {name})"]
        case "dropout":
            return [f"layers.Dropout({dropout})"]
        case "conv2d" if _keeps_size(step):
            return [
                f'layers.Conv2D({step.after[0]}, {step.attributes["kernel_size"]}, padding="same", {_LAST}, {name})'
            ]
        case "max_pool2d" if step.attributes["padding"] == (0, 0):
            sizes = f"{step.attributes['size']}, {step.attributes['stride']}"
            return [f"layers.MaxPooling2D({sizes}, {_LAST})"]
        case "reshape" if len(step.after) == 3:
            return [f"layers.Reshape({step.after})", "layers.Permute((2, 3, 1))"]
        case "reshape" if len(step.before) == 3:
            return ["layers.Permute((3, 1, 2))", "layers.Flatten()"]
    raise refused(TITLE, step.op)


def _keeps_size(step: Step) -> bool:
    kernel = step.attributes
    return kernel["groups"] == 1 and kernel["dilation"] == (1, 1) and step.before[1:] == step.after[1:]


def _weights(step: Step) -> str:
    """The arrays in the order, and with the axes, that the layer has them in."""
    if step.op == "batch_norm":
        parts = '("weight", "bias", "running_mean", "running_var")'
        return f'[WEIGHTS[f"{step.name}.{{part}}"] for part in {parts}]'
    turned = ".T" if step.op == "linear" else ".transpose(2, 3, 1, 0)"
    return f"[{entry(step.name, 'weight')}{turned}, {entry(step.name, 'bias')}]"


def _label(name: str) -> str:
    return name.replace(".", "_")
