from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.course.shelf import shelf
from dlterm.data import GENERATORS
from dlterm.training.learner import Learner
from dlterm.training.recipe import ACTIVATIONS, Recipe
from dlterm.tui.settings import BY_ID, GROUPS, SETTINGS, Heading, changes, rows, term, turned
from dlterm.tui.turning import (
    MOST_LAYERS,
    SETS,
    Known,
    activation_turned,
    feature_turned,
    units_turned,
)
from tests.tui.support import snapshot

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
    assert term(setting, turned) in shelf().terms


@given(recipes, st.sampled_from(["noise", "lr", "batch", "l1", "l2", "dropout", "classes", "count", "test"]))
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


def listed(recipe, opened=GROUPS):
    return [row.id for row in rows(recipe, opened)]


def test_what_a_file_does_not_have_is_not_listed():
    of_file, of_set = listed(Recipe(data="people.csv")), listed(Recipe())
    assert not {"noise", "classes", "count"} & set(of_file)
    assert "axes" in of_file
    assert "axes" not in of_set


@pytest.mark.parametrize(
    ("line", "there", "away"),
    [
        ("spirals?optimizer=nesterov", "momentum", "epochs"),
        ("spirals?schedule=cosine", "epochs", "decay"),
        ("spirals?schedule=step", "decay_epochs", "momentum"),
        ("spirals?features=x1,sinx2", "features-sinx2", "momentum"),
        ("spirals?hidden=4,4,4", "activation2", "features-x1"),
    ],
)
def test_a_setting_is_listed_where_it_has_a_meaning(line, there, away):
    assert there in listed(Recipe.parse(line))
    assert away not in listed(Recipe.parse(line))


def test_of_a_closed_group_those_are_listed_that_have_a_key_and_those_that_were_changed():
    recipe = Recipe(l1=0.1, hidden=(4, 3), features=("x1", "x2"))
    ids = listed(recipe, ())
    assert {setting.id for setting in SETTINGS if setting.more} <= set(ids)
    assert {"l1", "units0", "activation1", "features", "features-x1x2"} <= set(ids)
    assert not {"init", "count", "schedule"} & set(ids)
    for heading in rows(recipe, ()):
        if isinstance(heading, Heading):
            assert heading.more == len(listed(recipe, [heading.id])) - len(ids)
    assert "units0" not in listed(Recipe(), ())


@given(recipes | mixed, st.sets(st.sampled_from(GROUPS)))
def test_the_groups_come_in_their_order_and_none_is_empty(recipe, opened):
    ids = listed(recipe, opened)
    places = [ids.index(group) for group in GROUPS]
    assert places == sorted(places)
    assert all(ids[place + 1] not in GROUPS for place in places)
    assert len(set(ids)) == len(ids)


@given(recipes | mixed, st.data(), st.sampled_from([1, -1]))
def test_every_row_turns_to_a_valid_recipe_and_is_explained(recipe, data, by):
    listed = [row for row in rows(recipe, GROUPS) if not isinstance(row, Heading)]
    row = data.draw(st.sampled_from(listed))
    after = row.turned(recipe, by)
    assert Recipe.parse(str(after)) == after
    assert row.value(after)
    assert term(row, recipe) in shelf().terms
    assert row.help.endswith(".")


def test_features_are_chosen_one_by_one_and_none_means_the_data_s_own():
    recipe = Recipe(features=("x1", "x1x2"))
    assert feature_turned("sinx1")(recipe, 1).features == ("x1", "x1x2", "sinx1")
    assert feature_turned("x1")(recipe, -1).features == ("x1x2",)
    assert feature_turned("x1x2")(feature_turned("x1")(recipe, 1), 1).features == ()


def test_of_a_file_with_many_columns_every_pair_can_be_the_axes():
    known = Known(columns=("a", "b", "c", "with, comma"))
    recipe, seen = Recipe(data="people.csv"), []
    for _ in range(4):
        seen.append(recipe.axes)
        recipe = turned(BY_ID["axes"], known)(recipe, 1)
    assert seen == [(), ("pca",), ("a", "c"), ("b", "c")]
    assert recipe.axes == ()


def test_values_are_never_offered_a_loss_of_classes():
    for data, known in (("plane", Known()), ("a.csv", Known(regression=True))):
        recipe, seen = Recipe(data=data), set()
        for _ in range(8):
            recipe = turned(BY_ID["loss"], known)(recipe, 1)
            seen.add(recipe.loss)
        assert seen == {"auto", "mse", "mae", "huber"}


def test_what_the_data_are_is_learned_from_the_newest_snapshot_of_them():
    file = Recipe(data="people.csv")
    known = Known().seen(file, snapshot(file))
    assert known == Known(("people.csv", *SETS), ("x1", "x2"))
    assert known.seen(Recipe(), snapshot(file)).columns == ()
    assert known.seen(Recipe(), snapshot(file)).sets[0] == "people.csv"


def test_what_differs_between_two_recipes_is_said_in_the_settings_words():
    assert changes(Recipe(), Recipe(lr=0.03, l2=0.1)) == ["learning rate 0.005 → 0.03", "L2 0 → 0.1"]


@given(mixed, st.data(), st.sampled_from([1, -1]))
def test_one_layer_s_activation_can_be_changed_alone(recipe, data, by):
    layer = data.draw(st.integers(0, recipe.layers - 1))
    turned = activation_turned(layer)(recipe, by)
    others = [k for k in range(recipe.layers) if k != layer]
    assert turned.activations[layer] != recipe.activations[layer]
    assert [turned.activations[k] for k in others] == [recipe.activations[k] for k in others]
    assert activation_turned(layer)(turned, -by) == recipe
