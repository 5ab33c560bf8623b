"""The crash report: what a bug report needs, in a file, without the values of anyone's data."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_log_path

from dlterm import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_report(error: BaseException, arguments: Sequence[str]) -> str:
    """Write the report to the user's log directory, or else to the temporary one.

    Returns the sentence that tells the reader where it is.
    """
    text = _report(error, arguments)
    for directory in (log_directory(), Path(tempfile.gettempdir())):
        path = directory / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return f"what happened is in {path}; please send it with what you did"
    return "no crash report could be written: no directory for logs or temporary files takes one"


def log_directory() -> Path:
    """The user's directory for dlterm's logs, there or not."""
    return user_log_path("dlterm", appauthor=False)


def _report(error: BaseException, arguments: Sequence[str]) -> str:
    system = f"Python {platform.python_version()}, {platform.platform()}"
    command = " ".join(["dlterm", *arguments])
    trace = "".join(traceback.format_exception(error))
    return f"dlterm {__version__}, {system}\n{sys.executable}\n{command}\n\n{trace}"
