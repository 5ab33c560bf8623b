from __future__ import annotations

import pytest

pytest.importorskip("pty")
from benchmarks.walk import walk


def test_three_hundred_keys_clicks_and_sizes_break_nothing_and_the_terminal_is_left_as_it_was():
    walked = walk(300, seed=2)
    assert walked.events == 300
    assert (walked.crashes, walked.unrestored) == (0, 0), walked.last_words
