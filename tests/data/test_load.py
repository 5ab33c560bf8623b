from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dlterm.data import load
from dlterm.data.generators import GENERATORS
from dlterm.errors import DltermError, ExitCode


def test_a_generated_set_is_loaded_by_its_name():
    loaded = load("moons", count=30, noise=0.1, classes=3, seed=7)
    made = GENERATORS["moons"].function(30, 0.1, 3, 7)
    assert loaded.inputs.tobytes() == made.inputs.tobytes()
    assert loaded.classes == ("0", "1", "2")


def test_a_file_named_like_a_set_is_reached_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("circle").write_text("a,b\n1,0.5\n2,1.5\n3,2.5\n4,3.5\n")
    assert load("circle").features == ("x1", "x2")
    np.testing.assert_array_equal(load("./circle").inputs[:, 0], [1, 2, 3, 4])


def test_a_generated_set_keeps_its_task():
    assert load("plane", task="regression").task == "regression"
    with pytest.raises(DltermError) as caught:
        load("plane", task="classification")
    assert caught.value.message == "plane: the task is regression, not classification"
    assert caught.value.exit_code == ExitCode.USAGE


def test_data_need_neither_pandas_nor_scikit_learn_nor_a_screen():
    code = "import sys, dlterm.data; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pandas", "sklearn", "scipy", "numba", "textual", "rich", "plotext", "msgspec"} & set(loaded)
