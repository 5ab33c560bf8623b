"""What is drawn of a changed screen is what drawing all of it anew would show."""

from __future__ import annotations

import random

import pyte
import pytest
from textual.app import App
from textual.containers import Grid, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from dlterm.tui.steady import Steady

SIZE = 70, 24


class Page(Steady):
    CSS = """
    Page { layers: below above; }
    Grid { grid-size: 3; }
    Grid Static { border: round green; }
    VerticalScroll Static { height: 3; margin: 1; background: blue; }
    #above { layer: above; offset: 15 5; width: 25; height: 6; background: red; }
    #clear { layer: above; dock: bottom; width: 20; height: 3; background: white 30%; }
    """

    def compose(self):
        with Grid():
            for number in range(5):
                yield Static(str(number))
            with VerticalScroll():
                for number in range(9):
                    yield Static(str(number))
        yield Static("above", id="above")
        yield Static("clear", id="clear")


class Over(Steady, ModalScreen):
    CSS = """
    Over { align: center middle; background: black 50%; }
    Over Static { width: 20; height: 5; background: green; }
    """

    def compose(self):
        yield Static("over")


class Small(App):
    def on_mount(self):
        self.push_screen(Page())


class Shown:
    """A terminal that takes a screen's updates."""

    def __init__(self, app):
        self.app = app
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.Stream(self.screen)

    def take(self, changed=(), *, full=False):
        compositor = self.app.screen._compositor
        compositor.update_widgets(set(changed))
        update = compositor.render_update(full=full, screen_stack=self.app._background_screens)
        if update is not None:
            self.stream.feed(update.render_segments(self.app.console))

    @property
    def cells(self):
        rows = range(SIZE[1])
        return [[self.screen.buffer[row][column] for column in range(SIZE[0])] for row in rows]


@pytest.mark.parametrize("over", [False, True])
async def test_parts_of_a_screen_are_drawn_as_the_whole_would_be(over):
    choose, app = random.Random(4), Small()
    async with app.run_test(size=SIZE) as pilot:
        if over:
            app.push_screen(Over())
        await pilot.pause()
        terminal, fresh = Shown(app), Shown(app)
        terminal.take(full=True)
        parts = list(app.screen.query(Static))
        for turn in range(60):
            changed = choose.sample(parts, choose.randint(1, min(4, len(parts))))
            for widget in changed:
                widget.update(f"{turn} {choose.choice('abc') * choose.randint(1, 60)}", layout=False)
            terminal.take(changed)
            fresh.take(full=True)
            assert terminal.cells == fresh.cells, turn
