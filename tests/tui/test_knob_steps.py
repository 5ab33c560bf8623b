from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlterm.experiments.knobs import Canvas, Choice, Number, Source, Switch, Whole
from dlterm.experiments.registry import entries, find
from dlterm.text import safe
from dlterm.tui.knob_steps import shown, steps, turned

ENDS = st.tuples(st.integers(-1000, 30_000), st.integers(1, 30_000))


@given(ENDS, st.data())
def test_a_whole_number_goes_from_end_to_end_within_its_bounds(ends, data):
    low, high = ends[0], ends[0] + ends[1]
    knob = Whole(data.draw(st.integers(low, high)), "it", low=low, high=high)
    found = steps(knob)
    assert found[0] == low
    assert found[-1] == high
    assert knob.default in found
    assert all(knob.check(each) == each for each in found)
    assert len(found) < 130


@given(st.floats(-50, 50), st.floats(1e-3, 1e6), st.data())
def test_a_number_turns_up_and_down_and_stays_at_an_end(low, span, data):
    high = low + span
    assume(high > low)
    knob = Number(data.draw(st.floats(low, high)), "it", low=low, high=high)
    value = data.draw(st.floats(low, high))
    up, down = turned(knob, value, 1), turned(knob, value, -1)
    assert down <= value <= up
    assert (up > value) == (value < high)
    assert (down < value) == (value > low)
    assert knob.check(up) == up
    assert knob.check(turned(knob, value, 1000)) == high
    assert knob.check(turned(knob, value, -1000)) == low


def test_choices_and_switches_stop_at_their_ends():
    choice = Choice("b", "it", ("a", "b", "c"))
    assert [turned(choice, "b", by) for by in (1, 2, -1, -5)] == ["c", "c", "a", "a"]
    switch = Switch(False, "it")
    assert [turned(switch, False, by) for by in (1, -1)] == [True, False]


def test_from_a_file_of_ones_own_one_turns_to_the_sets_that_there_are():
    source = Source("a", "it", ("a", "b"))
    assert [turned(source, "own.csv", by) for by in (1, -1)] == ["a", "b"]
    assert shown(source, "\x1b[2Jown.csv") == safe("\x1b[2Jown.csv")


def test_rates_go_through_round_numbers():
    knob = Number(0.1, "it", low=0.001, high=1.0)
    assert steps(knob) == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]


@pytest.mark.parametrize(
    ("knob", "value", "text"),
    [
        (Switch(True, "it"), True, "on"),
        (Whole(1, "it", low=0, high=10**6), 1971, "1971"),
        (Whole(1, "it", low=0, high=10**6), 20_000, "20,000"),
        (Number(1.0, "it", low=0.0, high=2.0), 0.30000000000000004, "0.3"),
        (Choice("a", "it", ("a", "b")), "a", "a"),
    ],
)
def test_values_are_short(knob, value, text):
    assert shown(knob, value) == text


def test_a_canvas_is_not_turned():
    knob = Canvas(2, 2, "it")
    assert turned(knob, knob.default, 1) is knob.default
    assert shown(knob, knob.default) == "blank"


def test_every_knob_of_every_experiment_turns_in_steps_that_one_can_count():
    for entry in entries():
        for name, knob in find(entry.id).knobs.items():
            assert len(steps(knob)) <= 130, (entry.id, name)
