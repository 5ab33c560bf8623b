"""The first thing that is seen: the name, where the app will have it, while the app is imported."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Final, Self

from dlterm.cli.signals import Stop

if TYPE_CHECKING:
    from types import TracebackType

_UP: Final = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H\x1b[1m dlterm \x1b[0m"  # a screen of its own, no cursor
_DOWN: Final = "\x1b[0m\x1b[?25h\x1b[?1049l"
_STOP = getattr(signal, "SIGTSTP", None)


class Curtain(contextlib.AbstractContextManager["Curtain"]):
    """Within it the app is imported and run; where that fails, or a signal ends it, the terminal is as it was.

    Without it the terminal says nothing for 0.4 s, and for seconds where the disk is slow. Ctrl+Z waits for the app.
    """

    def __init__(self) -> None:
        self._hangs = os.name == "posix" and not os.environ.get("TEXTUAL_DRIVER")
        self._stop = Stop()

    def __enter__(self) -> Self:
        """Say the name."""
        if self._hangs:
            self._stop.__enter__()
            if _STOP is not None:
                signal.signal(_STOP, signal.SIG_IGN)
            try:
                self._say(_UP)
            except BaseException:  # a signal that came with the name: nobody calls `__exit__` then
                self._say(_DOWN)
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The app has left the terminal as it was; what failed before it began has not."""
        if self._hangs:
            if error is not None:
                self._say(_DOWN)
            if _STOP is not None:
                signal.signal(_STOP, signal.SIG_DFL)
            self._stop.__exit__()

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
