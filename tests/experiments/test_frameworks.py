"""The experiment on frameworks: plain NumPy, other libraries in processes of their own, what is said of the rest."""

from __future__ import annotations

import subprocess
import tempfile

import numpy as np
import pytest

from dlterm.experiments import elsewhere
from dlterm.experiments.catalogue import frameworks
from dlterm.experiments.catalogue.frameworks import ACTIVATIONS, Frameworks, furthest, plain
from dlterm.experiments.driving import run
from dlterm.experiments.elsewhere import Answer, ask, missing, shown
from dlterm.training.learner import Learner
from dlterm.training.model_file import Trained
from dlterm.training.recipe import Recipe
from dlterm.training.source import FRAMEWORKS


def trained_on(line):
    learner = Learner(Recipe.parse(line))
    learner.advance(100)
    return learner


@pytest.fixture(scope="module")
def learner():
    return trained_on("moons?noise=0.2&hidden=4&lr=0.03")


def answer_of(asking):
    looks = 0
    while True:
        try:
            assert next(asking) == "meanwhile"
        except StopIteration as end:
            return end.value, looks
        looks += 1


def asked(framework, learner):
    return answer_of(ask(framework, Trained.of(learner), learner.dataset.inputs, "meanwhile"))


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(elsewhere, "find_spec", lambda name: None)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ["3", "5,4"])
def test_plain_numpy_answers_as_the_network_does(activation, hidden):
    learner = trained_on(f"spirals?hidden={hidden}&activation={activation}")
    assert furthest(plain(learner, learner.dataset.inputs), learner.predict(learner.dataset.inputs)) < 1e-5


def test_another_library_answers_from_a_process_of_its_own(learner):
    answer, looks = asked("sklearn", learner)
    assert looks > 0
    assert furthest(answer.answers, learner.predict(learner.dataset.inputs)) < 1e-5
    assert answer.said[0].isdigit()


def test_what_is_not_installed_is_said(learner, nothing_installed):
    answer, looks = asked("pytorch", learner)
    assert (answer.answers, answer.said, looks) == (None, "not installed", 0)


def test_keras_needs_a_backend(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(elsewhere, "find_spec", lambda name: name if name == "keras" else None)
    assert missing("keras") == "has no backend installed"
    monkeypatch.setattr(elsewhere, "find_spec", lambda name: name)
    assert missing("keras") == ""
    assert elsewhere.backend() == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert elsewhere.backend() == "torch"


def test_a_layer_that_a_library_has_not_is_said():
    answer, _ = asked("sklearn", trained_on("moons?activation=gelu&hidden=3"))
    assert answer.answers is None
    assert "no scikit-learn source for a network with gelu" in answer.said


@pytest.mark.parametrize(
    ("text", "said"),
    [("import no_such_library", "failed: ModuleNotFoundError"), ("import os; os._exit(3)", "exit code 3")],
)
def test_a_library_that_fails_is_said_to(text, said, learner, monkeypatch):
    monkeypatch.setattr(elsewhere, "source", lambda trained, framework: text)
    answer, _ = asked("sklearn", learner)
    assert answer.answers is None
    assert said in answer.said


def test_patience_ends(learner, monkeypatch):
    monkeypatch.setattr(elsewhere, "source", lambda trained, framework: "import time; time.sleep(60)")
    monkeypatch.setattr(elsewhere, "_PATIENCE", 0.3)
    answer, _ = asked("sklearn", learner)
    assert answer.said.startswith("did not answer within")


def test_who_cancels_leaves_no_process_and_no_file(learner, monkeypatch, tmp_path):
    begun = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            begun.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(elsewhere, "source", lambda trained, framework: "import time; time.sleep(60)")
    asking = ask("sklearn", Trained.of(learner), learner.dataset.inputs, None)
    next(asking)
    next(asking)
    assert begun[0].poll() is None
    assert list(tmp_path.iterdir())
    asking.close()
    assert begun[0].poll() is not None
    assert not list(tmp_path.iterdir())


def test_the_source_that_is_shown_is_the_network(learner):
    trained = Trained.of(learner)
    assert "        self.hidden1 = nn.Linear(2, 4)" in shown("pytorch", trained)
    assert any("layers.Dense(4" in line for line in shown("keras", trained))
    assert any("MLPClassifier(hidden_layer_sizes=(4,)" in line for line in shown("sklearn", trained))


def test_with_no_framework_numpy_is_compared_and_the_others_are_said_to_lack(nothing_installed):
    result = run(Frameworks(epochs=5))
    assert result.holds
    assert (result.measures["compared"], result.measures["missing"]) == (0, len(FRAMEWORKS))
    assert result.why.startswith("No framework could be run")
    rows = result.moment.views["answers"].rows
    assert [row[0] for row in rows[:2]] == ["dlterm", "NumPy, float64"]
    assert all(row[-1] == "not installed" for row in rows[2:])


def test_a_framework_that_answers_otherwise_makes_the_claim_fail(monkeypatch):
    def wrong(framework, trained, examples, meanwhile):
        yield meanwhile
        return Answer(np.full((len(examples), 2), 0.5), "1.0")

    monkeypatch.setattr(frameworks, "ask", wrong)
    result = run(Frameworks(epochs=50))
    assert not result.holds
    assert result.measures["difference"] > 0.1
    assert result.measures["numpy"] < 1e-5
