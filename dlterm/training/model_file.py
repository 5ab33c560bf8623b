"""model.safetensors: a trained network with all that using it takes, and nothing of its training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from dlterm.data.dataset import SourceColumn
from dlterm.data.encoder import FEATURES, Encoder
from dlterm.data.split import Scaler
from dlterm.engine.memory import Feed
from dlterm.engine.plan import plan
from dlterm.engine.runtime import machine_for
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training.checkpoint import pack, read_checkpoint
from dlterm.training.forward import forward
from dlterm.training.model import Image, build, prediction_batch
from dlterm.training.recipe import Recipe
from dlterm.training.task import Objective

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dlterm.engine.workers import Progress
    from dlterm.nn import Network
    from dlterm.training.learner import Learner

VERSION = 1


class _Scaling(msgspec.Struct, frozen=True):
    """(x - mean) / std of each feature goes in, with `fill` where there is none; in the data's own units."""

    mean: list[float]
    std: list[float]
    fill: list[float]

    def encoder(self, features: tuple[str, ...], directions: list[list[float]]) -> Encoder:
        """What a network reads that was trained on these features."""
        scaler = Scaler(*map(np.array, (self.mean, self.std, self.fill)))
        return Encoder(scaler, features, np.array(directions) if features else None)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the arrays of a model mean: its metadata, as JSON."""

    version: int
    recipe: Recipe
    line: str
    features: list[str]
    sources: list[SourceColumn]
    image: Image | None
    scaling: _Scaling
    classes: list[str]
    target: str
    objective: Objective
    directions: list[list[float]] = []  # of the axes that the recipe's features are made of: see Plane


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A trained network as it lies in the file: what the arrays mean, and the arrays by name."""

    about: About
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, learner: Learner) -> Trained:
        """What a learner has learned by now. Of units that are knocked out nothing is left."""
        dataset, scaler = learner.dataset, learner.scaler
        about = About(
            version=VERSION,
            recipe=learner.recipe,
            line=str(learner.recipe),
            features=list(dataset.features),
            sources=list(dataset.sources),
            image=dataset.image,
            scaling=_Scaling(scaler.mean.tolist(), scaler.std.tolist(), scaler.fill.tolist()),
            classes=list(dataset.classes),
            target=dataset.target,
            objective=learner.objective,
            directions=learner.plane.directions.tolist() if learner.recipe.features else [],
        )
        return cls(about, _without_knocked_out(learner))

    @classmethod
    def read(cls, path: Path) -> Trained:
        """Read a model.safetensors. Raises DltermError: no input (66), bad data (65), a newer version (78)."""
        arrays, state = read_checkpoint(path)
        return cls(_read_about(path, state), arrays)

    def network(self) -> Network:
        """Its graph. Raises DltermError where the recipe has none."""
        about = self.about
        inputs = len(about.recipe.features or about.features)
        return build(about.recipe, inputs, about.image, about.objective)


def packed_model(learner: Learner) -> bytes:
    """The bytes of model.safetensors: the same for the same network."""
    trained = Trained.of(learner)
    return pack(trained.arrays, msgspec.to_builtins(trained.about))


def exported(path: Path) -> bytes:
    """A model.safetensors as a file for other programs: the same arrays, and metadata that are texts and JSON.

    Raises DltermError as `Model` does.
    """
    from safetensors.numpy import save

    trained = Trained.read(path)
    about = trained.about
    texts = {
        "format": "pt",
        "recipe": about.line,
        "task": about.objective.task,
        "loss": about.objective.loss,
        "output_activation": about.objective.output_activation,
        "target": about.target,
    }
    values = {
        "features": about.features,
        "classes": about.classes,
        "input_mean": about.scaling.mean,
        "input_std": about.scaling.std,
        "inputs": about.recipe.features or about.features,
        "directions": about.directions,
        "output_mean": about.objective.mean,
        "output_std": about.objective.std,
    }
    metadata = texts | {name: json.dumps(value) for name, value in values.items()}
    return bytes(save(trained.arrays, metadata=metadata))


class Model:
    """A trained network, ready to predict; `about` says what goes in and what comes out."""

    def __init__(self, path: Path, *, progress: Progress | None = None) -> None:
        """Read a model.safetensors. Raises DltermError: no input (66), bad data (65), a newer version (78)."""
        trained = Trained.read(path)
        arrays = trained.arrays
        about = self.about = trained.about
        self._encoder = about.scaling.encoder(about.recipe.features, about.directions)
        self._network = trained.network()
        self._batch = prediction_batch(self._network)
        _, loss = about.objective.build(self._network.output)
        planned = plan(loss, [self._network.output], batch=1, prediction_batch=self._batch)
        self._machine, self.notice = machine_for(planned, progress=progress)
        kept = self._machine.memory.parameters() | self._machine.memory.buffers()
        if {name: array.shape for name, array in kept.items()} != {n: a.shape for n, a in arrays.items()}:
            raise _unfit(path, "its arrays are not those of its network")
        for name, array in arrays.items():
            kept[name][...] = array
        if not self._machine.memory.is_finite():
            raise _unfit(path, "it holds numbers that are not finite")

    def outputs(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the output layer gives for inputs [examples, features] in the data's own units: [examples, outputs]."""
        feeds = [Feed(self._network.x, self._encoder.encode(inputs))]
        return forward(self._machine, "predict", feeds, [self._network.output], self._batch)[0]

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [examples, classes], or values [examples], for inputs in the data's own units."""
        return self.about.objective.predictions(self.outputs(inputs))


def _without_knocked_out(learner: Learner) -> dict[str, NDArray[Any]]:
    """The arrays, with zeros where the next layer listens to a unit that answers 0, for a recipe knows of none."""
    arrays: dict[str, NDArray[Any]] = dict(learner.model())
    layers = [layer.name for layer in learner.network.layers]
    following = dict(pairwise(layers))
    for layer, units in learner.surgery.units().items():
        if layer in following:
            arrays[f"{following[layer]}.weight"][:, units] = 0
        else:  # the last layer, which ends with the identity or tanh: 0 stays 0
            arrays[f"{layer}.weight"][units] = 0
            arrays[f"{layer}.bias"][units] = 0
    return arrays


def _read_about(path: Path, state: dict[str, Any]) -> About:
    version = state.get("version")
    if isinstance(version, int) and version > VERSION:
        raise DltermError(
            f"{safe(str(path))}: a newer dlterm wrote it (version {version}; this one knows {VERSION})",
            hint="use the dlterm that wrote it, or a newer one",
            exit_code=ExitCode.CONFIGURATION,
        )
    try:
        about = msgspec.convert(state, About)
    except (msgspec.ValidationError, DltermError) as error:
        raise _unfit(path, f"it does not say what its arrays mean ({error})") from None
    sizes = {len(column) for column in (about.scaling.mean, about.scaling.std, about.scaling.fill)}
    widths = sum(1 if source.levels is None else len(source.levels) for source in about.sources)
    if {*sizes, widths} != {len(about.features)}:
        raise _unfit(path, "its features do not fit each other")
    axes = max((FEATURES[name].axes for name in about.recipe.features), default=0)
    if len(about.directions) < axes or any(len(axis) != len(about.features) for axis in about.directions):
        raise _unfit(path, "it does not say what its inputs are made of")
    return about


def _unfit(path: Path, why: str) -> DltermError:
    return DltermError(
        f"{safe(str(path))}: no model that can be used: {safe(why)}",
        hint="name a model.safetensors that dlterm train has written",
    )
