"""A map of digits: a variational autoencoder with two numbers in its middle, a plane on which one can walk.

Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014. The pixels are grey: even one who knew how dark each
is would be surprised by its entropy, which is the floor of what drawing costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.data.bundled import read_bundled
from dlterm.drawing.views import Curves, Images, Mark, Series
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float32]

SIDE, LEVELS, CODES = 8, 16, 2
PIXELS = SIDE * SIDE
ACROSS, DOWN, EDGE = 6, 3, 1.6  # digits of the map; how far from its middle it ends
_BATCH, _HELD_OUT, _LOOKS = 64, 384, 60


class Vae(Experiment):
    """Digits pressed through two numbers and drawn again, while the two numbers are made to fill a plane."""

    id = "vae"
    title = "A map of digits"
    question = "Sixty-four pixels are pressed into two numbers, and drawn again from these. What comes out?"
    chapter = "Making, playing, relating"
    order = 20
    lesson = "architectures"
    predictions = (
        Prediction("blur", "The same grey blur for all: two numbers cannot tell ten digits apart"),
        Prediction("map", "Readable digits, simplified: two numbers are a place on a map of digits"),
        Prediction("same", "Every digit just as it went in: the network finds a code for each"),
        Prediction("copies", "Digits that it has seen come out well, new ones as noise"),
    )
    confirmed = "map"
    claim = "A new digit drawn from two numbers costs at most 1.6 times the least possible (1.4 was expected)"
    measures = (
        Measure("times", "nats that a new digit costs, by the least possible", at_most=1.6),
        Measure("drawing", "nats that a new digit costs, drawn from its two numbers", "nats"),
        Measure("floor", "the least possible", "nats"),
        Measure("untrained", "before training", "nats"),
        Measure("told", "nats that the two numbers tell of a digit", "nats"),
    )
    budget = 20.0
    sources = ("kingma2013",)

    epochs = Whole(200, "passes over the data", low=5, high=1000)
    units = Whole(128, "units in each hidden layer", low=8, high=512)
    rate = Number(0.003, "learning rate (Adam)", low=0.0001, high=0.02, live=True)
    across = Number(0.0, "where to stand on the map, from left to right", low=-3.0, high=3.0, live=True)
    up = Number(0.0, "where to stand on the map, upwards", low=-3.0, high=3.0, live=True)

    _seen: tuple[Autoencoder, Track] | None = None

    def run(self, seed: int) -> Run:
        digits = read_bundled("digits")
        order = np.random.default_rng(seed).permutation(len(digits.inputs))
        images = (digits.inputs[order] / LEVELS).astype(np.float32)
        coder = Autoencoder(images, digits.targets[order], self.units, seed)
        floor, (untrained, _) = entropy(images[:_HELD_OUT]), coder.costs()
        track = Track()
        self._seen = coder, track

        def advance(steps: int) -> None:
            coder.advance(steps, self.rate)

        for done in paced(advance, self.epochs * coder.steps_per_epoch, _LOOKS):
            drawing, told = coder.costs()
            track.add(coder.cursor.step, drawing=drawing, least=floor, told=told)
            news = (
                f"step {coder.cursor.step:,}: a new digit costs {drawing:.1f} nats, {floor:.1f} at the least"
            )
            yield Moment(self._views(coder, track), done, news)
        named = {"drawing": drawing, "floor": floor, "untrained": untrained, "told": told}
        return {"times": drawing / floor, **named}

    def explore(self) -> Mapping[str, View] | None:
        return self._views(*self._seen) if self._seen else None

    def why(self, measures: Measures) -> str:
        return (
            f"A new digit costs {measures['drawing']:.1f} nats, {measures['times']:.2f} times the least possible, and "
            f"{measures['untrained']:.1f} before training. Its two numbers tell {measures['told']:.1f} nats of it: "
            f"which digit, and how it leans, not every stroke. For 1.4 times, which was expected, two "
            f"numbers are too few. As noise is added to them, neighbours on the map must look alike: one can walk."
        )

    def _views(self, coder: Autoencoder, track: Track) -> dict[str, View]:
        here = coder.draw(np.array([[self.across, self.up]], np.float32))[0]
        marks = Mark(self.across, "here"), Mark(self.across, y=self.up)
        return {
            "map": Images((mosaic(coder),), title=f"the map, {-EDGE:g} to {EDGE:g} both ways"),
            "here": Images((here,), title=f"at {self.across:.2g} across, {self.up:.2g} up"),
            "places": Curves(coder.places(), marks=marks, title="where new digits lie"),
            "costs": track.curves("step", "nats", title="what a new digit costs"),
        }


class Autoencoder:
    """An encoder from pixels to the mean and variance of two numbers, and a decoder from two numbers to pixels."""

    def __init__(self, images: Array, labels: NDArray[np.generic], units: int, seed: int) -> None:
        def linear(name: str, inputs: int, outputs: int, activation: str = "relu") -> nn.Linear:
            return nn.Linear(inputs, outputs, name=name, activation=activation, seed=seed)

        x, self._place = variable("image", (PIXELS,)), variable("place", (CODES,))
        h = ops.relu(linear("encoder2", units, units)(ops.relu(linear("encoder1", PIXELS, units)(x))))
        self._mean = linear("mean", units, CODES, "identity")(h)
        log_variance = linear("log_variance", units, CODES, "identity")(h)
        place = self._mean + ops.exp(log_variance * 0.5) * ops.normal((CODES,), stream=1)
        first, second = linear("decoder1", CODES, units), linear("decoder2", units, units)
        pixels = linear("pixels", units, PIXELS, "sigmoid")
        decode = nn.Sequential([first, ops.relu, second, ops.relu, pixels])
        self._drawing = ops.binary_cross_entropy(decode(place), x) * PIXELS
        spread = self._mean * self._mean + ops.exp(log_variance) - log_variance - 1.0
        self._told = ops.reduce_mean(ops.reduce_sum(spread, 0, batch=False)) * 0.5
        self._drawn = ops.sigmoid(decode(self._place))
        outputs = [self._mean, self._drawn]
        loss = self._drawing + self._told
        self._machine = Machine(
            plan(loss, outputs, optimizer="adam", batch=_BATCH, prediction_batch=_HELD_OUT), seed=seed
        )
        self._new, self._known = Feed(x, images[:_HELD_OUT]), Feed(x, images[_HELD_OUT:])
        self._labels = labels[:_HELD_OUT]
        self.steps_per_epoch = -(-len(self._known.array) // _BATCH)
        self.cursor = Cursor()

    def advance(self, steps: int, rate: float) -> None:
        """Train."""
        self._machine.memory.set_hyper(lr=rate)
        self._machine.run("train", [self._known], self.cursor, steps, shuffle=True)

    def costs(self) -> tuple[float, float]:
        """What a new digit costs in nats to draw, and what its two numbers tell of it: together its bound."""
        fetches = [Fetch(tensor, np.empty(1, np.float32)) for tensor in (self._drawing, self._told)]
        places = Feed(self._place, np.zeros((_HELD_OUT, CODES), np.float32))
        self._machine.run("evaluate", [self._new, places], Cursor(), 1, batch=_HELD_OUT, fetches=fetches)
        drawing, told = (float(fetch.array[0]) for fetch in fetches)
        return drawing, told

    def draw(self, places: Array) -> Array:
        """Images [places, 8, 8] of 0..1 for places [places, 2] of the plane."""
        images = np.empty((len(places), PIXELS), np.float32)
        blank = Feed(self._new.tensor, np.zeros((len(places), PIXELS), np.float32))
        fetch = Fetch(self._drawn, images)
        feeds = [blank, Feed(self._place, places)]
        self._machine.run("predict", feeds, Cursor(), 1, batch=len(places), fetches=[fetch])
        return images.reshape(-1, SIDE, SIDE)

    def places(self) -> tuple[Series, ...]:
        """Where new digits lie on the plane, digit by digit."""
        means = np.empty((_HELD_OUT, CODES), np.float32)
        anywhere = Feed(self._place, np.zeros((_HELD_OUT, CODES), np.float32))
        fetch = Fetch(self._mean, means)
        self._machine.run("predict", [self._new, anywhere], Cursor(), 1, batch=_HELD_OUT, fetches=[fetch])
        digits = ((digit, means[self._labels == digit]) for digit in range(10))
        return tuple(Series(str(digit), found[:, 0], found[:, 1], joined=False) for digit, found in digits)


def mosaic(coder: Autoencoder) -> Array:
    """The digits at places all over the plane as one image, a row of pixels apart: the first are the uppermost."""
    across, down = np.linspace(-EDGE, EDGE, ACROSS), np.linspace(EDGE, -EDGE, DOWN)
    places = np.stack([np.tile(across, DOWN), np.repeat(down, ACROSS)], axis=1).astype(np.float32)
    tiles = coder.draw(places).reshape(DOWN, ACROSS, SIDE, SIDE)
    rows = np.pad(tiles.transpose(0, 2, 1, 3), ((0, 0), (0, 1), (0, 0), (0, 0)))
    return rows.reshape(DOWN * (SIDE + 1), ACROSS * SIDE)[:-1]


def entropy(images: Array) -> float:
    """The mean entropy of an image's pixels, each taken as the chance of black, in nats."""
    p = np.clip(images.reshape(len(images), -1).astype(np.float64), 1e-12, 1 - 1e-12)
    return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)).sum(1).mean())
