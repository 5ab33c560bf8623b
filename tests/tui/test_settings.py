from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.data import GENERATORS
from dlterm.training.learner import Learner
from dlterm.training.recipe import ACTIVATIONS, Recipe
from dlterm.tui.settings import (
    BY_ID,
    MOST_LAYERS,
    SETS,
    SETTINGS,
    activation_turned,
    rows,
    term,
    units_turned,
)

recipes = st.builds(
    Recipe,
    data=st.sampled_from([*SETS, "people.csv"]),
    noise=st.floats(0, 10),
    classes=st.integers(2, 6),
    hidden=st.lists(st.integers(1, 40), max_size=10).map(tuple),
    lr=st.floats(0, 1000),
    batch=st.integers(1, 65_536),
    l2=st.floats(0, 1000),
    dropout=st.floats(0, 0.99),
)


mixed = st.lists(st.sampled_from(ACTIVATIONS), min_size=1, max_size=8).map(
    lambda names: Recipe(hidden=(4,) * len(names)).with_(activation=names)
)


def test_the_sets_on_offer_are_those_that_can_be_generated():
    assert set(SETS) == set(GENERATORS)


@given(recipes | mixed, st.sampled_from(SETTINGS), st.sampled_from([1, -1]))
def test_a_turn_always_gives_a_valid_recipe(recipe, setting, by):
    turned = setting.turned(recipe, by)
    assert Recipe.parse(str(turned)) == turned
    assert setting.value(turned)
    assert term(setting, turned)


@given(recipes, st.sampled_from(["noise", "lr", "batch", "l2", "dropout", "classes"]))
def test_a_turn_up_never_lowers_and_a_turn_down_never_raises(recipe, name):
    before = getattr(recipe, name)
    assert getattr(BY_ID[name].turned(recipe, 1), name) >= before
    assert getattr(BY_ID[name].turned(recipe, -1), name) <= before


@pytest.mark.parametrize("name", ["data", "activation", "optimizer"])
def test_a_choice_goes_round(name):
    recipe = Recipe()
    seen = set()
    for _ in range(20):
        seen.add(getattr(recipe, name))
        recipe = BY_ID[name].turned(recipe, 1)
    assert getattr(Recipe(), name) in seen
    assert len(seen) > 2


@pytest.mark.parametrize(
    "line",
    [
        "people.csv?axes=age,income&task=classification&features=x1,x1x2",
        "circle?axes=pca&loss=hinge",
        "circle?loss=cross_entropy&class_weight=balanced",
        "plane?loss=huber&task=regression",
    ],
)
def test_every_other_set_can_be_turned_to(line):
    recipe = Recipe.parse(line)
    for _ in SETS:
        recipe = BY_ID["data"].turned(recipe, 1)
        Learner(recipe).advance(1)
    assert recipe.features == Recipe.parse(line).features


def test_layers_end_at_none_and_at_the_most():
    recipe = Recipe()
    for _ in range(20):
        recipe = BY_ID["layers"].turned(recipe, 1)
    assert len(recipe.hidden) == MOST_LAYERS
    for _ in range(20):
        recipe = BY_ID["layers"].turned(recipe, -1)
    assert recipe.hidden == ()


def test_one_layer_s_neurons_can_be_changed_alone():
    assert units_turned(1)(Recipe(hidden=(8, 8, 8)), -1).hidden == (8, 7, 8)


def test_a_network_larger_than_the_lab_makes_shrinks_only_when_it_is_turned_down():
    assert units_turned(0)(Recipe(hidden=(64,)), -1).hidden[0] < 64
    assert units_turned(0)(Recipe(hidden=(64,)), 1).hidden[0] >= 64


def test_what_a_file_does_not_have_is_not_listed():
    listed = [setting.id for setting in rows(Recipe(data="people.csv"))]
    assert "noise" not in listed
    assert "classes" not in listed


@given(mixed, st.data(), st.sampled_from([1, -1]))
def test_one_layer_s_activation_can_be_changed_alone(recipe, data, by):
    layer = data.draw(st.integers(0, recipe.layers - 1))
    turned = activation_turned(layer)(recipe, by)
    others = [k for k in range(recipe.layers) if k != layer]
    assert turned.activations[layer] != recipe.activations[layer]
    assert [turned.activations[k] for k in others] == [recipe.activations[k] for k in others]
    assert activation_turned(layer)(turned, -by) == recipe
