"""dlterm: a course on deep learning that runs, in the terminal.

For programs: `Learner`, `Recipe` and `Model` are here, layers in `dlterm.nn`, data sets in `dlterm.data`;
docs/python.md has an example. None of them is loaded before it is asked for, so that the command starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlterm import data, nn
    from dlterm.training.learner import Learner
    from dlterm.training.model_file import Model
    from dlterm.training.recipe import Recipe

__version__ = "0.1.0"
__all__ = ["Learner", "Model", "Recipe", "__version__", "data", "nn"]

_HOMES = {
    "Learner": "dlterm.training.learner",
    "Model": "dlterm.training.model_file",
    "Recipe": "dlterm.training.recipe",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in __all__:
        return importlib.import_module(f"dlterm.{name}")
    raise AttributeError(f"module 'dlterm' has no attribute '{name}'")
