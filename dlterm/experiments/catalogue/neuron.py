"""One neuron: a weighted sum, a bias, an activation, with every number in hand.

McCulloch and Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943; Rosenblatt, 1958.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing.views import Curves, Field, Line, Mark, Series, Text
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number
from dlterm.training.snapshot import Points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Values = NDArray[np.float64]

ACTIVATIONS: dict[str, Callable[[Values], Any]] = {
    "step": lambda z: (z >= 0) * 1.0,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "identity": lambda z: z,
}
_DOMAIN = (-1.0, 2.0, -1.0, 2.0)
_PIXELS = 48
_SECONDS = 0.8  # that a line of the sum is worth


class Neuron(Experiment):
    """The sum, term by term; the activation with the sum marked; the answer over a plane of inputs."""

    id = "neuron"
    title = "One neuron, by hand"
    question = "Inputs 1 and 0, weights 0.6 and -0.4, bias -0.1, a sigmoid: what does the neuron answer?"
    chapter = "One neuron to deep"
    order = 10
    lesson = "neuron"
    predictions = (
        Prediction("sum", "0.5, as that is the sum"),
        Prediction("squashed", "A little above 0.6, as the sum is squashed"),
        Prediction("on", "1, as the sum is above zero"),
        Prediction("low", "Below 0.5, as the bias is negative"),
    )
    confirmed = "squashed"
    claim = "The sum is 0.5, and its sigmoid 0.6225"
    measures = (
        Measure("z", "the weighted sum and the bias", at_least=0.4999999, at_most=0.5000001),
        Measure("answer", "the activation of the sum", at_least=0.62245, at_most=0.62255),
        Measure("distance", "from the inputs to the border, where the sum is zero"),
    )
    budget = 1.0
    needed = 20
    sources = ("mcculloch1943", "rosenblatt1958")

    x1 = Number(1.0, "first input", low=-1.0, high=2.0, live=True)
    x2 = Number(0.0, "second input", low=-1.0, high=2.0, live=True)
    w1 = Number(0.6, "first weight", low=-5.0, high=5.0, live=True)
    w2 = Number(-0.4, "second weight", low=-5.0, high=5.0, live=True)
    bias = Number(-0.1, "bias", low=-5.0, high=5.0, live=True)
    activation = Choice("sigmoid", "activation", tuple(ACTIVATIONS), live=True)

    def run(self, seed: int) -> Run:  # chance plays no part
        z, answer = self._answer()
        lines = self._lines(z, answer)
        for done in range(1, len(lines) + 1):
            yield Moment(
                self._views(lines[:done], z, answer), done / len(lines), lines[done - 1], linger=_SECONDS
            )
        length = float(np.hypot(self.w1, self.w2))
        return {"z": z, "answer": answer, "distance": abs(z) / length if length else 0.0}

    def explore(self) -> dict[str, View]:
        z, answer = self._answer()
        return self._views(self._lines(z, answer), z, answer)

    def why(self, measures: Measures) -> str:
        side = "on the side of yes" if measures["z"] > 0 else "not on the side of yes"
        return (
            f"The sum is {measures['z']:.4g}, which is {side} of the border, and the {self.activation} makes "
            f"{measures['answer']:.4g} of it. The weights turn the border, the bias moves it, the activation only says "
            f"how sharply the answer changes across it."
        )

    def _answer(self) -> tuple[float, float]:
        z = self._sum(np.array(self.x1), np.array(self.x2))
        return float(z), float(ACTIVATIONS[self.activation](z))

    def _sum(self, x1: Values, x2: Values) -> Values:
        return self.w1 * x1 + self.w2 * x2 + self.bias

    def _lines(self, z: float, answer: float) -> list[str]:
        one, two = self.x1 * self.w1 + 0.0, self.x2 * self.w2 + 0.0  # 0.0 makes 0 of -0
        return [
            f"first input × its weight: {self.x1:g} × {_factor(self.w1)} = {one:.4g}",
            f"second input × its weight: {self.x2:g} × {_factor(self.w2)} = {two:.4g}",
            f"both, and the bias: z = {one:.4g} + {_factor(two)} + {_factor(self.bias)} = {z:.4g}",
            f"answer: {self.activation}({z:.4g}) = {answer:.4g}",
        ]

    def _views(self, lines: list[str], z: float, answer: float) -> dict[str, View]:
        function, reach = ACTIVATIONS[self.activation], max(4.0, 1.2 * abs(z))
        across = np.linspace(-reach, reach, 161)
        curve = Curves(
            (Series(self.activation, across, function(across)),),
            "z",
            "answer",
            marks=(Mark(z, f"{answer:.4g}", answer),),
            title="the activation",
        )
        return {
            "sum": Text(tuple(map(Line, lines)), title="the sum"),
            "activation": curve,
            "plane": self._plane(),
        }

    def _plane(self) -> Field:
        x0, x1, y0, y1 = _DOMAIN
        places = (np.arange(_PIXELS) + 0.5) / _PIXELS
        x, y = np.meshgrid(x0 + (x1 - x0) * places, y1 - (y1 - y0) * places)
        answers = ACTIVATIONS[self.activation](self._sum(x, y))
        if self.activation in ("step", "sigmoid"):
            answers = 2 * answers - 1
        here = np.array([[self.x1, self.x2]], np.float32)
        points = Points(here, np.zeros(1, np.float32), np.zeros(1, np.bool_))
        values = np.clip(answers, -1, 1).astype(np.float32)[None]
        return Field(values, _DOMAIN, points, title="the answer to all inputs")


def _factor(value: float) -> str:
    return f"({value:.4g})" if value < 0 else f"{value:.4g}"
