from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.drawing.views import Number as NumberView
from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.driving import moments, run
from dlterm.experiments.experiment import Measure
from dlterm.experiments.knobs import Source
from dlterm.training.learner import DivergedError
from tests.experiments.support import Counting


def test_a_knob_is_read_like_an_attribute_and_stands_at_its_default():
    experiment = Counting(stride=2)
    assert (experiment.steps, experiment.stride, experiment.mood, experiment.loud) == (5, 2.0, "calm", False)
    assert experiment.changed == {"stride": 2.0}


def test_a_source_is_a_set_or_any_path():
    source = Source("wine", "the data", ("wine", "iris"))
    assert source.read("iris") == "iris"
    assert source.read("my data/table.csv") == "my data/table.csv"
    assert source.ends == ("wine", "iris")
    for wrong in ("", "x" * 5000, 3):
        with pytest.raises(ValueError, match="one of wine, iris, or a file's path"):
            source.check(wrong)


def test_knobs_are_taken_as_text():
    experiment = Counting.of({"steps": "7", "stride": "1.5", "mood": "wild", "loud": "on"})
    assert dict(experiment.changed) == {"steps": 7, "stride": 1.5, "mood": "wild", "loud": True}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("steps", "0", 'counting: steps is "0"; a whole number from 1 to 1,000,000 was expected'),
        ("steps", "1_0", "a whole number"),
        ("steps", "2.5", "a whole number"),
        ("stride", "nan", "a number from 0.5 to 2"),
        ("stride", "1e", "a number from 0.5 to 2"),
        ("stride", "9", "a number from 0.5 to 2"),
        ("mood", "cross", "one of calm, wild"),
        ("loud", "\x1b[2J", "on or off"),
        ("drawing", "009", "2 rows of 3 digits, 0 blank to 9 full, with commas between, was expected"),
        ("drawing", "009,0a0", "2 rows of 3 digits"),
        ("drawing", "009,0000", "2 rows of 3 digits"),
        ("drawing", "009,00\u0663", "2 rows of 3 digits"),
        ("drawing", "009\n,000", "2 rows of 3 digits"),
        ("pace", "1", 'counting has no knob "pace"'),
    ],
)
def test_what_a_knob_does_not_take_is_refused_with_what_it_does(name, text, said):
    with pytest.raises(DltermError) as refused:
        Counting.of({name: text})
    assert said in refused.value.message
    assert refused.value.exit_code is ExitCode.USAGE
    assert "\x1b" not in refused.value.message


def test_a_value_of_another_kind_is_refused():
    for wrong in ({"steps": True}, {"steps": 2.0}, {"stride": "1"}, {"stride": float("nan")}, {"loud": 1}):
        with pytest.raises(DltermError):
            Counting(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((3, 2)),
        np.full((2, 3), np.nan),
        np.full((2, 3), 1.1),
        [[0, 0, 0], [0, 0]],
        "009,000",
        None,
        -np.eye(2, 3),
    ],
)
def test_what_is_no_drawing_of_that_size_is_refused(wrong):
    with pytest.raises(DltermError, match="2 rows of 3 digits"):
        Counting(drawing=wrong)


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=2, max_size=2))
def test_a_drawing_is_kept_as_text_from_which_it_comes_again(pixels):
    drawn = Counting(drawing=pixels)
    assert np.abs(drawn.drawing - np.array(pixels)).max() <= 1 / 18 + 1e-6
    again = Counting.of(drawn.changed)
    assert again.drawing.dtype == np.float32
    assert np.array_equal(again.drawing, drawn.drawing)
    assert json.loads(json.dumps(dict(again.changed))) == dict(drawn.changed)


def test_a_drawing_is_changed_only_by_tuning_it():
    experiment, pixels = Counting(), np.zeros((2, 3))
    assert not experiment.drawing.any()
    assert not experiment.changed
    pixels[0, 2] = 1
    experiment.tune(drawing=pixels)
    pixels[:] = 0
    assert experiment.changed == {"drawing": "009,000"}
    with pytest.raises(ValueError, match="read-only"):
        experiment.drawing[0, 0] = 1


def test_only_a_live_knob_turns_while_it_runs():
    experiment = Counting()
    running = moments(experiment, 0)
    assert next(running).news == "1"
    experiment.tune(stride=2)
    assert next(running).news == "3"
    with pytest.raises(DltermError, match="cannot be turned"):
        experiment.tune(steps=9)
    with pytest.raises(AttributeError):
        experiment.stride = 1.0
    running.close()


def test_the_verdict_is_that_all_measures_are_what_they_must_be():
    assert run(Counting(), seed=3).holds
    failed = run(Counting(steps=2), seed=3)
    assert (failed.holds, failed.measures, failed.why) == (False, {"count": 2, "seed": 3}, "it got to 2")
    assert not Measure("x", "", at_most=1).holds(float("nan"))
    assert Measure("x", "").holds(float("nan"))


def test_a_measure_says_what_it_must_be():
    assert Measure("x", "", "share", at_least=0.5, at_most=0.75).bar == "at least 50.0% and at most 75.0%"
    assert Measure("x", "", "s", at_most=2).bar == "at most 2 s"


def test_a_run_that_is_not_wanted_any_more_is_closed():
    before = Counting.closed
    assert run(Counting(steps=1000), watch=lambda moment: moment.progress < 0.5) is None
    assert Counting.closed == before + 1


def test_the_last_moment_is_in_the_result():
    view = run(Counting()).moment.views["count"]
    assert isinstance(view, NumberView)
    assert view.value == 5


def test_a_training_that_diverges_is_told_in_a_line():
    class Diverging(Counting):
        def run(self, seed):
            raise DivergedError(7, "hidden1")
            yield

    with pytest.raises(DltermError, match="counting: diverged at step 7") as told:
        run(Diverging())
    assert told.value.exit_code is ExitCode.DIVERGED


def test_an_experiment_measures_what_it_says():
    class Forgetful(Counting):
        def run(self, seed):
            yield from ()
            return {"count": 1}

    with pytest.raises(RuntimeError, match="measures"):
        run(Forgetful())
