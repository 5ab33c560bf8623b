"""How many threads the libraries take that NumPy and scikit-learn compute with."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Threads:
    """The libraries that are loaded by now: BLAS and OpenMP. Some, like Apple's Accelerate, cannot be told."""

    def __init__(self) -> None:
        self._controller = importlib.import_module("threadpoolctl").ThreadpoolController()

    @property
    def blas(self) -> str:
        """The name of NumPy's BLAS; nothing where it cannot be told how many threads to take."""
        names = [each["internal_api"] for each in self._controller.info() if each["user_api"] == "blas"]
        return str(names[0]) if names else ""

    @contextmanager
    def limited(self, most: int) -> Iterator[None]:
        """Within it, they take so many threads at most."""
        with self._controller.limit(limits=most):
            yield
