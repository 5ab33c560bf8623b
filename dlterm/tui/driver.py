"""Textual's driver for POSIX terminals, with what it lacks: a measured line, and an end when the terminal is gone.

This and `dlterm.tui.terminal` are the only modules that use what Textual keeps to itself; `tests/tui/test_driver.py`
says when that has changed.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import selectors
import signal
import sys
import time
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, TextIO

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from dlterm.tui.flow import LEAST, QUESTION, Flow
from dlterm.tui.outbox import Outbox, is_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.message import Message

_CHUNK = LEAST // 16  # bytes between two questions, so that answers come evenly while much is sent
_ECHO = 0.2  # seconds after a key in which text counts as its echo
_PATIENCE = 0.1  # seconds until it is looked again whether the terminal still answers
_FAREWELL = 2.0  # seconds to wait for the last answers: one that comes later is typed into the shell
_STUCK = 0.7  # seconds in which a terminal that is still sent something takes nothing of it: nobody reads
_STOPPED = 0.1  # seconds until a stop that did not happen (nobody could continue it) is undone
_READ = 4096
_SYNC_BEGIN, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"


class _Output:
    """The terminal as a file that can be written to for ever, and tells once when it is gone.

    It goes past Python's buffer, whose lock a write that never ends would hold while Python shuts down.
    """

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        self.taken = 0  # characters that the kernel has taken
        self._encoding, self._descriptor = file.encoding, file.fileno()
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        if not self._is_gone:
            data = memoryview(text.encode(self._encoding, "replace"))
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                self._is_gone = True
                self._gone()
        self.taken += len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def fileno(self) -> int:
        return self._descriptor


class TerminalDriver(LinuxDriver):
    """Sends no more than the line takes: text at once, a picture's lines in turns, newer ones in place of older."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._here = asyncio.get_running_loop()
        self._file: Any = _Output(sys.__stderr__ or sys.stderr, self._hang_up)
        self._given = 0  # characters for the kernel, in all
        self._giving = Lock()
        self._flow, self._outbox = Flow(), Outbox()
        self._asked = self._answers = 0  # since the terminal was taken; answers are read on the input thread
        self._sitting = 0  # how often the terminal was taken
        self._timer: asyncio.TimerHandle | None = None
        self._next_turn = 0.0  # on the loop's clock, as is
        self._echo_until = 0.0  # which is set on the input thread
        self._screen_size: os.terminal_size | None = None
        self._is_open = self._is_suspended = self._is_synchronised = False
        self.listener: Callable[[str], None] | None = (
            None  # hears of every update of the screen as it is sent
        )
        self._take_job_control()

    @property
    def is_behind(self) -> bool:
        """Whether a new picture had better wait until the terminal has the last one."""
        return bool(self._outbox) or self._backlog > 0 or self._flow.room < 1

    # --- output -----------------------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Send text; an update of the screen that is more than the line takes now waits for its turn."""
        if data in (_SYNC_BEGIN, _SYNC_END):  # each piece of an update gets its own
            self._is_synchronised = True
        elif not is_frame(data):
            self._send(data)
        elif self._is_open:  # else the shell has the terminal: all is drawn anew once it is back
            self._look_at_size()
            if self._outbox or self._flow.is_slow or len(data.encode()) > self._room:
                self._outbox.put(data, answers=self._here.time() < self._echo_until)
            else:
                self._outbox.clear()
                self._send_frame(data)

    def flush(self) -> None:
        """Send what has its turn, and have the terminal say when it has it."""
        self._ask()
        self._pump()

    @property
    def _room(self) -> int:
        return self._flow.room if self._backlog < LEAST else min(self._flow.room, 0)

    @property
    def _backlog(self) -> int:
        return self._given - int(self._file.taken)

    def _send(self, data: str) -> None:
        self._flow.sent(len(data.encode()))
        self._give(data)

    def _give(self, data: str) -> None:
        if self._writer_thread is None or not self._writer_thread.is_alive():
            return  # it would never be taken, and all waited for it
        with self._giving:  # the input thread, too, writes now and then
            self._given += len(data)
        super().write(data)

    def _send_frame(self, data: str) -> None:
        if self.listener is not None:
            self.listener(data)
        self._send(f"{_SYNC_BEGIN}{data}{_SYNC_END}" if self._is_synchronised else data)

    def _ask(self) -> None:
        if self._is_open and self.input_tty and self._flow.ask():
            self._asked += 1
            self._give(QUESTION)

    def _pump(self) -> None:
        """Send pieces of the update that waits: text at once, the rest in its turn."""
        if self._timer is not None:
            self._timer.cancel()
        while self._is_open and self._outbox:
            pause = self._next_turn - self._here.time()
            text = self._outbox.take(min(self._room, 0)) if pause > 0 else self._next_piece()
            if not text:
                self._timer = self._here.call_later(pause if pause > 0 else _PATIENCE, self._pump)
                break
            self._send_frame(text)
            self._ask()

    def _next_piece(self) -> str:
        """A few lines; at least one, where it has room or nothing else is on its way."""
        is_idle = self._backlog == 0 and self._flow.in_flight == 0
        share = _CHUNK if self._flow.is_slow else LEAST
        text = self._outbox.take(min(self._room, share), first=sys.maxsize if is_idle else self._room)
        if text:
            self._next_turn = self._here.time() + self._flow.seconds_for(share)
        return text

    def _look_at_size(self) -> None:
        """Drop what waits for a screen of another size; Textual draws the new one from scratch."""
        with suppress(OSError):
            size = os.get_terminal_size(self._file.fileno())
            if size != self._screen_size:
                self._screen_size = size
                self._outbox.clear()

    # --- input ------------------------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys and answers until told to stop; leave where the terminal is gone. Bytes may be no text."""
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:  # the others refuse terminals on macOS
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        self._hang_up()
                        break
                    if text := decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
        with suppress(EOFError, ParseError):
            list(parser.feed(""))

    def process_message(self, message: Message) -> None:
        """Pass on what came; an answer of the terminal is for this driver alone."""
        if isinstance(message, events.CursorPosition):
            self._answers += 1
            self._here.call_soon_threadsafe(self._take_answer, self._sitting)
        else:
            if isinstance(message, events.InputEvent):
                self._echo_until = self._here.time() + _ECHO
            super().process_message(message)

    def _take_answer(self, sitting: int) -> None:
        if sitting != self._sitting:  # it answers what was asked before the shell had the terminal
            return
        self._flow.answered()
        self._ask()
        self._pump()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._here.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        self._flow.forget()  # nobody is left to answer
        self._app.exit(return_code=128 + signal.SIGHUP)

    # --- coming and going -------------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal; not where the shell has it, whose job this is then."""
        self._flow.forget()
        self._outbox.clear()
        self._asked = self._answers = 0
        self._sitting += 1
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_open = self._writer_thread is not None and self._writer_thread.is_alive()

    def disable_input(self) -> None:
        """Stop reading, after the last answers came: one that came later would be typed into the shell."""
        self._is_open = False
        self._wait_while(lambda: self._answers < self._asked and not self._flow.is_mute)
        super().disable_input()

    def close(self) -> None:
        """End the writer; not one that has to do with a terminal that takes nothing: it ends with the process."""
        self._wait_while(lambda: self._backlog > 0)
        if not self._backlog:
            super().close()

    def _wait_while(self, is_so: Callable[[], bool]) -> None:
        """Wait a little; not for a terminal that takes nothing."""
        begun = moved = time.monotonic()
        taken = self._file.taken
        while is_so() and (now := time.monotonic()) < begun + _FAREWELL:
            if self._file.taken != taken or not self._backlog:
                taken, moved = self._file.taken, now
            if now >= moved + _STUCK:
                break
            time.sleep(0.002)

    # --- ctrl+z and fg ----------------------------------------------------------------------------------------------

    def _take_job_control(self) -> None:
        """Have the loop stop and continue the job: a signal may come while a lock is held that both need."""
        self._here.add_signal_handler(signal.SIGTSTP, self._stop_job)
        self._here.add_signal_handler(signal.SIGCONT, self._continue_job)

    def _stop_job(self) -> None:
        """Give the terminal back, and stop all of the job, as the terminal would have done."""
        if self._auto_restart:
            self.suspend_application_mode()
            self._is_suspended = self._must_signal_resume = True
        self._here.remove_signal_handler(signal.SIGTSTP)
        os.kill(
            0, signal.SIGTSTP
        )  # without a handler the kernel refuses where no shell could continue the job
        self._here.call_later(_STOPPED, self._continue_job)

    def _continue_job(self) -> None:
        """Take the terminal again, unless the shell keeps it (bg); draw the screen anew."""
        if self._is_suspended:
            self.resume_application_mode()
            self._is_suspended = not self._is_open
        if not self._is_suspended:
            self._take_job_control()
            self._app.call_later(self._app.refresh, layout=True)
