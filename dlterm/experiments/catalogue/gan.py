"""A forger against a detective: a generative adversarial network on a ring of eight clouds, and how it collapses.

Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014. The ring is that on which collapse has been studied
since Metz et al., "Unrolled Generative Adversarial Networks", ICLR 2017.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.drawing.views import Field
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced
from dlterm.training.snapshot import Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float32]

CLOUDS, SPREAD, EDGE = 8, 0.1, 1.6  # on a circle of radius 1; the plane that is shown ends at EDGE
_EXAMPLES, _BATCH, _SIDE, _DRAWN = 4096, 128, 40, 400
_LEAST = 0.2  # of its fair share of the samples: a cloud with fewer is not counted as covered


class Forger(Experiment):
    """Two pairs of forger and detective on the same data; in one of them the detective hardly learns."""

    id = "gan"
    title = "A forger against a detective"
    question = "A forger learns from a detective's verdicts alone. What if the detective learns too slowly?"
    chapter = "Making, playing, relating"
    order = 10
    lesson = "architectures"
    predictions = (
        Prediction("better", "The forger has an easier time and covers all eight clouds sooner"),
        Prediction(
            "collapse", "The forger crowds into the few places where the detective happens to believe it"
        ),
        Prediction("slower", "The same as before, only slower: all eight in the end"),
        Prediction("memory", "The forger copies the examples that it was shown, one by one"),
    )
    confirmed = "collapse"
    claim = "Well matched, the forger covers at least 7 of 8 clouds; against a slow detective at most 3"
    measures = (
        Measure("clouds", "clouds covered by the matched forger, of 8", at_least=7),
        Measure("collapsed", "clouds covered against the slow detective, of 8", at_most=3),
        Measure("near", "samples of the matched forger within three spreads of a cloud's centre", "share"),
        Measure("near_collapsed", "the same against the slow detective", "share"),
    )
    budget = 20.0
    sources = ("goodfellow2014",)

    steps = Whole(3000, "training steps of both", low=200, high=20_000)
    forger = Number(0.001, "the forger's learning rate (Adam)", low=0.00001, high=0.02, live=True)
    detective = Number(0.001, "the detective's learning rate (Adam)", low=0.00001, high=0.02, live=True)
    slow = Number(0.05, "the slow detective's, as a share of that", low=0.0, high=1.0, live=True)
    noise = Whole(8, "random numbers that the forger starts from", low=1, high=32)

    def run(self, seed: int) -> Run:
        data = ring(_EXAMPLES, seed)
        games = {name: Game(data, self.noise, seed) for name in ("matched", "slow")}
        track, losses = Track(), Track()

        def advance(steps: int) -> None:
            games["matched"].advance(steps, self.forger, self.detective)
            games["slow"].advance(steps, self.forger, self.detective * self.slow)

        for done in paced(advance, self.steps, 60):
            shown = {name: game.look() for name, game in games.items()}
            step = games["matched"].cursor.step
            track.put(step, {name: covered(samples) for name, (samples, _) in shown.items()})
            losses.put(step, games["matched"].losses())
            yield Moment(_views(data, shown, track, losses), done, f"step {step:,} of {self.steps:,}", 0.03)
        samples = {name: game.look()[0] for name, game in games.items()}
        return {
            "clouds": covered(samples["matched"]),
            "collapsed": covered(samples["slow"]),
            "near": near(samples["matched"]),
            "near_collapsed": near(samples["slow"]),
        }

    def why(self, measures: Measures) -> str:
        return (
            f"The forger covers {measures['clouds']:.0f} of 8 clouds; against a detective that learns at "
            f"{self.slow:.0%} of the rate it covers {measures['collapsed']:.0f}, all samples together in a few places: "
            f"what fools the detective is repeated, as nothing in the forger's loss asks for variety. Only a detective "
            f"that soon finds it out keeps it from crowding."
        )


class Game:
    """A forger and a detective, who train each other."""

    def __init__(self, data: Array, noise: int, seed: int) -> None:
        forger = _network("forger", noise, 2, ops.relu, seed)
        detective = _network("detective", 2, 1, ops.leaky_relu, seed)
        real, self._place = variable("real", (2,)), variable("place", (2,))
        self._game = nn.gan(real, forger, detective, noise=noise)
        self._verdict = ops.sigmoid(detective(self._place))
        outputs = [self._game.samples, self._verdict]
        self._machine = Machine(plan(self._game.trainings, outputs, batch=_BATCH), seed=seed)
        self._machine.memory.set_hyper(beta1=0.5)
        self._real = Feed(real, data)
        self._losses = {"forger": 0.0, "detective": 0.0}
        self.cursor = Cursor()

    def advance(self, steps: int, forger: float, detective: float) -> None:
        """Train both, each at a learning rate of its own."""
        self._machine.memory.set_hyper(0, lr=detective)
        self._machine.memory.set_hyper(1, lr=forger)
        tensors = {"detective": self._game.discriminator_loss, "forger": self._game.generator_loss}
        fetches = {name: Fetch(tensor, np.empty(steps, np.float32)) for name, tensor in tensors.items()}
        self._machine.run(
            "train", [self._real], self.cursor, steps, shuffle=True, fetches=list(fetches.values())
        )
        self._losses = {name: float(fetch.array.mean()) for name, fetch in fetches.items()}

    def losses(self) -> dict[str, float]:
        """The mean losses of the steps last taken."""
        return self._losses

    def look(self) -> tuple[Array, Array]:
        """What the forger makes of the same noise every time, and how much the detective believes where."""
        places = _plane()
        samples, verdict = (np.empty((len(places), size), np.float32) for size in (2, 1))
        fetches = [Fetch(self._game.samples, samples), Fetch(self._verdict, verdict)]
        steps = -(-len(places) // 256)
        self._machine.run("predict", [Feed(self._place, places)], Cursor(), steps, batch=256, fetches=fetches)
        return samples, verdict.reshape(_SIDE, _SIDE)


def ring(count: int, seed: int) -> Array:
    """Points [count, 2] of eight round clouds on a circle of radius 1."""
    rng = np.random.default_rng(seed)
    return (centres()[rng.integers(0, CLOUDS, count)] + rng.normal(0, SPREAD, (count, 2))).astype(np.float32)


def centres() -> NDArray[np.float64]:
    """The middles of the clouds [8, 2]."""
    angles = 2 * np.pi * np.arange(CLOUDS) / CLOUDS
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def shares(samples: Array) -> NDArray[np.float64]:
    """The share of the samples that lies within three spreads of each centre [8]."""
    apart = np.linalg.norm(samples[:, None] - centres()[None], axis=2)
    share: NDArray[np.float64] = (apart <= 3 * SPREAD).mean(0)
    return share


def covered(samples: Array) -> int:
    """How many clouds have a fifth of their fair share of the samples, or more."""
    return int((shares(samples) >= _LEAST / CLOUDS).sum())


def near(samples: Array) -> float:
    """The share of the samples that lies in any of them."""
    return float(shares(samples).sum())


def _network(name: str, inputs: int, outputs: int, activation: nn.layer.Function, seed: int) -> nn.Sequential:
    widths = (inputs, 64, 64)
    layers: list[nn.layer.Function] = []
    for number, (before, after) in enumerate(pairwise(widths), 1):
        layers += [nn.Linear(before, after, name=f"{name}{number}", activation="relu", seed=seed), activation]
    return nn.Sequential([*layers, nn.Linear(64, outputs, name=f"{name}.output", seed=seed)])


def _plane() -> Array:
    along = (np.arange(_SIDE) + 0.5) * (2 * EDGE / _SIDE) - EDGE
    return np.stack([np.tile(along, _SIDE), np.repeat(-along, _SIDE)], axis=1).astype(np.float32)


def _views(
    data: Array, shown: dict[str, tuple[Array, Array]], track: Track, losses: Track
) -> dict[str, View]:
    fields: dict[str, View] = {
        name: _field(data, *seen, f"{name}: forged, over what is believed") for name, seen in shown.items()
    }
    return {
        **fields,
        "clouds": track.curves("step", "clouds", title="clouds covered, of 8"),
        "losses": losses.curves("step", "loss", title="losses of the matched pair"),
    }


def _field(data: Array, samples: Array, verdict: Array, title: str) -> Field:
    """The verdict over the plane, real examples pale and of its colour, forged ones of the other."""
    places = np.concatenate([data[:_DRAWN], samples[:: len(samples) // _DRAWN]])
    real = np.arange(len(places)) < _DRAWN
    points = Points(places, real.astype(np.float32), real)
    return Field(2 * verdict[None] - 1, (-EDGE, EDGE, -EDGE, EDGE), points, title=title)
