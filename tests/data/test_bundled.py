from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from dlterm.data import SETS, load
from dlterm.data.bundled import BUNDLED
from dlterm.errors import DltermError, ExitCode

SHAPES = {
    "digits": (1797, 64, 10),
    "iris": (150, 4, 3),
    "wine": (178, 13, 3),
    "breast-cancer": (569, 30, 2),
    "diabetes": (442, 10, 0),
}


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_set_is_loaded_by_its_name(name):
    dataset = load(name)
    examples, features, classes = SHAPES[name]
    assert dataset.inputs.shape == (examples, features)
    assert dataset.inputs.dtype == np.float32
    assert dataset.inputs.flags.c_contiguous
    assert len(set(dataset.features)) == features
    assert len(dataset.classes) == classes
    assert dataset.targets.dtype == (np.int64 if classes else np.float32)
    assert dataset.task == ("classification" if classes else "regression")
    assert name in SETS


def test_names_are_readable():
    iris = load("iris")
    assert iris.classes == ("setosa", "versicolor", "virginica")
    assert iris.features[0] == "sepal length (cm)"
    assert load("digits").classes == tuple("0123456789")


def test_images_say_their_size_and_tables_have_none():
    digits = load("digits")
    assert digits.image == (1, 8, 8)
    assert np.prod(digits.image) == digits.inputs.shape[1]
    assert load("iris").image is None
    assert load("spirals").image is None


def test_values_are_in_their_own_units():
    ages = load("diabetes").inputs[:, 0]
    assert 18 < ages.min() < ages.max() < 90


def test_a_bundled_set_keeps_its_task():
    with pytest.raises(DltermError) as caught:
        load("iris", task="regression")
    assert caught.value.exit_code == ExitCode.USAGE


def test_the_nearest_name_may_be_a_bundled_set():
    with pytest.raises(DltermError) as caught:
        load("brest-cancer")
    assert caught.value.hint.startswith("did you mean breast-cancer?")


def test_without_scikit_learn_a_bundled_set_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(DltermError) as caught:
        load("iris")
    assert "pip install" in caught.value.hint
    assert caught.value.exit_code == ExitCode.CONFIGURATION


@pytest.mark.parametrize(("name", "loads_it"), [("spirals", False), ("iris", True)])
def test_only_a_bundled_set_loads_scikit_learn(tmp_path, name, loads_it):
    code = (
        "import sys; from dlterm.cli.main import main\n"
        f"assert main(['train', {name!r}, '--epochs', '0', '--no-save', '--quiet']) == 0\n"
        "print('sklearn' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.split() == [str(loads_it)]
