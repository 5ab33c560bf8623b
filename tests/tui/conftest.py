from __future__ import annotations

from functools import partial

import pytest
import textual.app
import textual.pilot
from textual._wait import wait_for_idle

from tests.tui.support import Lab

_LONGEST_SECONDS = 0.3


@pytest.fixture(autouse=True)
def a_terminal_of_many_colours(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def no_idling(monkeypatch):
    """Textual waits at every key until the process rests, up to a second; where a network trains it never does."""
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", partial(wait_for_idle, max_sleep=_LONGEST_SECONDS))


@pytest.fixture
def lab():
    return Lab()
