"""Overfitting: a large network learns a small data set by heart; four remedies.

Krogh and Hertz, "A simple weight decay can improve generalization", NIPS 1991; Srivastava et al., "Dropout", JMLR 15,
2014; Prechelt, "Early stopping - but when?", 1998. A gap is the loss on held-out examples less that on the training
part. Early stopping chooses its moment on one half of the held-out examples; every gap is measured on the other. Gaps
are means over several draws of the data: on single ones of 40 examples dropout left 19 to 103 % of the gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Bars
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import field_of
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

_EXAMPLES = 1200  # of which all but the training part are held out
_FRAMES = 30  # of each draw
REMEDIES = {"l2": "L2", "dropout": "dropout", "early": "early stop", "more": "more data"}


class Overfitting(Experiment):
    """One network on 40 noisy examples: as it is, with each remedy, and with fifteen times the data."""

    id = "overfitting"
    title = "Learning by heart, and what helps"
    question = "A network of 4,400 weights learns 40 noisy examples. What narrows the gap to examples it has not seen?"
    chapter = "One neuron to deep"
    order = 110
    lesson = "overfitting"
    predictions = (
        Prediction("longer", "Training longer: the held-out loss follows the training loss in time"),
        Prediction("data", "Only more data; the rest just slows the training down"),
        Prediction("all", "Weight decay, dropout, stopping early and more data, each by itself"),
        Prediction("none", "Nothing: noise is noise"),
    )
    confirmed = "all"
    claim = "Without a remedy a gap opens; L2, dropout, early stopping and more data each leave at most 80 % of it"
    measures = (
        Measure("gap", "held-out loss less training loss, without a remedy", at_least=0.1),
        *(
            Measure(name, f"gap with {words}, as a share of that", "share", at_most=0.8)
            for name, words in REMEDIES.items()
        ),
    )
    budget = 20.0
    sources = ("krogh1991", "srivastava2014", "prechelt1998")

    steps = Whole(3000, "training steps of 10 examples", low=100, high=20_000)
    draws = Whole(4, "draws of the data", low=1, high=20)
    train = Whole(40, "examples to train on", low=10, high=400)
    noise = Number(1.2, "noise on the positions", low=0.1, high=3.0)
    l2 = Number(0.01, "strength of L2", low=0.0, high=0.3)
    dropout = Number(0.5, "share of the units that drops out", low=0.0, high=0.9)

    def run(self, seed: int) -> Run:
        gaps: list[dict[str, float]] = []
        for draw in range(self.draws):
            learners, track = self._learners(1000 * seed + draw), Track()
            gaps.append({})
            best = np.inf
            for frame in range(_FRAMES + 1):
                for name, learner in learners.items():
                    learner.advance(self.steps * frame // _FRAMES - learner.step)
                    train, stop, test = losses(learner)
                    gaps[-1][name] = test - train
                    track.put(
                        learner.step, {"held out" if name == "none" else f"with {REMEDIES[name]}": test}
                    )
                    if name == "none":
                        track.put(learner.step, {"training": train})
                        if stop < best:
                            best, gaps[-1]["early"] = stop, test - train
                done = (draw + frame / _FRAMES) / self.draws
                news = f"draw {draw + 1} of {self.draws}, step {learners['none'].step:,} of {self.steps:,}"
                yield Moment(_views(learners, track, _means(gaps)), done, news, linger=0.05)
        means = _means(gaps)
        whole = max(means["none"], 1e-9)
        return {"gap": means["none"], **{name: means[name] / whole for name in REMEDIES}}

    def why(self, measures: Measures) -> str:
        shares = ", ".join(f"{words} {measures[name]:.0%}" for name, words in REMEDIES.items())
        return (
            f"With no remedy held-out examples cost {measures['gap']:.2g} more than those learned by heart. Left of "
            f"that gap: {shares}. The first three keep the network from bending around single examples; more data "
            f"leave it less to bend around."
        )

    def _learners(self, seed: int) -> dict[str, Learner]:
        held_out = 1 - self.train / _EXAMPLES
        recipe = Recipe(
            data="moons",
            count=_EXAMPLES,
            noise=self.noise,
            test=held_out,
            hidden=(64, 64),
            lr=0.003,
            seed=seed,
        )
        changed = {
            "none": {},
            "l2": {"l2": self.l2},
            "dropout": {"dropout": self.dropout},
            "more": {"test": 0.5},
        }
        return {name: Learner(recipe.with_(**fields)) for name, fields in changed.items()}


def losses(learner: Learner) -> tuple[float, float, float]:
    """The loss on the training part, on one half of what is held out, and on the other."""
    held_out = learner.split.test
    halves = held_out[::2], held_out[1::2]
    one, other = (_loss(learner, rows) for rows in halves)
    return learner.loss(), one, other


def _loss(learner: Learner, rows: NDArray[np.int64]) -> float:
    outputs = learner.activations(learner.dataset.inputs[rows])[-1]
    return float(learner.objective.losses(outputs, learner.dataset.targets[rows]).mean())


def _means(gaps: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([each[name] for each in gaps])) for name in gaps[-1]}


def _views(learners: dict[str, Learner], track: Track, gaps: dict[str, float]) -> dict[str, View]:
    labels = ("no remedy", *REMEDIES.values())
    return {
        "losses": track.curves("step", "loss", title="loss, on this draw"),
        "gaps": Bars(
            labels, np.maximum([gaps["none"], *(gaps[name] for name in REMEDIES)], 0), title="the gap"
        ),
        "none": field_of(learners["none"], "no remedy"),
        "l2": field_of(learners["l2"], "L2"),
    }
