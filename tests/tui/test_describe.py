from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui import describe
from tests.tui.support import snapshot


def test_neurons_are_named_by_their_place():
    shown = snapshot(Recipe(hidden=(3, 2)))
    assert describe.name(shown, (0, 1)) == "input x2"
    assert describe.name(shown, (2, 0)) == "layer 2, neuron 1"
    assert describe.name(shown, (3, 0)) == "output"


def test_with_several_outputs_each_is_named_by_its_class():
    shown = snapshot(Recipe(hidden=()))
    shown = replace(
        shown, classes=("cat", "dog", "owl"), maps=(shown.maps[0], np.zeros((3, 4, 4), np.float32))
    )
    assert describe.name(shown, (1, 2)) == "output for owl"


def test_a_neuron_s_numbers_are_its_bias_and_its_weights():
    shown = snapshot(Recipe(hidden=(3,)))
    text = describe.numbers(shown, (1, 0))
    assert f"{shown.biases[0][0]:+.2f}" in text
    assert all(f"{weight:+.2f}" in text for weight in shown.weights[0][0])


def test_the_answer_at_a_place_is_the_likelier_class():
    shown = snapshot()
    assert "class 1" in describe.answer(shown, 0.5, 0.5)
    assert "class 0" in describe.answer(shown, 0.0, 0.0)
    assert "x1 0.00  x2 0.00" in describe.answer(shown, 0.5, 0.5)


def test_the_answer_of_a_regression_is_in_the_target_s_own_units():
    shown = replace(
        snapshot(), task="regression", target_range=(10.0, 20.0), field=np.zeros((1, 4, 4), np.float32)
    )
    assert describe.answer(shown, 0.5, 0.5).endswith("15.00")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_called_so(bad):
    shown = replace(snapshot(), field=np.full((1, 4, 4), bad, np.float32))
    assert "not a number" in describe.answer(shown, 0.5, 0.5)


def test_names_from_a_file_cannot_command_the_terminal():
    shown = replace(
        snapshot(), axes=("\x1b]0;gone\x07", "b"), features=("\x1b]0;gone\x07", "b"), classes=("\x1b[2J", "c")
    )
    said = describe.answer(shown, 0.0, 0.0) + describe.name(shown, (0, 0))
    assert "\x1b" not in said


@pytest.mark.parametrize(("status", "key"), [("diverged", "press r"), ("failed", "press d")])
def test_what_went_wrong_comes_with_what_to_do(status, key):
    text, alarming = describe.advice(snapshot(status=status, message="no"))
    assert alarming
    assert text.startswith("no")
    assert key in text


def test_otherwise_nothing_is_said_but_what_the_session_says():
    assert describe.advice(None) == ("", False)
    assert describe.advice(snapshot()) == ("", False)
    assert describe.advice(snapshot(message="2 lines were left out")) == ("2 lines were left out", False)


def test_quality_is_accuracy_or_rmse():
    assert "train 93.4%" in describe.quality(snapshot())
    metrics = replace(snapshot().metrics, train_accuracy=None, train_rmse=0.25, test_rmse=None)
    assert describe.quality(replace(snapshot(), metrics=metrics)) == "RMSE: train 0.25"
