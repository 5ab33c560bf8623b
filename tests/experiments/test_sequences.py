"""What the experiments on sequences compute themselves: how far back slopes reach, answers before they are learned."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.experiments.catalogue import gpt, memory
from dlterm.experiments.course_text import CourseText, cut, drawn
from dlterm.experiments.writer import BATCH, Pen, Writer, chosen, probabilities


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


def test_the_text_is_the_courses_own_and_can_be_read_again():
    text = CourseText.read()
    assert len(text.known) + len(text.new) > 90_000
    assert text.decoded(text.encoded("A network learns.")) == "A network learns."
    assert "[" not in text.characters and "`" not in text.characters, "links and code are no prose"


def test_what_is_held_out_is_read_once_and_nothing_of_it_is_learned_from():
    text = CourseText.of("abcdefghij" * 20)
    stretches = cut(text.new, 7)
    assert text.decoded(stretches[:, 1:].ravel()) in text.decoded(text.new)
    assert (stretches[1:, 0] == stretches[:-1, -1]).all()
    assert drawn(text.known, 50, 12, seed=1).max() < 10
    assert drawn(text.known, 5, len(text.known), seed=1).tolist() == [text.known.tolist()] * 5


def alphabet(network, steps=150):
    """A writer that has learned the alphabet, over and over, and its text."""
    text = CourseText.of("abcdefgh" * 60)
    stretches = drawn(text.known, steps * BATCH, gpt.LENGTH + 1, seed=0)
    writer = Writer(lambda x: network(x, kinds=8, seed=0), stretches, seed=0)
    writer.advance(writer.steps, 0.006)
    return text, writer


@pytest.mark.parametrize("network", [gpt.transformer, gpt.recurrent])
def test_who_has_learned_the_alphabet_goes_on_with_it(network):
    text, writer = alphabet(network)
    assert writer.bits(np.tile(cut(text.new, gpt.LENGTH + 1), (BATCH, 1))) < 0.5
    pen = Pen(writer, text, "cde", length=50, seed=0)
    pen.write(temperature=0.0, count=50)
    assert pen.lines() == [("cdefghab" * 7)[:53]] * 3
    pen.write(temperature=0.0, count=1)
    assert pen.lines() == ["cdef"] * 3, "a new text, once it is long enough"


def test_no_character_looks_at_those_after_it_and_its_looks_are_shares():
    _, writer = alphabet(gpt.transformer, steps=1)
    _, looks = writer.expects(np.arange(8)[None])
    assert len(looks) == gpt.BLOCKS
    for look in looks:
        assert look.shape == (1, gpt.HEADS, 8, 8)
        np.testing.assert_allclose(look.sum(-1), 1, rtol=1e-5)
        assert (np.triu(look, 1) == 0).all()


def test_temperature_tells_how_bold_the_choice_is():
    logits = np.array([[2.0, 1.0, 0.0]], np.float32)
    cold, warm, hot = (probabilities(logits, t)[0] for t in (0.0, 1.0, 2.0))
    assert cold.tolist() == [1, 0, 0]
    np.testing.assert_allclose(warm, np.exp([2, 1, 0]) / np.exp([2, 1, 0]).sum())
    assert hot.max() < warm.max()
    luck = np.array([0.0, warm[0] + 0.01, 1.0])
    assert chosen(np.tile(warm, (3, 1)), luck).tolist() == [0, 1, 2]
