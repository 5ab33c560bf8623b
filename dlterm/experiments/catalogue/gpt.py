"""A small GPT: a Transformer that learns to write from the text of this course, character by character.

Vaswani et al., "Attention Is All You Need", NeurIPS 2017; Radford et al., "Improving Language Understanding by
Generative Pre-Training", 2018. Beside it an LSTM of as many parameters learns from the same text for the same time:
5 to 6 seconds each, on an idle core.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.drawing.views import Bars, HeatMap, Line, Text
from dlterm.experiments.course_text import CourseText, cut, drawn
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced
from dlterm.experiments.writer import BATCH, Pen, Writer, probabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dlterm.drawing.views import View
    from dlterm.engine.graph import Tensor
    from dlterm.experiments.experiment import Measures, Run

LENGTH, WIDTH, HEADS, BLOCKS = 32, 64, 2, 2  # characters that are seen at once; numbers for each
UNITS = 128  # of the LSTM, which then has as many parameters
LSTM_STEPS = 1.1  # for each of the Transformer: measured, 4.3 ms against 4.6 to 4.9
GPT, LSTM = "Transformer", "LSTM"
PROMPT, WRITTEN, AT_ONCE = "A network ", 150, 5  # characters of a text, and of each moment in the end
_LOOKS, _GLIMPSE = 40, 64  # at text that is held out, at so many stretches of it
_SHOWN, _LIKELIEST = 14, 8  # characters of the attention map; of those that may come next
# The spread of what characters and places begin as. From 1 and 0.02, 400 steps came to 3.4 bits, from this to 3.0.
_START = 0.5


class Gpt(Experiment):
    """A Transformer and an LSTM on the course's text: what they write, what they look at, what they expect."""

    id = "gpt"
    title = "A small GPT writes"
    question = "94,000 characters, and the same time for both: does attention predict the next one better than an LSTM?"
    chapter = "Sequences"
    order = 20
    lesson = "architectures"
    predictions = (
        Prediction("attention", "Yes, by far: attention replaced the LSTM"),
        Prediction("level", "No: on so little text both come out about level, the LSTM a little ahead"),
        Prediction("lstm", "No, by far: without a memory it cannot know what came before"),
        Prediction(
            "neither", "Neither learns anything: such a text is too short for a network to learn from"
        ),
    )
    confirmed = "level"
    claim = "New text costs at most 2.6 bits a character; the Transformer, expected ahead, is up to 0.2 bits behind"
    measures = (
        Measure(
            "transformer", "bits that a character of new text costs the Transformer", "bits", at_most=2.6
        ),
        Measure("lstm", "bits that it costs the LSTM", "bits", at_most=2.6),
        Measure("behind", "bits that the Transformer is behind", "bits", at_least=0, at_most=0.2),
        Measure("frequencies", "bits that it costs who knows how frequent each character is", "bits"),
    )
    budget = 60.0
    sources = ("vaswani2017", "radford2018", "hochreiter1997")
    reads = ("lessons",)

    steps = Whole(1800, "training steps of the Transformer", low=50, high=20_000)
    rate = Number(0.006, "learning rate (Adam), which falls to 0", low=0.0001, high=0.05, live=True)
    temperature = Number(0.7, "how boldly it writes: at 0 always the likeliest", low=0.0, high=2.0, live=True)
    block = Whole(2, "whose attention is shown: the block", low=1, high=BLOCKS, live=True)
    head = Whole(1, "and its head", low=1, high=HEADS, live=True)

    _seen: tuple[CourseText, Writer, Track, int] | None = None

    def run(self, seed: int) -> Run:
        text, track = CourseText.read(), Track()
        gpt, lstm = self._writers(text, seed)
        new, pen, glimpses = cut(text.new, LENGTH + 1), Pen(gpt, text, PROMPT, WRITTEN, seed), 0

        def advance(steps: int) -> None:
            gpt.advance(steps, self.rate)
            lstm.advance(lstm.steps * gpt.cursor.step // gpt.steps - lstm.cursor.step, self.rate)

        for done in paced(advance, gpt.steps, _LOOKS):
            if done * _LOOKS >= glimpses:
                track.put(100 * done, {GPT: gpt.bits(new[:_GLIMPSE]), LSTM: lstm.bits(new[:_GLIMPSE])})
                glimpses += 1
            pen.write(self.temperature, 1)
            news = f"step {gpt.cursor.step:,} of {gpt.steps:,}: {track.last(GPT):.2f} bits a character"
            yield Moment(self._views(pen, track), done, news)
        self._seen = text, gpt, track, seed
        for pen in self._written(text, gpt, seed):
            yield Moment(self._views(pen, track), 1.0, "what it writes in the end")
        bits = {"transformer": gpt.bits(new), "lstm": lstm.bits(new)}
        return {**bits, "behind": bits["transformer"] - bits["lstm"], "frequencies": frequencies(text)}

    def explore(self) -> Mapping[str, View] | None:
        if self._seen is None:
            return None
        text, gpt, track, seed = self._seen
        *_, pen = self._written(text, gpt, seed)
        return self._views(pen, track)

    def why(self, measures: Measures) -> str:
        gap = f"{abs(measures['behind']):.2f} bits {'behind' if measures['behind'] > 0 else 'ahead'}"
        return (
            f"A character costs the Transformer {measures['transformer']:.2f} bits, the LSTM {measures['lstm']:.2f}, "
            f"and {measures['frequencies']:.2f} one who only knows how frequent each is. In the same time and on so "
            f"little text the Transformer is {gap}: that what is near counts most, the LSTM need not learn. Attention "
            f"pays with more text, and on hardware that works on all places at once."
        )

    def _writers(self, text: CourseText, seed: int) -> tuple[Writer, Writer]:
        def writer(network: Callable[..., Tensor], steps: int) -> Writer:
            stretches = drawn(text.known, max(1, steps) * BATCH, LENGTH + 1, seed)
            return Writer(partial(network, kinds=len(text.characters), seed=seed), stretches, seed)

        return writer(transformer, self.steps), writer(recurrent, round(self.steps * LSTM_STEPS))

    def _written(self, text: CourseText, gpt: Writer, seed: int) -> Iterator[Pen]:
        """Whole texts from their beginning, a few characters more each time."""
        pen = Pen(gpt, text, PROMPT, WRITTEN, seed)
        for _ in range(0, WRITTEN, AT_ONCE):
            pen.write(self.temperature, AT_ONCE)
            yield pen

    def _views(self, pen: Pen, track: Track) -> dict[str, View]:
        logits, looks = pen.expected
        shares = probabilities(logits[0], self.temperature)
        likeliest = np.argsort(-shares, kind="stable")[:_LIKELIEST]
        lines = tuple(Line(text) for text in pen.lines())
        names = tuple(visible(pen.text.decoded(pen.texts[0, -_SHOWN:])))
        weights = looks[self.block - 1][0, self.head - 1, -_SHOWN:, -_SHOWN:]
        return {
            "writes": Text(lines, title=f"what it writes at temperature {self.temperature:g}"),
            "attention": HeatMap(
                weights, names, names, title=f"block {self.block}, head {self.head}: each row looks at"
            ),
            "bits": track.curves("% of the training", "bits", title="what a character of new text costs"),
            "next": Bars(
                tuple(visible(pen.text.decoded(likeliest))),
                100 * shares[likeliest],
                "%",
                title="what comes next",
            ),
        }


def transformer(characters: Tensor, kinds: int, seed: int) -> Tensor:
    """Logits of the next characters, by blocks of attention that look back only."""
    embedding = nn.Embedding(kinds, WIDTH, name="characters", seed=seed)
    places = nn.Position(LENGTH, WIDTH, name="places", seed=seed)
    for weight in (embedding.weight, places.weight):
        assert weight.initial is not None
        weight.initial *= _START / weight.initial.std()
    h = places(embedding(characters))
    for number in range(1, BLOCKS + 1):
        h = nn.TransformerBlock(WIDTH, HEADS, name=f"block{number}", causal=True, seed=seed)(h)
    return nn.Linear(WIDTH, kinds, name="next", seed=seed)(nn.LayerNorm(WIDTH, name="norm")(h))


def recurrent(characters: Tensor, kinds: int, seed: int) -> Tensor:
    """Logits of the next characters, by an LSTM."""
    h = nn.Embedding(kinds, WIDTH, name="characters", seed=seed)(characters)
    return nn.Linear(UNITS, kinds, name="next", seed=seed)(nn.LSTM(WIDTH, UNITS, name="lstm", seed=seed)(h))


def frequencies(text: CourseText) -> float:
    """Bits that a new character costs who knows how frequent each is, every one counted once more than it was seen."""
    counts = np.bincount(text.known, minlength=len(text.characters)) + 1
    return float(-np.log2(counts / counts.sum())[text.new].mean())


def visible(text: str) -> str:
    """Characters with signs for those that are not seen."""
    return text.replace(" ", "·").replace("\n", "/")
