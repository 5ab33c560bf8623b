from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlterm.data import load
from dlterm.data.split import Scaler, split
from dlterm.errors import DltermError
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

nan = np.nan
GAPS = """\
age,colour,kind
1,red,a
n/a,blue,b
3,,a
,red,b
5,blue,a
6,red,b
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(text=GAPS, **options):
    Path("people.csv").write_text(text)
    return load("people.csv", **options)


def test_rows_that_miss_a_value_are_left_out_on_request():
    dataset = read(GAPS + "7,red,a\n", missing="drop")
    assert dataset.features == ("age", "colour=blue", "colour=red")
    np.testing.assert_array_equal(dataset.inputs, [[1, 0, 1], [5, 1, 0], [6, 0, 1], [7, 0, 1]])
    np.testing.assert_array_equal(dataset.targets, [0, 0, 1, 0])
    assert dataset.notes[0] == "missing: 3 of 7 rows are left out, the first on line 3"


def test_what_only_dropped_rows_held_is_no_feature_and_no_class():
    dataset = read("x,colour,y\n1,red,a\n2,blue,b\n,green,c\n3,red,a\n4,blue,b\n", missing="drop")
    assert dataset.features == ("x", "colour=blue", "colour=red")
    assert dataset.classes == ("a", "b")


def test_a_number_s_gap_is_kept_for_the_scaler_and_a_text_s_is_a_category():
    dataset = read(missing="mean")
    assert dataset.features == ("age", "colour=(missing)", "colour=blue", "colour=red")
    np.testing.assert_array_equal(dataset.inputs[:, 0], np.float32([1, nan, 3, nan, 5, 6]))
    np.testing.assert_array_equal(dataset.inputs[2, 1:], [1, 0, 0])
    assert dataset.notes[0] == (
        "missing: age (2), colour (1); numbers become the mean of the training part, text a category of its own"
    )


def test_a_row_without_a_target_is_never_filled():
    dataset = read(GAPS + "7,red,\n", missing="mean")
    assert len(dataset.targets) == 6
    assert dataset.classes == ("a", "b")
    assert dataset.notes[0] == "missing: 1 of 7 rows are left out, the first on line 8"
    values = read("x,y\n1,0.5\n2,n/a\n3,2.5\n4,1.5\n5,3.5\n", missing="median")
    np.testing.assert_array_equal(values.inputs[:, 0], [1, 3, 4, 5])


def test_nothing_missing_changes_nothing():
    text = "x,colour,y\n1,red,a\n2,blue,b\n3,red,a\n4,blue,b\n"
    plain = read(text)
    for missing in ("drop", "mean", "median"):
        handled = read(text, missing=missing, na=["nowhere"])
        np.testing.assert_array_equal(handled.inputs, plain.inputs)
        assert (handled.features, handled.notes) == (plain.features, plain.notes)


def test_a_number_can_be_named_as_missing():
    text = "age,y\n1,a\n-999,b\n3,a\n4,b\n -999 ,a\n"
    np.testing.assert_array_equal(
        read(text, missing="mean", na=["-999"]).inputs[:, 0], np.float32([1, nan, 3, 4, nan])
    )


def test_only_what_is_named_is_missing_beside_the_empty_cells():
    with pytest.raises(DltermError, match=r'people\.csv:3: "age" is "n/a", a missing value'):
        read(missing="mean", na=["unknown"])


def test_a_word_among_categories_is_missing_only_where_it_is_named():
    text = "country,y\nNA,1\nDE,2\nNA,2\nFR,1\n"
    assert read(text, missing="mean").features == ("country=DE", "country=FR", "country=NA")
    assert read(text, missing="mean", na=["NA"]).features == (
        "country=(missing)",
        "country=DE",
        "country=FR",
    )


def test_to_name_what_is_missing_alone_refuses_it():
    with pytest.raises(DltermError) as caught:
        read("age,y\n1,a\n-999,b\n3,a\n4,b\n", na=["-999"])
    assert caught.value.message == 'people.csv:3: "age" is "-999", a missing value'
    assert "--missing drop" in caught.value.hint


def test_a_mistake_is_not_taken_for_a_missing_value():
    rows = "".join(f"{i},{i % 2}\n" for i in range(20))
    with pytest.raises(DltermError) as caught:
        read(f"age,y\n{rows},1\nn/a,0\n12o,1\n", missing="mean")
    assert caught.value.message == 'people.csv:24: "age" is "12o"; a number was expected'
    assert caught.value.hint == "if it means a missing value: --na 12o --missing drop"


@pytest.mark.parametrize(
    ("text", "missing", "message"),
    [
        ("x,z,y\n1,,a\n2,,b\n3,,a\n4,,b\n", "mean", 'people.csv: "z" has no value in any row'),
        (
            "x,z,y\n1,,a\n2,,b\n3,,a\n4,,b\n",
            "drop",
            "people.csv: without the rows that miss a value: no examples; at least 4 are needed",
        ),
        ("x,y\n1,a\n2,a\n3,a\n4,a\n5,\n", "mean", 'people.csv: "y" has one class only, "a"'),
    ],
)
def test_what_is_left_must_be_enough_to_learn_from(text, missing, message):
    with pytest.raises(DltermError) as caught:
        read(text, missing=missing)
    assert caught.value.message == message


def test_a_gap_is_filled_from_the_training_part_alone():
    inputs = np.float32([[1], [2], [nan], [9], [nan]])
    fitted = Scaler.fit(inputs[:4])
    np.testing.assert_array_equal(fitted.filled(inputs)[:, 0], [1, 2, 4, 9, 4])
    np.testing.assert_array_equal(Scaler.fit(inputs[:4], median=True).filled(inputs)[:, 0], [1, 2, 2, 9, 2])
    np.testing.assert_allclose(fitted.scale(inputs[:4]).std(), 1, rtol=1e-6)


def test_a_feature_that_the_training_part_never_has_becomes_a_constant():
    inputs = np.float32([[1, nan], [2, nan], [3, nan]])
    np.testing.assert_array_equal(Scaler.fit(inputs).scale(inputs)[:, 1], 0)


@pytest.mark.parametrize("missing", ["drop", "mean", "median"])
def test_a_network_trains_on_a_table_with_gaps(missing):
    rng = np.random.default_rng(0)
    rows = [
        f"{x:.3f},{'' if n % 5 == 0 else n},{'ab'[int(x > 0)]}\n" for n, x in enumerate(rng.normal(size=60))
    ]
    Path("people.csv").write_text("x,z,kind\n" + "".join(rows))
    learner = Learner(Recipe(data="people.csv", missing=missing, lr=0.05))
    learner.advance(300)
    assert learner.evaluate().train_accuracy > 0.9
    assert np.isfinite(learner.points().inputs).all()
    assert np.isfinite(learner.predict(np.float32([[0.5, nan]]))).all()


cells = st.sampled_from(["1", "2.5", "-3", "", "n/a", "?"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, cells, st.sampled_from("ab")), min_size=12, max_size=40), st.integers(0, 9))
def test_whatever_is_missing_no_gap_is_left_after_scaling(rows, seed):
    text = "x,z,y\n0,0,a\n1,1,b\n2,2,a\n3,3,b\n" + "".join(",".join(row) + "\n" for row in rows)
    dropped, filled = read(text, missing="drop"), read(text, missing="mean")
    whole = [row for row in rows if {*row[:2]} <= {"1", "2.5", "-3"}]
    assert len(dropped.targets) == 4 + len(whole)
    assert not np.isnan(dropped.inputs).any()
    assert len(filled.targets) == 4 + len(rows)
    parts = split(filled, 0.25, seed)
    scaler = Scaler.fit(filled.inputs[parts.train])
    assert np.isfinite(scaler.scale(filled.inputs)).all()
