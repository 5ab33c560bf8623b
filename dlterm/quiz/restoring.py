"""Going back to a backup, while other instances may have the store open."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.database import DamagedError, connect_to_read, examine, migrate, told
from dlterm.text import safe

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dlterm.quiz.store import Store


def restore(store: Store, backup: Path, now: datetime) -> tuple[int, int]:
    """Put a backup's content in the store's place, after a backup of that; answers before and after.

    Raises DltermError: no input (66) or bad data (65) where the backup is none, and then nothing is changed.
    """
    if not backup.is_file():
        raise DltermError(
            f"{safe(str(backup))}: no such file",
            hint="dlterm progress restore --list lists the backups",
            exit_code=ExitCode.NO_INPUT,
        )
    try:
        source = examine(backup, connect_to_read)
    except DamagedError as error:
        raise DltermError(str(error), hint="nothing was changed; choose another backup") from None
    count = "SELECT count(*) FROM answers"
    with contextlib.closing(source):
        before = store.kept.value(count)
        store.back_up(now)
        with told(store.path):
            source.backup(store.kept.connection)
            migrate(store.kept.connection)
    return before, store.kept.value(count)
