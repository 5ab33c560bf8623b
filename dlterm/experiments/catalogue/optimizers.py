"""Optimisers in a race: SGD, momentum, RMSProp and Adam, from the same weights.

Robbins and Monro, 1951; Polyak, 1964; Tieleman and Hinton, 2012; Kingma and Ba, "Adam", ICLR 2015, arXiv:1412.6980.

Each has the best of three or four learning rates, a factor of three apart, by how soon it got down on seeds 0 to 4: SGD
1 of 0.03 to 1, momentum 0.1 of 0.01 to 0.1, RMSProp and Adam 0.03 of 0.003 to 0.03.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Field
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import field_of
from dlterm.training.learner import DivergedError, Learner
from dlterm.training.recipe import Recipe
from dlterm.training.snapshot import Points
from dlterm.training.weight_plane import flat, principal_plane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

RATES = {"sgd": 1.0, "momentum": 0.1, "rmsprop": 0.03, "adam": 0.03}
_STRIDE = 30  # steps between two looks
_PLANE_EVERY = 10  # looks between two pictures of the paths, whose plane is fitted anew each time
_GAIN = 0.9


class Optimizers(Experiment):
    """Four learners of two spirals that begin in one place; their losses, their paths, and who is down first."""

    id = "optimizers"
    title = "Four ways down"
    question = "From the same weights, each at a rate that suits it: does Adam get down in fewer steps than plain SGD?"
    chapter = "One neuron to deep"
    order = 90
    lesson = "how-networks-learn"
    predictions = (
        Prediction("adam", "Yes: it scales every weight's step by how its slope behaved"),
        Prediction("same", "No: at a good rate plain SGD takes as many steps"),
        Prediction("sgd", "No: SGD is sooner, Adam only more careful"),
        Prediction("never", "SGD never gets there on spirals"),
    )
    confirmed = "adam"
    claim = "Adam reaches 90 % of its final gain in fewer steps than SGD needs for the same loss"
    measures = (
        Measure("ahead", "steps that SGD needs, as a multiple of Adam's", at_least=1.01),
        *(Measure(name, f"steps of {name} to 90 % of Adam's gain") for name in RATES),
    )
    budget = 10.0
    sources = ("robbins1951", "polyak1964", "tieleman2012", "kingma2014")

    steps = Whole(3600, "training steps of 20 examples", low=300, high=20_000)
    rate = Number(1.0, "all learning rates are multiplied by it", low=0.01, high=10.0)
    data = Choice("spirals", "the data", ("spirals", "moons", "circle", "xor"))

    def run(self, seed: int) -> Run:
        recipe = Recipe(data=self.data, count=400, noise=0.1, hidden=(16, 16), batch=20, seed=seed)
        learners = {
            name: Learner(recipe.with_(optimizer=name, lr=lr * self.rate)) for name, lr in RATES.items()
        }
        going = dict(learners)
        track, trails = Track(), {name: [flat(learner.weights())] for name, learner in learners.items()}
        track.put(0, {name: learner.loss() for name, learner in learners.items()})
        paths = Field(None, title="their paths")
        looks = max(1, self.steps // _STRIDE)
        for look in range(1, looks + 1):
            for name, learner in list(going.items()):
                try:
                    learner.advance(_STRIDE)
                except DivergedError:  # it stands where it was; the others go on
                    del going[name]
                trails[name].append(flat(learner.weights()))
                track.put(look * _STRIDE, {name: learner.loss()})
            if look % _PLANE_EVERY == 1 or look == looks:
                paths = paths_of(learners, trails)
            yield Moment(
                _views(learners, track, paths), look / looks, f"step {look * _STRIDE:,}", linger=0.05
            )
        took = {name: _STRIDE * first_below(track.values(name), goal(track.values("adam"))) for name in RATES}
        return {"ahead": took["sgd"] / took["adam"], **took}

    def why(self, measures: Measures) -> str:
        order = sorted(RATES, key=lambda name: measures[name])
        steps = ", ".join(f"{name} {measures[name]:,.0f}" for name in order)
        return (
            f"Steps to 90 % of Adam's gain: {steps}. Momentum gathers speed along the valley, RMSProp and Adam take "
            f"larger steps where slopes are small and smaller ones where they are steep; SGD has one rate for all."
        )


def goal(losses: Sequence[float]) -> float:
    """The loss at which 90 % of the final gain is reached."""
    return losses[0] - _GAIN * (losses[0] - losses[-1])


def first_below(losses: Sequence[float], loss: float) -> int:
    """The number of the first loss that is not above; one more than the last where there is none."""
    return next((k for k, value in enumerate(losses) if value <= loss), len(losses))


def paths_of(learners: Mapping[str, Learner], trails: Mapping[str, list[NDArray[np.float64]]]) -> Field:
    """The paths over the plane that lies closest to all of them, a colour each."""
    every = np.concatenate([np.stack(trail) for trail in trails.values()])
    plane = principal_plane(learners["adam"].weights(), every)
    places = plane.project(every).astype(np.float32)
    names = np.repeat(np.arange(len(trails), dtype=np.float32), [len(trail) for trail in trails.values()])
    points = Points(places, names, np.zeros(len(places), np.bool_))
    return Field(
        None, plane.domain(places.astype(np.float64)), points, title=f"their paths: {', '.join(trails)}"
    )


def _views(learners: Mapping[str, Learner], track: Track, paths: Field) -> dict[str, View]:
    losses = track.curves("step", "loss", log_y=True, title="training loss")
    return {
        "losses": losses,
        "paths": paths,
        **{name: field_of(learners[name], name) for name in ("sgd", "adam")},
    }
