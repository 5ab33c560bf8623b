from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytest.importorskip("pty")
from benchmarks.walk import walk

WALKS, EVENTS = 9, 250  # the first walk is 250 times the same key


@settings(
    max_examples=WALKS,
    derandomize=True,  # the same walks wherever it runs
    deadline=None,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # a walk takes seconds, and none is the simpler for being shorter
    suppress_health_check=list(HealthCheck),
)
@given(choose=st.randoms(use_true_random=False))
def test_two_thousand_keys_clicks_and_sizes_break_nothing_and_the_terminal_is_left_as_it_was(choose):
    walked = walk(EVENTS, choose)
    assert walked.events == EVENTS
    assert (walked.crashes, walked.unrestored) == (0, 0), walked.last_words
