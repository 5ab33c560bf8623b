from __future__ import annotations

import pytest

pytest.importorskip("pty")
from benchmarks.answers import first_shown, key_echoes, match, settled
from benchmarks.terminal import Moment

SHOWN = [
    Moment(0.0, ["loading"]),
    Moment(1.0, ["rate 1", "epoch 1"]),
    Moment(2.0, ["rate 1", "epoch 2"]),
    Moment(2.5, ["a message over it"]),
    Moment(3.0, ["rate 3", "epoch 3"]),
    Moment(4.0, ["rate 3", "epoch 4"]),
    Moment(5.0, ["rate 1", "epoch 4"]),
]
RATE = match(r"rate (\d)")


def test_words_are_looked_for_only_after_a_time():
    assert first_shown(SHOWN, 0.0, "rate 1") == 1.0
    assert first_shown(SHOWN, 1.0, "rate 1") == 2.0
    with pytest.raises(RuntimeError, match="rate 7"):
        first_shown(SHOWN, 0.0, "rate 7")


def test_a_key_is_answered_by_the_first_change_of_what_it_changes():
    assert key_echoes(SHOWN, [1.5, 2.75, 3.5], RATE) == [1.5, 0.25, 1.5]
    with pytest.raises(RuntimeError, match="no answer"):
        key_echoes(SHOWN, [5.5], RATE)


def test_a_search_is_settled_with_its_last_change_before_the_next_letter():
    assert settled(SHOWN, 2.5, 2.0, RATE) == 0.5
    assert settled(SHOWN, 2.5, 3.0, RATE) == 2.5
    with pytest.raises(RuntimeError, match="no answer"):
        settled(SHOWN, 3.5, 1.0, RATE)
