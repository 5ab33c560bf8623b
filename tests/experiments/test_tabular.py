"""What the experiment on tables computes: folds, scores, leads, and that it takes a table of one's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm import data
from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.catalogue.tabular import Scored, Tabular, calibration, folds, measured, read
from dlterm.experiments.driving import run


@given(st.integers(10, 60), st.integers(2, 10), st.integers(0, 2**20))
def test_every_row_is_held_out_once_and_classes_are_dealt_evenly(count, parts, seed):
    targets = np.random.default_rng(seed).integers(0, 3, count)
    found = folds(targets, parts, seed)
    assert sorted(np.concatenate(found).tolist()) == list(range(count))
    for label in range(3):
        shares = [int((targets[rows] == label).sum()) for rows in found]
        assert max(shares) - min(shares) <= 1


class Guess:
    """Answers what it was given."""

    def __init__(self, answers):
        self.answers = np.array(answers, np.float32)

    def predict(self, inputs):
        return self.answers


def test_classes_are_scored_by_accuracy_and_values_by_the_variance_explained():
    iris = data.load("iris")
    held_out = np.array([0, 60, 120])  # of each class one
    scored = Scored()
    three = type(iris)(
        "three",
        iris.inputs[held_out],
        iris.targets[held_out],
        "classification",
        iris.features,
        iris.classes,
        "",
    )
    scored.add(Guess([[0.9, 0.1, 0], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1]]), three)
    assert scored.scores == [pytest.approx(2 / 3)]
    np.testing.assert_allclose(scored.sure[0], [0.9, 0.7, 0.5])
    assert scored.right[0].tolist() == [True, True, False]
    values = type(iris)("v", iris.inputs[held_out], np.array([1, 2, 3], np.float32), "regression", (), (), "")
    of_values = Scored()
    of_values.add(Guess([1, 2, 3]), values)
    of_values.add(Guess([2, 2, 2]), values)
    assert of_values.scores == [1, 0]
    assert not of_values.sure


def test_the_lead_is_taken_from_the_better_of_the_others():
    scores = {"linear": (0.9, 0.5), "forest": (0.8, 0.6), "network": (0.92, 0.55)}
    results = {
        (name, model): Scored([each[k], each[k]])
        for k, name in enumerate(("one", "two"))
        for model, each in scores.items()
    }
    found = measured(results)
    assert found["lead"] == pytest.approx(0.02)
    assert found["behind"] == pytest.approx(-0.05)
    assert found["forest"] == pytest.approx(0.7)


def test_one_who_is_as_sure_as_right_is_calibrated():
    sure = np.repeat(np.float32([0.75, 0.95]), 20)
    right = np.concatenate([np.arange(20) < 15, np.arange(20) < 19])
    assert calibration(sure, right).error == pytest.approx(0, abs=1e-6)
    assert calibration(sure, np.zeros(40, bool)).error == pytest.approx(0.85)


def test_a_table_of_ones_own_is_compared_gaps_and_all(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 2))
    rows = [
        f"{a:.3f},{'' if k % 10 == 0 else f'{b:.3f}'},{'yes' if a > 0 else 'no'}"
        for k, (a, b) in enumerate(x)
    ]
    file = tmp_path / "own.csv"
    file.write_text("\n".join(["a,b,kind", *rows]))
    result = run(Tabular.of({"table": str(file), "folds": "3", "epochs": "100"}))
    assert all(result.measures[name] > 0.8 for name in ("linear", "forest", "network"))
    assert result.moment.views["table"].rows[0][1:] != ("", "", "")


def test_a_table_of_values_has_no_calibration_and_all_the_rest():
    result = run(Tabular(table="diabetes", folds=2, epochs=5))
    assert len(result.moment.views["calibration"].series) == 1
    assert 0.3 < result.measures["linear"] < 0.6


def test_of_a_large_table_two_thousand_rows_are_compared(tmp_path):
    file = tmp_path / "large.csv"
    file.write_text("a,b\n" + "\n".join(f"{k},{k % 2}" for k in range(2500)))
    assert len(read(str(file), 0).targets) == 2000


def test_what_cannot_be_compared_is_said(tmp_path):
    with pytest.raises(DltermError) as refused:
        run(Tabular(table="no-such.csv"))
    assert refused.value.exit_code == ExitCode.NO_INPUT
    file = tmp_path / "one.csv"
    file.write_text("a,kind\n" + "\n".join(f"{k},{'yes' if k else 'no'}" for k in range(12)))
    with pytest.raises(DltermError) as refused:
        run(Tabular(table=str(file)))
    assert "class" in refused.value.message
