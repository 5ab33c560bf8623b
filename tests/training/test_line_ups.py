"""Ready-made races: whatever the recipe, each can be run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.training.contestants import check, contestants, names
from dlterm.training.line_ups import line_ups
from dlterm.training.recipe import ACTIVATIONS, OPTIMIZERS, Recipe

RECIPES = [
    "spirals",
    "moons?hidden=",
    "hills?lr=0&batch=1&hidden=1",
    "xor?model=linear&l2=0.03",
    "digits?model=cnn",
    "rings?hidden=4096&batch=65536&lr=1000",
    "circle?hidden=4,4&activation=relu,tanh&optimizer=adamw&init=lecun",
]


@pytest.mark.parametrize("text", RECIPES)
def test_every_ready_made_race_can_be_run_and_names_its_contestants_apart(text):
    _can_be_run(Recipe.parse(text))


@settings(max_examples=60, deadline=None)
@given(
    lr=st.floats(0, 1000, allow_subnormal=False),
    hidden=st.lists(st.integers(1, 4096), max_size=6),
    batch=st.integers(1, 65_536),
    activation=st.sampled_from(ACTIVATIONS),
    optimizer=st.sampled_from(OPTIMIZERS),
    l2=st.floats(0, 1000),
)
def test_so_can_those_of_any_recipe(**fields):
    _can_be_run(Recipe.of(**fields))


def _can_be_run(base):
    found = line_ups(base)
    assert len(found) >= 6
    for line_up in found:
        entries = contestants(base, line_up.lines)
        check(entries)
        assert len({*names(entries, "classification")}) == len(entries)


def test_learning_rates_are_a_third_the_same_and_three_times_as_much():
    assert line_ups(Recipe(lr=0.03))[0].lines == ("lr=0.01", "lr=0.03", "lr=0.09")


def test_a_recipes_own_choice_takes_part():
    named = {each.id: each.lines for each in line_ups(Recipe(optimizer="adamw", activation="softplus"))}
    assert named["optimizers"][0] == "optimizer=adamw"
    assert named["activations"][0] == "activation=softplus"


def test_without_hidden_layers_neither_widths_nor_activations_are_raced():
    assert {"widths", "activations"}.isdisjoint(each.id for each in line_ups(Recipe(hidden=())))
