"""A network as source code: run in the library that it is written for, it gives the same answers."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm.data.encoder import FEATURES
from dlterm.errors import DltermError
from dlterm.nn.activations import ACTIVATIONS
from dlterm.training.learner import Learner
from dlterm.training.model_file import Trained, packed_model
from dlterm.training.recipe import Recipe
from dlterm.training.source import FRAMEWORKS, INLINE, numbers, source
from dlterm.training.surgery import Surgery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Keras on PyTorch warns of this itself.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LIBRARIES = {"pytorch": "torch", "keras": "keras", "sklearn": "sklearn"}
EVERYWHERE = (
    "spirals",
    "xor?model=linear",
    "gaussians?classes=4&activation=relu&hidden=5",
    "moons?loss=cross_entropy&activation=sigmoid&dropout=0.3",
    "hills?hidden=6,3&activation=identity",
    "iris?hidden=4",
    "circle?features=x2,x1x2,sinx1&hidden=3",
)
NOT_IN_SCIKIT_LEARN = (
    *(
        f"moons?activation={name}"
        for name in ACTIVATIONS
        if name not in ("tanh", "relu", "sigmoid", "identity")
    ),
    "moons?norm=batch&hidden=4,3",
    "moons?activation=relu,tanh",
    "spirals?loss=hinge",
    "spirals?loss=mse",
    "gaussians?classes=3&loss=binary_cross_entropy",
    "digits?model=cnn&channels=2,3&hidden=4&norm=batch&dropout=0.1",
)


@pytest.fixture(scope="module")
def learned() -> Callable[[str], Learner]:
    known: dict[str, Learner] = {}

    def learn(line: str) -> Learner:
        if line not in known:
            known[line] = Learner(Recipe.parse(line))
            known[line].advance(200)
        return known[line]

    return learn


def run(text: str, directory: Path) -> dict[str, Any]:
    file = directory / "network.py"
    file.write_text(text, encoding="utf-8")
    return runpy.run_path(str(file))


def cases() -> list[tuple[str, str]]:
    others = [(name, line) for name in ("pytorch", "keras") for line in NOT_IN_SCIKIT_LEARN]
    return [(name, line) for name in FRAMEWORKS for line in EVERYWHERE] + others


@pytest.mark.parametrize(("framework", "line"), cases())
def test_the_source_answers_as_the_network_does(
    framework: str, line: str, learned: Callable[[str], Learner], tmp_path: Path
) -> None:
    pytest.importorskip(LIBRARIES[framework])
    learner = learned(line)
    made = run(source(Trained.of(learner), framework), tmp_path)
    inputs = learner.dataset.inputs[:100]
    np.testing.assert_allclose(
        made["predict"](inputs.tolist()), learner.predict(inputs), atol=1e-5, rtol=1e-5
    )
    for name, array in learner.model().items():
        np.testing.assert_array_equal(made["WEIGHTS"][name], array)
    if learner.dataset.classes:
        assert tuple(made["CLASSES"]) == learner.dataset.classes


@pytest.mark.parametrize("framework", ["pytorch", "sklearn"])
def test_features_crossed_and_gaps_filled_are_in_the_source(framework: str, tmp_path: Path) -> None:
    pytest.importorskip(LIBRARIES[framework])
    rows = ["a,b,kind"] + [f"{'' if k % 7 == 0 else k},{(k * 37) % 11},{'xy'[k % 2]}" for k in range(60)]
    (tmp_path / "gaps.csv").write_text("\n".join(rows))
    recipe = Recipe(
        data=str(tmp_path / "gaps.csv"),
        missing="median",
        axes=("pca",),
        features=tuple(FEATURES),
        hidden=(3,),
    )
    learner = Learner(recipe)
    learner.advance(100)
    assert np.isnan(learner.dataset.inputs).any()
    made = run(source(Trained.of(learner), framework), tmp_path)
    inputs = learner.dataset.inputs
    np.testing.assert_allclose(made["predict"](inputs), learner.predict(inputs), atol=1e-5)


@pytest.mark.parametrize("line", NOT_IN_SCIKIT_LEARN)
def test_what_scikit_learn_has_no_layers_for_is_refused(line: str, learned: Callable[[str], Learner]) -> None:
    with pytest.raises(DltermError, match="no scikit-learn source") as caught:
        source(Trained.of(learned(line)), "sklearn")
    assert "pytorch" in caught.value.hint


def test_a_large_network_reads_its_weights_from_the_runs_file(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    learner = Learner(Recipe(hidden=(80, 80)))
    trained = Trained.of(learner)
    assert numbers(trained) > INLINE
    with pytest.raises(DltermError, match="6,801 numbers"):
        source(trained, "pytorch")
    (tmp_path / "model.safetensors").write_bytes(packed_model(learner))
    made = run(source(trained, "pytorch", weights="model.safetensors"), tmp_path)
    inputs = learner.dataset.inputs[:50]
    np.testing.assert_allclose(made["predict"](inputs), learner.predict(inputs), atol=1e-5)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_names_that_look_like_code_stay_names(framework: str, tmp_path: Path) -> None:
    names = ['"""]; import os', "a\\", "b'\"{x}"]
    rows = [",".join('"' + name.replace('"', '""') + '"' for name in names)]
    rows += [f"{k},{-k},{'yes' if k % 2 else 'no'}" for k in range(20)]
    (tmp_path / "odd.csv").write_text("\n".join(rows))
    learner = Learner(Recipe(data=str(tmp_path / "odd.csv"), hidden=(2,)))
    text = source(Trained.of(learner), framework)
    compile(text, "network.py", "exec")
    pytest.importorskip(LIBRARIES[framework])
    made = run(text, tmp_path)
    assert made["FEATURES"] == list(learner.dataset.features)
    assert made["TARGET"] == learner.dataset.target


@pytest.mark.parametrize(
    "line", ["spirals", "iris?norm=batch&activation=sigmoid", "digits?model=cnn&channels=2"]
)
def test_units_that_are_knocked_out_are_out_of_the_source(line: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    learner = Learner(Recipe.parse(line))
    learner.advance(100)
    whole = learner.predict(learner.dataset.inputs[:50])
    learner = learner.operated(
        Surgery(knocked_out=frozenset({("hidden1", 0), ("hidden2", 3), ("output", 0)}))
    )
    inputs = learner.dataset.inputs[:50]
    made = run(source(Trained.of(learner), "pytorch", weights=weights_of(learner, tmp_path)), tmp_path)
    np.testing.assert_allclose(made["predict"](inputs), learner.predict(inputs), atol=1e-5)
    assert np.abs(learner.predict(inputs) - whole).max() > 1e-3


def weights_of(learner: Learner, directory: Path) -> str:
    (directory / "model.safetensors").write_bytes(packed_model(learner))
    return "model.safetensors"


def test_a_source_is_short_lines_that_compile(learned: Callable[[str], Learner]) -> None:
    for framework in FRAMEWORKS:
        text = source(Trained.of(learned("iris?hidden=4")), framework)
        assert max(map(len, text.splitlines())) <= 120
        compile(text, "network.py", "exec")
