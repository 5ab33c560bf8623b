"""An experiment that does nothing much, and soon, for tests of what drives experiments."""

from __future__ import annotations

from dlterm.drawing.views import Number as NumberView
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Canvas, Choice, Number, Switch, Whole


class Counting(Experiment):
    id = "counting"
    title = "Counting"
    question = "How far?"
    chapter = "Why now"
    order = 10
    lesson = "neuron"
    predictions = (Prediction("far", "Far"), Prediction("near", "Near"))
    confirmed = "far"
    claim = "At least three"
    measures = (Measure("count", "how far it counted", at_least=3), Measure("seed", "its seed"))
    budget = 1.0

    steps = Whole(5, "how far it counts", low=1, high=1_000_000)
    stride = Number(1.0, "how much at a time", low=0.5, high=2.0, live=True)
    mood = Choice("calm", "how", ("calm", "wild"))
    loud = Switch(False, "whether it shouts")
    drawing = Canvas(2, 3, "what it looks at")

    closed = 0

    def run(self, seed):
        count = 0.0
        try:
            for step in range(self.steps):
                count += self.stride
                yield Moment({"count": NumberView(count)}, (step + 1) / self.steps, f"{count:g}")
        finally:
            type(self).closed += 1
        return {"count": count, "seed": seed}

    def why(self, measures):
        return f"it got to {measures['count']:g}"
