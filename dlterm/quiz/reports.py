"""Notes on questions that seem wrong: a line each, in a file beside the store, for who looks after the questions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dlterm.quiz.database import told
from dlterm.text import safe

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_LONGEST = 1000  # characters of a note


def note(store: Path, question: str, words: str, now: datetime) -> Path:
    """Add a note; the file it is in. Raises DltermError (74, 77)."""
    path = store.with_name("reports.txt")
    line = f"{now.isoformat(timespec='seconds')}\t{question}\t{safe(words.strip(), limit=_LONGEST)}\n"
    with told(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
    return path
