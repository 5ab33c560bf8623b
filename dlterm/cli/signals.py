"""Signals that end training: a flag, looked at between chunks of work, so that what was learned is saved."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Self

from dlterm.errors import ExitCode

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """A context manager: within it, the first Ctrl-C, SIGTERM or SIGHUP sets `requested`.

    As long as there is nothing to save, `gentle` is False and it ends the process as well; but compilers call
    back from places where Python drops what is raised, and then the flag still ends the training. A second
    signal does what it always did, so that a run whose output nobody reads can still be ended.
    """

    def __init__(self) -> None:
        self.gentle = False
        self.signal: int | None = None
        self._previous: dict[int, Any] = {}

    @property
    def requested(self) -> bool:
        """Whether a signal has come."""
        return self.signal is not None

    @property
    def exit_code(self) -> ExitCode:
        """What the process ends with: 128 and the signal's number, or 0 without a signal."""
        return ExitCode.DONE if self.signal is None else ExitCode(128 + self.signal)

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            previous = signal.getsignal(number)
            if previous is signal.SIG_IGN:  # nohup, or a background job of a plain shell: their wish stands
                continue
            self._previous[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        self._restore()
        if not self.gentle:
            raise SystemExit(self.exit_code)

    def _restore(self) -> None:
        while self._previous:
            signal.signal(*self._previous.popitem())
