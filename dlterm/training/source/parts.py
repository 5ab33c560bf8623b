"""What the source of a network has in every library: its constants, and the NumPy before and after the network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dlterm.training.model_file import About, Trained
    from dlterm.training.task import Objective

_WIDTH = 100
_SHORT = 76  # a list after a name, on one line
_FORMULAS = {
    "x1": "x1",
    "x2": "x2",
    "x1^2": "x1 * x1",
    "x2^2": "x2 * x2",
    "x1x2": "x1 * x2",
    "sinx1": "np.sin(np.pi * x1)",
    "sinx2": "np.sin(np.pi * x2)",
}


def header(trained: Trained, title: str, imports: Sequence[str]) -> str:
    """The docstring, the imports, and what goes in and comes out."""
    about = trained.about
    constants = [
        f"RECIPE = {text(about.line)}",
        f"FEATURES = {literals(about.features)}",
        f"TARGET = {text(about.target)}",
        *([f"CLASSES = {literals(about.classes)}"] if about.classes else []),
        "# of each feature, in the training examples:",
        f"MEAN = {_numbers(about.scaling.mean)}",
        f"STD = {_numbers(about.scaling.std)}",
    ]
    answers = f"predict(x) answers for examples [n, {len(about.features)}]"
    opening = f'"""A network that dlterm trained, in {title}: {answers}."""'
    return "\n".join([opening, "", *imports, "", *constants])


def written(arrays: Mapping[str, NDArray[Any]], layers: Sequence[str]) -> str:
    """The arrays as literals, layer by layer, which read back to the bit."""
    ordered = sorted(arrays.items(), key=lambda item: layers.index(item[0].rpartition(".")[0]))
    lines = [f"    {text(name)}: {_array(array, 4)}," for name, array in ordered]
    turned = "WEIGHTS = {name: np.array(array, np.float32) for name, array in WEIGHTS.items()}"
    return "\n".join(["WEIGHTS = {", *lines, "}", turned])


def loaded(path: str) -> str:
    """The arrays out of a safetensors file, its path seen from the source's own."""
    return f"WEIGHTS = load_file(Path(__file__).parent / {text(path)})"


def entry(layer: str, part: str) -> str:
    """How the source names an array."""
    return f'WEIGHTS["{layer}.{part}"]'


def text(value: str) -> str:
    """A literal in double quotes: JSON's are Python's."""
    return json.dumps(value, ensure_ascii=False)


def prepare(about: About) -> str:
    """`prepare(x)`: the same numbers as go into the network in dlterm."""
    lines = ["x = np.asarray(x, np.float32)"]
    if about.recipe.missing in ("mean", "median"):
        lines.append(f"x = np.where(np.isnan(x), np.float32({_numbers(about.scaling.fill)}), x)  # gaps")
    lines.append("x = ((x - np.array(MEAN)) / STD).astype(np.float32)")
    if about.recipe.features:
        lines += [f"x{k} = x @ {_numbers(axis)}" for k, axis in enumerate(about.directions, start=1)]
        made = ", ".join(_FORMULAS[name] for name in about.recipe.features)
        lines.append(f"x = np.stack([{made}], axis=1).astype(np.float32)")
    return function(
        "prepare(x)", "What the network reads of examples in the data's own units.", [*lines, "return x"]
    )


def predict(objective: Objective, outputs: Sequence[str]) -> str:
    """`predict(x)`, of lines that make `outputs` [n, outputs] of x."""
    if objective.task == "regression":
        what = "Values [n] for examples in the data's own units."
        made = [f"return outputs[:, 0] * np.float32({objective.std!r}) + np.float32({objective.mean!r})"]
    else:
        what = "The probability of each of CLASSES [n, classes] for examples in the data's own units."
        made = _probabilities(objective)
    return function("predict(x)", what, [*outputs, *made])


def _probabilities(objective: Objective) -> list[str]:
    if objective.loss == "cross_entropy":
        return [
            "e = np.exp(outputs - outputs.max(axis=1, keepdims=True))",
            "return e / e.sum(axis=1, keepdims=True)",
        ]
    logits = objective.loss == "binary_cross_entropy"
    p = "1 / (1 + e^-outputs), without overflow" if logits else "no probability, but from 0 to 1"
    inner = "np.tanh(0.5 * outputs)" if logits else "np.clip(outputs, -1, 1)"
    if objective.outputs == 1:
        last = "return np.concatenate([1 - p, p], axis=1)"
    else:
        last = "return p / np.maximum(p.sum(axis=1, keepdims=True), 1e-12)"
    return [f"p = 0.5 + 0.5 * {inner}  # {p}", last]


def function(signature: str, what: str, lines: Sequence[str]) -> str:
    """A function of these lines, and what it gives as its docstring."""
    return "\n".join([f"def {signature}:", f'    """{what}"""', *(f"    {line}" for line in lines)])


def _array(array: NDArray[Any], indent: int) -> str:
    """Rows of numbers, each number as short as it can be."""
    if array.ndim <= 1:
        return _wrapped([str(np.float32(x)) for x in array], indent)
    rows = [" " * (indent + 4) + _array(row, indent + 4) + "," for row in array]
    return "\n".join(["[", *rows, " " * indent + "]"])


def _numbers(values: Sequence[float]) -> str:
    return _wrapped([repr(float(value)) for value in values], 0)


def literals(values: Sequence[str]) -> str:
    """A list of texts."""
    return _wrapped([text(value) for value in values], 0)


def _wrapped(words: Sequence[str], indent: int) -> str:
    """A list on one line, or on as many as it takes."""
    line = f"[{', '.join(words)}]"
    if len(line) + indent <= _SHORT:
        return line
    inner = " " * (indent + 4)
    lines: list[str] = [inner]
    for word in words:
        if len(lines[-1]) > len(inner) and len(lines[-1]) + len(word) > _WIDTH:
            lines.append(inner)
        lines[-1] += f"{word}, "
    return "\n".join(["[", *(line.rstrip() for line in lines), " " * indent + "]"])
