"""How often a page draws, on a clock of the tests' own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dlterm.tui import pictures
from dlterm.tui.pictures import Pictures


class Page:
    """As much of a page as is asked for; `run` lets the time pass."""

    def __init__(self, frame_rate):
        self.config = SimpleNamespace(frame_rate=frame_rate)
        self.config_changed = SimpleNamespace(subscribe=lambda _, follow: setattr(self, "follow", follow))
        self.app, self.is_whole, self.is_behind, self.now = self, True, False, 0.0

    def set_interval(self, every, look):
        self.every, self.look = every, look
        return SimpleNamespace(stop=lambda: None)

    def run(self, seconds):
        until = self.now + seconds
        while self.now < until:
            self.now += self.every
            self.look()


@pytest.fixture
def page(monkeypatch):
    page = Page(30)
    monkeypatch.setattr(pictures, "monotonic", lambda: page.now)
    monkeypatch.setattr(pictures, "is_behind", lambda app: app.is_behind)
    return page


@pytest.fixture
def drawn(page):
    drawn = []
    Pictures(page, lambda: drawn.append(page.now))
    return drawn


@pytest.mark.parametrize("rate", [5, 30])
def test_pictures_are_drawn_as_often_as_is_set(page, drawn, rate):
    page.config.frame_rate = rate
    page.follow("frame_rate")
    page.run(10)
    assert len(drawn) == pytest.approx(10 * rate, rel=0.08)


def test_where_the_terminal_has_not_taken_the_last_one_the_next_comes_soon_after_it_has(page, drawn):
    page.run(1)
    page.is_behind = True
    page.run(1)
    drawn.clear()
    page.is_behind = False
    page.run(2 * page.every)
    assert drawn[0] <= page.now - page.every


def test_a_page_that_is_not_whole_is_not_drawn(page, drawn):
    page.is_whole = False
    page.run(1)
    assert drawn == []
