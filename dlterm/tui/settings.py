"""The settings of the lab: each shows a part of the recipe, and makes the next recipe when it is turned up or down.

No Textual here: a setting is a title, keys, and two functions of a recipe.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from dlterm.training.recipe import ACTIVATIONS, FEATURES, OPTIMIZERS, PCA, Init, Norm, Recipe, Schedule
from dlterm.tui.turning import (
    FEATURE_SETS,
    SETS,
    Known,
    activation_turned,
    axes_turned,
    choice,
    data_turned,
    feature_turned,
    layers_turned,
    level,
    loss_turned,
    units_turned,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from dlterm.tui.turning import Turned

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
NOISES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
COUNTS = (20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000)
SHARES = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
BATCHES = (1, 2, 5, 10, 16, 32, 64, 128, 256)
PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.5)
MOMENTA = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
PERIODS = (10, 30, 100, 300, 1000, 3000, 10_000)  # epochs
DECAYS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
_CHOICE = "next", "previous"
GROUPS = ("Data", "Network", "Training")


@dataclass(frozen=True)
class Setting:
    """`value(recipe)` is what is shown, `turned(recipe, 1 or -1)` the recipe after one turn (or the same)."""

    id: str
    title: str
    help: str
    value: Callable[[Recipe], str]
    turned: Turned
    more: str = ""  # the key that turns it up
    less: str = ""
    words: tuple[str, str] = ("more", "less")
    in_footer: bool = False
    group: str = "Training"
    listed: Callable[[Recipe], bool] = lambda _: True  # whether it has a meaning in this recipe


@dataclass(frozen=True)
class Heading:
    """Above a group of settings: how many more it has than are listed while it is not opened."""

    id: str
    more: int
    is_open: bool


def _shown(field: str) -> Callable[[Recipe], str]:
    def value(recipe: Recipe) -> str:
        found: Any = getattr(recipe, field)
        if isinstance(found, tuple):
            return ",".join(found)
        return f"{found:g}" if isinstance(found, float) else str(found).replace("_", " ")

    return value


def _axes(recipe: Recipe) -> str:
    if recipe.axes == (PCA,):
        return "components"
    return " × ".join(recipe.axes) or "the first two"


def _features(recipe: Recipe) -> str:
    named = recipe.features or (("x1", "x2") if recipe.data in SETS else ())
    return " ".join(map(feature_name, named)) or "all columns"


def feature_name(feature: str) -> str:
    """A feature as a formula: x1², sin x1."""
    return feature.replace("^2", "²").replace("sin", "sin ")


def _is_generated(recipe: Recipe) -> bool:
    return recipe.data in SETS


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data", "data", "The examples: eight generated sets, or the file that was opened.",
        lambda recipe: recipe.data, data_turned(Known()), "d", "D", _CHOICE, in_footer=True, group="Data",
    ),
    Setting(
        "noise", "noise", "How far generated examples stray.",
        _shown("noise"), level("noise", NOISES), "n", "N", group="Data", listed=_is_generated,
    ),
    Setting(
        "classes", "classes", "Of a generated set.",
        _shown("classes"), level("classes", (2, 3, 4, 5, 6)), "c", "C", group="Data", listed=_is_generated,
    ),
    Setting(
        "count", "examples", "How many there are of a generated set.",
        _shown("count"), level("count", COUNTS), group="Data", listed=_is_generated,
    ),
    Setting(
        "test", "test share", "The share of the examples that is held out.",
        _shown("test"), level("test", SHARES), group="Data",
    ),
    Setting(
        "axes", "axes", "What the picture shows of many columns: two of them, or the principal components.",
        _axes, axes_turned(Known()), words=_CHOICE, group="Data", listed=lambda recipe: not _is_generated(recipe),
    ),
    Setting(
        "features", "features", "What the network reads; once they are chosen, each has a row of its own.",
        _features, choice("features", FEATURE_SETS), words=_CHOICE, group="Data",
    ),
    Setting(
        "layers", "hidden layers", "Depth: each layer bends what the one before it drew.",
        lambda recipe: str(len(recipe.hidden)), layers_turned, "plus,equals_sign", "minus", group="Network",
    ),
    Setting(
        "units", "units", "Width: neurons in every hidden layer.",
        lambda recipe: ",".join(map(str, recipe.hidden)) or "none", units_turned(None),
        "right_square_bracket", "left_square_bracket", group="Network",
    ),
    Setting(
        "activation", "activation", "What each hidden neuron does to its sum.",
        _shown("activation"), choice("activation", ACTIVATIONS), "a", "A", _CHOICE, group="Network",
    ),
    Setting(
        "init", "first weights", "How wide the first weights are spread; auto fits the activation.",
        _shown("init"), choice("init", get_args(Init)), words=_CHOICE, group="Network",
    ),
    Setting(
        "norm", "batch norm", "Centres and scales every hidden layer's sums over each batch.",
        lambda recipe: "on" if recipe.norm == "batch" else "off", choice("norm", get_args(Norm)),
        words=("on or off", "off or on"), group="Network",
    ),
    Setting(
        "dropout", "dropout", "The share of hidden units silenced in a step.",
        _shown("dropout"), level("dropout", DROPOUTS), "p", "P", group="Network",
    ),
    Setting(
        "lr", "learning rate", "How far each step goes down the slope. It changes while training.",
        _shown("lr"), level("lr", RATES), "l", "L",
    ),
    Setting(
        "schedule", "schedule", "How the learning rate falls with the epochs.",
        _shown("schedule"), choice("schedule", get_args(Schedule)), words=_CHOICE,
    ),
    Setting(
        "decay", "  factor", "What the learning rate is multiplied by, again and again.",
        _shown("decay"), level("decay", DECAYS), listed=lambda recipe: recipe.schedule == "step",
    ),
    Setting(
        "decay_epochs", "  after epochs", "The epochs between two of its steps.",
        _shown("decay_epochs"), level("decay_epochs", PERIODS), listed=lambda recipe: recipe.schedule == "step",
    ),
    Setting(
        "epochs", "  to epoch", "Where the cosine ends, at a learning rate of 0.",
        _shown("epochs"), level("epochs", PERIODS), listed=lambda recipe: recipe.schedule == "cosine",
    ),
    Setting(
        "optimizer", "optimizer", "How a gradient becomes a step.",
        _shown("optimizer"), choice("optimizer", OPTIMIZERS), "o", "O", _CHOICE,
    ),
    Setting(
        "momentum", "  momentum", "The share of the last step that the next one keeps.",
        _shown("momentum"), level("momentum", MOMENTA),
        listed=lambda recipe: recipe.optimizer in ("momentum", "nesterov"),
    ),
    Setting("batch", "batch size", "Examples in a step.", _shown("batch"), level("batch", BATCHES), "b", "B"),
    Setting(
        "loss", "loss", "What training makes small; auto fits what is learned.", _shown("loss"), loss_turned(Known()),
        words=_CHOICE,
    ),
    Setting("l1", "L1", "Pulls weights to exactly zero.", _shown("l1"), level("l1", PENALTIES)),
    Setting("l2", "L2", "Pulls weights towards zero.", _shown("l2"), level("l2", PENALTIES), "w", "W"),
)  # fmt: skip
BY_ID = {setting.id: setting for setting in SETTINGS}
_OF_DATA = {"data": data_turned, "axes": axes_turned, "loss": loss_turned}


def turned(setting: Setting, known: Known) -> Turned:
    """How a setting is turned where so much is known of the data; one that has no meaning in a recipe is not."""
    turn = _OF_DATA[setting.id](known) if setting.id in _OF_DATA else setting.turned
    return lambda recipe, by: turn(recipe, by) if setting.listed(recipe) else recipe


def rows(recipe: Recipe, opened: Collection[str] = ()) -> list[Setting | Heading]:
    """The settings as the pane lists them, each group under its heading.

    Of a group that is not opened, those are listed that have a key, and those that are not what they are by default.
    """
    listed: list[Setting | Heading] = []
    for group in GROUPS:
        every = [part for setting in SETTINGS if setting.group == group for part in _parts(setting, recipe)]
        some = [setting for setting in every if setting.more or not is_default(setting, recipe)]
        shown = every if group in opened else some
        listed += [Heading(group, len(every) - len(some), group in opened), *shown]
    return listed


def _parts(setting: Setting, recipe: Recipe) -> Iterator[Setting]:
    """A setting, if it has a meaning, and one for each part of what it turns as a whole.

    Below the units those of each hidden layer and its activation, where there are several; below the features each of
    them, once they are chosen.
    """
    if not setting.listed(recipe):
        return
    yield setting
    if setting.id == "units" and len(recipe.hidden) > 1:
        for k in range(len(recipe.hidden)):
            yield _part(setting, f"units{k}", f"  layer {k + 1}", _units_of(k), units_turned(k))
            yield _part(setting, f"activation{k}", "    activation", _activation_of(k), activation_turned(k))
    if setting.id == "features" and recipe.features:
        for name in FEATURES:
            title = f"  {feature_name(name)}"
            yield _part(setting, f"features-{name}", title, _has_feature(name), feature_turned(name))


def _part(setting: Setting, name: str, title: str, value: Callable[[Recipe], str], turned: Turned) -> Setting:
    return replace(setting, id=name, title=title, value=value, turned=turned, more="", less="")


def is_default(setting: Setting, recipe: Recipe) -> bool:
    """Whether it is as in a new recipe; of a layer, whether all layers are alike."""
    match setting.id.rstrip("0123456789"):
        case "units" | "activation" if setting.id[-1].isdigit():
            return len({*recipe.activations}) == 1 and len({*recipe.hidden}) == 1
        case name if name.startswith("features"):
            return not recipe.features
        case _:
            return setting.value(recipe) == setting.value(Recipe(data=recipe.data))


def _units_of(layer: int) -> Callable[[Recipe], str]:
    return lambda recipe: str(recipe.hidden[layer])


def _activation_of(layer: int) -> Callable[[Recipe], str]:
    return lambda recipe: recipe.activations[layer].replace("_", " ")


def _has_feature(name: str) -> Callable[[Recipe], str]:
    return lambda recipe: "on" if name in recipe.features else "off"


def changes(before: Recipe, after: Recipe) -> list[str]:
    """What differs between two recipes, in the settings' words: `learning rate 0.01 → 0.005`."""
    return [
        f"{setting.title.strip()} {setting.value(before)} → {setting.value(after)}"
        for setting in SETTINGS
        if setting.value(before) != setting.value(after)
    ]


_TERMS = {
    "Data": "data-set",
    "Network": "ann",
    "Training": "training",
    "data": "data-set",
    "noise": "noise",
    "classes": "class",
    "count": "example",
    "test": "test-set",
    "features": "feature-engineering",
    "layers": "hidden-layer",
    "norm": "batch-norm",
    "lr": "learning-rate",
    "decay": "step-schedule",
    "decay_epochs": "step-schedule",
    "epochs": "cosine-schedule",
    "momentum": "momentum",
    "batch": "batch",
    "l1": "l1",
    "l2": "l2",
    "dropout": "dropout",
}
_INITS = {"he": "he-initialisation", "xavier": "xavier-initialisation", "lecun": "lecun-initialisation"}
_SCHEDULES = {"step": "step-schedule", "cosine": "cosine-schedule"}


def term(setting: Setting | Heading, recipe: Recipe) -> str:
    """The id of the glossary's term that explains a setting, or the choice that is made of it; or a group."""
    kind, _, layer = setting.id.partition("activation")
    match setting.id:
        case "activation":
            return recipe.activation.replace("_", "-") if isinstance(recipe.activation, str) else "activation"
        case "optimizer":
            return recipe.optimizer.replace("_", "-")
        case "loss":
            return "loss" if recipe.loss == "auto" else recipe.loss.replace("_", "-")
        case "init":
            return _INITS.get(recipe.init, "initialisation")
        case "schedule":
            return _SCHEDULES.get(recipe.schedule, "schedule")
        case "axes":
            return "pca" if recipe.axes == (PCA,) else "feature"
    if layer and not kind:
        return recipe.activations[int(layer)].replace("_", "-")
    return _TERMS.get(setting.id.partition("-")[0], "neuron")
