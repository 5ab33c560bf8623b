"""The experiments that there are: listed without importing them, and one by its id.

What a list needs of an experiment is read from the text of its class, whose attributes are literals: to import them
all would load NumPy, the engine and scikit-learn.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dlterm.course.runnable import experiments
from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.experiment import CHAPTERS, Experiment
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "dlterm.experiments.catalogue"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an experiment that is not imported; as in `Experiment`."""

    id: str
    title: str
    question: str
    chapter: str
    order: int
    lesson: str
    claim: str
    budget: float
    reads: tuple[str, ...] = ()


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every experiment, chapter by chapter."""
    return tuple(sorted(_found(), key=lambda each: (CHAPTERS.index(each.chapter), each.order, each.id)))


def find(name: str) -> type[Experiment]:
    """The experiment of that id. Raises DltermError (no input), as `require` does."""
    require(name)
    module = importlib.import_module(f"{PACKAGE}.{module_name(name)}")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Experiment) and value.__module__ == module.__name__
    )


def require(name: str) -> None:
    """Raise DltermError (no input) where there is no such experiment; it names those that are near."""
    if name not in experiments():
        near = get_close_matches(name, sorted(experiments()), n=1)
        raise DltermError(
            f'there is no experiment "{safe(name, limit=60)}"',
            hint=f"did you mean {near[0]}?" if near else "dlterm experiments lists them",
            exit_code=ExitCode.NO_INPUT,
        )


def entry(name: str) -> Entry:
    """What is known of the experiment of that id. Raises DltermError (no input), as `require` does."""
    require(name)
    return entry_of((files(PACKAGE) / f"{module_name(name)}.py").read_text(encoding="utf-8"))


def module_name(name: str) -> str:
    """The name of the file, without its ending, that an experiment is in."""
    return name.replace("-", "_")


def _found() -> Iterator[Entry]:
    for file in files(PACKAGE).iterdir():
        if file.name.endswith(".py") and not file.name.startswith("_"):
            yield entry_of(file.read_text(encoding="utf-8"))


def entry_of(source: str) -> Entry:
    """The entry of the experiment that a module's text declares. Raises ValueError where it declares none."""
    head = source.partition("\n    def ")[0]  # to the first method: the whole takes twice as long
    for text in (head, source):
        with contextlib.suppress(SyntaxError):
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef) and any(
                    ast.unparse(base) == "Experiment" for base in node.bases
                ):
                    return Entry(**dict(_literals(node)))
    raise ValueError("no class of the bases is Experiment")


def _literals(node: ast.ClassDef) -> Iterator[tuple[str, Any]]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in Entry.__slots__:
                yield name, ast.literal_eval(value)
