"""A network run by another library: its source in a Python of its own, which can be stopped and takes its memory along.

PyTorch alone takes seconds and 200 MB to load.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.training.source import FRAMEWORKS, source
from dlterm.training.source.steps import steps_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from dlterm.training.model_file import Trained

T = TypeVar("T")

PACKAGES = {
    "pytorch": ("torch", "torch"),
    "keras": ("keras", "keras"),
    "sklearn": ("sklearn", "scikit-learn"),
}
BACKENDS = ("jax", "torch", "tensorflow")  # of Keras, the one that loads soonest first
_PATIENCE = 60.0  # seconds
_POLL = 0.05
_ASK = """
import runpy, sys
import numpy as np
network, examples, answers = sys.argv[1:]
np.save(answers, runpy.run_path(network)["predict"](np.load(examples)))
"""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a library answered, [examples, classes]; or why it did not."""

    answers: NDArray[Any] | None
    said: str  # its version, or the reason


def missing(framework: str) -> str:
    """Why a framework cannot be asked here; nothing where it can."""
    if find_spec(PACKAGES[framework][0]) is None:
        return "not installed"
    if framework == "keras" and backend() is None:
        return "has no backend installed"
    return ""


def backend() -> str | None:
    """What Keras is to compute with: what the user has set, else the first that is installed."""
    found = [name for name in BACKENDS if find_spec(name) is not None]
    return os.environ.get("KERAS_BACKEND") or next(iter(found), None)


def ask(
    framework: str, trained: Trained, examples: NDArray[np.float32], meanwhile: T
) -> Generator[T, None, Answer]:
    """Ask a framework for its answers to examples [n, features]; yield `meanwhile` while it computes.

    To close the generator stops it.
    """
    if reason := missing(framework):
        return Answer(None, reason)
    try:
        text = source(trained, framework)
    except DltermError as error:
        return Answer(None, error.message)
    with TemporaryDirectory(prefix="dlterm-") as name:
        directory = Path(name)
        (directory / "network.py").write_text(text, encoding="utf-8")
        np.save(directory / "examples.npy", examples)
        code = yield from _run(directory, meanwhile)
        if code != 0:
            return Answer(None, _failure(code, directory / "errors.txt"))
        return Answer(np.load(directory / "answers.npy"), _version(framework))


def _run(directory: Path, meanwhile: T) -> Generator[T, None, int | None]:
    """Run the source there; return the exit code, None where patience ended."""
    files = ("network.py", "examples.npy", "answers.npy")
    command = [sys.executable, "-P", "-c", _ASK, *(str(directory / name) for name in files)]
    environment = os.environ | ({"KERAS_BACKEND": name} if (name := backend()) else {})
    deadline = time.monotonic() + _PATIENCE
    with (
        (directory / "errors.txt").open("wb") as errors,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd=directory, env=environment
        ) as process,
    ):
        try:
            while process.poll() is None and time.monotonic() < deadline:
                yield meanwhile
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL)
            return process.returncode
        finally:
            process.kill()


def _version(framework: str) -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(PACKAGES[framework][1])
    return "of unknown version"


def _failure(code: int | None, errors: Path) -> str:
    if code is None:
        return f"did not answer within {_PATIENCE:.0f} s"
    lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"failed: {safe(lines[-1], limit=200)}" if lines else f"failed with exit code {code}"


def shown(framework: str, trained: Trained) -> list[str]:
    """The part of a network's source that makes the network, line by line; or why there is none."""
    writer = FRAMEWORKS[framework]
    try:
        text = writer.network(trained, steps_of(trained))
    except DltermError as error:
        return [error.message]
    return [*writer.imports(trained), "", *text.splitlines()]
