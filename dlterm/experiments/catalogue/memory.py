"""Memory: over many steps a recurrent network forgets, and an LSTM remembers if its gate lets it.

Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997; Bengio, Simard and Frasconi,
"Learning Long-Term Dependencies with Gradient Descent is Difficult", IEEE Transactions on Neural Networks 5, 1994. The
forget gate is that of Gers, Schmidhuber and Cummins, 2000: of what a cell holds, sigmoid(bias) is left after a step
of an untrained one, 0.73 at the usual bias of 1 and 0.993 at 5; after 60 steps 7e-9 and two thirds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.drawing.views import Curves, Series, Table
from dlterm.engine import ops
from dlterm.engine.gradient import gradients
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

SYMBOLS, WIDTH, UNITS = 4, 16, 32
OPEN, USUAL, PLAIN = "open LSTM", "usual LSTM", "RNN"
_BATCH, _LATEST, _LOOKED_AT = 32, 640, 16  # examples: of a step; that accuracy is of; that the gradient is of
_SOLVED = 0.95  # right answers
_FLOOR, _LOOKS = 1e-12, 50  # the least share of a slope that is shown; how often slopes are looked at


class Memory(Experiment):
    """Two LSTMs, whose forget gates begin differently, and plain recurrent networks from several first weights."""

    id = "memory"
    title = "What is left after sixty steps"
    question = "Sixty symbols go by; which was the first? Which network learns to answer: a plain one, an LSTM, both?"
    chapter = "Sequences"
    order = 10
    lesson = "architectures"
    predictions = (
        Prediction("both", "Both: each has a state that it carries from step to step"),
        Prediction("any", "Any LSTM, and no plain recurrent network"),
        Prediction("gate", "An LSTM whose forget gate begins open; one with the usual gate stays at chance"),
        Prediction("none", "None: sixty steps are too many to pass a slope through"),
    )
    confirmed = "gate"
    claim = "With its forget gate open an LSTM answers 95 % rightly after 60 steps, with the usual one at most 50 %"
    measures = (
        Measure("open", "right answers of the LSTM whose gate begins open", "share", at_least=0.95),
        Measure(
            "usual",
            "right answers of the LSTM with the usual gate, a quarter being chance",
            "share",
            at_most=0.5,
        ),
        Measure("plain", "starts of the plain recurrent network that come to 95 %", "share"),
        Measure(
            "reach",
            "the first symbol's slope by the last one's before training: gate open",
        ),
        Measure("usual_reach", "the same with the usual gate"),
    )
    budget = 20.0
    sources = ("hochreiter1997", "bengio1994", "gers2000")

    length = Whole(60, "symbols to read", low=5, high=100)
    forget_bias = Number(5.0, "bias of the open forget gate", low=-2.0, high=10.0)
    steps = Whole(600, "training steps of 32 sequences", low=20, high=3000)
    starts = Whole(3, "first weights of the plain network that are tried", low=1, high=10)
    rate = Number(0.005, "learning rate (Adam)", low=0.0001, high=0.1, live=True)

    def run(self, seed: int) -> Run:
        symbols = np.random.default_rng(seed).integers(0, SYMBOLS, (self.steps * _BATCH, self.length))
        kinds = {OPEN: ("LSTM", self.forget_bias), USUAL: ("LSTM", 1.0)}
        kinds |= {f"{PLAIN} {k}": ("RNN", 0.0) for k in range(1, self.starts + 1)}
        readers: dict[str, Reader] = {}
        for name, (kind, bias) in kinds.items():
            readers[name] = Reader(kind, symbols, 100 * seed + len(readers), bias)
            first = {name: reader.reach() for name, reader in readers.items()}
            yield Moment(self._views(readers, first, Track()), 0.0, f"{name}: {self.length} steps laid out")
        reach, track, looks = first, Track(), 0

        def advance(steps: int) -> None:
            for reader in readers.values():
                reader.advance(steps, self.rate)

        for done in paced(advance, self.steps, _LOOKS):
            if done * _LOOKS >= looks:
                reach, looks = {name: reader.reach() for name, reader in readers.items()}, looks + 1
            step = readers[OPEN].cursor.step
            track.put(step, {name: reader.accuracy() for name, reader in readers.items()})
            yield Moment(self._views(readers, reach, track), done, f"step {step:,} of {self.steps:,}")
        return {
            "open": track.last(OPEN),
            "usual": track.last(USUAL),
            "plain": float(
                np.mean([track.last(name) >= _SOLVED for name in kinds if name.startswith(PLAIN)])
            ),
            "reach": first[OPEN][0] / first[OPEN][-1],
            "usual_reach": first[USUAL][0] / first[USUAL][-1],
        }

    def why(self, measures: Measures) -> str:
        return (
            f"Before training the first symbol's slope is {measures['reach']:.2g} times the last one's through an open "
            f"gate, and {measures['usual_reach']:.0e} times through the usual one: no slope, no learning. In "
            f"the end they answer {measures['open']:.0%} and {measures['usual']:.0%} rightly. Of the plain networks, "
            f"whose slope shrinks at every step as well, {measures['plain']:.0%} came to 95 %."
        )

    def _views(
        self, readers: dict[str, Reader], reach: dict[str, NDArray[np.float64]], track: Track
    ) -> dict[str, View]:
        places = np.arange(1.0, self.length + 1)
        shares = {name: np.maximum(slopes / slopes.max(), _FLOOR) for name, slopes in reach.items()}
        series = tuple(Series(name, places, share) for name, share in shares.items())
        rows = tuple((name, readers[name].accuracy(), float(share[0])) for name, share in shares.items())
        slopes = Curves(
            series, "symbol", "of its largest", log_y=True, title="the answer's slope by each symbol"
        )
        return {
            "reach": slopes,
            "accuracy": track.curves("step", "right", title="right answers; a quarter is chance"),
            "networks": Table(("network", "right", "slope at the first"), rows, title="the networks, now"),
        }


class Reader:
    """A recurrent network that reads sequences and says with which symbol each began."""

    def __init__(self, kind: str, symbols: NDArray[np.int64], seed: int, forget_bias: float = 0.0) -> None:
        x, y = variable("symbols", symbols.shape[1:], integer=True), variable("first", (), integer=True)
        cell = getattr(nn, kind)(WIDTH, UNITS, name="cell", seed=seed)
        if kind == "LSTM":
            cell.bias.initial = np.repeat([0, forget_bias, 0, 0], UNITS).astype(np.float32)
        read = nn.Embedding(SYMBOLS, WIDTH, name="symbols", seed=seed)(x)
        logits = nn.Linear(UNITS, SYMBOLS, name="answer", seed=seed)(cell(read)[-1])
        loss = ops.cross_entropy(logits, y)
        (self._slope,) = gradients(loss, [read])
        self._machine = Machine(
            plan(loss, [self._slope], optimizer="adam", batch=_BATCH, prediction_batch=_LOOKED_AT, clip=True),
            seed=seed,
        )
        self._answers = Fetch(logits, np.zeros((len(symbols), SYMBOLS), np.float32))
        self._feeds = [Feed(x, symbols), Feed(y, symbols[:, 0].copy())]
        self.cursor = Cursor()

    def advance(self, steps: int, rate: float) -> None:
        """Train on sequences that it has not seen before."""
        self._machine.memory.set_hyper(lr=rate)
        self._machine.run("train", self._feeds, self.cursor, steps, fetches=[self._answers])

    def accuracy(self) -> float:
        """The share of right answers to the sequences last read, each given before it was learned from."""
        seen = self.cursor.step * _BATCH
        if not seen:
            return float("nan")
        latest = slice(max(0, seen - _LATEST), seen)
        return float((self._answers.array[latest].argmax(1) == self._feeds[1].array[latest]).mean())

    def reach(self) -> NDArray[np.float64]:
        """The size of the loss's slope by what is read, symbol by symbol: the mean over some sequences."""
        feeds = [Feed(feed.tensor, feed.array[-_LOOKED_AT:]) for feed in self._feeds]
        slopes = np.empty((_LOOKED_AT, *self._slope.shape), np.float32)
        self._machine.run(
            "evaluate", feeds, Cursor(), 1, batch=_LOOKED_AT, fetches=[Fetch(self._slope, slopes)]
        )
        reach: NDArray[np.float64] = np.linalg.norm(slopes.astype(np.float64), axis=2).mean(0) + 1e-30
        return reach
