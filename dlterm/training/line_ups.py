"""Ready-made races: for any recipe, who could be raced against whom, with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dlterm.training.recipe import Recipe

OWN = "own"
_MOST = 4
_MOST_UNITS, _MOST_BATCH, _MOST_RATE = 4096, 65_536, 1000.0  # as a recipe takes them


@dataclass(frozen=True, slots=True)
class LineUp:
    """What differs between the contestants, and a line for each, as `contestants` takes them."""

    id: str
    title: str
    help: str
    lines: tuple[str, ...]


def own_line_up(lines: tuple[str, ...]) -> LineUp:
    """A race of the reader's own."""
    return LineUp(OWN, "Your own", "Those that you chose yourself.", lines)


def line_ups(base: Recipe) -> list[LineUp]:
    """The races that there are for a recipe; each has two to four contestants, and none of them twice."""
    return [
        LineUp(name, title, text, lines)
        for name, title, text, make in _KINDS
        if len(lines := tuple(dict.fromkeys(make(base)))[:_MOST]) > 1
    ]


def _rates(base: Recipe) -> Iterator[str]:
    rate = base.lr or 0.01
    for value in (float(f"{rate / 3:.2g}"), rate, min(float(f"{rate * 3:.2g}"), _MOST_RATE)):
        yield f"lr={_number(value)}"


def _optimizers(base: Recipe) -> Iterator[str]:
    return _choices("optimizer", base.optimizer, ("sgd", "momentum", "rmsprop", "adam"))


def _activations(base: Recipe) -> Iterator[str]:
    if not base.layers:
        return iter(())
    own = base.activation if isinstance(base.activation, str) else base.activation[0]
    return _choices("activation", own, ("tanh", "relu", "gelu", "sigmoid"))


def _widths(base: Recipe) -> Iterator[str]:
    if base.model != "mlp" or not base.hidden:
        return
    for factor in (0.25, 0.5, 1, 2):
        yield _hidden(min(max(1, round(units * factor)), _MOST_UNITS) for units in base.hidden)


def _depths(base: Recipe) -> Iterator[str]:
    if base.model != "mlp" or not isinstance(base.activation, str):
        return
    units = base.hidden[-1] if base.hidden else 4
    for layers in range(4):
        yield _hidden([units] * layers)


def _batches(base: Recipe) -> Iterator[str]:
    for factor in (0.2, 1, 5):
        yield f"batch={min(max(1, round(base.batch * factor)), _MOST_BATCH)}"


def _inits(base: Recipe) -> Iterator[str]:
    offered = "xavier", "he", "uniform", "zeros"
    return _choices("init", offered[0] if base.init == "auto" else base.init, offered)


def _penalties(base: Recipe) -> Iterator[str]:
    return _choices("l2", _number(base.l2), ("0", "0.001", "0.01", "0.1"))


def _shapes(_base: Recipe) -> Iterator[str]:
    return iter(("", "logistic", "svm", "forest"))


def _neighbours(_base: Recipe) -> Iterator[str]:
    return iter(("", "knn", "tree", "forest"))


def _choices(setting: str, own: str, offered: Sequence[str]) -> Iterator[str]:
    """What is offered; where the base's own is not among it, that in the place of the last."""
    chosen = offered if own in offered else (own, *offered[: _MOST - 1])
    return (f"{setting}={choice}" for choice in chosen)


def _number(value: float) -> str:
    """The number in full, without the plus sign that means a blank in a recipe."""
    return repr(value).removesuffix(".0").replace("+", "")


def _hidden(units: Sequence[int] | Iterator[int]) -> str:
    return f"hidden={','.join(map(str, units))}"


_KINDS: tuple[tuple[str, str, str, Callable[[Recipe], Iterator[str]]], ...] = (
    ("rates", "Learning rates", "A third of the learning rate, the same, three times as much.", _rates),
    ("optimizers", "Optimisers", "The same gradient, made a step in four ways.", _optimizers),
    ("activations", "Activations", "The same layers, bent in four ways.", _activations),
    ("widths", "Widths", "A quarter of the units, half, as many, twice as many.", _widths),
    ("depths", "Depths", "No hidden layer, one, two, three.", _depths),
    ("batches", "Batch sizes", "A fifth of the batch, the same, five times as much.", _batches),
    ("inits", "First weights", "How wide they are spread; zeros never learn to differ.", _inits),
    ("penalties", "L2 penalties", "From none to one that holds the weights down.", _penalties),
    ("classic", "Against classic models", "Logistic regression, an SVM and a forest (scikit-learn).", _shapes),
    ("trees", "Against neighbours and trees", "Nearest neighbours, a tree, a forest (scikit-learn).", _neighbours),
)  # fmt: skip
