"""Gradient descent on surfaces that can be seen: a valley of one dimension, and one of two.

Cauchy, Comptes rendus 25, 1847; Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Curves, Field, Mark, Series
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.training.snapshot import Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float64]

STEEP = np.array([1.0, 10.0])  # the valley's curvature along each axis; a rate above 2/10 climbs its walls
_BALLS = ("too small", "right", "too large", "momentum")
_FAR = 1e6  # a loss beyond which a ball is gone
_DOMAIN = (-6.0, 6.0, -3.0, 3.0)
_PIXELS = 64


def loss(places: Array) -> Array:
    """(x^2 + 10 y^2) / 2, of places [..., 2]."""
    return np.asarray((STEEP * places**2).sum(-1) / 2)


class GradientDescent(Experiment):
    """Four balls in one valley: rates too small, right and too large, and a small one with momentum."""

    id = "gradient-descent"
    title = "Downhill, step by step"
    question = "A step against the slope goes downhill. Does a larger step arrive sooner?"
    chapter = "One neuron to deep"
    order = 20
    lesson = "how-networks-learn"
    predictions = (
        Prediction("larger", "Yes: the larger the rate, the sooner"),
        Prediction("middle", "Up to a point: beyond it every step lands higher than the last"),
        Prediction("smaller", "No: the smallest rate gets there first, as it never overshoots"),
        Prediction("same", "All arrive, some by detours"),
    )
    confirmed = "middle"
    claim = "The right rate comes within 0.001 of the lowest loss; the rate that is too large diverges"
    measures = (
        Measure("right", "loss at the right rate, above the lowest", at_most=1e-3),
        Measure("too_large", "loss at the rate that is too large, as a multiple of the first", at_least=10.0),
        Measure("too_small", "loss at the rate that is too small, above the lowest"),
        Measure("momentum", "loss at a small rate with momentum, above the lowest"),
    )
    budget = 2.0
    needed = 20
    sources = ("cauchy1847", "polyak1964")

    steps = Whole(60, "steps", low=10, high=300)
    small = Number(0.005, "the rate that is too small", low=0.0001, high=0.25, live=True)
    right = Number(0.15, "the right rate", low=0.0001, high=0.25, live=True)
    large = Number(0.22, "the rate that is too large", low=0.0001, high=0.25, live=True)
    momentum = Number(0.8, "momentum, at a fifth of the right rate", low=0.0, high=0.98, live=True)

    def run(self, seed: int) -> Run:
        angle = np.random.default_rng(seed).uniform(0.25, 0.75) * np.pi
        begin = np.array([5 * np.cos(angle), 2.5 * np.sin(angle)])
        places = np.tile(begin, (len(_BALLS), 1))
        velocities, track, trail = np.zeros_like(places), Track(), [places]
        for step in range(self.steps + 1):
            track.put(step, dict(zip(_BALLS, np.minimum(loss(places), _FAR).tolist(), strict=True)))
            yield Moment(_views(track, trail), step / max(1, self.steps), f"step {step}", linger=0.12)
            rates = np.array([self.small, self.right, self.large, self.right / 5])[:, None]
            kept = np.array([0, 0, 0, self.momentum])[:, None]
            velocities = kept * velocities - rates * STEEP * places
            places = np.where(loss(places)[:, None] < _FAR, places + velocities, places)
            trail.append(places)
        first = float(loss(begin))
        found = {name: track.last(name) for name in _BALLS}
        return {
            "right": found["right"],
            "too_large": found["too large"] / first,
            "too_small": found["too small"],
            "momentum": found["momentum"],
        }

    def why(self, measures: Measures) -> str:
        return (
            f"The right rate ended {measures['right']:.1g} above the lowest place, the small one is still "
            f"{measures['too_small']:.2g} above it, and the large one stands at {measures['too_large']:.3g} times the "
            f"loss it began with: it overshoots the steep walls by more each time. Momentum, at a fifth of the rate, "
            f"came to {measures['momentum']:.1g}: it gathers speed where the slope stays the same."
        )


def _views(track: Track, trail: list[Array]) -> dict[str, View]:
    """The losses; the valley from above with the trails; a cut through its steep side with the balls on it."""
    x0, x1, y0, y1 = _DOMAIN
    middles = (np.arange(_PIXELS) + 0.5) / _PIXELS
    x, y = np.meshgrid(x0 + (x1 - x0) * middles, y1 - (y1 - y0) * middles)
    height = np.log10(loss(np.stack([x, y], -1)) + 0.05)
    low, high = float(height.min()), float(height.max())
    shade = (2 * (height - low) / (high - low) - 1).astype(np.float32)[None]
    walked = np.concatenate(trail[-30:]).astype(np.float32)
    balls = np.tile(np.arange(len(_BALLS), dtype=np.float32), len(trail[-30:]))
    inside = (np.abs(walked[:, 0]) < x1) & (np.abs(walked[:, 1]) < y1)
    points = Points(walked[inside], balls[inside], np.zeros(int(inside.sum()), np.bool_))
    across = np.linspace(y0, y1, 81)
    wall = loss(np.stack([np.zeros_like(across), across], -1))
    now = [place for place in trail[-1] if abs(place[1]) < y1]
    marks = tuple(Mark(float(place[1]), "", float(loss(np.array([0.0, place[1]])))) for place in now)
    return {
        "valley": Field(shade, _DOMAIN, points, title="the valley from above, and their last steps"),
        "losses": track.curves("step", "loss", log_y=True, title="the loss of each"),
        "wall": Curves((Series("loss", across, wall),), "y", "", marks=marks, title="across the valley"),
    }
