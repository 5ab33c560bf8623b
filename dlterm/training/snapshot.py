"""What a screen, a file or a test may know of a learner at one moment: immutable, and a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.landscape import Surface
    from dlterm.training.recipe import Recipe

Directions = Literal["principal", "random"]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Loss and quality on the whole training part and on the held-out part (None where there is none).

    `accuracy` is a share (0 to 1) and is None for regression; `rmse` is in the target's own units and is None
    for classification.
    """

    train_loss: float
    test_loss: float | None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    train_rmse: float | None = None
    test_rmse: float | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """The recorded epochs and the metrics at each, as equally long float64 arrays; NaN where there is none."""

    epochs: NDArray[np.float64]
    train_loss: NDArray[np.float64]
    test_loss: NDArray[np.float64]
    train_quality: NDArray[np.float64]  # accuracy, or RMSE for regression
    test_quality: NDArray[np.float64]

    def until(self, epoch: float) -> Curves:
        """What of them was recorded by then."""
        count = int(self.epochs.searchsorted(epoch, "right"))
        columns = self.epochs, self.train_loss, self.test_loss, self.train_quality, self.test_quality
        return Curves(*(column[:count] for column in columns))


@dataclass(frozen=True, slots=True)
class Points:
    """The examples as the screen draws them."""

    inputs: NDArray[np.float32]  # [examples, 2]: the two features on the axes, in the data's own units
    targets: NDArray[np.float32]  # [examples]: class number, or value for regression
    held_out: NDArray[np.bool_]  # [examples]: in the test part


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of training that was left, and can be returned to."""

    name: str  # "run 1"
    latest: int  # steps
    curves: Curves


@dataclass(frozen=True, slots=True)
class Marks:
    """What surgery has done, layer by layer as `Snapshot.weights`: True for what is frozen, or knocked out."""

    frozen_weights: tuple[NDArray[np.bool_], ...] = ()  # per layer [outputs, inputs]
    frozen_biases: tuple[NDArray[np.bool_], ...] = ()  # per layer [outputs]
    knocked_out: tuple[NDArray[np.bool_], ...] = ()  # per layer [outputs]


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often numbers lie between two edges; the range is the same to both sides of 0."""

    edges: NDArray[np.float64]  # [bins + 1]
    counts: NDArray[np.int64]  # [bins]


@dataclass(frozen=True, slots=True)
class LayerLens:
    """A layer under the lens. The gradient is the mean over up to 1000 examples of the training part."""

    weights: Histogram
    gradients: Histogram  # of the weights
    gradient_norm: float  # of weights and biases together
    dead: NDArray[np.bool_]  # [units]: a ReLU that no training example activates (of 5000 at most)
    saturated: NDArray[np.bool_]  # [units]: tanh or sigmoid at their ends for every one


@dataclass(frozen=True, slots=True)
class ExampleLens:
    """One example on its way forwards and its error on the way back, number by number."""

    number: int  # as in `Points`
    loss: float
    inputs: NDArray[np.float32]  # [features], as the network sees them
    activations: tuple[NDArray[np.float32], ...]  # per layer [units]
    errors: tuple[
        NDArray[np.float32], ...
    ]  # per layer [units]: d loss / d weighted sum, also that of the bias
    gradients: tuple[NDArray[np.float32], ...]  # per layer [units, inputs]: d loss / d weight


@dataclass(frozen=True, slots=True)
class Lens:
    """What is looked at only on request."""

    at: int  # the moment that it shows
    layers: tuple[LayerLens, ...]
    losses: NDArray[np.float32]  # of each example of `Points`
    answers: NDArray[np.float32]  # to each: class probabilities [examples, classes], or values [examples]
    chosen: NDArray[np.int64] | None  # the class number that each is taken for; None for regression
    wrong: NDArray[np.bool_]  # of each, whether its class is not the predicted one; all False for regression
    example: ExampleLens | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Which plane to look over: the path's principal directions, or random ones, which the seed draws."""

    directions: Directions = "principal"
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """A surface, and where on it the run has been. Arrays are never written again."""

    wish: Wish
    surface: Surface
    path: NDArray[np.float64]  # [k, 2]: from where the weights began to where they were when it was surveyed
    here: NDArray[np.float64]  # [2]: where they are now
    shown: float  # the share of the path's variance around its end that lies in the plane


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a session. Arrays are never written again by anyone.

    `field` is the network's answer over `domain` (x from left to right, y from top to bottom):
    regression and two classes [1, height, width] in -1..1 (towards the second class, or the upper end of
    the target's range, is positive); more classes [classes, height, width], each a probability.
    `maps[k]` is layer k's units over the same domain, [units, map_height, map_width], scaled to -1..1; `maps[0]`
    are the inputs, the last is the output layer.

    `curves` reach to the newest end of the branch; `epochs` is where on them this moment is.
    `at` and `latest` count the steps of this branch from its beginning on, through changes of the data and resets, each
    of which begins `step` and the curves anew. Where `at` is before `latest` this is the past; where `goal` is a number
    it is on its way there.
    """

    number: int  # counts up by one a snapshot
    recipe: Recipe
    status: str  # "loading" | "compiling" | "paused" | "running" | "diverged" | "failed"
    message: str  # one line for the reader: progress, what diverged, failed or was refused; may be empty
    refused: Recipe | None = None  # what it was to be changed to last, and cannot
    task: str = "classification"
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()  # what the network reads: the names of `maps[0]`
    axes: tuple[str, ...] = ()  # what `domain` measures: two names, or one where the data have one feature
    step: int = 0
    epoch: int = 0
    examples_per_second: float = 0.0
    parameters: int = 0
    metrics: Metrics | None = None
    curves: Curves | None = None
    points: Points | None = None
    domain: tuple[float, float, float, float] = (-1.0, 1.0, -1.0, 1.0)  # x0, x1, y0, y1
    target_range: tuple[float, float] = (
        0.0,
        1.0,
    )  # regression: the values that -1 and 1 of the field stand for
    field: NDArray[np.float32] | None = None
    maps: tuple[NDArray[np.float32], ...] = ()
    weights: tuple[NDArray[np.float32], ...] = ()  # per layer [outputs, inputs]
    biases: tuple[NDArray[np.float32], ...] = ()  # per layer [outputs]
    marks: Marks | None = None
    lens: Lens | None = None  # see `Session.inspect`
    landscape: Landscape | None = None  # see `Session.survey`
    epochs: float = 0.0  # passes over the data, the one under way as a fraction
    steps_per_epoch: int = 1
    at: int = 0
    earliest: int = 0  # the first step that can be gone to
    latest: int = 0
    goal: int | None = None  # the step that is replayed to
    branch: str = ""
    other_curves: tuple[Branch, ...] = ()
    undoable: int = 0  # how many changes can be undone, and made again
    redoable: int = 0

    @property
    def is_past(self) -> bool:
        """Whether more has happened after this moment: to train from here is to begin a branch."""
        return self.at < self.latest
