"""What the experiments on sequences compute themselves: how far back slopes reach, answers before they are learned."""

from __future__ import annotations

import numpy as np

from dlterm.experiments.catalogue import memory


def reader(kind, length=40, bias=0.0, count=64):
    symbols = np.random.default_rng(0).integers(0, memory.SYMBOLS, (count, length))
    return memory.Reader(kind, symbols, seed=1, forget_bias=bias)


def test_an_open_gate_lets_slopes_reach_the_first_symbol_and_a_closed_one_does_not():
    first = {bias: (slopes := reader("LSTM", bias=bias).reach())[0] / slopes[-1] for bias in (5.0, 1.0, -2.0)}
    assert first[5.0] > 0.1
    assert first[5.0] > 100 * first[1.0] > 100 * first[-2.0]


def test_slopes_of_a_plain_network_shrink_step_by_step():
    slopes = reader("RNN").reach()
    assert (slopes[:-8:8] < slopes[8::8][: len(slopes[:-8:8])]).all()


def test_what_is_learned_does_not_depend_on_how_often_one_looks():
    one, other = reader("LSTM", bias=3.0, count=320), reader("LSTM", bias=3.0, count=320)
    one.advance(10, 0.01)
    for steps in (1, 2, 7):
        other.advance(steps, 0.01)
        other.reach()
    np.testing.assert_array_equal(one.reach(), other.reach())
    assert one.accuracy() == other.accuracy()


def test_nothing_is_said_of_the_answers_of_a_network_that_has_read_nothing():
    assert np.isnan(reader("RNN").accuracy())
