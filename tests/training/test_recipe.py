from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.errors import DltermError, ExitCode
from dlterm.training.recipe import ACTIVATIONS, OPTIMIZERS, Recipe

recipes = st.builds(
    Recipe,
    data=st.sampled_from(["spirals", "xor", "my data/people v2.csv", "-", "50%.csv", "a?b&c.csv"]),
    count=st.integers(2, 10_000),
    noise=st.floats(0, 10, allow_nan=False),
    classes=st.integers(2, 6),
    target=st.none() | st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable()),
    hidden=st.lists(st.integers(1, 64), max_size=6).map(tuple),
    activation=st.sampled_from(ACTIVATIONS),
    optimizer=st.sampled_from(OPTIMIZERS),
    lr=st.floats(0, 10, allow_nan=False),
    seed=st.integers(0, 2**32 - 1),
)


@given(recipes)
def test_the_one_line_form_gives_the_same_recipe_back(recipe: Recipe) -> None:
    assert Recipe.parse(str(recipe)) == recipe


def test_defaults_are_not_written() -> None:
    assert str(Recipe()) == "spirals"
    assert str(Recipe(hidden=(4, 2), lr=0.1, seed=3)) == "spirals?hidden=4,2&lr=0.1&seed=3"


def test_no_hidden_layer_can_be_written() -> None:
    assert Recipe.parse("xor?hidden=") == Recipe(data="xor", hidden=())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("spirals?lr=fast", "lr"),
        ("spirals?lr=-1", "lr"),
        ("spirals?lr=nan", "lr"),
        ("spirals?hidden=8,0", "hidden"),
        ("spirals?hidden=8,x", "hidden"),
        ("spirals?activation=swish", "activation"),
        ("spirals?classes=7", "classes"),
        ("spirals?test=1", "test"),
        ("spirals?colour=red", "colour"),
        ("spirals?seed=4294967296", "seed"),
        ("spirals?batch=0", "batch"),
        ("spirals?epochs=1.5", "epochs"),
    ],
)
def test_a_wrong_value_is_named_and_is_a_usage_error(text: str, named: str) -> None:
    with pytest.raises(DltermError) as caught:
        Recipe.parse(text)
    assert named in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == ExitCode.USAGE
