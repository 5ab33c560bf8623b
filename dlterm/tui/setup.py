"""What the lab shows and changes: a recipe and a pace, and the ladder of values that each setting climbs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.recipe import Recipe

# Not read from dlterm.data or the recipe's module: those are not loaded when the settings are first painted.
GENERATED = ("circle", "xor", "gaussians", "spirals", "moons", "rings", "plane", "hills")
SURFACES = ("plane", "hills")
ACTIVATIONS = ("tanh", "relu", "leaky_relu", "sigmoid", "identity", "step")
OPTIMIZERS = ("sgd", "momentum", "adam")

PACES = ("1 step", "10 steps", "1 epoch", "10 epochs", "full speed")  # of training for each picture
MOST_LAYERS = 6

_COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64, 128)
_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_NOISES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)
_PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)


@dataclass(frozen=True, slots=True)
class Setup:
    """The one source of what the lab trains and how fast.

    `layer` is the hidden layer that the number of neurons is shown and changed for, counted from 0; `files` are
    data offered beside the generated sets.
    """

    recipe: Recipe
    pace: str = "1 epoch"
    layer: int = 0
    files: tuple[str, ...] = ()

    def with_(self, **fields: Any) -> Setup:
        """The same with some fields of the recipe changed."""
        return replace(self, recipe=self.recipe.with_(**fields))


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings: what it shows, and the setup one value further (+1) or back (-1).

    `back` is the key for going back where it is not the capital of `key`. `applies` tells whether it has a say.
    """

    id: str
    title: str
    key: str
    help: str
    show: Callable[[Setup], str]
    move: Callable[[Setup, int], Setup]
    applies: Callable[[Setup], bool] = lambda _: True
    back: str = ""


def _next_up(values: Sequence[float], value: float, direction: int) -> float:
    """The nearest of the ascending values beyond this one, or the last there is."""
    place = bisect_right(values, value) if direction > 0 else bisect_left(values, value) - 1
    return values[min(max(place, 0), len(values) - 1)]


def _next_around(values: Sequence[str], value: str, direction: int) -> str:
    return values[(values.index(value) + direction) % len(values)]


def _climb(field: str, values: Sequence[float]) -> Callable[[Setup, int], Setup]:
    def move(setup: Setup, direction: int) -> Setup:
        return setup.with_(**{field: _next_up(values, getattr(setup.recipe, field), direction)})

    return move


def _cycle(field: str, values: Sequence[str]) -> Callable[[Setup, int], Setup]:
    def move(setup: Setup, direction: int) -> Setup:
        return setup.with_(**{field: _next_around(values, getattr(setup.recipe, field), direction)})

    return move


def _move_pace(setup: Setup, direction: int) -> Setup:
    place = min(max(PACES.index(setup.pace) + direction, 0), len(PACES) - 1)
    return replace(setup, pace=PACES[place])


def _move_data(setup: Setup, direction: int) -> Setup:
    return setup.with_(data=_next_around((*setup.files, *GENERATED), setup.recipe.data, direction))


def _move_layers(setup: Setup, direction: int) -> Setup:
    hidden = setup.recipe.hidden
    if direction > 0 and len(hidden) < MOST_LAYERS:
        hidden = (*hidden, hidden[-1] if hidden else 4)
    elif direction < 0:
        hidden = hidden[:-1]
    return setup.with_(hidden=hidden)


def _move_neurons(setup: Setup, direction: int) -> Setup:
    hidden, layer = list(setup.recipe.hidden), setup.layer
    if layer < len(hidden):
        hidden[layer] = int(_next_up(_COUNTS, hidden[layer], direction))
    return setup.with_(hidden=hidden)


def _show_data(setup: Setup) -> str:
    return safe(setup.recipe.data.replace("\\", "/").rpartition("/")[2] or setup.recipe.data)


def _show_neurons(setup: Setup) -> str:
    hidden = setup.recipe.hidden
    return f"{hidden[setup.layer]} in layer {setup.layer + 1}" if setup.layer < len(hidden) else "–"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "pace",
        "speed",
        "full_stop,greater_than_sign",
        "How much is trained between two pictures",
        lambda setup: setup.pace,
        _move_pace,
        back="comma,less_than_sign",
    ),
    Setting("data", "data", "d", "What is learned", _show_data, _move_data),
    Setting(
        "noise",
        "noise",
        "n",
        "How far generated examples stray",
        lambda setup: f"{setup.recipe.noise:g}",
        _climb("noise", _NOISES),
        lambda setup: setup.recipe.data in GENERATED,
    ),
    Setting(
        "hidden",
        "layers",
        "h",
        "Hidden layers",
        lambda setup: str(len(setup.recipe.hidden)),
        _move_layers,
    ),
    Setting(
        "neurons",
        "neurons",
        "u",
        "Neurons of the chosen hidden layer: choose by a click on it, or Tab and the arrows",
        _show_neurons,
        _move_neurons,
        lambda setup: bool(setup.recipe.hidden),
    ),
    Setting(
        "activation",
        "activation",
        "a",
        "What a hidden neuron applies to its sum",
        lambda setup: setup.recipe.activation.replace("_", " "),
        _cycle("activation", ACTIVATIONS),
        lambda setup: bool(setup.recipe.hidden),
    ),
    Setting(
        "lr",
        "learning rate",
        "l",
        "How far each step goes",
        lambda setup: f"{setup.recipe.lr:g}",
        _climb("lr", _RATES),
    ),
    Setting(
        "optimizer",
        "optimizer",
        "o",
        "How a gradient becomes a step",
        lambda setup: setup.recipe.optimizer,
        _cycle("optimizer", OPTIMIZERS),
    ),
    Setting(
        "batch",
        "batch size",
        "b",
        "Examples in a step",
        lambda setup: str(setup.recipe.batch),
        _climb("batch", _BATCHES),
    ),
    Setting(
        "l2",
        "L2 penalty",
        "w",
        "How strongly large weights are held back",
        lambda setup: f"{setup.recipe.l2:g}",
        _climb("l2", _PENALTIES),
    ),
    Setting(
        "classes",
        "classes",
        "c",
        "Classes of a generated set",
        lambda setup: str(setup.recipe.classes),
        _climb("classes", (2, 3, 4, 5, 6)),
        lambda setup: setup.recipe.data in GENERATED and setup.recipe.data not in SURFACES,
    ),
)
