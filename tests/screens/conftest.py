from __future__ import annotations

import pytest
from textual.widgets import Input, TextArea

from dlterm.tui.terminal import strips_of

_ALIKE, _APART, _MOST = 4, 0.08, 200  # pictures in a row; seconds; pictures


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch):
    """A cursor that blinks would be in the picture or not."""
    for kind in (Input, TextArea):
        monkeypatch.setattr(kind, "cursor_blink", False)


@pytest.fixture(autouse=True)
def a_terminal_of_many_colours(monkeypatch, tmp_path):
    """Whatever the terminal is in which the tests are run, and wherever."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def snap_compare(snap_compare):
    """Pictures are taken once nothing on the screen, colours included, changes any more, however busy the machine."""

    def compare(app, *, run_before=None, **options):
        async def prepare(pilot):
            if run_before is not None:
                await run_before(pilot)
            await _still(pilot)

        return snap_compare(app, run_before=prepare, **options)

    return compare


async def _still(pilot):
    seen = []
    while len(seen) < _MOST and (len(seen) < _ALIKE or any(each != seen[-1] for each in seen[-_ALIKE:])):
        await pilot.pause(_APART)
        seen.append([list(strip) for strip in strips_of(pilot.app.screen)])
