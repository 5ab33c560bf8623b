from __future__ import annotations

import pytest

from tests.tui.support import Lab


@pytest.fixture(autouse=True)
def a_terminal_of_many_colours(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def lab():
    return Lab()
