"""What is seen before the app is there, and what is left where it never comes."""

from __future__ import annotations

import signal
import sys
import time

import pytest

pytest.importorskip("termios")
from tests.tui.pty_support import Terminal

HOME = [sys.executable, "-m", "dlterm"]


@pytest.fixture
def opened(tmp_path):
    """The app, where importing Textual does what is written."""
    terminals = []

    def start(textual):
        (tmp_path / "textual.py").write_text(textual)
        places = {name: str(tmp_path / "home") for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME")}
        path = f"{tmp_path}:{sys.path[0]}:{':'.join(sys.path[1:])}"
        terminals.append(Terminal(HOME, (80, 24), {**places, "PYTHONPATH": path}))
        return terminals[-1]

    yield start
    for each in terminals:
        each.close()


def test_the_name_is_seen_while_the_app_is_imported(opened):
    shown = opened("import time\ntime.sleep(60)")
    shown.read_until("dlterm")
    assert shown.process.poll() is None


def test_an_app_that_cannot_be_imported_leaves_the_terminal_as_it_was_and_says_so(opened):
    shown = opened("raise ImportError('no such wheel')")
    assert shown.read_to_the_end() != 0
    assert shown.is_left_as_it_was
    assert "dlterm" in shown.text
    assert "Traceback" not in shown.text


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_before_the_app_is_there_leaves_the_terminal_as_it_was(opened, name):
    shown = opened("import time\ntime.sleep(60)")
    shown.read_until("dlterm")
    shown.process.send_signal(getattr(signal, name))
    assert shown.read_to_the_end() == 128 + getattr(signal, name)
    assert shown.is_left_as_it_was


def test_ctrl_z_waits_for_the_app(opened):
    shown = opened("import time\ntime.sleep(60)")
    shown.read_until("dlterm")
    shown.type(b"\x1a")
    time.sleep(0.2)
    assert shown.process.poll() is None
    shown.process.send_signal(signal.SIGTERM)
    assert shown.read_to_the_end() == 128 + signal.SIGTERM  # a process that is stopped would not end
