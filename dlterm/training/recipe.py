"""A recipe: everything that decides a run, as one immutable value and as one line of text.

    spirals?noise=0.1&hidden=8,8&lr=0.03&seed=1

Both doors, the lab and `dlterm train`, build their learner from a recipe, so the same recipe gives the same run.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

import msgspec

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training.explain import refusal

Task = Literal["auto", "classification", "regression"]
Activation = Literal["tanh", "relu", "leaky_relu", "gelu", "silu", "softplus", "sigmoid", "identity", "step"]
Loss = Literal["auto", "cross_entropy", "binary_cross_entropy", "hinge", "mse", "mae", "huber"]
Optimizer = Literal["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
Init = Literal["auto", "xavier", "he", "lecun", "uniform", "zeros"]
Norm = Literal["none", "batch"]
ClassWeight = Literal["equal", "balanced"]
Missing = Literal["refuse", "drop", "mean", "median"]
Model = Literal["mlp", "cnn", "linear"]
Schedule = Literal["constant", "step", "cosine"]
Feature = Literal["x1", "x2", "x1^2", "x2^2", "x1x2", "sinx1", "sinx2"]

ACTIVATIONS: tuple[str, ...] = get_args(Activation)
OPTIMIZERS: tuple[str, ...] = get_args(Optimizer)
LOSSES: tuple[str, ...] = get_args(Loss)
FEATURES: tuple[str, ...] = get_args(Feature)
PCA = "pca"  # axes=pca: the two principal components

_LISTS = ("ignore", "na", "axes", "features", "channels", "hidden")  # with commas between, as text

_Units = Annotated[int, msgspec.Meta(ge=1, le=4096)]
_Rate = Annotated[float, msgspec.Meta(ge=0.0, le=1000.0)]
_Word = Annotated[str, msgspec.Meta(pattern=r"^[^,]*[^,\s][^,]*$", max_length=200)]  # no commas: they divide
_Share = Annotated[float, msgspec.Meta(ge=0.0, lt=1.0)]


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is trained on what, and how. Every field has a default; the defaults are not written in the text form."""

    data: str = "spirals"  # a set's name, a file's path, or "-" for standard input
    count: Annotated[int, msgspec.Meta(ge=2, le=1_000_000)] = 500  # examples of a generated set
    noise: Annotated[float, msgspec.Meta(ge=0.0, le=10.0)] = 0.0
    classes: Annotated[int, msgspec.Meta(ge=2, le=6)] = 2  # of a generated set
    target: str | None = None  # a file's target column: its name, or its number from 1; None is the last
    task: Task = "auto"
    ignore: Annotated[
        tuple[_Word, ...], msgspec.Meta(max_length=10_000)
    ] = ()  # a file's columns to leave out
    missing: Missing = "refuse"  # a file's missing values: their rows are left out, or they are filled
    na: Annotated[tuple[_Word, ...], msgspec.Meta(max_length=64)] = ()  # what means a missing value in a file
    axes: Annotated[
        tuple[_Word, ...], msgspec.Meta(max_length=2)
    ] = ()  # x1, x2: two features; or "pca"; () the first
    features: Annotated[
        tuple[Feature, ...], msgspec.Meta(max_length=len(FEATURES))
    ] = ()  # inputs; () all the data's
    test: _Share = 0.25  # the share of the examples that is held out
    model: Model = "mlp"
    channels: Annotated[tuple[_Units, ...], msgspec.Meta(min_length=1, max_length=16)] = (
        8,
        16,
    )  # model=cnn: of each
    hidden: Annotated[tuple[_Units, ...], msgspec.Meta(max_length=64)] = (8, 8)
    activation: Activation | tuple[Activation, ...] = "tanh"  # of all hidden layers, or one for each
    norm: Norm = "none"  # of every hidden layer, before its activation
    init: Init = "auto"  # first weights; auto: He's for ReLU and its kin, Xavier's for the others
    dropout: _Share = 0.0
    loss: Loss = "auto"
    class_weight: ClassWeight = "equal"  # balanced: rare classes count as much as frequent ones
    optimizer: Optimizer = "adam"
    lr: _Rate = 0.005
    schedule: Schedule = "constant"  # how lr changes; "cosine" ends at 0 with the last epoch
    warmup: Annotated[float, msgspec.Meta(ge=0.0, le=1_000_000.0)] = 0.0  # epochs in which lr rises from 0
    decay: Annotated[float, msgspec.Meta(gt=0.0, le=1.0)] = 0.1  # schedule=step: what lr is multiplied by ...
    decay_epochs: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] = 100  # ... every so many epochs
    clip: _Rate = 0.0  # the largest norm of a step's gradient; 0 for any
    early_stop: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = (
        0  # epochs without a better test loss; 0: never
    )
    momentum: Annotated[float, msgspec.Meta(ge=0.0, lt=1.0)] = 0.9  # used by momentum and nesterov
    batch: Annotated[int, msgspec.Meta(ge=1, le=65_536)] = 10
    l1: _Rate = 0.0
    l2: _Rate = 0.0
    epochs: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 1000
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] = 0

    def __post_init__(self) -> None:
        """One activation for all layers is written once: two recipes of one meaning are one."""
        names = self.activation
        if isinstance(names, tuple) and len(names) == self.layers and len(set(names)) == 1:
            msgspec.structs.force_setattr(self, "activation", names[0])

    @property
    def layers(self) -> int:
        """How many hidden layers the model has, convolutions among them."""
        if self.model == "linear":
            return 0
        return len(self.hidden) + (len(self.channels) if self.model == "cnn" else 0)

    @property
    def activations(self) -> tuple[Activation, ...]:
        """Of each hidden layer, convolutions first. Raises DltermError (usage) where there are more or fewer."""
        if isinstance(self.activation, str):
            return (self.activation,) * self.layers
        if self.layers and len(self.activation) != self.layers:
            raise DltermError(
                f"activation names {len(self.activation)}, and there are {self.layers} hidden layers",
                hint="name one for all, or one for each",
                exit_code=ExitCode.USAGE,
            )
        return self.activation[: self.layers]

    @classmethod
    def of(cls, **fields: Any) -> Recipe:
        """Check and convert the fields, given as values or as text. Raises DltermError (usage)."""
        for name, value in fields.items():
            if isinstance(value, str) and (name in _LISTS or (name == "activation" and "," in value)):
                fields[name] = [unit for unit in value.split(",") if unit.strip()]
        _require_text(fields)
        try:
            recipe = msgspec.convert(fields, cls, strict=False)
        except msgspec.ValidationError as error:
            raise refusal(cls, fields, error) from None
        recipe._check()
        return recipe

    @classmethod
    def parse(cls, text: str) -> Recipe:
        """Read the one-line form. Raises DltermError (usage)."""
        return cls.of(**cls.settings(text))

    @classmethod
    def settings(cls, text: str) -> dict[str, str]:
        """What the one-line form says, as text, the data among it, unchecked. Raises DltermError (usage).

        That is where it says something twice.
        """
        data, _, query = text.partition("?")
        found = {"data": unquote(data) or "spirals"}
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in found:
                raise DltermError(
                    f"{safe(name, limit=40)} is given twice",
                    hint="the data stand before the ?, and each setting once after it",
                    exit_code=ExitCode.USAGE,
                )
            found[name] = value
        return found

    def __str__(self) -> str:
        """Write the one-line form: the data set, then what differs from the defaults."""
        changed = [
            (name, ",".join(map(str, value)) if isinstance(value, tuple) else format(value))
            for name, default in _defaults().items()
            if (value := getattr(self, name)) != default and name != "data"
        ]
        return quote(self.data, safe="/.-_ ") + ("?" + urlencode(changed, safe=",/^") if changed else "")

    def with_(self, **fields: Any) -> Recipe:
        """The same recipe with some fields changed, checked as by `of`."""
        return type(self).of(**{**msgspec.structs.asdict(self), **fields})

    def with_hidden(self, units: tuple[int, ...]) -> Recipe:
        """The same recipe with other hidden layers, of which a new one has the activation of the last."""
        names = self.activation
        if isinstance(names, tuple):
            layers = len(units) + (len(self.channels) if self.model == "cnn" else 0)
            names = (*names, *names[-1:] * layers)[:layers] or names[0]
        return self.with_(hidden=units, activation=names)

    def _check(self) -> None:
        """Raise DltermError (usage) where settings do not fit each other, whatever the data."""
        _ = self.activations
        for name, value in (("axes", self.axes), ("features", self.features)):
            if len(set(value)) < len(value):
                twice = next(each for each in value if value.count(each) > 1)
                raise DltermError(f'{name} names "{safe(twice, limit=60)}" twice', exit_code=ExitCode.USAGE)
        if self.axes not in ((), (PCA,)) and len(self.axes) != 2:
            raise DltermError(
                f'axes is "{safe(self.axes[0], limit=60)}"; two features with a comma between, or {PCA}, were expected',
                exit_code=ExitCode.USAGE,
            )


@functools.cache
def _defaults() -> dict[str, Any]:
    """Every field's default; found out once, since that takes msgspec a millisecond."""
    return {field.name: field.default for field in msgspec.structs.fields(Recipe)}


def _require_text(fields: dict[str, Any]) -> None:
    """Raise DltermError (usage) for bytes that are no UTF-8, which Python takes from a shell as lone surrogates."""
    for name, value in fields.items():
        for text in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                raise DltermError(
                    f'{name} is "{safe(text, limit=60)}", which is not UTF-8',
                    hint="give the file a name in UTF-8, or its content on standard input: -"
                    if name == "data"
                    else "write it in UTF-8",
                    exit_code=ExitCode.USAGE,
                )
