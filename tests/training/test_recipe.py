from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.errors import DltermError, ExitCode
from dlterm.training.recipe import ACTIVATIONS, FEATURES, LOSSES, OPTIMIZERS, Recipe

WORDS = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable() and text.strip())
COLUMNS = WORDS.filter(lambda text: "," not in text)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Recipes of any settings that fit each other."""
    hidden = draw(st.lists(st.integers(1, 64), max_size=6))
    channels = draw(st.lists(st.integers(1, 64), min_size=1, max_size=4))
    model = draw(st.sampled_from(["mlp", "cnn", "linear"]))
    layers = {"mlp": len(hidden), "cnn": len(channels) + len(hidden), "linear": 0}[model]
    one, each = (
        st.sampled_from(ACTIVATIONS),
        st.lists(st.sampled_from(ACTIVATIONS), min_size=layers, max_size=layers),
    )
    return Recipe.of(
        data=draw(st.sampled_from(["spirals", "xor", "my data/people v2.csv", "-", "50%.csv", "a?b&c.csv"])),
        count=draw(st.integers(2, 10_000)),
        noise=draw(st.floats(0, 10, allow_nan=False)),
        classes=draw(st.integers(2, 6)),
        target=draw(st.none() | WORDS),
        axes=draw(st.sampled_from([(), ("pca",)]) | st.lists(COLUMNS, min_size=2, max_size=2, unique=True)),
        features=draw(st.lists(st.sampled_from(FEATURES), unique=True)),
        model=model,
        channels=channels,
        hidden=hidden,
        activation=draw(one | each if layers else one),
        loss=draw(st.sampled_from(LOSSES)),
        optimizer=draw(st.sampled_from(OPTIMIZERS)),
        lr=draw(st.floats(0, 10, allow_nan=False)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


@given(recipes())
def test_the_one_line_form_gives_the_same_recipe_back(recipe: Recipe) -> None:
    assert Recipe.parse(str(recipe)) == recipe


@given(recipes(), st.lists(st.integers(1, 64), max_size=6).map(tuple))
def test_other_hidden_layers_keep_the_activations_of_those_that_stay(
    recipe: Recipe, hidden: tuple[int, ...]
) -> None:
    changed = recipe.with_hidden(hidden)
    assert changed.hidden == hidden
    kept = min(recipe.layers, changed.layers)
    assert changed.activations[:kept] == recipe.activations[:kept]
    assert len(changed.activations) == changed.layers


def test_one_activation_for_all_and_the_same_one_for_each_are_one_recipe() -> None:
    assert Recipe.parse("xor?activation=relu,relu") == Recipe.parse("xor?activation=relu")
    assert str(Recipe.parse("xor?activation=relu,tanh")) == "xor?activation=relu,tanh"
    assert Recipe.parse("xor?activation=relu").activations == ("relu", "relu")


def test_features_are_written_as_they_are_read() -> None:
    line = "circle?features=x1^2,x2^2,sinx1&hidden="
    assert str(Recipe.parse(line)) == line


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
        ("spirals?activation=relu,swish", "activation"),
        ("spirals?activation=relu,tanh,relu", "activation names 3, and there are 2 hidden layers"),
        ("spirals?hidden=8,8,8&activation=relu,relu", "activation names 2, and there are 3 hidden layers"),
        ("spirals?features=x3", "features"),
        ("spirals?features=x1,x1", 'features names "x1" twice'),
        ("spirals?axes=x1", "axes"),
        ("spirals?axes=x1,x1", 'axes names "x1" twice'),
        ("spirals?axes=x1,x2,x3", "axes"),
        ("spirals?classes=7", "classes"),
        ("spirals?test=1", "test"),
        ("spirals?colour=red", "colour"),
        ("spirals?seed=4294967296", "seed"),
        ("spirals?batch=0", "batch"),
        ("spirals?epochs=1.5", "epochs"),
        ("spirals?lr=0.1&lr=0.2", "lr is given twice"),
        ("spirals?data=moons", "data is given twice"),
    ],
)
def test_a_wrong_value_is_named_and_is_a_usage_error(text: str, named: str) -> None:
    with pytest.raises(DltermError) as caught:
        Recipe.parse(text)
    assert named in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == ExitCode.USAGE
