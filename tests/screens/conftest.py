from __future__ import annotations

import pytest
from textual.widgets import Input


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch):
    """A cursor that blinks would be in the picture or not."""
    monkeypatch.setattr(Input, "cursor_blink", False)
