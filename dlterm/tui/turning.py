"""How a recipe is turned: functions from a recipe and 1 or -1 to the next recipe, or to the same at a scale's end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dlterm.training.recipe import ACTIVATIONS, FEATURES, LOSSES, PCA, Recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.snapshot import Snapshot

Turned = Callable[[Recipe, int], Recipe]

SETS = ("circle", "xor", "gaussians", "spirals", "moons", "rings", "plane", "hills")
SURFACES = ("plane", "hills")
VALUE_LOSSES = ("auto", "mse", "mae", "huber")
CLASS_LOSSES = LOSSES
FEATURE_SETS: tuple[tuple[str, ...], ...] = (
    (),
    ("x1", "x2", "x1^2", "x2^2"),
    ("x1", "x2", "x1^2", "x2^2", "x1x2"),
    ("x1", "x2", "sinx1", "sinx2"),
    ("x1^2", "x2^2"),
    ("x1x2",),
    FEATURES,
)
MOST_LAYERS, MOST_UNITS, NEW_UNITS = 8, 16, 4
_MOST_PAIRS = 45  # of columns to choose from: of ten


@dataclass(frozen=True)
class Known:
    """What is known beside the recipe: the sets on offer, the columns of the data, whether values are learned."""

    sets: tuple[str, ...] = SETS
    columns: tuple[str, ...] = ()
    regression: bool = False

    def seen(self, recipe: Recipe, snapshot: Snapshot | None) -> Known:
        """What is known after this recipe, of which a snapshot may tell more; a file can be returned to."""
        sets = self.sets if recipe.data in self.sets else (recipe.data, *SETS)
        if snapshot is None or snapshot.recipe.data != recipe.data:
            return Known(sets)
        columns = self.columns if snapshot.recipe.features else snapshot.features
        return Known(sets, columns, snapshot.task == "regression")


def choice(field: str, choices: Sequence[Any]) -> Turned:
    """Around a circle of choices; what is none of them goes to the first."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        value = getattr(recipe, field)
        at = choices.index(value) + by if value in choices else 0
        return recipe.with_(**{field: choices[at % len(choices)]})

    return turned


def level(field: str, levels: Sequence[float]) -> Turned:
    """Up and down a scale, to the next level above or below the value; it ends at both ends."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        value = getattr(recipe, field)
        beyond = [level for level in levels if (level > value if by > 0 else level < value)]
        if not beyond:
            return recipe
        return recipe.with_(**{field: beyond[0] if by > 0 else beyond[-1]})

    return turned


def data_turned(known: Known) -> Turned:
    """The next or the previous set, without what only the data before can have."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        found = choice("data", known.sets)(recipe, by).with_(axes=(), task="auto")
        if found.data in SURFACES:
            loss = recipe.loss if recipe.loss in VALUE_LOSSES else "auto"
            return found.with_(loss=loss, class_weight="equal")
        return found

    return turned


def axes_turned(known: Known) -> Turned:
    """The data's first two columns, the principal components, then every other pair of columns."""
    named = [
        column for column in known.columns if column.strip() and "," not in column and len(column) <= 200
    ]
    pairs = list(combinations(named, 2))[1 : _MOST_PAIRS + 1]
    return choice("axes", ((), (PCA,), *pairs))


def loss_turned(known: Known) -> Turned:
    """The next of the losses that fit what is learned."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        values = known.regression or recipe.data in SURFACES
        losses = VALUE_LOSSES if values else CLASS_LOSSES
        if recipe.class_weight == "balanced":
            losses = ("auto", "cross_entropy")
        return choice("loss", losses)(recipe, by)

    return turned


def feature_turned(name: str) -> Turned:
    """One feature more, or one less; without any the network reads the data's own."""

    def turned(recipe: Recipe, by: int) -> Recipe:  # noqa: ARG001 - either way is the other of two
        return recipe.with_(features=[f for f in FEATURES if (f in recipe.features) != (f == name)])

    return turned


def layers_turned(recipe: Recipe, by: int) -> Recipe:
    """One hidden layer more, like the last, or one less."""
    hidden = recipe.hidden
    if by > 0 and len(hidden) < MOST_LAYERS:
        return recipe.with_hidden((*hidden, hidden[-1] if hidden else NEW_UNITS))
    return recipe.with_hidden(hidden[:-1]) if by < 0 else recipe


def units_turned(layer: int | None) -> Turned:
    """A hidden layer's neurons (or every layer's) one more or one less."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        chosen = range(len(recipe.hidden)) if layer is None else (layer,)
        hidden = tuple(
            _one_further(units, by) if k in chosen else units for k, units in enumerate(recipe.hidden)
        )
        return recipe.with_(hidden=hidden)

    return turned


def activation_turned(layer: int) -> Turned:
    """One hidden layer's activation the next or the previous; the others keep theirs."""

    def turned(recipe: Recipe, by: int) -> Recipe:
        names: list[str] = list(recipe.activations)
        names[layer] = ACTIVATIONS[(ACTIVATIONS.index(names[layer]) + by) % len(ACTIVATIONS)]
        return recipe.with_(activation=names)

    return turned


def _one_further(units: int, by: int) -> int:
    return max(1, units - 1) if by < 0 else max(units, min(MOST_UNITS, units + 1))
