"""A trained network as source code of another library, to copy: the same weights, and the same answers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode
from dlterm.training.source import keras, pytorch, scikit_learn
from dlterm.training.source.parts import header, loaded, prepare, written
from dlterm.training.source.steps import steps_of

if TYPE_CHECKING:
    from dlterm.training.model_file import Trained

FRAMEWORKS = MappingProxyType({"pytorch": pytorch, "keras": keras, "sklearn": scikit_learn})
INLINE = 5000  # numbers that are written out: 70 KB


def numbers(trained: Trained) -> int:
    """How many numbers the network has."""
    return sum(array.size for array in trained.arrays.values())


def source(trained: Trained, framework: str, *, weights: str | None = None) -> str:
    """A Python file whose `predict(x)` gives what the network gives, to 1e-5, from examples in the data's own units.

    `framework` is one of FRAMEWORKS. `weights` is the path of a safetensors file of the arrays, from the file that is
    written; without it they are written out. Raises DltermError (usage) for a network that the framework has no layers
    for, and for one of more than 5,000 numbers without a file.
    """
    if weights is None and numbers(trained) > INLINE:
        raise DltermError(
            f"the network has {numbers(trained):,} numbers; at most {INLINE:,} are written out",
            hint="save the run, and export it: dlterm export RUN",
            exit_code=ExitCode.USAGE,
        )
    writer = FRAMEWORKS[framework]
    steps = steps_of(trained)
    network = writer.network(trained, steps)
    imports = ["import numpy as np", *writer.imports(trained)]
    if weights is not None:
        imports = ["from pathlib import Path", "", *imports, "from safetensors.numpy import load_file"]
    parts = (
        header(trained, writer.TITLE, imports),
        written(trained.arrays, [step.name for step in steps]) if weights is None else loaded(weights),
        prepare(trained.about),
        network,
        'if __name__ == "__main__":\n    print(predict([MEAN]))',
    )
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"
