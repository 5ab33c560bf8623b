"""The lens: what a learner's weights, gradients and units are like, and one example on its way through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine.ops.moments import EPSILON
from dlterm.training.learner import Learner
from dlterm.training.snapshot import ExampleLens, Histogram, LayerLens, Lens
from dlterm.training.surgery import Surgery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_EXAMPLES = 5000  # of the training part, by which a unit is judged
_BINS = 21  # an odd number: the middle one is around 0
_CENTRE_AND_REACH = {"tanh": (0.0, 1.0), "sigmoid": (0.5, 0.5)}
_SATURATED = 0.99  # of the reach: there tanh has 2 % of its slope left


def look(learner: Learner, at: int, example: int | None = None) -> Lens:
    """Look at a learner at moment `at`, and at one of its examples, by its number in `Learner.points()`."""
    data, train = learner.dataset, learner.split.train
    (outputs,) = learner.activations(data.inputs, [learner.network.output])
    chosen = learner.objective.choices(outputs) if learner.task == "classification" else None
    some = train[:: -(-len(train) // _EXAMPLES)]
    return Lens(
        at,
        _layers(learner, learner.activations(data.inputs[some])),
        learner.objective.losses(outputs, data.targets),
        learner.objective.predictions(outputs),
        chosen,
        np.zeros(len(data.targets), np.bool_) if chosen is None else chosen != data.targets,
        _example(learner, example) if example is not None and 0 <= example < len(data.targets) else None,
    )


def _layers(learner: Learner, activations: Sequence[NDArray[np.float32]]) -> tuple[LayerLens, ...]:
    weights, gradients = learner.weights(), learner.gradients()
    kinds = [*learner.recipe.activations, learner.objective.output_activation]
    found = []
    for layer, values, kind in zip(learner.network.layers, activations, kinds, strict=True):
        dw, db = gradients[f"{layer.name}.weight"], gradients[f"{layer.name}.bias"]
        norm = float(np.sqrt((dw.astype(np.float64) ** 2).sum() + (db.astype(np.float64) ** 2).sum()))
        stuck = _stuck(values, kind)
        for name, unit in learner.surgery.knocked_out:  # they are silent for another reason
            if name == layer.name:
                stuck[unit] = False
        none = np.zeros_like(stuck)
        dead, saturated = (stuck, none) if kind == "relu" else (none, stuck)
        found.append(
            LayerLens(_histogram(weights[f"{layer.name}.weight"]), _histogram(dw), norm, dead, saturated)
        )
    return tuple(found)


def _stuck(activations: NDArray[np.float32], kind: str) -> NDArray[np.bool_]:
    """The units whose slope is nothing, or next to nothing, for every example [examples, units]."""
    if kind == "relu":
        return np.all(activations <= 0, axis=0)
    if kind in _CENTRE_AND_REACH:
        centre, reach = _CENTRE_AND_REACH[kind]
        return np.all(np.abs(activations - np.float32(centre)) > _SATURATED * reach, axis=0)
    return np.zeros(activations.shape[1], np.bool_)


def _histogram(numbers: NDArray[np.float32]) -> Histogram:
    reach = float(np.abs(numbers).max(initial=0.0)) or 1.0
    counts, edges = np.histogram(numbers, _BINS, (-reach, reach))
    return Histogram(edges.astype(np.float64), counts)


def _example(learner: Learner, number: int) -> ExampleLens:
    """Its gradients are those of a batch of one; where that is nothing, behind a batch norm, see `_folded`."""
    learner = _folded(learner) if learner.recipe.norm == "batch" else learner
    row = np.array([number])
    inputs, targets = learner.dataset.inputs[row], learner.dataset.targets[row]
    activations = learner.activations(inputs)
    gradients = learner.gradients(row)
    names = [layer.name for layer in learner.network.layers]
    return ExampleLens(
        number,
        float(learner.objective.losses(activations[-1], targets)[0]),
        learner.encoder.encode(inputs)[0],
        tuple(layer[0] for layer in activations),
        tuple(gradients[f"{name}.bias"] for name in names),
        tuple(gradients[f"{name}.weight"] for name in names),
    )


def _folded(learner: Learner) -> Learner:
    """A learner that answers the same without batch norms: outside training one is a scale and a shift of the sums."""
    model = learner.model()
    for layer in learner.network.layers[:-1]:
        name = layer.name
        scale = model[f"{name}.norm.weight"] / np.sqrt(
            model[f"{name}.norm.running_var"] + np.float32(EPSILON)
        )
        shift = model[f"{name}.bias"] - model[f"{name}.norm.running_mean"]
        model[f"{name}.weight"] = model[f"{name}.weight"] * scale[:, None]
        model[f"{name}.bias"] = shift * scale + model[f"{name}.norm.bias"]
    plain = Learner(
        learner.recipe.with_(norm="none"),
        learner.dataset,
        surgery=Surgery(knocked_out=learner.surgery.knocked_out),
    )
    plain.machine.memory.adopt(dict(model))
    return plain
