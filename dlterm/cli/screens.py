"""Opening the app, where there is a terminal for it."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from dlterm.tui.opening import Opening


def open_app(opening: Opening) -> int:
    """Run the app; its exit code. Raises DltermError (usage) without a terminal."""
    require_terminal()
    from dlterm.cli.curtain import Curtain

    gc.disable()  # while all is imported and built; the app takes it up again
    with Curtain():
        from dlterm.tui.app import run_app

        return int(run_app(opening))


def is_terminal() -> bool:
    """Whether a full-screen app can draw, and be left."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return (
        all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
    )


def require_terminal() -> None:
    """Raise DltermError (usage) where a full-screen app could neither draw nor be left."""
    if is_terminal():
        return
    raise DltermError(
        "dlterm's screens need a terminal for input and output",
        hint="to train without one: dlterm train spirals; all commands: dlterm -h",
        exit_code=ExitCode.USAGE,
    )
