"""What most experiments do: train a learner in chunks short enough to look in between, and show what it is like."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dlterm.drawing.views import Field, Network
from dlterm.training import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlterm.training.learner import Learner

_CHUNK_SECONDS = 0.03
_FIELD = 48  # pixels each way: as fine as a third of a screen shows


def chunks(learner: Learner, steps: int, looks: int = 40) -> Iterator[float]:
    """Train so many steps; yield, so often at least and every 30 ms or so, the share of them that is done; at last 1.

    Raises DivergedError, as the learner does.
    """
    return paced(learner.advance, steps, looks)


def paced(advance: Callable[[int], object], steps: int, looks: int = 40) -> Iterator[float]:
    """The same for whatever trains when it is told for how many steps."""
    done, chunk, most = 0, 1, max(1, steps // looks)
    while done < steps:
        chunk = min(chunk, most, steps - done)
        begun = time.perf_counter()
        advance(chunk)
        took = time.perf_counter() - begun
        done += chunk
        yield done / steps
        chunk = max(1, int(chunk * min(4.0, _CHUNK_SECONDS / max(took, 1e-6))))


def field_of(learner: Learner, title: str = "") -> Field:
    """What a learner answers over the plane of its data, and its examples there."""
    points = learner.points()
    over = picture.domain(points)
    values = picture.field(learner, picture.plane(learner, over, _FIELD, _FIELD), _FIELD, _FIELD)
    span = picture.target_range(learner) if learner.task == "regression" else None
    return Field(values, over, points, span, title=title)


def network_of(learner: Learner, title: str = "") -> Network:
    """A learner's network of dense layers, with what every unit answers over the plane of its data."""
    plane = picture.plane(learner, picture.domain(learner.points()), picture.MAP_SIZE, picture.MAP_SIZE)
    parameters = learner.weights()
    return Network(
        tuple(values for name, values in parameters.items() if name.endswith(".weight")),
        tuple(values for name, values in parameters.items() if name.endswith(".bias")),
        picture.maps(learner, plane),
        learner.inputs,
        learner.dataset.classes,
        title=title,
    )
