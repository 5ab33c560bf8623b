"""A learner: model, data, loss, optimiser and seed, and the moment its training has reached. No screen, no files.

learner = Learner(Recipe(data="spirals", hidden=(8, 8, 8)))
learner.advance(1000)
print(learner.evaluate().test_accuracy)
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm import data
from dlterm.data.encoder import Encoder, names
from dlterm.data.plane import plane_of
from dlterm.data.split import Scaler, split
from dlterm.engine.memory import Cursor, Feed
from dlterm.engine.plan import plan
from dlterm.engine.runtime import machine_for
from dlterm.training.forward import forward
from dlterm.training.masks import held
from dlterm.training.model import build, prediction_batch
from dlterm.training.snapshot import Metrics, Points
from dlterm.training.surgery import NOTHING, place_of
from dlterm.training.task import Objective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.engine.graph import Tensor
    from dlterm.engine.memory import Saved
    from dlterm.engine.workers import Progress
    from dlterm.nn import Network
    from dlterm.training.recipe import Recipe
    from dlterm.training.scores import Scores
    from dlterm.training.surgery import Surgery, Weight

_LIVE = ("lr", "momentum", "l1", "l2", "dropout")
_GRADIENT_EXAMPLES, _GRADIENT_NUMBERS = 1000, 4_000_000
_LARGEST = float(np.finfo(np.float32).max)
_SHAPING = ("model", "hidden", "norm", "features", "axes", "loss", "test")
_OBJECTS = 500  # bytes that Python's objects of a `Moment` take; sys.getsizeof


class DivergedError(Exception):
    """Training reached a number that is not finite. The learner stands at the last finite state before it.

    `step` is the step that failed, `layer` the first tensor in it that was not finite.
    """

    def __init__(self, step: int, layer: str) -> None:
        super().__init__(f"diverged at step {step}: {layer} is not finite")
        self.step = step
        self.layer = layer


@dataclass(frozen=True)
class State:
    """All that training changes: arrays by name, and the place in the run. Restoring it resumes to the bit."""

    arrays: dict[str, NDArray[Any]]
    counters: dict[str, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """The same as it lies in memory."""

    floats: NDArray[Any]
    integers: NDArray[np.int64]
    cursor: Cursor

    @property
    def nbytes(self) -> int:
        """The bytes it takes, those of its objects included."""
        return self.floats.nbytes + self.integers.nbytes + _OBJECTS


@dataclass(frozen=True)
class _Part:
    """One part of the data, as the network sees it."""

    inputs: NDArray[np.float32]  # [examples, inputs], encoded
    targets: NDArray[Any]  # as the loss compares
    raw_targets: NDArray[Any]  # in the data's own units


class Learner:
    """Trains a network as a recipe says. Not thread-safe.

    `notices` are lines for the user: what the data set's reading inferred, and what the engine had to help itself with.
    """

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset | None = None,
        *,
        network: Network | None = None,
        surgery: Surgery = NOTHING,
        progress: Progress | None = None,
    ) -> None:
        """Load the data and build the network, unless they are given, and have the kernels ready.

        A `network` takes the place of the one that the recipe describes: from [batch, features] to as many outputs
        as the data's task has: one for values and for two classes, one a class for more. Of the `surgery` is done
        what fits the network; a given one can be frozen in part, but its units are not knocked out. Raises DltermError,
        and ValueError for a network that does not fit.
        """
        self.recipe = recipe
        self._given = network
        self.dataset = dataset if dataset is not None else load(recipe)
        self.split = split(self.dataset, recipe.test, recipe.seed)
        train_inputs = self.dataset.inputs[self.split.train]
        self.scaler = Scaler.fit(train_inputs, median=recipe.missing == "median")
        self.plane = plane_of(recipe.axes, self.dataset.features, train_inputs, self.scaler)
        self.encoder = Encoder.of(self.scaler, recipe.features, self.plane)
        self.objective = Objective.of(recipe, self.dataset, self.split.train)
        self._train, self._test = self._part(self.split.train), self._part(self.split.test)
        self.network = network or self._built({})
        self.surgery = surgery.fitting(self.network)
        if self.surgery.knocked_out:
            if network is not None:
                raise ValueError("units of a given network cannot be knocked out")
            self.network = self._built(self.surgery.units())
        _check_fit(self.network, len(self.inputs), self.objective.outputs)
        self._prediction_batch = prediction_batch(self.network)
        self._y, self._loss = self.objective.build(self.network.layers[-1])
        rises = recipe.warmup > 0 and recipe.schedule == "constant"
        self._plan = plan(
            self._loss,
            self.network.layers,
            optimizer=recipe.optimizer,
            schedule="warmup" if rises else recipe.schedule,
            clip=recipe.clip > 0,
            held=held(self.surgery, self.network),
            batch=min(recipe.batch, len(self._train.inputs)),
            prediction_batch=self._prediction_batch,
        )
        self.machine, notice = machine_for(self._plan, seed=recipe.seed, progress=progress)
        self.notices = tuple(line for line in (self.plane.note, *self.dataset.notes, notice) if line)
        self._cursor = Cursor()
        self.tune(**{name: getattr(recipe, name) for name in _LIVE})
        self.machine.memory.set_hyper(**self._schedule())
        self._feeds = [Feed(self.network.x, self._train.inputs), Feed(self._y, self._train.targets)]

    @property
    def task(self) -> str:
        """`classification` or `regression`."""
        return self.objective.task

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the network reads, by name: the data's features, or those that the recipe makes of the plane's axes."""
        return names(self.recipe.features, self.plane.names) or self.dataset.features

    @property
    def step(self) -> int:
        """Steps taken."""
        return self._cursor.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._cursor.epoch

    @property
    def examples(self) -> int:
        """Examples in the training part."""
        return len(self._train.inputs)

    @property
    def examples_seen(self) -> int:
        """Examples trained on, counted anew each epoch."""
        return self._cursor.epoch * self.examples + self._cursor.position

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch, the last of which may be smaller."""
        return -(-self.examples // self._plan.batch)

    @property
    def steps_of_epoch(self) -> int:
        """Batches of the epoch under way that were trained on, if all of them had the present size."""
        return -(-self._cursor.position // self._plan.batch)

    @property
    def steps_to_epoch(self) -> int:
        """Batches to the end of the epoch under way."""
        return -(-(self.examples - self._cursor.position) // self._plan.batch)

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        return sum(tensor.spec.size for tensor in self._plan.parameters)

    def tune(self, **hyper: float) -> None:
        """Change lr, momentum, l1, l2 or dropout from the next step on; nothing is planned anew."""
        self.machine.memory.set_hyper(**hyper)
        self.recipe = self.recipe.with_(**hyper)

    def advance(self, steps: int) -> None:
        """Train for so many steps. Raises DivergedError, and then stands at the last finite state."""
        if steps <= 0:
            return
        memory, begun = self.machine.memory, replace(self._cursor)
        before = memory.save()
        done = self._run(steps)
        if done < steps or not memory.is_finite() or not np.isfinite(self._last_loss()):
            self._rewind(before, begun, done)

    def evaluate(self) -> Metrics:
        """Loss and quality on the whole of both parts, without dropout."""
        train_loss, train = self._measure(self._train)
        if len(self._test.inputs) == 0:
            test_loss = test = None
        else:
            test_loss, test = self._measure(self._test)
        if self.task == "regression":
            return Metrics(train_loss, test_loss, train_rmse=train, test_rmse=test)
        return Metrics(train_loss, test_loss, train_accuracy=train, test_accuracy=test)

    def loss(self) -> float:
        """The loss on the whole of the training part, as `evaluate` gives it, at less cost."""
        feeds = [Feed(self.network.x, self._train.inputs), Feed(self._y, self._train.targets)]
        (losses,) = self._forward("evaluate", feeds, [self._loss])
        return float(losses @ self._by_batch(self._train, self._prediction_batch))

    def scores(self) -> Scores | None:
        """All scores on the held-out part; None where nothing is held out."""
        if len(self._test.inputs) == 0:
            return None
        feeds = [Feed(self.network.x, self._test.inputs)]
        (outputs,) = self._forward("predict", feeds, [self.network.output])
        return self.objective.scores(outputs, self._test.raw_targets, self.dataset.classes)

    def predict(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """For inputs [examples, features] in the data's units: probabilities [examples, classes], or values."""
        return self.objective.predictions(self.activations(inputs)[-1])

    def activations(
        self, inputs: NDArray[Any], layers: Sequence[Tensor] | None = None
    ) -> list[NDArray[np.float32]]:
        """For inputs in the data's units: the output of every layer, [examples, units]; the last is the network's."""
        feeds = [Feed(self.network.x, self.encoder.encode(inputs))]
        return self._forward("predict", feeds, layers or self.network.layers)

    def gradients(self, rows: NDArray[np.int64] | None = None) -> dict[str, NDArray[np.float32]]:
        """The loss's gradient on those rows of the data set, by the parameter's name, without dropout.

        Without rows it is that on 1000 examples of the training part, on all of a smaller one, on fewer for a large
        network. The learner stays as it is.
        """
        if rows is None:
            most = self._plan.batch * max(1, _GRADIENT_NUMBERS // self.parameters)
            rows = np.random.default_rng(0).permutation(self.split.train)[: min(_GRADIENT_EXAMPLES, most)]
        part, memory = self._part(rows), self.machine.memory
        feeds = [Feed(self.network.x, part.inputs), Feed(self._y, part.targets)]
        tensors = {span: tensor for tensor, span in self._plan.tapes["gradient"].spans.items()}
        wanted = {p.name: tensors[span] for p, span in self._plan.gradients.items()}
        batch = min(self._plan.batch, len(rows))
        before = memory.save()  # batch norm's running estimates move
        memory.set_hyper(dropout=0.0)
        try:
            found = self._forward("gradient", feeds, list(wanted.values()), batch)
        finally:
            memory.set_hyper(dropout=self.recipe.dropout)
            memory.restore(before)
        shares = self._by_batch(part, batch)
        return {
            name: np.einsum("b,b...->...", shares, steps) for name, steps in zip(wanted, found, strict=True)
        }

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Copies of the parameters by name: `hidden1.weight` [outputs, inputs], `hidden1.bias` [outputs], ..."""
        return {name: array.astype(np.float32) for name, array in self.machine.memory.parameters().items()}

    def model(self) -> dict[str, NDArray[np.float32]]:
        """Copies of all that predicting needs, by name: the parameters, and the running statistics of norms."""
        memory = self.machine.memory
        return {
            name: array.astype(np.float32) for name, array in (memory.parameters() | memory.buffers()).items()
        }

    def points(self) -> Points:
        """The examples on the plane."""
        held_out = np.zeros(len(self.dataset.targets), np.bool_)
        held_out[self.split.test] = True
        places = self.plane.coordinates(self.dataset.inputs)
        return Points(places, self.dataset.targets.astype(np.float32), held_out)

    def state(self) -> State:
        """A copy of all that training changes."""
        arrays = {name: array.copy() for name, array in self.machine.memory.persistent().items()}
        return State(arrays, {name: getattr(self._cursor, name) for name in ("step", "epoch", "position")})

    def restore(self, state: State) -> None:
        """Go to a state of a learner with the same recipe. Raises ValueError where it does not fit."""
        left = self.machine.memory.adopt(state.arrays)
        if left:
            raise ValueError(f"the state does not fit: {', '.join(left)}")
        self._cursor = Cursor(**state.counters)

    def weight(self, weight: Weight) -> float:
        """The value of a weight, or of a bias. Raises ValueError where there is none."""
        parameter, place = self._parameter(weight)
        return float(parameter[place])

    def edit(self, weight: Weight, value: float) -> None:
        """Set a weight, or a bias, from the next step on. Raises ValueError."""
        if not abs(value) <= _LARGEST:
            raise ValueError(f"a weight cannot be {value}")
        parameter, place = self._parameter(weight)
        parameter[place] = value

    def operated(self, surgery: Surgery, *, progress: Progress | None = None) -> Learner:
        """A learner at the same moment, of which that much is frozen and knocked out."""
        learner = Learner(self.recipe, self.dataset, network=self._given, surgery=surgery, progress=progress)
        learner.restore(self.state())
        return learner

    def changed(
        self, recipe: Recipe, dataset: Dataset | None = None, *, progress: Progress | None = None
    ) -> Learner:
        """A learner of another recipe that keeps what fits: the data, parameters and optimiser state by name and shape.

        It keeps the surgery, too. With another seed or initialiser all begins anew, and so does a first layer that
        reads other features. Steps and epochs count on, unless the data or the seed are others. `dataset` is what the
        recipe names, where that is known.
        """
        kept = same_data(recipe, self.recipe)
        learner = Learner(
            recipe,
            self.dataset if kept else dataset,
            network=self._given,
            surgery=self.surgery,
            progress=progress,
        )
        if (recipe.seed, recipe.init) != (self.recipe.seed, self.recipe.init):
            return learner
        values = self.machine.memory.persistent()
        if learner.inputs != self.inputs:
            first = f" {self.network.layers[0].name}."
            values = {name: array for name, array in values.items() if first not in f" {name}"}
        learner.machine.memory.adopt(values)
        if kept and recipe.test == self.recipe.test:
            learner._cursor = replace(self._cursor)
        return learner

    def apart(self, most: int | None = None) -> Learner:
        """A learner at the same moment with a memory of its own, for another thread.

        Its training part has `most` examples at most, drawn by the seed; scaling and objective are those of the whole.
        """
        other = copy(self)
        other.machine, _ = machine_for(self._plan, seed=self.recipe.seed)
        mine, theirs = self.machine.memory, other.machine.memory
        for name in ("floats", "integers", "hyper"):
            getattr(theirs, name)[:] = getattr(mine, name)
        other._cursor = replace(self._cursor)
        if most is not None and most < self.examples:
            rows = np.random.default_rng(self.recipe.seed).permutation(self.split.train)[:most]
            other.split = replace(self.split, train=np.sort(rows))
            other._train = self._part(other.split.train)
            other._feeds = [Feed(self.network.x, other._train.inputs), Feed(self._y, other._train.targets)]
            other._cursor.position = 0
        return other

    def save(self) -> Moment:
        """As `state`, for a learner of the same recipe and surgery alone: small, and within microseconds."""
        return Moment(*self.machine.memory.save(), replace(self._cursor))

    @property
    def moment_bytes(self) -> int:
        """What `save` takes, about."""
        return self._plan.trained * self.machine.memory.floats.itemsize + _OBJECTS

    def weights_at(self, moment: Moment) -> NDArray[np.float32]:
        """The parameters of a moment as one vector [n], in the order of `weights`; the learner stays where it is.

        The moment may be that of a learner with another optimiser or another batch: parameters lie before all that
        these decide.
        """
        spans = self._plan.parameters.values()
        return np.concatenate([moment.floats[span.start : span.end] for span in spans]).astype(np.float32)

    def go_to(self, moment: Moment) -> None:
        """Go to a moment that such a learner has saved."""
        self.machine.memory.restore((moment.floats, moment.integers))
        self._cursor = replace(moment.cursor)

    def _parameter(self, weight: Weight) -> tuple[NDArray[Any], tuple[int, ...]]:
        name, place = place_of(weight)
        found = self.machine.memory.parameters().get(name)
        if found is None or not all(0 <= k < size for k, size in zip(place, found.shape, strict=True)):
            raise ValueError(f"there is no weight {name}{list(place)}")
        return found, place

    def _built(self, knocked_out: dict[str, list[int]]) -> Network:
        return build(self.recipe, len(self.inputs), self.dataset.image, self.objective, knocked_out)

    def _schedule(self) -> dict[str, float]:
        """The schedule's hyper-parameters, in steps."""
        recipe, epoch = self.recipe, self.steps_per_epoch
        warmup = round(recipe.warmup * epoch)
        periods = {"step": recipe.decay_epochs * epoch, "cosine": recipe.epochs * epoch - warmup}
        period = max(1, periods.get(recipe.schedule, 1))
        return {"warmup": warmup, "period": period, "gamma": recipe.decay, "clip": recipe.clip}

    def _part(self, rows: NDArray[np.int64]) -> _Part:
        inputs = self.encoder.encode(self.dataset.inputs[rows])
        raw = self.dataset.targets[rows]
        return _Part(inputs, self.objective.targets(raw), raw)

    def _run(self, steps: int) -> int:
        return self.machine.run("train", self._feeds, self._cursor, steps, shuffle=True, loss=self._loss)

    def _last_loss(self) -> float:
        tape = self._plan.tapes["train"]
        return float(self.machine.memory.view(tape.spans[self._loss])[0])

    def _rewind(self, before: Saved, begun: Cursor, done: int) -> None:
        """Find the last finite state between `before` and `done` steps later, and stand there."""
        memory = self.machine.memory
        for steps in range(done - 1, -1, -1):
            memory.restore(before)
            self._cursor = replace(begun)
            if steps == 0 or (self._run(steps) == steps and memory.is_finite()):
                break
        good = self.state()
        self._run(1)
        layer = self._first_not_finite()
        self.restore(good)
        raise DivergedError(self.step + 1, layer)

    def _first_not_finite(self) -> str:
        """The first tensor that the last training step made not finite."""
        tape = self._plan.tapes["train"]
        for instruction in tape.instructions:
            for tensor in instruction.node.outputs:
                if not np.isfinite(self.machine.memory.view(tape.spans[tensor])).all():
                    return tensor.name
        return "the step of the optimiser"

    def _measure(self, part: _Part) -> tuple[float, float]:
        """Loss and quality."""
        feeds = [Feed(self.network.x, part.inputs), Feed(self._y, part.targets)]
        losses, outputs = self._forward("evaluate", feeds, [self._loss, self.network.layers[-1]])
        shares = self._by_batch(part, self._prediction_batch)
        return float(losses @ shares), self.objective.quality(outputs, part.raw_targets)

    def _by_batch(self, part: _Part, batch: int) -> NDArray[np.float64]:
        """How much of the whole each batch is, where examples may count differently: [batches]."""
        weights = self.objective.weights(part.raw_targets)
        return np.add.reduceat(weights, np.arange(0, len(weights), batch)) / weights.sum()

    def _forward(
        self, tape: str, feeds: list[Feed], wanted: Sequence[Tensor], batch: int | None = None
    ) -> list[NDArray[np.float32]]:
        return forward(self.machine, tape, feeds, wanted, batch or self._prediction_batch)


def _check_fit(network: Network, features: int, outputs: int) -> None:
    if (network.x.shape, network.output.shape) != ((features,), (outputs,)):
        raise ValueError(
            f"a network from {features} features to {outputs} outputs is needed, not from "
            f"{list(network.x.shape)} to {list(network.output.shape)}"
        )


def load(recipe: Recipe) -> Dataset:
    """The recipe's data set. Raises DltermError."""
    return data.load(
        recipe.data,
        count=recipe.count,
        noise=recipe.noise,
        classes=recipe.classes,
        seed=recipe.seed,
        target=recipe.target,
        task=recipe.task,
        missing=recipe.missing,
        na=recipe.na,
        ignore=recipe.ignore,
    )


def same_weights(one: Recipe, other: Recipe) -> bool:
    """Whether the weights of two recipes' networks have the same names, shapes and meaning."""
    return data_of(one) == data_of(other) and all(
        getattr(one, field) == getattr(other, field) for field in _SHAPING
    )


def same_data(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes have the same data set."""
    return data_of(one) == data_of(other)


def data_of(recipe: Recipe) -> tuple[object, ...]:
    """What of a recipe decides its data set."""
    fields = ("data", "count", "noise", "classes", "target", "task", "ignore", "missing", "na", "seed")
    return tuple(getattr(recipe, field) for field in fields)
