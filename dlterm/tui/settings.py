"""The settings of the lab: each shows a part of the recipe, and makes the next recipe when it is turned up or down.

No Textual here: a setting is a title, keys, and two functions of a recipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlterm.training.recipe import ACTIVATIONS, OPTIMIZERS, Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETS = ("circle", "xor", "gaussians", "spirals", "moons", "rings", "plane", "hills")
SURFACES = ("plane", "hills")
VALUE_LOSSES = ("mse", "mae", "huber")
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
NOISES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
BATCHES = (1, 2, 5, 10, 16, 32, 64, 128, 256)
PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.5)
MOST_LAYERS, MOST_UNITS, NEW_UNITS = 8, 16, 4


@dataclass(frozen=True)
class Setting:
    """`value(recipe)` is what is shown, `turned(recipe, 1 or -1)` the recipe after one turn (or the same)."""

    id: str
    title: str
    help: str
    value: Callable[[Recipe], str]
    turned: Callable[[Recipe, int], Recipe]
    more: str = ""  # the key that turns it up
    less: str = ""
    words: tuple[str, str] = ("more", "less")
    in_footer: bool = False


def choice(field: str, choices: Sequence[str]) -> Callable[[Recipe, int], Recipe]:
    """Around a circle of choices; what is none of them goes to the first."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        value = getattr(recipe, field)
        at = choices.index(value) + by if value in choices else 0
        return recipe.with_(**{field: choices[at % len(choices)]})

    return turned


def _other_data(recipe: Recipe, by: int) -> Recipe:
    """The next or the previous set, without what only the data before can have."""
    turned = choice("data", SETS)(recipe, by).with_(axes=(), task="auto")
    if turned.data in SURFACES:
        loss = recipe.loss if recipe.loss in VALUE_LOSSES else "auto"
        return turned.with_(loss=loss, class_weight="equal")
    return turned


def _level(field: str, levels: Sequence[float]) -> Callable[[Recipe, int], Recipe]:
    """Up and down a scale, to the next level above or below the value; it ends at both ends."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        value = getattr(recipe, field)
        beyond = [level for level in levels if (level > value if by > 0 else level < value)]
        if not beyond:
            return recipe
        return recipe.with_(**{field: beyond[0] if by > 0 else beyond[-1]})

    return turned


def _layers(recipe: Recipe, by: int) -> Recipe:
    hidden = recipe.hidden
    if by > 0 and len(hidden) < MOST_LAYERS:
        return recipe.with_hidden((*hidden, hidden[-1] if hidden else NEW_UNITS))
    return recipe.with_hidden(hidden[:-1]) if by < 0 else recipe


def _one_further(units: int, by: int) -> int:
    return max(1, units - 1) if by < 0 else max(units, min(MOST_UNITS, units + 1))


def units_turned(layer: int | None) -> Callable[[Recipe, int], Recipe]:
    """A hidden layer's neurons (or every layer's) one more or one less."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        chosen = range(len(recipe.hidden)) if layer is None else (layer,)
        hidden = tuple(
            _one_further(units, by) if k in chosen else units for k, units in enumerate(recipe.hidden)
        )
        return recipe.with_(hidden=hidden)

    return turned


def activation_turned(layer: int) -> Callable[[Recipe, int], Recipe]:
    """One hidden layer's activation the next or the previous; the others keep theirs."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        names: list[str] = list(recipe.activations)
        names[layer] = ACTIVATIONS[(ACTIVATIONS.index(names[layer]) + by) % len(ACTIVATIONS)]
        return recipe.with_(activation=names)

    return turned


def _units_of(layer: int) -> Callable[[Recipe], str]:
    return lambda recipe: str(recipe.hidden[layer])


def _shown(field: str) -> Callable[[Recipe], str]:
    def value(recipe: Recipe) -> str:
        found: Any = getattr(recipe, field)
        if isinstance(found, tuple):
            return ",".join(found)
        return f"{found:g}" if isinstance(found, float) else str(found)

    return value


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data", "data", "The examples: eight generated sets, or the file that was opened.",
        _shown("data"), _other_data, "d", "D", ("next", "previous"), in_footer=True,
    ),
    Setting("noise", "noise", "How far generated examples stray.", _shown("noise"), _level("noise", NOISES), "n", "N"),
    Setting(
        "classes", "classes", "Of a generated set.",
        _shown("classes"), _level("classes", (2, 3, 4, 5, 6)), "c", "C",
    ),
    Setting(
        "layers", "hidden layers", "Depth: each layer bends what the one before it drew.",
        lambda recipe: str(len(recipe.hidden)), _layers, "plus,equals_sign", "minus",
    ),
    Setting(
        "units", "units", "Width: neurons in every hidden layer.",
        lambda recipe: ",".join(map(str, recipe.hidden)) or "none", units_turned(None),
        "right_square_bracket", "left_square_bracket",
    ),
    Setting(
        "activation", "activation", "What each hidden neuron does to its sum.",
        _shown("activation"), choice("activation", ACTIVATIONS), "a", "A", ("next", "previous"),
    ),
    Setting(
        "lr", "learning rate", "How far each step goes down the slope. It changes while training.",
        _shown("lr"), _level("lr", RATES), "l", "L",
    ),
    Setting(
        "optimizer", "optimizer", "How a gradient becomes a step.",
        _shown("optimizer"), choice("optimizer", OPTIMIZERS), "o", "O", ("next", "previous"),
    ),
    Setting("batch", "batch size", "Examples in a step.", _shown("batch"), _level("batch", BATCHES), "b", "B"),
    Setting("l2", "L2", "Pulls weights towards zero.", _shown("l2"), _level("l2", PENALTIES), "w", "W"),
    Setting("dropout", "dropout", "The share of hidden units silenced in a step.",
            _shown("dropout"), _level("dropout", DROPOUTS), "p", "P"),
)  # fmt: skip
BY_ID = {setting.id: setting for setting in SETTINGS}


def rows(recipe: Recipe) -> list[Setting]:
    """The settings as the pane lists them: one more for each hidden layer's units where there are several."""
    listed: list[Setting] = []
    for setting in SETTINGS:
        if setting.id in ("noise", "classes") and recipe.data not in SETS:
            continue
        listed.append(setting)
        if setting.id == "units" and len(recipe.hidden) > 1:
            listed += [
                Setting(
                    f"units{k}", f"  layer {k + 1}", f"Neurons in hidden layer {k + 1}.",
                    _units_of(k), units_turned(k),
                )
                for k in range(len(recipe.hidden))
            ]  # fmt: skip
    return listed


_TERMS = {
    "data": "data-set",
    "noise": "noise",
    "classes": "class",
    "layers": "hidden-layer",
    "lr": "learning-rate",
    "batch": "batch",
    "l2": "l2",
    "dropout": "dropout",
}


def term(setting: Setting, recipe: Recipe) -> str:
    """The id of the glossary's term that explains a setting, or the choice that is made of it."""
    if setting.id == "activation":
        return recipe.activation.replace("_", "-") if isinstance(recipe.activation, str) else "activation"
    if setting.id == "optimizer":
        return recipe.optimizer.replace("_", "-")
    return _TERMS.get(setting.id, "neuron")
