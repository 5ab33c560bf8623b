from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import ControlType, Segment
from textual.color import Color

from dlterm.tui.terminal import Gate, is_behind

BLACK = Color.parse("black")


@given(st.text())
def test_no_control_character_passes_the_gate(text):
    passed = "".join(segment.text for segment in Gate().apply([Segment(text)], BLACK))
    assert not any(ord(glyph) < 32 or 127 <= ord(glyph) < 160 for glyph in passed)


def test_ordinary_text_and_control_segments_pass_as_they_are():
    segments = [Segment("naïve ▀ 日本"), Segment("\x1b[H", None, [(ControlType.HOME,)])]
    assert Gate().apply(segments, BLACK) == segments


async def test_without_a_terminal_nothing_is_behind(lab):
    async with lab.app.run_test():
        assert not is_behind(lab.app)


@pytest.mark.parametrize("module", ["dlterm.tui.app", "dlterm.tui.screens.lab"])
def test_nothing_heavy_is_loaded_before_the_first_paint(module):
    script = f"""
import sys, {module}
heavy = {{"numpy", "numba", "plotext", "dlterm.engine", "dlterm.data", "dlterm.drawing.frame"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
