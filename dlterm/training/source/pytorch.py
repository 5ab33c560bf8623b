"""A network in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.engine.ops.activations import LEAK
from dlterm.training.source.parts import predict
from dlterm.training.source.steps import refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.model_file import Trained
    from dlterm.training.source.steps import Step

TITLE = "PyTorch"

_ACTIVATIONS = {
    "tanh": "torch.tanh(x)",
    "sigmoid": "torch.sigmoid(x)",
    "relu": "torch.relu(x)",
    "leaky_relu": f"functional.leaky_relu(x, {LEAK})",
    "gelu": "functional.gelu(x)",
    "silu": "functional.silu(x)",
    "softplus": "functional.softplus(x)",
    "step": "(x >= 0).float()",
}


def imports(_trained: Trained) -> list[str]:
    """The lines that import what the source uses."""
    return ["import torch", "from torch import nn", "from torch.nn import functional"]


def network(trained: Trained, steps: Sequence[Step]) -> str:
    """The class, the network with its weights, and `predict`."""
    modules = [f"        self.{_attribute(step.name)} = {_module(step)}" for step in steps if step.name]
    lines = [f"        x = {_expression(step, trained.about.recipe.dropout)}" for step in steps]
    outputs = ["with torch.no_grad():", "    outputs = network(torch.from_numpy(prepare(x))).numpy()"]
    return "\n".join(
        [
            "class Network(nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *modules,
            "",
            "    def forward(self, x):",
            *lines,
            "        return x",
            "",
            "",
            "network = Network()",
            "network.load_state_dict(",
            '    {name.replace(".norm.", "_norm."): torch.from_numpy(array) for name, array in WEIGHTS.items()}',
            ")",
            "network.eval()",
            "",
            "",
            predict(trained.about.objective, outputs),
        ]
    )


def _module(step: Step) -> str:
    match step.op:
        case "linear":
            return f"nn.Linear({step.before[0]}, {step.after[0]})"
        case "batch_norm":
            return f"nn.BatchNorm{len(step.before) // 2 + 1}d({step.before[0]})"
        case "conv2d":
            kernel = step.attributes
            sizes = ", ".join(
                f"{name}={kernel[name]}"
                for name in ("kernel_size", "stride", "padding", "dilation", "groups")
            )
            return f"nn.Conv2d({step.before[0]}, {step.after[0]}, {sizes})"
    raise refused(TITLE, step.op)


def _expression(step: Step, dropout: float) -> str:
    if step.name:
        return f"self.{_attribute(step.name)}(x)"
    if step.op in _ACTIVATIONS:
        return _ACTIVATIONS[step.op]
    match step.op:
        case "dropout":
            return f"functional.dropout(x, {dropout}, self.training)"
        case "reshape":
            return f"x.reshape(-1, {', '.join(map(str, step.after))})"
        case "max_pool2d":
            window = step.attributes
            return f"functional.max_pool2d(x, {window['size']}, {window['stride']}, {window['padding']})"
    raise refused(TITLE, step.op)


def _attribute(name: str) -> str:
    return name.replace(".", "_")
