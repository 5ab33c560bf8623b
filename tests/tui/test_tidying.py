from __future__ import annotations

import gc

import pytest

from dlterm.tui import tidying
from dlterm.tui.tidying import Tidying


@pytest.fixture
def collected(monkeypatch):
    """Which generations are collected, at what time by the clock."""
    before = gc.isenabled(), gc.get_threshold()
    found, clock = [], [0.0]
    monkeypatch.setattr(tidying, "monotonic", lambda: clock[0])
    monkeypatch.setattr(gc, "collect", found.append)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    yield found, clock
    gc.set_threshold(*before[1])
    (gc.enable if before[0] else gc.disable)()


def test_much_is_not_collected_while_somebody_waits_for_a_key(collected, monkeypatch):
    found, clock = collected
    own = Tidying()
    own.settle()
    own.note_key()
    monkeypatch.setattr(gc, "get_count", lambda: (20_000, 0, 0))
    own.tidy()
    assert found == []
    clock[0] += 5
    own.tidy()
    assert found == [1]


def test_while_a_key_is_held_down_what_has_come_since_is_collected_before_it_is_much(collected, monkeypatch):
    found, _ = collected
    own = Tidying()
    own.settle()
    own.note_key()
    monkeypatch.setattr(gc, "get_count", lambda: (5_000, 0, 0))
    own.tidy()
    assert found == [0]


def test_everything_is_collected_now_and_then(collected, monkeypatch):
    found, _ = collected
    own = Tidying()
    own.settle()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1000))
    own.tidy()
    assert found == [2]


def test_nothing_is_collected_while_the_first_page_is_built(collected):
    found, _ = collected
    gc.disable()
    Tidying().tidy()
    assert found == []
