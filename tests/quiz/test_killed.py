"""Killed at any moment, two at once: every acknowledged answer is there, and the store is whole."""

from __future__ import annotations

import random

from benchmarks.learners import kill_learners
from dlterm.quiz.store import Store

KILLS = 30


def test_no_acknowledged_answer_is_lost(path):
    done = kill_learners(path, KILLS, random.Random(7))
    assert done.said == []
    with Store.open(path) as store:
        assert store.notices == []
        assert store.kept.value("PRAGMA integrity_check") == "ok"
        kept = {row["uid"] for row in store.rows()}
        assert store.cards.all() == store.cards.folded()
    assert set(done.acknowledged) <= kept
    assert len(done.acknowledged) > KILLS
    assert len(kept - set(done.acknowledged)) <= done.hits  # kept, and killed before that was said
