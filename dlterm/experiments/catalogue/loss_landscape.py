"""The loss landscape: slices through a trained network's weights, and the path that training took.

Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, arXiv:1712.09913.
In two random directions, filter-normalised, training ends in the lowest place. In the two directions that the path
itself took it need not: there the valley is so flat that the lowest place was up to 20 cells from the end of the path,
and up to 3 % lower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Field
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import chunks
from dlterm.training.landscape import Surface, survey
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.snapshot import Points
from dlterm.training.weight_plane import flat, principal_plane, random_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

SIZE = 41
_NOTICED = 0.001  # a share of the loss
_TRAINING = 0.5  # of the progress; the slices are a quarter each


class LossLandscape(Experiment):
    """A network trains; then the loss is computed over two planes through where it ended."""

    id = "loss-landscape"
    title = "Training is a walk downhill"
    question = (
        "Cut through the loss around a trained network in two random directions: where is the lowest place?"
    )
    chapter = "One neuron to deep"
    order = 100
    lesson = "how-networks-learn"
    predictions = (
        Prediction("middle", "Where training ended, or right beside it"),
        Prediction("elsewhere", "Far from there: there are countless valleys, most of them deeper"),
        Prediction("flat", "Nowhere: near the end the loss is flat in all directions"),
    )
    confirmed = "middle"
    claim = "The lowest place of a filter-normalised slice is within a cell of the path's end"
    measures = (
        Measure("cells", "from the path's end to the lowest place, in cells of 41 by 41", at_most=1.0),
        Measure("path_cells", "the same in the plane of the path itself"),
        Measure("path_gain", "how much lower the lowest place is in that plane", "share"),
    )
    budget = 5.0
    sources = ("li2017",)

    epochs = Whole(100, "passes over the data", low=5, high=500)
    units = Whole(8, "units in each of two hidden layers", low=2, high=32)
    rate = Number(0.01, "learning rate at first (Adam, cosine)", low=0.001, high=0.1)
    data = Choice("moons", "the data", ("moons", "circle", "spirals"))

    def run(self, seed: int) -> Run:
        recipe = Recipe(
            data=self.data, count=400, noise=0.8, hidden=(self.units, self.units), lr=self.rate, seed=seed
        ).with_(schedule="cosine", epochs=self.epochs)
        learner, track = Learner(recipe), Track()
        walked: list[NDArray[np.float64]] = []
        views: dict[str, View] = {"random": Field(None), "path": Field(None)}
        for done in chunks(learner, self.epochs * learner.steps_per_epoch, looks=60):
            walked.append(flat(learner.weights()))
            track.add(learner.step, loss=learner.loss())
            curve = track.curves("step", "loss", log_y=True, title="down: the training loss")
            yield Moment({"loss": curve, **views}, _TRAINING * done, f"step {learner.step:,}", linger=0.03)
        vectors = np.stack(walked)
        planes = {
            "random": (random_plane(learner.weights(), seed), None),
            "path": (principal_plane(learner.weights(), vectors, seed), vectors),
        }
        found: dict[str, tuple[float, float]] = {}
        for number, (name, (plane, path)) in enumerate(planes.items()):
            places = None if path is None else plane.project(path)
            for surface in survey(learner.apart(), plane, plane.domain(places), SIZE):
                views = {**views, name: slice_of(surface, places, f"the loss around it: {name}")}
                progress = _TRAINING + (number + surface.known) * (1 - _TRAINING) / 2
                yield Moment(
                    {"loss": curve, **views}, min(1.0, progress), f"looking around: {surface.known:.0%}"
                )
            found[name] = from_the_end(surface), max(0.0, 1 - float(surface.losses.min()) / learner.loss())
        return {"cells": found["random"][0], "path_cells": found["path"][0], "path_gain": found["path"][1]}

    def why(self, measures: Measures) -> str:
        said = (
            f"In random directions the loss rises on all sides, and its lowest place is {measures['cells']:.0f} cells "
            f"from where training stopped. In the plane of its own path it is {measures['path_cells']:.0f} away"
        )
        if measures["path_gain"] < _NOTICED:
            return f"{said}, too."
        return (
            f"{said} and {measures['path_gain']:.1%} lower: the valley has a floor that hardly slopes, along which "
            f"training crept."
        )


def from_the_end(surface: Surface) -> float:
    """Cells from the middle, where the path ends, to the lowest place; the larger of across and down."""
    x, y = surface.coordinates()
    row, column = np.unravel_index(int(surface.losses.argmin()), surface.losses.shape)
    across, down = x[column] / (x[1] - x[0]), y[row] / (y[0] - y[1])
    return float(round(max(abs(across), abs(down)), 6))


def slice_of(surface: Surface, path: NDArray[np.float64] | None, title: str) -> Field:
    """The loss as a picture, blue the lowest and orange the highest, by its logarithm; the path as points."""
    losses = np.log(np.minimum(surface.losses, 1e6) + 1e-6)
    low, high = float(losses.min()), float(losses.max())
    shade = (2 * (losses - low) / max(high - low, 1e-9) - 1).astype(np.float32)[None]
    places = np.zeros((1, 2)) if path is None else path
    points = Points(
        places.astype(np.float32), np.zeros(len(places), np.float32), np.zeros(len(places), np.bool_)
    )
    return Field(shade, surface.domain, points, title=title)
