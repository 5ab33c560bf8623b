"""All that a playground sets: it is in the recipe, works on every set, and can be turned while it trains."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import numpy as np
import pytest

from dlterm.data.generators import GENERATORS
from dlterm.training.learner import Learner
from dlterm.training.recipe import ACTIVATIONS, FEATURES, LOSSES, Recipe
from dlterm.training.session import Session

if TYPE_CHECKING:
    from dlterm.training.snapshot import Snapshot

SURFACES = ("plane", "hills")
CLOUDS = sorted(set(GENERATORS) - set(SURFACES))
VALUE_LOSSES = ("auto", "mse", "mae", "huber")

TURNS: dict[str, list[dict[str, object]]] = {
    "noise": [{"noise": 0.3}],
    "size": [{"count": 60}, {"count": 500}],
    "test part": [{"test": 0.0}, {"test": 0.9}],
    "another seed": [{"seed": 7}],
    "L1": [{"l1": 0.01}],
    "L2": [{"l2": 0.01}],
    "dropout": [{"dropout": 0.5}, {"dropout": 0.0}],
    "norm": [{"norm": "batch"}, {"norm": "none"}],
    "first weights": [{"init": name} for name in ("he", "zeros", "uniform", "lecun", "xavier")],
    "loss": [{"loss": name} for name in LOSSES],
    "schedule": [{"schedule": "step"}, {"schedule": "cosine", "warmup": 1.0}],
    "batch": [{"batch": 1}, {"batch": 64}],
    "optimizer": [{"optimizer": name} for name in ("sgd", "momentum", "nesterov", "rmsprop", "adamw")],
    "layers": [{"hidden": ()}, {"hidden": (16,) * 8}],
    "activation": [{"activation": name} for name in ACTIVATIONS],
    "activation of each layer": [{"activation": ("relu", "sigmoid")}, {"activation": ("relu", "tanh")}],
    "features": [{"features": FEATURES}, {"features": ("x1x2",)}, {"features": ()}],
    "axes": [{"axes": ("x2", "x1")}, {"axes": ("pca",)}],
    "classes": [{"classes": classes} for classes in (3, 6, 2)],
    "a surface": [{"data": "hills"}, {"loss": "huber"}, {"loss": "auto", "data": "moons"}],
}


class Watched:
    """A session that trains from the start, and can be waited for."""

    def __init__(self, recipe: Recipe) -> None:
        self._changed = threading.Condition()
        self._shown: list[Snapshot] = []
        self.session = Session(recipe, self._publish, field_size=(20, 10))

    def __enter__(self) -> Self:
        self.session.start()
        self.session.play()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def _publish(self, snapshot: Snapshot) -> None:
        with self._changed:
            self._shown.append(snapshot)
            self._changed.notify_all()

    def turned(self, recipe: Recipe) -> Snapshot:
        """A snapshot after the session was changed to the recipe and has trained on."""
        with self._changed:
            begun = len(self._shown)
        self.session.change(recipe)
        return self.trained(recipe, begun)

    def trained(self, recipe: Recipe, begun: int = 0) -> Snapshot:
        """A snapshot of the recipe, steps after the first of it."""
        with self._changed:

            def found() -> list[Snapshot]:
                return [s for s in self._shown[begun:] if s.recipe == recipe and s.status == "running"]

            assert self._changed.wait_for(lambda: found() and found()[-1].step > found()[0].step, timeout=60)
            return found()[-1]


@pytest.mark.parametrize("turns", TURNS.values(), ids=TURNS)
def test_a_setting_is_turned_while_it_trains(turns: list[dict[str, object]]) -> None:
    recipe = Recipe(count=100, hidden=(4, 3))
    with Watched(recipe) as watched:
        watched.trained(recipe)
        for turn in turns:
            recipe = recipe.with_(**turn)
            shown = watched.turned(recipe)
            assert shown.field is not None
            assert np.isfinite(shown.field).all()
            assert len(shown.maps[0]) == len(shown.features)
            assert len(shown.maps) == len(recipe.hidden) + 2


@pytest.mark.parametrize("classes", range(2, 7))
@pytest.mark.parametrize("data", CLOUDS)
def test_every_set_is_learned_with_two_to_six_classes(data: str, classes: int) -> None:
    learner = Learner(Recipe(data=data, classes=classes, hidden=(16, 16), lr=0.01, count=600))
    learner.advance(300 * learner.steps_per_epoch)
    accuracy = learner.evaluate().train_accuracy
    assert accuracy is not None
    assert accuracy > 0.9
    assert len(np.unique(learner.dataset.targets)) == classes


@pytest.mark.parametrize("loss", VALUE_LOSSES)
@pytest.mark.parametrize("data", SURFACES)
def test_every_surface_is_learned_with_every_loss_of_values(data: str, loss: str) -> None:
    learner = Learner(Recipe(data=data, loss=loss, hidden=(16, 16), lr=0.01))
    learner.advance(200 * learner.steps_per_epoch)
    rmse = learner.evaluate().train_rmse
    assert rmse is not None
    assert rmse < 0.3 * learner.dataset.targets.std()


@pytest.mark.parametrize(
    "line",
    [
        "spirals?features=x1,x2,sinx1,sinx2&hidden=6,4&activation=relu,tanh&dropout=0.1&norm=batch",
        "iris?axes=pca&features=x1,x2,x1x2&hidden=5&loss=hinge&l1=0.001&schedule=cosine&batch=7",
    ],
)
def test_a_recipe_gives_the_lab_and_headless_training_the_same_bits(line: str) -> None:
    recipe = Recipe.parse(line)
    with Watched(recipe) as watched:
        shown = watched.trained(recipe)
    learner = Learner(recipe)
    learner.advance(shown.step)
    for layer, array in zip(learner.network.layers, shown.weights, strict=True):
        assert array.tobytes() == learner.weights()[f"{layer.name}.weight"].tobytes()
