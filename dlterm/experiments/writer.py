"""A network that learns what comes next in a text, and writes by drawing from what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import in_order, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.experiments.course_text import CourseText, Tokens

    Array = NDArray[np.float32]

BATCH, TEXTS = 16, 3  # stretches of a step; texts that are written beside each other


class Writer:
    """Learns from stretches of text [n, characters + 1], each in its order and once.

    `network` goes from characters [batch, n] to logits of the next ones [batch, n, kinds] and looks back only.
    """

    def __init__(self, network: Callable[[Tensor], Tensor], stretches: Tokens, seed: int) -> None:
        self.length, self.steps = stretches.shape[1] - 1, -(-len(stretches) // BATCH)
        x, y = (variable(name, (self.length,), integer=True) for name in ("text", "next"))
        self._logits = network(x)
        self._loss = ops.cross_entropy(self._logits, y)
        attention = [node for node in in_order([self._logits]) if node.op.name == "softmax"]
        self._looks = [node.outputs[0] for node in attention]
        planned = plan(
            self._loss,
            [self._logits, *self._looks],
            optimizer="adam",
            schedule="cosine",
            batch=BATCH,
            prediction_batch=BATCH,
        )
        self._machine = Machine(planned, seed=seed)
        self._machine.memory.set_hyper(period=self.steps)
        self._x, self._y = x, y
        self._feeds = self._fed(stretches)
        self.cursor = Cursor()

    def advance(self, steps: int, rate: float) -> None:
        """Train; the rate falls along a cosine and is 0 when all stretches have been read."""
        self._machine.memory.set_hyper(lr=rate)
        self._machine.run("train", self._feeds, self.cursor, steps)

    def bits(self, stretches: Tokens) -> float:
        """What a character of these costs in bits, the mean over whole batches of them."""
        batches = len(stretches) // BATCH
        losses = np.empty(batches, np.float32)
        feeds = self._fed(stretches[: batches * BATCH])
        fetch = Fetch(self._loss, losses)
        self._machine.run("evaluate", feeds, Cursor(), batches, batch=BATCH, fetches=[fetch])
        return float(losses.mean() / np.log(2))

    def expects(self, texts: Tokens) -> tuple[Array, list[Array]]:
        """Of texts [n, characters] that go on: logits of the next character [n, kinds], and what was looked at.

        The latter is, for each block of a Transformer, [n, heads, characters, characters]; of longer texts the
        end is read.
        """
        texts = texts[:, -self.length :]
        count, read = texts.shape
        padded = np.zeros((count, self.length), np.int64)
        padded[:, :read] = texts
        tensors = [self._logits, *self._looks]
        fetches = [Fetch(tensor, np.empty((count, *tensor.shape), np.float32)) for tensor in tensors]
        self._machine.run("predict", [Feed(self._x, padded)], Cursor(), 1, batch=count, fetches=fetches)
        logits, *looks = (fetch.array for fetch in fetches)
        return logits[:, read - 1], [look[:, :, :read, :read] for look in looks]

    def _fed(self, stretches: Tokens) -> list[Feed]:
        before, after = np.ascontiguousarray(stretches[:, :-1]), np.ascontiguousarray(stretches[:, 1:])
        return [Feed(self._x, before), Feed(self._y, after)]


class Pen:
    """Texts that a network writes, all from the same beginning and each with luck of its own.

    `expected` is what the network expects next, and where it looks for it; see `Writer.expects`.
    """

    def __init__(self, writer: Writer, text: CourseText, prompt: str, length: int, seed: int) -> None:
        """`length` is that of what is written, without the `prompt`."""
        self.text = text
        self._writer = writer
        self._begin = np.tile(text.encoded(prompt), (TEXTS, 1))
        self._luck = np.random.default_rng(seed).random((length, TEXTS))
        self._go_on(self._begin)

    def write(self, temperature: float, count: int) -> None:
        """So many characters more; once the texts are long enough, they begin anew."""
        for _ in range(count):
            written = self.texts.shape[1] - self._begin.shape[1]
            if written == len(self._luck):
                self._go_on(self._begin)
                written = 0
            following = chosen(probabilities(self.expected[0], temperature), self._luck[written])
            self._go_on(np.concatenate([self.texts, following[:, None]], axis=1))

    def lines(self) -> list[str]:
        """The texts, each as a paragraph; where the network began a new one is a stroke."""
        return [self.text.decoded(row).replace("\n", " / ") for row in self.texts]

    def _go_on(self, texts: Tokens) -> None:
        self.texts, self.expected = texts, self._writer.expects(texts)


def probabilities(logits: Array, temperature: float) -> NDArray[np.float64]:
    """Softmax of logits [..., kinds] by the temperature: 0 is sure of the likeliest, above 1 all come nearer."""
    scaled = (logits.astype(np.float64) - logits.max(-1, keepdims=True)) / max(temperature, 1e-3)
    grown = np.exp(scaled)
    shares: NDArray[np.float64] = grown / grown.sum(-1, keepdims=True)
    return shares


def chosen(shares: NDArray[np.float64], luck: NDArray[np.float64]) -> Tokens:
    """One kind for each row of probabilities [n, kinds], by numbers [n] in 0..1: the same luck at any temperature."""
    return np.minimum((shares.cumsum(-1) < luck[:, None]).sum(-1), shares.shape[-1] - 1)
