"""Recordings of the screen: what a player shows of one is what was on the terminal."""

from __future__ import annotations

import json
import sys
import time

import pyte
import pytest

from dlterm.drawing import asciicast
from dlterm.tui.recorder import RECORDING, Recorder
from dlterm.tui.widgets.mode_bar import ModeBar
from tests.tui.support import Lab, settled


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def events(path):
    header, *found = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return header, found


def played(path):
    """What a terminal shows at the end of a recording."""
    header, found = events(path)
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for _, kind, data in found:
        if kind == "r":
            screen.resize(*map(int, reversed(data.split("x"))))
        else:
            stream.feed(data)
    return screen


def test_a_recording_begins_with_the_whole_screen_and_has_what_came_when_it_came(tmp_path):
    path, recorder = tmp_path / "a.cast", Recorder(lambda _: None)
    recorder.begin(path, (80, 24), "\x1b[1;1Hwhole", "dlterm lab")
    time.sleep(0.05)
    recorder.take("\x1b[2;1Hmore", (80, 24))
    recorder.take("\x1b[1;1Hlarger", (100, 30))
    recorder.end()
    recorder.end()
    header, found = events(path)
    assert (header["width"], header["height"], header["title"]) == (80, 24, "dlterm lab")
    assert [kind for _, kind, _ in found] == ["o", "o", "r", "o"]
    assert found[0][2].endswith("whole")
    assert found[1][0] >= 0.05
    assert played(path).display[0].rstrip() == "larger"


def test_one_recording_after_the_other_is_a_file_of_its_own(tmp_path):
    recorder = Recorder(lambda _: None)
    for name in "ab":
        recorder.begin(tmp_path / f"{name}.cast", (80, 24), name, "")
    recorder.end()
    assert [events(tmp_path / f"{name}.cast")[1][0][2][-1] for name in "ab"] == ["a", "b"]
    with pytest.raises(FileExistsError):
        recorder.begin(tmp_path / "a.cast", (80, 24), "", "")
    assert not recorder.is_on


def test_one_that_is_as_long_as_it_may_be_ends_and_says_so(tmp_path, monkeypatch):
    ended = []
    monkeypatch.setattr(asciicast.Asciicast.__init__, "__kwdefaults__", _with(most_bytes=600))
    recorder = Recorder(ended.append)
    recorder.begin(tmp_path / "a.cast", (80, 24), "", "")
    for _ in range(100):
        recorder.take("x" * 50, (80, 24))
    until = time.monotonic() + 10
    while recorder.is_on:
        assert time.monotonic() < until
        time.sleep(0.005)
    recorder.end()
    assert ended == [""]
    assert (tmp_path / "a.cast").stat().st_size <= 600


def _with(**changed):
    return {**asciicast.Asciicast.__init__.__kwdefaults__, **changed}


async def test_a_key_records_and_stops_and_the_mark_is_on_every_page(tmp_path):
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        lab.app._driver.listener = None  # the driver of tests sends nothing
        await pilot.press("ctrl+e")
        await pilot.pause(0.1)
        assert RECORDING in lab.text
        lab.app._driver.listener("\x1b[1;1Hsomething new")
        await pilot.press("1")
        await settled(pilot)
        assert lab.screen.query_one(ModeBar).render().plain.endswith(RECORDING)
        await pilot.press("ctrl+e")
        await pilot.pause(0.1)
        assert RECORDING not in lab.text
        assert lab.app._driver.listener is None
        path = tmp_path / "dlterm-lab.cast"
        assert any(path.name in note.message for note in lab.app._notifications)
    shown = played(path).display
    assert shown[0].startswith("something new")
    assert "Network" in shown[1]


async def test_a_terminal_that_cannot_be_recorded_is_told():
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+e")
        await pilot.pause(0.1)
        assert any("cannot be recorded" in note.message for note in lab.app._notifications)
        assert RECORDING not in lab.text


async def test_a_recording_that_fails_is_told_and_its_mark_goes():
    lab = Lab()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        lab.app._driver.listener = None
        await pilot.press("ctrl+e")
        lab.app.recorder._stop("No space left on device")
        await pilot.pause(0.2)
        assert any("No space left" in note.message for note in lab.app._notifications)
        assert RECORDING not in lab.text


def test_on_a_terminal_what_is_played_is_what_was_seen_and_the_end_of_the_app_ends_it(tmp_path, monkeypatch):
    pytest.importorskip("termios")
    from tests.tui.pty_support import Terminal

    state = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    terminal = Terminal([sys.executable, "-m", "dlterm", "lab", "moons?hidden=3"], (100, 32), state)
    try:
        terminal.read_until("epoch")
        terminal.type(b" ")
        terminal.read_until("paused")
        terminal.type(b"\x05")
        terminal.read_until(RECORDING)
        terminal.type(b"v")
        terminal.read_until("%   ━━ test")
        path = tmp_path / "dlterm-lab.cast"
        terminal.wait(lambda: _alike(played(path).display, terminal.text), "recording of what is seen")
        terminal.type(b"\x11")
        assert terminal.read_to_the_end() == 0
    finally:
        terminal.process.kill()
    assert path.read_text(encoding="utf-8").endswith("\n")
    assert RECORDING in played(path).display[0]


def _alike(lines, text):
    return [line.rstrip() for line in lines][:20] == [line.rstrip() for line in text.split("\n")][:20]
