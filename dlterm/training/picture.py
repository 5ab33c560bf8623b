"""The picture of a learner's function: its answer over a plane, and every unit's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.training.learner import Learner
    from dlterm.training.snapshot import Points

Domain = tuple[float, float, float, float]
MAP_SIZE = 16  # 256 points: one batch of the prediction tape
_MARGIN = 0.08
_BOUNDED = {"tanh": (0.0, 1.0), "sigmoid": (0.5, 2.0), "step": (0.5, 2.0)}  # centre and scale to -1..1


def domain(points: Points) -> Domain:
    """x0, x1, y0, y1: the range of the examples on the plane, with a margin."""
    low, high = points.inputs.min(0), points.inputs.max(0)
    margin = np.where(high > low, (high - low) * _MARGIN, 1.0)
    (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
    return x0, x1, y0, y1


def target_range(learner: Learner) -> tuple[float, float]:
    """Regression: the values that -1 and 1 of the field stand for."""
    targets = learner.dataset.targets
    low, high = float(targets.min()), float(targets.max())
    return (low, high) if high > low else (low - 1, high + 1)


def plane(learner: Learner, over: Domain, width: int, height: int) -> NDArray[np.float32]:
    """Inputs [height * width, features], row by row from the top left; across the plane, features are at their mean."""
    x0, x1, y0, y1 = over
    x = x0 + (np.arange(width) + 0.5) * ((x1 - x0) / width)
    y = y1 - (np.arange(height) + 0.5) * ((y1 - y0) / height)
    return learner.plane.inputs(np.stack([np.tile(x, height), np.repeat(y, width)], axis=1))


def field(learner: Learner, inputs: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """The answer over a plane, as `Snapshot.field`: [1, height, width] in -1..1, or [classes, height, width]."""
    return field_of(learner.predict(inputs), learner, width, height)


def field_of(answers: NDArray[np.float32], learner: Learner, width: int, height: int) -> NDArray[np.float32]:
    """The same of whatever answers as the learner's `predict` does."""
    if learner.task == "regression":
        low, high = target_range(learner)
        return np.clip((answers - low) * (2 / (high - low)) - 1, -1, 1).reshape(1, height, width)
    if answers.shape[1] == 2:
        return (2 * answers[:, 1] - 1).reshape(1, height, width)
    return np.ascontiguousarray(answers.T).reshape(-1, height, width)


def maps(learner: Learner, inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Every layer's units over a plane of MAP_SIZE x MAP_SIZE, the inputs' first, each in -1..1."""
    layers = learner.activations(inputs)
    names: tuple[str, ...] = learner.recipe.activations
    if len(names) != len(layers) - 1:  # a network of the caller's own
        names = ("identity",) * (len(layers) - 1)
    last = learner.objective.output_activation
    scaled = [_to_unit(learner.encoder.encode(inputs), "identity")]
    scaled += [_to_unit(layer, name) for layer, name in zip(layers, (*names, last), strict=True)]
    return tuple(np.ascontiguousarray(layer.T).reshape(-1, MAP_SIZE, MAP_SIZE) for layer in scaled)


@dataclass(frozen=True)
class Scene:
    """What stays the same from picture to picture of one learner. `size` is the field's width and height."""

    size: tuple[int, int]
    domain: Domain
    target_range: tuple[float, float]
    points: Points
    field_plane: NDArray[np.float32]
    maps_plane: NDArray[np.float32]

    @classmethod
    def of(cls, learner: Learner, size: tuple[int, int]) -> Scene:
        """The scene of a learner."""
        points = learner.points()
        over = domain(points)
        return cls(
            size,
            over,
            target_range(learner) if learner.task == "regression" else (0.0, 1.0),
            points,
            plane(learner, over, *size),
            plane(learner, over, MAP_SIZE, MAP_SIZE),
        )


def _to_unit(values: NDArray[np.float32], activation: str) -> NDArray[np.float32]:
    """Bounded activations by their bounds, others by each unit's largest absolute value."""
    if activation in _BOUNDED:
        centre, scale = _BOUNDED[activation]
        return (values - np.float32(centre)) * np.float32(scale)
    return values / np.maximum(np.abs(values).max(0), np.float32(1e-6))
