"""What the driver does, and what it needs of Textual: where that has changed, a test here fails and says what."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from functools import partial
from types import SimpleNamespace

import pytest

pytest.importorskip("termios")
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Offset

from dlterm.tui.driver import TerminalDriver, _Output
from dlterm.tui.flow import LEAST, QUESTION
from dlterm.tui.terminal import driver_class


def test_the_answer_about_the_cursor_is_no_key():
    for answer in ("\x1b[1;1R", "\x1b[24;80R", "\x1b[1;2R"):
        messages = list(XTermParser().feed(f"a{answer}b"))
        assert [type(message) for message in messages] == [events.Key, events.CursorPosition, events.Key]
        assert [messages[0].key, messages[2].key] == ["a", "b"]


def test_other_questions_would_be_taken_for_keys():
    """Why it is the cursor that is asked for: the answers of DSR 5 and DA1 become keys."""
    for answer in ("\x1b[0n", "\x1b[?62;22c"):
        parser = XTermParser()
        list(parser.feed(answer + "\x1b[I"))
        assert any(isinstance(message, events.Key) for message in parser.feed("x"))


def test_textual_still_has_the_parts_that_the_driver_works_with():
    source = inspect.getsource(linux_driver.LinuxDriver)
    for part in (
        "self._file = sys.__stderr__",
        "WriterThread(self._file)",
        "self._key_thread",
        "self.exit_event",
        "self.input_tty",
        "self._auto_restart",
        "self._must_signal_resume",
        "signal.signal(signal.SIGTSTP, self._sigtstp_application)",
    ):
        assert part in source, part
    assert list(inspect.signature(WriterThread).parameters) == ["file"]
    assert {"_begin_update", "_end_update", "_display"} <= set(vars(App))


def test_textual_still_has_what_pictures_and_recordings_of_the_screen_are_made_of():
    from textual._compositor import Compositor, LayoutUpdate

    assert callable(Compositor.render_strips)
    assert callable(Compositor.render_full_update)
    assert list(inspect.signature(LayoutUpdate.render_segments).parameters) == ["self", "console"]


def test_textual_writes_an_update_of_the_screen_as_moves_and_text():
    from textual._compositor import ChopsUpdate, LayoutUpdate
    from textual.geometry import Region
    from textual.strip import Strip

    from dlterm.tui.outbox import is_frame

    console = App().console
    strip = Strip.blank(4)
    for update in (
        LayoutUpdate([[strip]], Region(0, 0, 4, 1)),
        ChopsUpdate([{0: strip}], [(0, 0, 4)], [[4]]),
    ):
        assert is_frame(update.render_segments(console))


def test_the_apps_driver_is_this_one_unless_the_environment_names_another(monkeypatch):
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    assert driver_class() is TerminalDriver
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    assert driver_class() is None


@pytest.fixture
async def driver(monkeypatch):
    """A driver that is open, with a writer whose queue is written at once, and no signal handlers left behind."""
    monkeypatch.setattr(sys, "__stdin__", SimpleNamespace(fileno=lambda: 0, isatty=lambda: True))
    monkeypatch.setattr(linux_driver.signal, "signal", lambda *_: None)
    monkeypatch.setattr(TerminalDriver, "_take_job_control", lambda _: None)
    driver = TerminalDriver(App())
    written = []
    driver._file = SimpleNamespace(taken=0, fileno=lambda: 0)
    driver._writer_thread = SimpleNamespace(write=partial(_take, driver, written), is_alive=lambda: True)
    driver._is_open = True
    driver.written = lambda: "".join(written)
    return driver


def _take(driver, written, text):
    written.append(text)
    driver._file.taken += len(text)


def line(row, cells):
    return f"\x1b[{row};1H" + "▀" * cells


def picture(rows, cells=400):
    return "".join(line(row, cells) for row in range(1, rows + 1))


async def test_a_picture_beyond_the_window_is_sent_in_turns_and_arrives_whole(driver):
    driver.write(picture(40))
    driver.flush()
    sent = len(driver.written().encode())
    assert driver.is_behind
    assert 0 < sent <= LEAST
    for _ in range(40):
        driver.process_message(events.CursorPosition(0, 0))
        await asyncio.sleep(0)
    assert all(line(row, 400) in driver.written() for row in range(1, 41))


async def test_a_key_is_echoed_while_a_picture_waits(driver):
    driver.write(picture(40))
    driver.flush()
    driver.write("\x1b[50;1Hof the picture")
    driver.process_message(events.Key("a", "a"))
    driver.write("\x1b[51;1Hecho")
    driver.flush()
    assert 0 < driver.written().find("echo") < driver.written().find("of the picture")


async def test_where_nobody_answers_the_picture_arrives_all_the_same(driver, monkeypatch):
    driver.write(picture(40))
    driver.flush()
    now = driver._flow._clock()
    monkeypatch.setattr(driver._flow, "_clock", lambda: now + 1.5)
    driver.flush()
    assert line(40, 400) in driver.written()
    assert not driver.is_behind


async def test_an_answer_goes_no_further_than_the_driver(driver, monkeypatch):
    passed = []
    monkeypatch.setattr(driver, "send_message", passed.append)
    driver.process_message(events.CursorPosition(*Offset(3, 4)))
    driver.process_message(events.Key("a", "a"))
    assert [type(message) for message in passed] == [events.Key]


async def test_nothing_is_asked_once_the_terminal_is_given_back(driver, monkeypatch):
    """An answer that is taken after that would have asked again, and the shell would have read what came."""
    monkeypatch.setattr(LinuxDriver, "disable_input", lambda _: None)
    driver.write(line(1, 40))
    driver.flush()
    driver.write(line(2, 40))
    driver.process_message(events.CursorPosition(0, 0))
    driver.disable_input()
    await asyncio.sleep(0)
    assert driver.written().count(QUESTION) == 1


async def test_what_was_answered_before_the_shell_had_the_terminal_answers_nothing_new(driver, monkeypatch):
    monkeypatch.setattr(LinuxDriver, "start_application_mode", lambda _: None)
    driver.write(line(1, 40))
    driver.flush()
    driver.process_message(events.CursorPosition(0, 0))
    driver._writer_thread.is_alive = lambda: True
    driver.start_application_mode()
    driver.write(line(2, 40))
    driver.flush()
    await asyncio.sleep(0)
    assert driver._flow.in_flight > 0


async def test_what_is_drawn_while_the_shell_has_the_terminal_is_not_waited_for(driver):
    """A picture that went to a writer that had ended would never be taken, and no other was drawn any more."""
    driver._is_open = False
    driver.write(picture(1, cells=3))
    driver._writer_thread.is_alive = lambda: False
    driver.write("\a")
    assert driver.written() == ""
    assert not driver.is_behind


async def test_the_marks_of_an_update_stand_around_every_piece_of_it(driver):
    driver.write("\x1b[?2026h")
    driver.write(picture(40))
    driver.write("\x1b[?2026l")
    driver.flush()
    written = driver.written().replace(QUESTION, "")
    assert written.startswith("\x1b[?2026h")
    assert written.endswith("\x1b[?2026l")
    assert written.count("\x1b[?2026h") == written.count("\x1b[?2026l")


def test_an_output_that_is_gone_is_told_of_once_and_written_to_for_ever():
    reader, writer = os.pipe()
    told = []
    with os.fdopen(writer, "w", encoding="utf-8") as file:
        output = _Output(file, lambda: told.append(True))
        output.write("é")
        assert os.read(reader, 10) == "é".encode()
        os.close(reader)
        for _ in range(3):
            output.write("text")
    assert told == [True]
    assert output.taken == 13
