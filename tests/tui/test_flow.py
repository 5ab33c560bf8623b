from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.tui.flow import LEAST, Flow


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def exchange(flow, clock, count, seconds):
    """Send so many bytes, ask, and be answered after so long."""
    flow.sent(count)
    assert flow.ask()
    clock.now += seconds
    flow.answered()


def test_what_was_sent_before_a_question_has_arrived_when_it_is_answered(clock):
    flow = Flow(clock)
    flow.sent(1000)
    flow.ask()
    flow.sent(500)
    assert (flow.in_flight, flow.room) == (1500, LEAST - 1500)
    flow.answered()
    assert flow.in_flight == 500


def test_nothing_is_asked_twice(clock):
    flow = Flow(clock)
    flow.sent(10)
    assert flow.ask()
    assert not flow.ask()


def test_a_fast_line_has_one_question_at_a_time_and_a_slow_one_a_question_for_each_piece(clock):
    flow = Flow(clock)
    flow.sent(10)
    assert flow.ask()
    flow.sent(10)
    assert not flow.ask()
    clock.now += 0.3
    flow.answered()
    assert flow.is_slow
    assert flow.ask()
    flow.sent(10)
    assert flow.ask()
    assert not flow.ask()


def test_the_window_grows_while_the_terminal_keeps_up(clock):
    flow = Flow(clock)
    for _ in range(4):
        exchange(flow, clock, 1_000_000, 0.002)
    assert flow.room == 16 * LEAST
    assert not flow.is_slow


def test_it_does_not_grow_where_little_is_sent(clock):
    flow = Flow(clock)
    for _ in range(10):
        exchange(flow, clock, 100, 0.002)
    assert flow.room == LEAST


def test_a_late_answer_narrows_it_and_never_below_what_a_picture_needs(clock):
    flow = Flow(clock)
    for _ in range(4):
        exchange(flow, clock, 1_000_000, 0.002)
    exchange(flow, clock, 1000, 0.3)
    assert flow.room == 8 * LEAST
    assert flow.is_slow
    for _ in range(8):
        exchange(flow, clock, 1000, 0.3)
    assert flow.room == LEAST


def test_on_a_slow_line_pieces_are_sent_evenly(clock):
    flow = Flow(clock)
    assert flow.seconds_for(LEAST) == 0
    exchange(flow, clock, 1000, 0.4)
    assert flow.seconds_for(LEAST // 4) == pytest.approx(0.1)


def test_a_terminal_that_never_answers_is_written_to_freely_after_a_second(clock):
    flow = Flow(clock)
    flow.sent(LEAST)
    flow.ask()
    assert flow.room == 0
    clock.now += 1.1
    assert flow.room > 100_000
    assert flow.is_mute
    flow.sent(100_000)
    assert not flow.ask()
    assert flow.in_flight == 0


def test_one_that_answers_very_late_is_asked_again(clock):
    flow = Flow(clock)
    flow.sent(LEAST)
    flow.ask()
    clock.now += 1.1
    assert flow.in_flight == 0
    flow.sent(100_000)
    flow.answered()
    assert flow.room == LEAST
    flow.sent(10)
    assert flow.ask()


def test_an_answer_that_is_lost_does_not_hold_pictures_for_ever(clock):
    flow = Flow(clock)
    exchange(flow, clock, 1000, 0.01)
    flow.sent(LEAST)
    flow.ask()
    clock.now += 3.1
    assert flow.room == LEAST
    flow.sent(10)
    assert flow.ask()


def test_a_new_terminal_is_measured_anew(clock):
    flow = Flow(clock)
    exchange(flow, clock, 1000, 0.4)
    flow.sent(5000)
    flow.ask()
    flow.forget()
    assert (flow.in_flight, flow.room) == (0, LEAST)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("sent"), st.integers(1, 200_000)),
            st.tuples(st.sampled_from(["ask", "answered"]), st.none()),
            st.tuples(st.just("wait"), st.floats(0, 5)),
        )
    )
)
def test_whatever_comes_there_is_always_room_again(steps):
    clock = Clock()
    flow = Flow(clock)
    for name, value in steps:
        if name == "wait":
            clock.now += value
        elif name == "sent":
            flow.sent(value)
        else:
            getattr(flow, name)()
        assert flow.in_flight >= 0
    flow.ask()
    clock.now += 10
    assert flow.room >= LEAST


def test_a_terminal_that_has_swallowed_a_question_is_asked_one_at_a_time(clock):
    flow = Flow(clock)
    exchange(flow, clock, 1000, 0.2)
    for _ in range(2):
        flow.sent(10)
        assert flow.ask()
    clock.now += 0.2
    flow.answered()
    assert flow.in_flight == 10
    clock.now += 0.7
    assert flow.in_flight == 0
    flow.sent(10)
    assert flow.ask()
    flow.sent(10)
    assert not flow.ask()
