"""The recipe on the command line: one option a field, its default and choices read from `Recipe` itself."""

from __future__ import annotations

import os
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from dlterm.cli.complete import complete_list
from dlterm.course.content import presets
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from pathlib import Path

Command = TypeVar("Command", bound=Callable[..., Any])

_HELP = {
    "target": "A file's target column: its name, or its number from 1.  [default: the last]",
    "task": "What to learn: classes or values; auto decides by the target column.",
    "ignore": "A file's columns to leave out: their names, or their numbers from 1.",
    "missing": "A file's missing values: refuse them, leave their rows out, or fill them.",
    "na": "What means a missing value in a file, such as n/a,-999.  [default: nothing, n/a, NULL, ?, ...]",
    "axes": "The two features whose plane is drawn, or pca for the principal components.  [default: the first two]",
    "features": "What the network reads instead of every feature, made of the axes x1 and x2.",
    "model": "Layers of units, a convolutional network for images, or no hidden layer at all.",
    "channels": "For --model cnn: the channels of each convolution.",
    "hidden": "Units of each hidden layer; empty for none.",
    "activation": "What the hidden units apply to their sum; or one for each hidden layer, such as relu,tanh.",
    "norm": "Normalise what each hidden layer computes, before its activation.",
    "init": "First weights; auto: He's for relu and its kin, Xavier's for the others.",
    "loss": "What training makes small; auto takes the usual one for the task.",
    "class_weight": "balanced: rare classes count as much as frequent ones.",
    "optimizer": "How a gradient becomes a step.",
    "lr": "Learning rate.",
    "schedule": "How the learning rate changes from step to step.",
    "warmup": "Epochs in which the learning rate rises from 0.",
    "decay": "For --schedule step: what the learning rate is multiplied by ...",
    "decay_epochs": "... every so many epochs.",
    "clip": "The largest norm of a step's gradient; 0 for any.",
    "early_stop": "Stop after so many epochs without a better test loss, and keep the best; 0 for never.",
    "momentum": "For --optimizer momentum and nesterov.",
    "batch": "Examples in a step.",
    "epochs": "Passes over the training examples.",
    "test": "Share of the examples held out for testing.",
    "l1": "Strength of the L1 penalty on weights.",
    "l2": "Strength of the L2 penalty on weights.",
    "dropout": "Share of hidden units silenced in a step.",
    "count": "Examples of a generated set.",
    "noise": "Noise in a generated set.",
    "classes": "Classes of a generated set.",
    "seed": "Decides everything random.",
}
_METAVARS = {
    "target": "COLUMN",
    "ignore": "COLUMN,...",
    "na": "WORD,...",
    "axes": "NAME,NAME",
    "hidden": "N,N,...",
}


def recipe_options(command: Command) -> Command:
    """Give a command an option for every setting of a recipe; one that is not given arrives as None."""
    fields = {field.name: field for field in msgspec.structs.fields(Recipe)}
    for name in reversed(_HELP):
        command = _option(fields[name])(command)
    return command


def resolve(data: str | None, settings: dict[str, Any], config: Path | None = None) -> Recipe:
    """Make the recipe of DATA (a preset, a file, or a recipe's text) and the options.

    What the config file says comes before all defaults, and after what DATA's text and the options say; without DATA
    it names the data. Raises DltermError: usage for a value that no recipe takes, no input (66) or configuration (78)
    for a config file that cannot be used.
    """
    configured: dict[str, Any] = {}
    if config is not None:
        from dlterm.cli.config_file import read_settings

        configured = read_settings(config)
    named = configured.pop("data", None)
    data = data or named
    if data is None:
        raise click.UsageError("missing argument 'DATA'")
    ready_made = {preset.id: preset.recipe for preset in presets()}
    if data not in ready_made and os.path.exists(data):  # noqa: PTH110 - Path.exists raises for a name too long
        said = {"data": data}  # a file's name may hold a "?" or a "%"
    else:
        said = Recipe.settings(ready_made.get(data, data))
    given = {name: value for name, value in settings.items() if value is not None}
    return Recipe.of(**configured | said | given)


def _option(field: msgspec.structs.FieldInfo) -> Callable[[Command], Command]:
    words = _words(field.type)
    name, text = f"--{field.name.replace('_', '-')}", _HELP[field.name] + _default(field)
    if typing.get_origin(field.type) is typing.Literal:
        return click.option(name, field.name, type=click.Choice(words), help=text)
    if words:
        listed, complete = f"[{'|'.join(words)}],...", complete_list(words)
        return click.option(name, field.name, metavar=listed, help=text, shell_complete=complete)
    metavar = _METAVARS.get(field.name, "N" if _is_whole(field.type) else "X")
    return click.option(name, field.name, metavar=metavar, help=text)


def _words(annotation: Any) -> tuple[str, ...]:
    """The words that a setting, or each of its list, is one of."""
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    words = [word for part in typing.get_args(annotation) for word in _words(part)]
    return tuple(dict.fromkeys(words))


def _is_whole(annotation: Any) -> bool:
    return typing.get_args(annotation)[0] is int


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is None:
        return ""
    if field.default == ():
        return ""
    value = ",".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
    return f"  [default: {value}]"
