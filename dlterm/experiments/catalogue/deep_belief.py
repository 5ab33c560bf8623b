"""A deep belief network: layers that learn one after the other, without labels, to redraw what the one below says.

Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets", Neural Computation 18, 2006. What made it
needless: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
Their weights are for units of slope 1 at 0, such as tanh; a sigmoid's is a quarter, hence four times as large. With
tanh, and their weights as they are, seeds 0 to 4 gave 90 to 96 % after 5 passes, and 84 to 90 % from 100 labels, where
pre-training was ahead of that, too. Nor do small weights stay at guessing for ever: on seeds 0 to 2 79 to 93 % were
read after 150 passes, at a rate of 0.3 96 to 98 %.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dlterm import data, nn
from dlterm.data.split import Scaler, split
from dlterm.drawing.views import Images
from dlterm.engine import ops
from dlterm.engine.graph import constant
from dlterm.experiments.boltzmann import Stack
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.seeing import filter_images
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced
from dlterm.nn.initializers import generator, xavier
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.boltzmann import Machine
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float32]

WAYS = {
    "small": "small",
    "pretrained": "pre-trained",
    "xavier": "Xavier's",
    "scaled": "4 x Xavier's",
    "adam": "small, Adam",
}
SIDE, BLACK, CLASSES = 8, 16, 10
EARLY = 5  # passes after which a head start is measured
_BATCH, _SMALL, _ADAM = 20, 0.1, 0.003  # the deviation of small weights; the rate of Adam
_FEW_TIMES, _FEW_LOOKS = 3, 20  # how many times as many passes where labels are few
_FILTERS, _DIGITS = 24, 10
_LINGER = 0.05


class DeepBelief(Experiment):
    """Four sigmoid layers from small weights, from a stack of Boltzmann machines, and by what came later."""

    id = "deep-belief"
    title = "One layer at a time"
    question = (
        "Four sigmoid layers do not learn from small random weights. Now each first learns, without any label, to "
        "redraw what the layer below says of a digit. What is that worth?"
    )
    chapter = "One neuron to deep"
    order = 85
    lesson = "history-3"
    predictions = (
        Prediction("nothing", "Nothing: to redraw a digit is not to know which it is"),
        Prediction("little", "A few points: labels are what it has to learn from after all"),
        Prediction("unmatched", "It learns at once, and no random first weights come near that"),
        Prediction("start", "It learns at once; but larger random weights get there too, with labels enough"),
    )
    confirmed = "start"
    claim = (
        "After 5 passes the pre-trained network reads 93 % of new digits, that from small weights at most 25 %; after "
        "20 the one from four times Xavier's weights is within 3 points of it, but with 100 labels no better than it"
    )
    measures = (
        Measure(
            "pretrained_early", f"new digits read after {EARLY} passes: pre-trained", "share", at_least=0.93
        ),
        Measure("small_early", "the same from small weights", "share", at_most=0.25),
        Measure("xavier_early", "the same from Xavier's", "share"),
        Measure("scaled_early", "the same from four times Xavier's", "share"),
        Measure("adam_early", "the same from small weights with Adam, of 2014", "share"),
        Measure("left", "points that pre-training is ahead of four times Xavier's in the end", at_most=3),
        Measure("few", "the same with few labels", at_least=0),
        *(Measure(way, f"new digits read in the end: {words}", "share") for way, words in WAYS.items()),
        Measure("pretrained_few", "the same with few labels: pre-trained", "share"),
        Measure("scaled_few", "the same with few labels: 4 x Xavier's", "share"),
        Measure("error", "how far redrawn pixels are off, from 0 to 1, root mean square"),
    )
    budget = 5.0
    sources = ("hinton2002", "hinton2006", "glorot2010")

    layers = Whole(4, "hidden layers", low=1, high=6)
    units = Whole(100, "units in each", low=8, high=200)
    before = Whole(10, "passes over the pictures for each layer, without labels", low=0, high=50)
    passes = Whole(20, "passes over the labelled digits for all layers together", low=EARLY, high=100)
    labels = Whole(100, "digits with a label, where these are few", low=20, high=1000)
    rate = Number(0.05, "learning rate with labels (momentum 0.9)", low=0.001, high=0.3)

    def run(self, seed: int) -> Run:
        digits, self._seed = data.load("digits"), seed
        self._parts = parts = split(digits, 0.25, seed)
        self._digits, self._all, self._few = digits, Track(), Track()
        self._stack = Stack(pixels(digits.inputs[parts.train]), self.units, np.random.default_rng(seed))
        yield from self._compared(("small",), 0.0)
        yield from self._pretrained(0.12)
        yield from self._compared(("pretrained", "xavier", "scaled", "adam"), 0.32)
        few = np.random.default_rng([seed, 1]).permutation(parts.train)[: self.labels]
        for number, way in enumerate(("pretrained", "scaled")):
            passes = _FEW_TIMES * self.passes
            for share in self._tuned(way, few, self._few, passes, min(passes, _FEW_LOOKS)):
                news = f"{len(few)} labels, from weights {WAYS[way]}"
                yield Moment(self._views(), 0.8 + 0.1 * (number + share), news, _LINGER)
        return self._measured()

    def why(self, measures: Measures) -> str:
        taught = "pictures that have no label teach, too" if measures["few"] > 0 else "it was of no use here"
        return (
            f"After {EARLY} passes the pre-trained network reads {measures['pretrained_early']:.0%} of new digits, one "
            f"from small weights {measures['small_early']:.0%}, and from Xavier's, which are for tanh, "
            f"{measures['xavier_early']:.0%}. Four times as large, as sigmoids need them, they lead to "
            f"{measures['scaled_early']:.0%}, and in the end to {measures['scaled']:.0%} against "
            f"{measures['pretrained']:.0%}; Adam gets to {measures['adam']:.0%} from small ones. Where labels are many "
            f"pre-training was soon left out. With few it is {measures['pretrained_few']:.0%} with it and "
            f"{measures['scaled_few']:.0%} without: {taught}."
        )

    def _compared(self, ways: Sequence[str], begun: float) -> Iterator[Moment]:
        """Train from first weights of these kinds, with all labels."""
        for number, way in enumerate(ways):
            for share in self._tuned(way, self._parts.train, self._all, self.passes, self.passes):
                read = self._all.last(WAYS[way])
                news = f"from weights {WAYS[way]}: {read:.0%} of new digits read"
                yield Moment(self._views(), begun + 0.12 * (number + share), news, _LINGER)

    def _pretrained(self, begun: float) -> Iterator[Moment]:
        """Train the stack, layer by layer."""
        for number in range(1, self.layers + 1):
            if number > 1:
                self._stack.grow()
            machine = self._stack.machines[-1]
            for share in paced(machine.advance, self.before * machine.steps_per_epoch, looks=20):
                news = f"layer {number} learns without labels: off by {machine.error():.3f}"
                yield Moment(self._views(), begun + 0.2 * (number - 1 + share) / self.layers, news, _LINGER)

    def _tuned(
        self, way: str, rows: NDArray[np.int64], track: Track, passes: int, looks: int
    ) -> Iterator[float]:
        """Train on those labelled digits; record how many new ones are read, and yield the share that is done."""
        machines = self._stack.machines if way == "pretrained" else []
        labelled = replace(self._digits, inputs=self._digits.inputs[rows], targets=self._digits.targets[rows])
        network = deep(labelled, self.layers, self.units, way, machines, self._seed)
        optimizer, rate = ("adam", _ADAM) if way == "adam" else ("momentum", self.rate)
        recipe = Recipe(test=0.0, batch=_BATCH, seed=self._seed).with_(optimizer=optimizer, lr=rate)
        learner = Learner(recipe, labelled, network=network)
        for look in range(looks + 1):
            done = passes * look // looks
            learner.advance(done * learner.steps_per_epoch - learner.step)
            track.put(done, {WAYS[way]: self._share_read(learner)})
            yield look / looks

    def _share_read(self, learner: Learner) -> float:
        new = self._parts.test
        answers = learner.predict(self._digits.inputs[new]).argmax(axis=1)
        return float(np.mean(answers == self._digits.targets[new]))

    def _measured(self) -> dict[str, float]:
        ends = {way: self._all.last(words) for way, words in WAYS.items()}
        few = {way: self._few.last(WAYS[way]) for way in ("pretrained", "scaled")}
        new = pixels(self._digits.inputs[self._parts.test])
        return {
            **{f"{way}_early": self._all.values(words)[EARLY] for way, words in WAYS.items()},
            "left": 100 * (ends["pretrained"] - ends["scaled"]),
            "few": 100 * (few["pretrained"] - few["scaled"]),
            **ends,
            **{f"{way}_few": read for way, read in few.items()},
            "error": float(np.sqrt(np.mean((self._stack.redrawn(new) - new) ** 2))),
        }

    def _views(self) -> dict[str, View]:
        new = pixels(self._digits.inputs[self._parts.test[:_DIGITS]])
        redrawn = np.concatenate([new, self._stack.redrawn(new, 1), self._stack.redrawn(new)])
        height = len(self._stack.machines)
        names = ("new", "via 1", f"via {height}")
        return {
            "accuracy": self._all.curves(
                "passes over the digits", "share", title="new digits read, by first weights"
            ),
            "filters": filter_images(
                self._stack.machines[0].weights[:_FILTERS].reshape(-1, SIDE, SIDE),
                "what units of the first layer look for: orange wants ink, blue none",
            ),
            "redrawn": Images(
                tuple(redrawn.reshape(-1, SIDE, SIDE)),
                tuple(name for name in names for _ in range(_DIGITS)),
                columns=_DIGITS,
                title="new digits, redrawn via one layer, and via all that there are by now",
            ),
            "few": self._few.curves(
                "passes over the digits", "share", title=f"the same with {self.labels} labels"
            ),
        }


def deep(
    labelled: Dataset, layers: int, units: int, way: str, machines: Sequence[Machine], seed: int
) -> nn.Network:
    """Sigmoid layers and an output, from first weights of that way; those of the `machines` come before.

    They see pixels from 0 to 1, as the machines did: that the learner standardises them is undone.
    """
    sizes, scaler = (SIDE * SIDE, *(units,) * layers), Scaler.fit(labelled.inputs)
    std, mean = (constant(pixels(each)) for each in (scaler.std, scaler.mean))
    hidden = [
        nn.Linear(inputs, outputs, name=f"hidden{k}", seed=seed)
        for k, (inputs, outputs) in enumerate(itertools.pairwise(sizes), start=1)
    ]
    output = nn.Linear(units, CLASSES, name="output", seed=seed)
    for layer in (*hidden, output):
        layer.weight.initial = first_weights(way, layer.weight.name, layer.weight.shape, seed)
    for layer, machine in zip(hidden, machines, strict=False):
        layer.weight.initial, layer.bias.initial = machine.weights, machine.biases
    steps = [step for layer in hidden for step in (layer, ops.sigmoid)]
    return nn.Network.of(SIDE * SIDE, [lambda x: x * std + mean, *steps, output])


def first_weights(way: str, name: str, shape: tuple[int, ...], seed: int) -> Array:
    """Random weights [outputs, inputs]. What comes before no sigmoid, the output, is not scaled."""
    rng = generator(seed, name)
    if way not in ("xavier", "scaled"):
        return rng.normal(0, _SMALL, shape).astype(np.float32)
    scale = 4 if way == "scaled" and not name.startswith("output") else 1
    return (scale * xavier(rng, shape)).astype(np.float32)


def pixels(values: NDArray[np.floating]) -> Array:
    """Grey values of the data as numbers from 0 to 1."""
    return (values / BLACK).astype(np.float32)
